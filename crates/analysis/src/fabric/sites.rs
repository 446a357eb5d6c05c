//! Sites: nodes of one AS that exchange EVPN routes, where a fabric has several such groups. And fabrics that look like
//! sites of one, but exchange nothing.

pub use super::beside::Beside;
use super::{Fabric, connected::Sets};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{Prefix, Vni, bgp::Family},
    source::Span,
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// The nodes of a site.
pub type Site = BTreeSet<NodeIndex>;

/// The sites of a fabric, in order of their first nodes; none where there are no two. What speaks iBGP with nobody, as
/// every node of an eBGP fabric, is in no site.
pub fn of(fabric: &Fabric) -> Vec<Site> {
    let mut sets = Sets::new(fabric.devices.len());
    for session_end in fabric
        .sessions
        .ends
        .iter()
        .filter(|session_end| session_end.is_active(Family::Evpn) && session_end.vrf().is_empty())
    {
        if let Some(peer) = session_end.peer().filter(|_| !session_end.is_external()) {
            sets.join(session_end.node, peer);
        }
    }
    let mut groups: BTreeMap<NodeIndex, Site> = BTreeMap::new();
    for node in fabric.nodes() {
        groups.entry(sets.find(node)).or_default().insert(node);
    }
    let mut sites: Vec<Site> = groups.into_values().filter(|nodes| nodes.len() > 1).collect();
    sites.sort();
    if sites.len() < 2 { vec![] } else { sites }
}

/// The fabrics beside each of those that `labels` names for every node: each pair once, under the first of the two.
pub fn beside(fabric: &Fabric, labels: &ByNode<NodeIndex>) -> BTreeMap<NodeIndex, Vec<Beside>> {
    let mut pairs: BTreeMap<(NodeIndex, NodeIndex), Vec<_>> = BTreeMap::new();
    for session_end in fabric.sessions.ends.iter().filter(|session_end| session_end.vrf().is_empty()) {
        let Some(peer) = session_end.peer() else { continue };
        let (own, other) = (labels[session_end.node], labels[peer]);
        if own != other {
            let (here, there) = if own < other { (session_end.node, peer) } else { (peer, session_end.node) };
            pairs.entry((own.min(other), own.max(other))).or_default().push((
                here,
                there,
                session_end.neighbor.place(),
            ));
        }
    }
    // Where each VNI has which subnet, by fabric.
    let mut subnets: BTreeMap<NodeIndex, BTreeMap<(Vni, Prefix), Option<Span>>> = BTreeMap::new();
    for gateway in fabric.overlay.gateways.values().flatten() {
        for own in &gateway.addresses {
            let label = labels[gateway.node];
            subnets.entry(label).or_default().entry((gateway.vni, own.prefix())).or_insert(own.span);
        }
    }
    let mut found: BTreeMap<NodeIndex, Vec<Beside>> = BTreeMap::new();
    for ((one, other), sessions) in pairs {
        let (Some(here), Some(there)) = (subnets.get(&one), subnets.get(&other)) else { continue };
        let shared = here.iter().filter_map(|(key, here)| Some((key.0, [*here, *there.get(key)?])));
        let vnis: Vec<_> = shared.collect();
        if vnis.is_empty() {
            continue;
        }
        let names = |nodes: BTreeSet<NodeIndex>| join_names(nodes.into_iter().map(|node| fabric.name(node)));
        found.entry(one).or_default().push(Beside {
            here: names(sessions.iter().map(|(here, ..)| *here).collect()),
            there: names(sessions.iter().map(|(_, there, _)| *there).collect()),
            sessions: sessions.into_iter().map(|(.., place)| place).collect(),
            vnis,
        });
    }
    found
}
