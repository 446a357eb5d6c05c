//! The type-5 routes of each VRF (RFC 9136): what each node puts into a tenant's table, and who takes it out.

use super::{Prediction, flood::FloodMember, igp};
use crate::fabric::{
    NodeIndex,
    policy::{Decision, Route as Asked, decide},
    targets,
};
use evpnlint_core::model::{
    MacAddress, Prefix, RouteDistinguisher, RouteTarget,
    bgp::{Advertise, BgpInstance, Family},
    frr::Frr,
    is_on,
};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// A type-5 route in the table of a VRF.
#[derive(Clone, Debug)]
pub struct Route<'m> {
    /// Who has taken it.
    pub node: NodeIndex,
    /// Into which VRF.
    pub vrf: &'m str,
    /// Where to.
    pub prefix: Prefix,
    /// The route distinguisher, where it is written; automatic ones hold a number that bgpd counts up.
    pub rd: Option<RouteDistinguisher>,
    /// The route targets.
    pub targets: BTreeSet<RouteTarget>,
    /// The VTEP.
    pub next_hop: IpAddr,
    /// The router MAC, where it is written.
    pub router_mac: Option<MacAddress>,
    /// Who originates it.
    pub from: NodeIndex,
}

impl<'m> Prediction<'_, 'm> {
    /// All type-5 routes in the tables of those who keep them, in order of nodes, VRFs and prefixes.
    pub fn routes(&self) -> Vec<Route<'m>> {
        let mut routes = vec![];
        for originator in &self.floods.vrfs {
            let originated = self.originated(originator);
            if originated.is_empty() {
                continue;
            }
            for receiver in self.floods.vrfs.iter().filter(|receiver| receiver.origin.node != originator.origin.node) {
                if self.floods.floods_to(receiver, originator) {
                    let own = |route: &Route<'m>| Route {
                        node: receiver.origin.node,
                        vrf: receiver.origin.vrf,
                        ..route.clone()
                    };
                    routes.extend(originated.iter().map(own));
                }
            }
        }
        routes.sort_by(|a, b| (a.node, a.vrf, a.prefix, a.from).cmp(&(b.node, b.vrf, b.prefix, b.from)));
        routes
    }

    /// The type-5 routes that a node makes of a VRF.
    pub(crate) fn originated(&self, originator: &FloodMember<'m>) -> Vec<Route<'m>> {
        let origin = &originator.origin;
        let device = &self.fabric.devices[origin.node];
        let vrf = origin.vrf;
        let (Some(frr), Some(next_hop), None) = (&device.node.frr, origin.prefix_vtep, origin.lack) else {
            return vec![];
        };
        let Some(instance) = frr.instance(Some(vrf).filter(|vrf| !vrf.is_empty())) else { return vec![] };
        let targets =
            targets::of_vrf(device, origin.node, vrf, origin.vni).map(|party| party.exports).unwrap_or_default();
        let rd = instance.evpn.rd.as_ref().map(|rd| rd.value);
        let route = |prefix| Route {
            node: origin.node,
            vrf,
            prefix,
            rd,
            targets: targets.clone(),
            next_hop,
            router_mac: origin.router_mac,
            from: origin.node,
        };
        self.prefixes(origin.node, frr, instance, vrf).into_iter().map(route).collect()
    }

    /// What `advertise … unicast` and `default-originate` take out of the table of a VRF.
    fn prefixes(&self, node: NodeIndex, frr: &Frr, instance: &BgpInstance, vrf: &str) -> BTreeSet<Prefix> {
        let evpn = &instance.evpn;
        let mut found = BTreeSet::new();
        for (family, advertise, default, zero) in [
            (
                Family::Ipv4Unicast,
                &evpn.advertise_ipv4,
                &evpn.default_originate_ipv4,
                IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            ),
            (
                Family::Ipv6Unicast,
                &evpn.advertise_ipv6,
                &evpn.default_originate_ipv6,
                IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            ),
        ] {
            if let Some(advertise) = advertise {
                let own = self.table(node, frr, instance, vrf, family);
                let is_own = |prefix: &Prefix| prefix.network().is_ipv4() == zero.is_ipv4();
                found.extend(own.into_iter().filter(is_own).filter(|prefix| passes(frr, advertise, *prefix)));
            }
            if is_on(default) {
                found.insert(Prefix::new(zero, 0));
            }
        }
        found
    }

    /// What a VRF's instance brings into BGP itself; what its neighbours send stands in no file.
    fn table(&self, node: NodeIndex, frr: &Frr, instance: &BgpInstance, vrf: &str, family: Family) -> BTreeSet<Prefix> {
        let device = &self.fabric.devices[node];
        let mut found = BTreeSet::new();
        let Some(config) = instance.families.get(&family) else { return found };
        let connected: BTreeSet<Prefix> = igp::connected(device, vrf).into_iter().map(|(prefix, _)| prefix).collect();
        let is_static = |prefix: &Prefix| {
            frr.statics.iter().any(|route| route.vrf.as_deref() == Some(vrf) && route.prefix.value == *prefix)
        };
        let checked = instance.network_import_check.as_ref().is_none_or(|on| on.value);
        let networks = config.networks.iter().map(|own| own.value);
        found.extend(networks.filter(|prefix| !checked || connected.contains(prefix) || is_static(prefix)));
        for own in &config.redistribute {
            found.extend(igp::redistributed(frr, device, vrf, own).into_iter().map(|(prefix, _)| prefix));
        }
        let inside = |whole: &Prefix| found.iter().any(|own| whole.covers(*own) && own != whole);
        let aggregates: Vec<Prefix> = config.aggregates.iter().map(|own| own.value).filter(inside).collect();
        found.extend(aggregates);
        found
    }
}

fn passes(frr: &Frr, advertise: &Advertise, prefix: Prefix) -> bool {
    let decides = |map: &str| !matches!(decide(frr, map, Asked::Prefix(prefix)), Decision::Deny(_));
    advertise.route_map.as_ref().is_none_or(|map| decides(&map.value))
}
