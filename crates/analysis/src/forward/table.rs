//! Where a node sends a packet that is in a VRF: the longest prefix counts, then the administrative distance.

use super::{Forwarding, host::HostIndex, journey::Origin, machine::RoutedIndex};
use crate::fabric::{NodeIndex, device::LocalVni};
use crate::predict::{
    flood::FloodMember,
    ribs::{Entry, Next, Step},
};
use evpnlint_core::model::{
    InterfaceAddress, Prefix,
    frr::{Frr, StaticRoute},
    is_on,
};
use evpnlint_core::source::Span;
use std::{cmp::Reverse, collections::BTreeSet, net::IpAddr};

/// Where a route leads.
#[derive(Clone)]
pub(super) enum Target<'m> {
    /// The address is the node's own.
    Own,
    /// Over an interface, to that address on its wire.
    Wire(RoutedIndex, IpAddr),
    /// Through the L3VNI of a VRF, to one of these VTEPs with the router MAC of that node.
    Tunnel(LocalVni<'m>, Vec<(NodeIndex, IpAddr)>),
    /// Through the underlay, to one of these nodes.
    Underlay(Vec<Next>),
    /// It is dropped.
    Dropped,
}

/// A route that was found.
#[derive(Clone)]
pub(super) struct Found<'m> {
    /// Its prefix.
    pub(super) prefix: Prefix,
    /// The administrative distance.
    pub(super) distance: u8,
    /// Where it comes from.
    pub(super) origin: Origin,
    /// Where it is written.
    pub(super) span: Option<Span>,
    /// Where it leads.
    pub(super) target: Target<'m>,
}

/// The distance of routes of an external BGP peer.
const BGP: u8 = 20;

/// How many lookups a recursive route may take.
const MOST_STEPS: usize = 8;

impl<'m> Forwarding<'_, 'm> {
    /// The route of a node in a VRF to an address. A packet that no route of a VRF takes is looked up in the main table
    /// (the kernel's rules after l3mdev's), where ifupdown2's unreachable default does not end it.
    pub(super) fn route(&self, node: NodeIndex, vrf: &'m str, to: IpAddr) -> Option<Found<'m>> {
        let found = self.best(node, vrf, to, MOST_STEPS);
        if found.is_some() || vrf.is_empty() {
            return found;
        }
        if self.has_unreachable_default(node, vrf) {
            let (prefix, span) = (Prefix::new(to, 0), self.fabric().devices[node].link(vrf).map(|link| link.place()));
            let (origin, target) = (Origin::Unreachable, Target::Dropped);
            return Some(Found { prefix, distance: u8::MAX, origin, span, target });
        }
        self.best(node, "", to, MOST_STEPS)
    }

    fn best(&self, node: NodeIndex, vrf: &'m str, to: IpAddr, steps: usize) -> Option<Found<'m>> {
        let machine = &self.machines[node];
        if machine.owns(vrf, to).is_some() || vrf.is_empty() && machine.swallows(to) {
            let prefix = Prefix::new(to, 128);
            return Some(Found { prefix, distance: 0, origin: Origin::Own, span: None, target: Target::Own });
        }
        let mut all: Vec<Found<'m>> = vec![];
        let mut offer = |length, distance, origin, span, target| {
            all.push(Found { prefix: Prefix::new(to, length), distance, origin, span, target });
        };
        let mut connected = None;
        for (at, own) in machine.routed.iter().enumerate().filter(|(_, own)| own.vrf == vrf) {
            for (address, _) in own.addresses.iter().filter(|(own, _)| !own.is_host() && own.prefix().contains(to)) {
                connected = connected.max(Some(address.length));
                offer(address.length, 0, Origin::Connected, Some(own.link.place()), Target::Wire(at, to));
            }
        }
        if let Some((length, target)) = self.learnt(node, vrf, to, connected) {
            let origin = if length == width(to) { Origin::Host } else { Origin::Prefix };
            offer(length, BGP, origin, None, target);
        }
        for route in self.statics(node, vrf).filter(|route| route.prefix.contains(to)) {
            let distance = route.distance.as_ref().map_or(1, |own| own.value);
            if distance < u8::MAX
                && let Some(target) = self.by_static(node, vrf, route, to, steps)
            {
                offer(route.prefix.length(), distance, Origin::Static, route.prefix.span(), target);
            }
        }
        let device = &self.fabric().devices[node];
        for route in device.hook_routes.iter().filter(|own| own.is_added && own.vrf == vrf && own.prefix.contains(to)) {
            let target = match (route.refuses, route.via, route.interface) {
                (true, ..) => Some(Target::Dropped),
                (false, Some(via), Some(link)) => self.on_link(node, link, via),
                (false, Some(via), None) => self.via(node, vrf, via, steps),
                (false, None, Some(link)) => self.on_link(node, link, to),
                (false, None, None) => None,
            };
            if let Some(target) = target {
                offer(route.prefix.length(), route.distance, Origin::Hook, route.span(), target);
            }
        }
        for (length, target) in self.leaked(node, vrf, to, steps) {
            offer(length, BGP, Origin::Leak, None, target);
        }
        if vrf.is_empty()
            && let Some(Entry { length, distance, step: Step::Next(next) }) = self.ways(to).entry(node)
            && !next.is_empty()
        {
            offer(length, distance, Origin::Underlay, None, Target::Underlay(next.to_vec()));
        }
        for gateway in machine.routed.iter().filter(|own| own.vrf == vrf).flat_map(|own| &own.link.gateways) {
            if gateway.is_ipv4() == to.is_ipv4()
                && let Some(target) = self.via(node, vrf, gateway.value, steps)
            {
                offer(0, 1, Origin::Gateway, gateway.span(), target);
            }
        }
        all.into_iter().min_by_key(|found| (Reverse(found.prefix.length()), found.distance))
    }

    fn statics(&self, node: NodeIndex, vrf: &'m str) -> impl Iterator<Item = &'m StaticRoute> {
        let frr: Option<&'m Frr> = self.fabric().node(node).frr.as_ref();
        frr.into_iter().flat_map(|frr| &frr.statics).filter(move |route| route.vrf.as_deref().unwrap_or("") == vrf)
    }

    fn by_static(
        &self,
        node: NodeIndex,
        vrf: &'m str,
        route: &'m StaticRoute,
        to: IpAddr,
        steps: usize,
    ) -> Option<Target<'m>> {
        if route.blackhole {
            return Some(Target::Dropped);
        }
        let over = route.nexthop_vrf.as_ref().map_or(vrf, |own| own.value.as_str());
        match (&route.via, &route.interface) {
            (Some(via), Some(link)) => self.on_link(node, link, via.value),
            (Some(via), None) => self.via(node, over, via.value, steps),
            (None, Some(link)) => self.on_link(node, link, to),
            (None, None) => None,
        }
    }

    fn on_link(&self, node: NodeIndex, link: &str, via: IpAddr) -> Option<Target<'m>> {
        let at = self.machines[node].routed.iter().position(|own| own.link.name == link)?;
        Some(Target::Wire(at, via))
    }

    /// The way to a next hop.
    fn via(&self, node: NodeIndex, vrf: &'m str, via: IpAddr, steps: usize) -> Option<Target<'m>> {
        let steps = steps.checked_sub(1)?;
        match self.best(node, vrf, via, steps)?.target {
            Target::Own => None,
            target => Some(target),
        }
    }

    /// The longest that EVPN brings into a VRF: routes of hosts (type 2) and of prefixes (type 5). A connected subnet of that
    /// length is preferred to all that are no longer.
    fn learnt(&self, node: NodeIndex, vrf: &'m str, to: IpAddr, connected: Option<u8>) -> Option<(u8, Target<'m>)> {
        let (member, local_vni) = self.l3vni(node, vrf)?;
        let target = |vteps: Vec<(NodeIndex, IpAddr)>| Target::Tunnel(local_vni.clone(), vteps);
        let mut hosts: BTreeSet<(NodeIndex, IpAddr)> = BTreeSet::new();
        for host in self.hosts.owners(to) {
            hosts.extend(
                self.announced(host, to, true)
                    .into_iter()
                    .filter(|(from, vtep)| *from != node && self.prediction.floods.takes_host(member, *from, *vtep)),
            );
        }
        let width = width(to);
        if !hosts.is_empty() {
            return Some((width, target(hosts.into_iter().collect())));
        }
        let longer = (0..=width).rev().take_while(|length| connected.is_none_or(|connected| *length > connected));
        longer
            .map(|length| (length, self.originators(node, member, Prefix::new(to, length))))
            .find_map(|(length, vteps)| (!vteps.is_empty()).then(|| (length, target(vteps))))
    }

    /// The nodes whose type-5 route for a prefix a VRF of a node takes, each with the VTEP.
    fn originators(&self, node: NodeIndex, member: &FloodMember<'m>, prefix: Prefix) -> Vec<(NodeIndex, IpAddr)> {
        let all = self.prefixes.get(&prefix).into_iter().flatten().map(|at| &self.prediction.floods.vrfs[*at]);
        let kept = all.filter(|from| from.origin.node != node && self.prediction.floods.floods_to(member, from));
        kept.filter_map(|from| Some((from.origin.node, from.origin.prefix_vtep?))).collect()
    }

    /// The nodes that tell of an address of a host in the VRF of its gateway's interface, each with the VTEP: those that it
    /// is attached to, and that have its address in a neighbour table. `routed` asks for a VRF with an L3VNI.
    pub(super) fn announced(&self, host: HostIndex, ip: IpAddr, routed: bool) -> Vec<(NodeIndex, IpAddr)> {
        let mut found = vec![];
        if !self.is_awake(host) {
            return found;
        }
        for (node, domain) in self.homes(host) {
            let (machine, host) = (&self.machines[node], &self.hosts[host]);
            let domain = &machine.domains[domain];
            let meets = |own: &RoutedIndex| {
                let own = &machine.routed[*own];
                let meets = |own: &InterfaceAddress| {
                    !own.is_host() && own.prefix().contains(ip) || own.ip.is_ipv4() == ip.is_ipv4() && host.asks(own.ip)
                };
                let near = own.addresses.iter().any(|(own, _)| meets(own));
                let sysctls = &self.fabric().node(node).sysctls;
                let accepts =
                    || is_on(&own.link.arp_accept) || sysctls.accepts_arp(&own.link.name).is_some_and(|on| on.value);
                let is_told = ip.is_ipv4() && !own.addresses.is_empty() && !host.silent && accepts();
                (near || is_told) && (!routed || self.l3vni(node, own.vrf).is_some())
            };
            if domain.routed.iter().any(meets) {
                found.extend(domain.tunnels.iter().filter_map(|own| Some((node, self.vtep(node, own)?))));
            }
        }
        found
    }

    /// What `import vrf` brings from another VRF of the node: what is in its BGP table.
    fn leaked(&self, node: NodeIndex, vrf: &'m str, to: IpAddr, steps: usize) -> Vec<(u8, Target<'m>)> {
        let frr: Option<&'m Frr> = self.fabric().node(node).frr.as_ref();
        let Some(steps) = steps.checked_sub(1) else { return vec![] };
        let instance = |vrf: &str| frr.and_then(|frr| frr.instance(Some(vrf).filter(|vrf| !vrf.is_empty())));
        let families = instance(vrf).into_iter().flat_map(|own| &own.families);
        let of_family = families.filter(|(family, _)| **family == evpnlint_core::model::bgp::Family::of(to));
        let mut found = vec![];
        for from in of_family.flat_map(|(_, family)| &family.import_vrf) {
            let from = if from.value == "default" { "" } else { from.value.as_str() };
            let Some(other) = instance(from) else { continue };
            let Some(route) = self.best(node, from, to, steps) else { continue };
            let brings = |what: &str| {
                let family = other.families.get(&evpnlint_core::model::bgp::Family::of(to));
                family.is_some_and(|own| own.redistribute.iter().any(|own| own.protocol.value == what))
            };
            let is_in_bgp = match &route.target {
                Target::Wire(..) if route.distance == 0 => brings("connected"),
                Target::Tunnel(..) => true,
                Target::Wire(..) | Target::Dropped | Target::Underlay(_) => brings("static"),
                Target::Own => false,
            };
            if is_in_bgp {
                found.push((route.prefix.length(), route.target));
            }
        }
        found
    }

    /// Whether ifupdown2 has given a VRF its unreachable default (`addons/vrf.py`), and no hook takes it away.
    fn has_unreachable_default(&self, node: NodeIndex, vrf: &str) -> bool {
        let device = &self.fabric().devices[node];
        let Some(link) = device.link(vrf) else { return false };
        let mut hooks = device.hook_routes.iter();
        link.is_described() && !hooks.any(|own| !own.is_added && own.vrf == vrf && own.prefix.length() == 0)
    }
}

fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}
