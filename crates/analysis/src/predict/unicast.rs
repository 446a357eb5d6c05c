//! BGP's unicast routes of the underlay: who originates which prefix, and how each node sends there.

use super::{
    fate::Fates,
    flow::{Best, Flow, Policy},
    graph::{Edge, Graph},
    igp::{self, Igp},
    speaker::Speakers,
};
use crate::{
    fabric::{
        Fabric,
        policy::{Decision, Route, decide},
    },
    index::{ByNode, NodeIndex, NodeSet},
};
use evpnlint_core::model::{Prefix, bgp::Family, frr::Frr, is_on};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    rc::Rc,
};

/// A next hop of BGP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The node.
    pub node: NodeIndex,
    /// The address that must be resolved; none over an unnumbered session.
    pub address: Option<IpAddr>,
    /// Whether the route is from another AS.
    pub external: bool,
}

/// The routes of one address family.
pub struct Unicast<'m> {
    /// Which one.
    pub family: Family,
    graph: Graph<'m>,
    /// Who originates what.
    origins: BTreeMap<Prefix, BTreeSet<NodeIndex>>,
    hops: BTreeMap<Prefix, Rc<ByNode<Option<Hop>>>>,
}

/// The equal next hops of all nodes for one prefix, each found when somebody asks.
pub struct Equal<'u, 'm> {
    unicast: &'u Unicast<'m>,
    fabric: &'u Fabric<'m>,
    prefix: Prefix,
    flow: RefCell<Flow<'u, 'm>>,
}

impl<'m> Unicast<'m> {
    /// Whether any session of the default VRF carries it.
    pub fn is_any(fabric: &Fabric, family: Family) -> bool {
        fabric.sessions.ends.iter().any(|session_end| session_end.vrf().is_empty() && session_end.is_active(family))
    }

    /// What comes over the sessions that are up.
    pub fn new(fabric: &Fabric<'m>, speakers: &Speakers, sessions: &Fates, family: Family, igps: &[Igp]) -> Self {
        let graph = Graph::new(fabric, speakers, sessions, family);
        let mut origins: BTreeMap<Prefix, BTreeSet<NodeIndex>> = BTreeMap::new();
        for node in fabric.nodes() {
            for prefix in originated(fabric, node, family, igps) {
                origins.entry(prefix).or_default().insert(node);
            }
        }
        Self { family, graph, origins, hops: BTreeMap::new() }
    }

    /// Whether anybody brings anything into it.
    pub fn tells(&self) -> bool {
        !self.origins.is_empty()
    }

    /// Which nodes have a route to what from others.
    pub fn known(&mut self, fabric: &Fabric<'m>) -> Vec<(Prefix, NodeSet)> {
        let all: Vec<Prefix> = self.origins.keys().copied().collect();
        let knows = |hops: Rc<ByNode<Option<Hop>>>| {
            hops.iter_enumerated().filter(|(_, hop)| hop.is_some()).map(|(node, _)| node).collect()
        };
        all.into_iter().map(|prefix| (prefix, knows(self.hops(fabric, prefix)))).collect()
    }

    /// For each prefix around an address, the longest first, the next hops of all nodes.
    pub fn towards(&mut self, fabric: &Fabric<'m>, ip: IpAddr) -> Vec<(u8, Rc<ByNode<Option<Hop>>>)> {
        let known: Vec<Prefix> = self.around(ip).collect();
        known.into_iter().map(|prefix| (prefix.length(), self.hops(fabric, prefix))).collect()
    }

    fn hops(&mut self, fabric: &Fabric<'m>, prefix: Prefix) -> Rc<ByNode<Option<Hop>>> {
        if let Some(known) = self.hops.get(&prefix) {
            return known.clone();
        }
        let flow = self.flow(&self.origins[&prefix], &|edge: &Edge| passes(fabric, edge, self.family, prefix));
        let best = |node: NodeIndex| flow.best[node].and_then(|best| best.via);
        let hops = fabric.nodes().map(|node| best(node).map(|via| self.hop(&flow, via)));
        let hops: Rc<ByNode<Option<Hop>>> = Rc::new(hops.collect());
        self.hops.insert(prefix, hops.clone());
        hops
    }

    fn flow(&self, origins: &BTreeSet<NodeIndex>, policy: &Policy) -> Flow<'_, 'm> {
        let origins: Vec<NodeIndex> = origins.iter().copied().collect();
        Flow::new(&self.graph, &origins, policy)
    }

    /// For each prefix around an address, the longest first, the equal next hops.
    pub fn equal<'u>(&'u self, fabric: &'u Fabric<'m>, ip: IpAddr) -> Vec<Equal<'u, 'm>> {
        let of = |prefix: Prefix| {
            let flow = self.flow(&self.origins[&prefix], &|edge: &Edge| passes(fabric, edge, self.family, prefix));
            Equal { unicast: self, fabric, prefix, flow: RefCell::new(flow) }
        };
        self.around(ip).map(of).collect()
    }

    /// The prefixes around an address that somebody originates, the longest first.
    fn around(&self, ip: IpAddr) -> impl Iterator<Item = Prefix> + '_ {
        let width = if ip.is_ipv4() { 32 } else { 128 };
        let around = (0..=width).rev().map(move |length| Prefix::new(ip, length));
        around.filter(|prefix| self.origins.contains_key(prefix))
    }

    /// The next hop of what comes over an edge. It is the external originator's address, and stays so within the AS
    /// unless `next-hop-self` changes it.
    fn hop(&self, flow: &Flow<'_, 'm>, (from, at): (NodeIndex, u32)) -> Hop {
        let sender = |at: NodeIndex| -> Option<(&Edge<'m>, Best)> {
            let best = flow.best[at]?;
            let (from, edge) = best.via?;
            Some((&self.graph.out[from][edge as usize], best))
        };
        let mut edge = &self.graph.out[from][at as usize];
        let external = edge.external;
        let mut patience = flow.best.len();
        while !edge.external && patience > 0 {
            let own = edge.out;
            if own.is_some_and(|own| is_on(&own.next_hop_self) || is_on(&own.next_hop_self_force)) {
                break;
            }
            let Some((before, _)) = sender(edge.from) else { break };
            edge = before;
            patience -= 1;
        }
        Hop { node: edge.from, address: edge.address, external }
    }
}

impl Equal<'_, '_> {
    /// The length of the prefix.
    pub fn length(&self) -> u8 {
        self.prefix.length()
    }

    /// All equal next hops of a node.
    pub fn hops(&self, node: NodeIndex) -> Vec<Hop> {
        let Self { unicast, fabric, prefix, flow } = self;
        let policy = |edge: &Edge| passes(fabric, edge, unicast.family, *prefix);
        let ties = flow.borrow_mut().ties(node, &policy);
        ties.into_iter().map(|via| unicast.hop(&flow.borrow(), via)).collect()
    }
}

/// What the lists and route-maps of both ends of a session do with a prefix. What cannot be said gets through.
fn passes(fabric: &Fabric, edge: &Edge, family: Family, prefix: Prefix) -> bool {
    if !edge.is_filtered {
        return true;
    }
    // What cannot be said of an access list, as of a wildcard that is no prefix, gets through.
    let access = |node: NodeIndex, list: &str| {
        let Some(frr) = &fabric.node(node).frr else { return true };
        let lists = if family == Family::Ipv4Unicast { &frr.access_lists } else { &frr.access_lists6 };
        lists.get(list).is_some_and(|list| list.permits(prefix) != Some(false))
    };
    let permits = |node: NodeIndex, list: &str| {
        let Some(frr) = &fabric.node(node).frr else { return true };
        let lists = if family == Family::Ipv4Unicast { &frr.prefix_lists } else { &frr.prefix_lists6 };
        lists.get(list).is_some_and(|list| list.permits(prefix))
    };
    let decides = |node: NodeIndex, map: &str| {
        let frr = fabric.node(node).frr.as_ref();
        frr.is_none_or(|frr| !matches!(decide(frr, map, Route::Prefix(prefix)), Decision::Deny(_)))
    };
    let out = edge.out.is_none_or(|own| {
        own.prefix_list_out.as_ref().is_none_or(|list| permits(edge.from, &list.value))
            && own.distribute_list_out.as_ref().is_none_or(|list| access(edge.from, &list.value))
            && own.route_map_out.as_ref().is_none_or(|map| decides(edge.from, &map.value))
    });
    out && edge.into.is_none_or(|own| {
        own.prefix_list_in.as_ref().is_none_or(|list| permits(edge.to, &list.value))
            && own.distribute_list_in.as_ref().is_none_or(|list| access(edge.to, &list.value))
            && own.route_map_in.as_ref().is_none_or(|map| decides(edge.to, &map.value))
    })
}

/// The prefixes that a node brings into BGP: `network`, `redistribute`, `aggregate-address`, `default-originate`.
fn originated(fabric: &Fabric, node: NodeIndex, family: Family, igps: &[Igp]) -> BTreeSet<Prefix> {
    let device = &fabric.devices[node];
    let mut prefixes = BTreeSet::new();
    let Some(frr) = &device.node.frr else { return prefixes };
    let Some(instance) = frr.instance(None) else { return prefixes };
    let is_v4 = family == Family::Ipv4Unicast;
    if let Some(config) = instance.families.get(&family) {
        let checked = instance.network_import_check.as_ref().is_none_or(|on| on.value);
        let networks = config.networks.iter().map(|network| network.value);
        prefixes.extend(networks.filter(|prefix| !checked || has(frr, fabric, node, *prefix, igps)));
        for own in &config.redistribute {
            prefixes.extend(igp::redistributed(frr, device, "", own).into_iter().map(|(prefix, _)| prefix));
            let is_igp = matches!(own.protocol.value.as_str(), "ospf" | "ospf6" | "isis" | "openfabric");
            if is_igp && own.route_map.is_none() {
                prefixes.extend(
                    igps.iter()
                        .flat_map(|igp| igp.prefixes())
                        .filter(|prefix| igps.iter().any(|igp| igp.knows(node, *prefix))),
                );
            }
        }
        let inside = |whole: &Prefix| prefixes.iter().any(|own| whole.covers(*own) && own != whole);
        let aggregates: Vec<Prefix> = config.aggregates.iter().map(|own| own.value).filter(inside).collect();
        prefixes.extend(aggregates);
    }
    let whole = if is_v4 {
        Prefix::new([0, 0, 0, 0].into(), 0)
    } else {
        Prefix::new(std::net::Ipv6Addr::UNSPECIFIED.into(), 0)
    };
    let defaults =
        |own: &evpnlint_core::model::bgp::Neighbor| own.family(family).is_some_and(|own| is_on(&own.default_originate));
    if instance.neighbors.values().any(defaults) {
        prefixes.insert(whole);
    }
    prefixes.retain(|prefix| prefix.network().is_ipv4() == is_v4);
    prefixes
}

/// Whether the very prefix is in a node's table, as `network` wants with import-check (`bgp_static_update`).
fn has(frr: &Frr, fabric: &Fabric, node: NodeIndex, prefix: Prefix, igps: &[Igp]) -> bool {
    let device = &fabric.devices[node];
    igp::connected(device, "").iter().any(|(own, _)| *own == prefix)
        || frr.statics.iter().any(|route| route.vrf.is_none() && route.prefix.value == prefix)
        || igps.iter().any(|igp| igp.knows(node, prefix))
        || device.node.interfaces.is_none()
        || device.may_route_by_hand()
}
