//! Which EVPN routes the policies of a fabric treat alike. Routes of one kind that every route-map decides in the same
//! way flow in the same way: one of them stands for all, so that a thousand VNIs cost as much as one.

use super::graph::Edge;
use crate::fabric::{
    Fabric, NodeIndex,
    policy::{Decision, Route, decide},
};
use evpnlint_core::model::{Vni, bgp::Family};
use std::collections::BTreeSet;

/// A kind of EVPN route, of one VNI if it is in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// The route type, 1 to 5 (RFC 7432, RFC 9136).
    pub number: u8,
    /// The VNI.
    pub vni: Option<Vni>,
}

/// The route-maps in the way of EVPN routes.
pub struct Sieve {
    maps: Vec<(NodeIndex, String)>,
    /// Decisions of all maps, each with the first kind that met them.
    classes: Vec<(Vec<bool>, Kind)>,
}

impl Sieve {
    /// Collects the route-maps.
    pub fn new(fabric: &Fabric) -> Self {
        let mut maps = BTreeSet::new();
        for (node, device) in fabric.devices.iter_enumerated() {
            let instances = device.node.frr.iter().flat_map(|frr| &frr.bgp);
            for neighbor in instances.flat_map(|own| own.neighbors.values().chain(own.groups.values())) {
                let Some(family) = neighbor.family(Family::Evpn) else { continue };
                for map in [&family.route_map_in, &family.route_map_out].into_iter().flatten() {
                    maps.insert((node, map.value.clone()));
                }
            }
        }
        Self { maps: maps.into_iter().collect(), classes: vec![] }
    }

    /// The kind that stands for this one.
    pub fn class(&mut self, fabric: &Fabric, kind: Kind) -> Kind {
        if self.maps.is_empty() {
            return Kind { number: 0, vni: None };
        }
        let decisions: Vec<bool> = self.maps.iter().map(|(node, map)| permits(fabric, *node, map, kind)).collect();
        if let Some((_, first)) = self.classes.iter().find(|(known, _)| *known == decisions) {
            return *first;
        }
        self.classes.push((decisions, kind));
        kind
    }
}

/// Whether the route-maps of both ends of a session let routes of a kind through.
pub fn passes(fabric: &Fabric, edge: &Edge, kind: Kind) -> bool {
    let into = edge.into.and_then(|own| own.route_map_in.as_ref());
    lets_out(fabric, edge, kind) && into.is_none_or(|map| permits(fabric, edge.to, &map.value, kind))
}

/// Whether the originator's route-map lets them out.
pub fn lets_out(fabric: &Fabric, edge: &Edge, kind: Kind) -> bool {
    let out = edge.out.and_then(|own| own.route_map_out.as_ref());
    out.is_none_or(|map| permits(fabric, edge.from, &map.value, kind))
}

/// What depends on communities and the like, which nothing here follows, gets through.
fn permits(fabric: &Fabric, node: NodeIndex, map: &str, kind: Kind) -> bool {
    let Some(frr) = &fabric.node(node).frr else { return true };
    !matches!(decide(frr, map, Route::Evpn(kind.number, kind.vni)), Decision::Deny(_))
}
