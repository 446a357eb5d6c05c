//! Which lines decide that a packet is lost.

use super::{
    Forwarding,
    journey::{Event, Leg, Origin, Sent},
    loss::{Fate, Loss},
};
use crate::fabric::{NodeIndex, device::Device};
use crate::predict::fate::Cause;
use evpnlint_core::{
    model::{Vni, frr::StaticRoute, link::LinkKind},
    source::Span,
};
use std::{cmp::Reverse, net::IpAddr};

/// What decides a loss.
#[derive(Default)]
pub(super) struct Decision {
    /// The lines, the one to change first, each with what it does.
    pub(super) places: Vec<(Span, &'static str)>,
    /// Whether they only stand near what is wrong.
    is_vague: bool,
    /// Whether it is a loss only if every node was read: a router that was not may bring the route.
    needs_all: bool,
}

impl Decision {
    fn line(span: Option<Span>, label: &'static str) -> Self {
        Self { places: span.map(|span| (span, label)).into_iter().collect(), ..Self::default() }
    }

    fn near(self) -> Self {
        Self { is_vague: true, ..self }
    }

    fn of_all(self) -> Self {
        Self { needs_all: true, ..self }
    }
}

/// Why a node has no way to a VTEP.
#[derive(Clone, Copy)]
pub(super) enum Obstacle {
    /// A route drops what is for it.
    Drops,
    /// A route leads nowhere, or is one of last resort that next hops are not resolved by.
    LeadsNowhere,
    /// No node has the address.
    NoOwner,
    /// The interface that should lead there has a subnet without it.
    Narrow,
    /// Nothing brings a route.
    NoRoute,
}

impl<'m> Forwarding<'_, 'm> {
    /// The cause of a fate that is a loss, with what was sent. `None` of one that is not, and of what other rules know
    /// more of: packets that are too large, hosts that are attached nowhere, and routes that EVPN lacks.
    pub fn cause(&self, fate: &Fate<'m>, sent: Sent<'_, 'm>) -> Option<Cause> {
        let inner = fate.reason()?;
        match inner {
            Loss::Detached(_)
            | Loss::HostRoute(_)
            | Loss::HostMtu(_)
            | Loss::HostPort(..)
            | Loss::NotForHost(_)
            | Loss::Silent(..)
            | Loss::TooBig(..)
            | Loss::Switch(..) => return None,
            Loss::NoAnswer(..)
            | Loss::NobodyTakes(_)
            | Loss::NoWay(..)
            | Loss::SourceNotLocal(..)
            | Loss::Swallowed(..)
            | Loss::Ttl(_)
            | Loss::NoVni(..)
            | Loss::NotForwarding(..)
            | Loss::NoRoute(..)
            | Loss::Refused(..)
            | Loss::Loop(_)
            | Loss::RouterMac(..)
            | Loss::Port(..) => {}
        }
        let Decision { places, is_vague, needs_all } = self.decides(inner, sent.legs);
        let cause = Cause::new(self.explain(&Fate::Lost(inner.clone())), self.cure(inner, sent)).vague(is_vague);
        let cause = places.into_iter().fold(cause, |cause, (span, label)| cause.at(Some(span), label));
        Some(if needs_all { cause.of_all() } else { cause })
    }

    /// What decides a loss, after these steps.
    pub(super) fn decides(&self, loss: &Loss<'_>, legs: &[Leg<'_>]) -> Decision {
        let fabric = self.fabric();
        match loss {
            // Who should have answered, or taken the frame, may have no line that says so.
            Loss::NoAnswer(_, None) | Loss::NobodyTakes(_) => Decision::default().near().of_all(),
            Loss::NoAnswer(_, Some(why)) => self.decides(why, legs),
            Loss::Detached(host) | Loss::HostRoute(host) | Loss::NotForHost(host) => {
                Decision::line(self.hosts[*host].span, "the host")
            }
            Loss::HostMtu(host) | Loss::HostPort(host, _) => {
                let base = self.base(&self.hosts[*host]).and_then(|(node, link)| self.mtu_place(node, link));
                Decision::line(base.or(self.hosts[*host].span), "too small")
            }
            Loss::Silent(node, link, _) | Loss::TooBig(node, link, _) => {
                Decision::line(self.mtu_place(*node, link), "too small")
            }
            Loss::Switch(at, _) => {
                let mtu = self.wiring.switches.get(*at).and_then(|switch| switch.mtu.as_ref());
                Decision::line(mtu.and_then(|mtu| mtu.span()), "too small")
            }
            Loss::NoWay(node, vtep) => {
                let (obstacle, span) = self.obstacle(*node, *vtep);
                let label = match obstacle {
                    Obstacle::Drops => "drops the packet",
                    Obstacle::LeadsNowhere => "leads nowhere, or resolves no next hop",
                    Obstacle::NoOwner => "no node has this address",
                    Obstacle::Narrow | Obstacle::NoRoute => "leaves the other VTEP out of its subnet",
                };
                let decision = Decision::line(span, label).of_all();
                if span.is_none() { decision.near() } else { decision }
            }
            Loss::SourceNotLocal(node, ip) => {
                let source = |device: &Device| device.vteps().get(ip).and_then(|source| source.span());
                Decision::line(source(&fabric.devices[*node]), "not an address of the node")
            }
            Loss::Swallowed(node, ip) => {
                Decision::line(self.swallows(*node, *ip), "all of this subnet is the node's own")
            }
            Loss::Ttl(_) => {
                let ttl = legs.iter().rev().find_map(|leg| match leg.event {
                    Event::Crosses(crossing) => self.ttl_of(crossing.from, crossing.vni),
                    _ => None,
                });
                Decision::line(ttl, "too short for the way")
            }
            Loss::NoVni(_, vni) => {
                let members = fabric.overlay.vnis.get(vni);
                Decision::line(members.and_then(|all| all.first()?.local_vni.span), "the VNI").near()
            }
            Loss::NotForwarding(node, off) => {
                let takes = |leg: &&Leg| matches!(leg.event, Event::Takes(taker, ..) if taker == *node);
                let taken = || legs.iter().rev().find(takes)?.span;
                Decision::line(off.span.or_else(taken), "takes the packet, and does not forward")
            }
            Loss::NoRoute(node, vrf) | Loss::Refused(node, vrf) => {
                let route = legs.iter().rev().find_map(|leg| match leg.event {
                    Event::Routes(at, _, _, Origin::Static | Origin::Hook) if at == *node => leg.span,
                    _ => None,
                });
                let link = || fabric.devices[*node].link(vrf).map(|link| link.place());
                match route {
                    Some(_) => Decision::line(route, "drops the packet").of_all(),
                    None => Decision::line(link(), "has no route").near().of_all(),
                }
            }
            Loss::Loop(_) => {
                let routes = legs.iter().filter(|leg| matches!(leg.event, Event::Routes(..)));
                let places = routes.filter_map(|leg| Some((leg.span?, "sends it on"))).collect();
                Decision { places, ..Decision::default() }.near()
            }
            Loss::RouterMac(node, vni) => {
                Decision::line(self.place_of(*node, *vni), "no interface takes its frames").near()
            }
            Loss::Port(node, vni) => Decision::line(self.place_of(*node, *vni), "listens on another UDP port").near(),
        }
    }

    /// Why a node has no way to a VTEP, and the line that decides it.
    pub(super) fn obstacle(&self, node: NodeIndex, vtep: IpAddr) -> (Obstacle, Option<Span>) {
        let fabric = self.fabric();
        let device = &fabric.devices[node];
        let statics = device.node.frr.iter().flat_map(|frr| &frr.statics).filter(|route| route.vrf.is_none());
        // A distance of 255 keeps a route out of the table.
        let distance = |route: &StaticRoute| route.distance.as_ref().map_or(1, |own| own.value);
        let statics = statics.filter(|route| distance(route) < u8::MAX);
        let statics = statics.map(|route| (route.prefix.value, distance(route), route.blackhole, route.prefix.span()));
        let hooks = device.hook_routes.iter().filter(|route| route.is_added && route.vrf.is_empty());
        let hooks = hooks.map(|route| (route.prefix, route.distance, route.refuses, route.span()));
        let around = statics.chain(hooks).filter(|(prefix, ..)| prefix.contains(vtep));
        let best = around.max_by_key(|(prefix, distance, ..)| (prefix.length(), Reverse(*distance)));
        if let Some((_, _, drops, span)) = best {
            return (if drops { Obstacle::Drops } else { Obstacle::LeadsNowhere }, span);
        }
        if fabric.overlay.owners(vtep).next().is_none() {
            let users = fabric.overlay.vteps.get(&vtep).and_then(|users| users.first());
            return (Obstacle::NoOwner, users.and_then(|(_, source)| source.span()));
        }
        let addresses = device.node.links.values().filter(|link| link.vrf.is_none()).flat_map(|link| &link.addresses);
        let subnet =
            fabric.underlay.owners("", vtep).find(|port| !port.address.is_host()).map(|port| port.address.prefix());
        let narrow = addresses
            .into_iter()
            .find(|own| subnet.is_some_and(|subnet| subnet.contains(own.ip)) && !own.prefix().contains(vtep));
        match narrow {
            Some(own) => (Obstacle::Narrow, own.span()),
            None => (Obstacle::NoRoute, None),
        }
    }

    fn swallows(&self, node: NodeIndex, ip: IpAddr) -> Option<Span> {
        let links = self.fabric().node(node).links.values();
        let loopbacks = links.filter(|link| matches!(link.kind, LinkKind::Loopback));
        let mut addresses = loopbacks.flat_map(|link| &link.addresses);
        addresses.find(|own| !own.is_host() && own.prefix().contains(ip))?.span()
    }

    fn ttl_of(&self, node: NodeIndex, vni: Vni) -> Option<Span> {
        let local_vni = self.fabric().devices[node].local_vnis.iter().find(|own| own.vni == vni)?;
        local_vni.vxlan.ttl.as_ref()?.span()
    }
}
