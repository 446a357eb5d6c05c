//! Why a packet is lost, as a cause: the lines that decide it, and what to type.

use super::{
    Forwarding,
    journey::{Event, Leg, Origin},
    loss::{Fate, Loss},
};
use crate::fabric::{NodeIndex, device::Device};
use crate::predict::fate::Cause;
use evpnlint_core::{
    model::{Vni, link::LinkKind},
    source::Span,
};
use std::net::IpAddr;

impl<'m> Forwarding<'_, 'm> {
    /// The cause of a fate that is a loss, with the steps up to there. `None` of one that is not, and of what other rules
    /// know more of: packets that are too large, and routes that EVPN lacks.
    pub fn cause(&self, fate: &Fate<'m>, legs: &[Leg<'m>]) -> Option<Cause> {
        match fate {
            Fate::Lost(loss) => self.blame(loss, legs),
            _ => None,
        }
    }

    fn blame(&self, loss: &Loss<'m>, legs: &[Leg<'m>]) -> Option<Cause> {
        let why = self.explain(&Fate::Lost(loss.clone()));
        let cause = |remedy: String| Cause::new(why.clone(), remedy);
        let name = |node: NodeIndex| self.fabric().name(node);
        Some(match loss {
            Loss::NoAnswer(_, Some(inner)) => self.blame(inner, legs)?,
            Loss::NoWay(node, vtep) => {
                let (span, label) = self.no_way(*node, *vtep);
                let remedy = format!("give {} a route to {vtep} over the underlay", name(*node));
                cause(remedy).at(span, label).vague(span.is_none()).of_all()
            }
            Loss::SourceNotLocal(node, ip) => {
                let source = |device: &Device| device.vteps().get(ip).and_then(|source| source.span());
                let remedy = format!("put {ip} on an interface of {}, or name an address that it has", name(*node));
                cause(remedy).at(source(&self.fabric().devices[*node]), "not an address of the node")
            }
            Loss::Swallowed(node, ip) => {
                let remedy = format!("write the address of lo on {} with /32, or /128 over IPv6", name(*node));
                cause(remedy).at(self.swallows(*node, *ip), "all of this subnet is the node's own")
            }
            Loss::Ttl(_) => {
                let ttl = legs.iter().rev().find_map(|leg| match leg.event {
                    Event::Crosses(crossing) => self.ttl_of(crossing.from, crossing.vni),
                    _ => None,
                });
                cause("remove `vxlan-ttl`, or write 64".to_owned()).at(ttl, "too short for the way")
            }
            Loss::NoVni(node, vni) => {
                let span = self.fabric().overlay.vnis.get(vni).and_then(|all| all.first()?.local_vni.span);
                let remedy = format!("carry VNI {vni} on {} in the bridge of the same subnet", name(*node));
                cause(remedy).at(span, "the VNI").vague(true)
            }
            Loss::NotForwarding(node) => {
                let frr = self.fabric().node(*node).frr.as_ref();
                let span = frr.and_then(|frr| frr.ip_forwarding.as_ref()).and_then(|own| own.span());
                let taken = legs.iter().rev().find(|leg| matches!(leg.event, Event::Takes(own, ..) if own == *node));
                let span = span.or(taken.and_then(|leg| leg.span));
                cause(format!("let {} forward there, or take the address away from it", name(*node)))
                    .at(span, "takes the packet, and does not forward")
            }
            Loss::NoRoute(node, vrf) | Loss::Refused(node, vrf) => {
                let route = legs.iter().rev().find_map(|leg| match leg.event {
                    Event::Routes(own, _, _, Origin::Static | Origin::Hook) if own == *node => leg.span,
                    _ => None,
                });
                let link = self.fabric().devices[*node].link(vrf).map(|link| link.place());
                let label = if route.is_some() { "drops the packet" } else { "has no route" };
                let remedy = format!("bring a route to it into the VRF on {}", name(*node));
                cause(remedy).at(route.or(link), label).vague(route.is_none()).of_all()
            }
            Loss::Loop(node) => {
                let routes = legs.iter().filter(|leg| matches!(leg.event, Event::Routes(..)));
                let places = routes.filter_map(|leg| leg.span).map(|span| (span, "sends it on"));
                let cause = cause(format!("correct the routes between the nodes, {} among them", name(*node)));
                places.fold(cause, |cause, (span, label)| cause.at(Some(span), label)).vague(true)
            }
            Loss::RouterMac(..) | Loss::Port(..) => {
                let taken = legs.last().and_then(|leg| leg.span);
                cause("compare the VNI and its bridge on both nodes".to_owned()).at(taken, "up to here").vague(true)
            }
            // Which routes and flood lists are missing, other rules know.
            Loss::NoAnswer(_, None) | Loss::NobodyTakes(_) => return None,
            Loss::Detached(_)
            | Loss::HostRoute(_)
            | Loss::HostMtu(_)
            | Loss::HostPort(..)
            | Loss::NotForHost(_)
            | Loss::Silent(..)
            | Loss::TooBig(..)
            | Loss::Switch(..) => return None,
        })
    }

    /// The line that decides that a node has no way to a VTEP: a route that drops, one of last resort that next hops are
    /// not resolved by, or the address of the interface that should lead there.
    fn no_way(&self, node: NodeIndex, vtep: IpAddr) -> (Option<Span>, &'static str) {
        let device = &self.fabric().devices[node];
        let statics = device.node.frr.iter().flat_map(|frr| &frr.statics).filter(|route| route.vrf.is_none());
        let around = statics.filter(|route| route.prefix.contains(vtep));
        let longest = around.max_by_key(|route| route.prefix.length());
        if let Some(route) = longest {
            let label = if route.blackhole { "drops the packet" } else { "leads nowhere, or resolves no next hop" };
            return (route.prefix.span(), label);
        }
        let fabric = self.fabric();
        if fabric.overlay.owners(vtep).next().is_none() {
            let users = fabric.overlay.vteps.get(&vtep).and_then(|users| users.first());
            return (users.and_then(|(_, source)| source.span()), "no node has this address");
        }
        let own = device.node.links.values().filter(|link| link.vrf.is_none()).flat_map(|link| &link.addresses);
        let subnet =
            fabric.underlay.owners("", vtep).find(|port| !port.address.is_host()).map(|port| port.address.prefix());
        let narrow = own
            .into_iter()
            .find(|own| subnet.is_some_and(|subnet| subnet.contains(own.ip)) && !own.prefix().contains(vtep));
        (narrow.and_then(|own| own.span()), "leaves the other VTEP out of its subnet")
    }

    fn swallows(&self, node: NodeIndex, ip: IpAddr) -> Option<Span> {
        let links = self.fabric().node(node).links.values();
        let loopbacks = links.filter(|link| matches!(link.kind, LinkKind::Loopback));
        let mut addresses = loopbacks.flat_map(|link| &link.addresses);
        addresses.find(|own| !own.is_host() && own.prefix().contains(ip))?.span()
    }

    fn ttl_of(&self, node: NodeIndex, vni: Vni) -> Option<Span> {
        let own = self.fabric().devices[node].local_vnis.iter().find(|own| own.vni == vni)?;
        own.vxlan.ttl.as_ref()?.span()
    }
}
