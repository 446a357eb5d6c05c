//! Fabrics side by side: groups of nodes that tell each other nothing over EVPN. What their VNIs, VRFs and names have in
//! common they have by chance, so each is judged by itself.

use super::{
    Fabric,
    sites::{self, Beside},
};
use crate::index::NodeIndex;
use evpnlint_core::model::{Cluster, Fault, guest::Guest, intent::Intent};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// A fabric of several, with those beside it that could be sites of one with it.
pub struct Island {
    /// Its nodes, and what was read of them.
    pub cluster: Cluster,
    /// The others.
    pub beside: Vec<Beside>,
}

/// The fabrics apart, in order of their first nodes; empty where there is but one. A fabric has two VTEPs and more; a
/// node beside them is that of a fabric whose nodes it has sessions or subnets with, else of the first. An allowed leak is
/// that of every fabric that has VRFs of both names, else of the first.
pub fn split(fabric: &Fabric) -> Vec<Island> {
    let labels = labels(fabric);
    let islands: BTreeMap<NodeIndex, usize> =
        labels.iter().collect::<BTreeSet<_>>().into_iter().enumerate().map(|(at, label)| (*label, at)).collect();
    if islands.len() < 2 {
        return vec![];
    }
    let mut parts: Vec<Cluster> = islands.iter().map(|_| Cluster::default()).collect();
    let mut homes: BTreeMap<&str, usize> = BTreeMap::new();
    for (node, label) in fabric.cluster.nodes.iter().zip(&labels) {
        homes.insert(&node.name, islands[label]);
        parts[islands[label]].nodes.push(node.clone());
    }
    let home = |name: &str| homes.get(name).copied();
    let of_intent = |intent: &Intent| followers(intent).find_map(home).unwrap_or(0);
    let of_guest = |guest: &Guest| guest.holders.iter().chain(&guest.host).find_map(|name| home(name)).unwrap_or(0);
    let of_fault = |fault: &Fault| home(&fault.node).unwrap_or(0);
    for intent in &fabric.cluster.intents {
        parts[of_intent(intent)].intents.push(intent.clone());
    }
    for guest in &fabric.cluster.guests {
        parts[of_guest(guest)].guests.push(guest.clone());
    }
    let mut names: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); parts.len()];
    for (node, vrf) in fabric.tenants.vrfs() {
        names[islands[&labels[node]]].insert(vrf);
    }
    for allowed in &fabric.cluster.allowed {
        let of =
            |names: &BTreeSet<&str>| [&allowed.from, &allowed.to].map(|own| own.matches_any(names.iter().copied()));
        let homes: Vec<usize> = (0..parts.len()).filter(|part| of(&names[*part]) == [true, true]).collect();
        for part in if homes.is_empty() { vec![0] } else { homes } {
            parts[part].allowed.push(allowed.clone());
        }
    }
    for fault in &fabric.cluster.faults {
        parts[of_fault(fault)].faults.push(fault.clone());
    }
    let mut beside = sites::beside(fabric, &labels);
    let island = |(label, cluster)| Island { cluster, beside: beside.remove(&label).unwrap_or_default() };
    islands.into_keys().zip(parts).map(island).collect()
}

/// The names of the nodes that follow a Proxmox cluster's store.
fn followers(intent: &Intent) -> impl Iterator<Item = &str> {
    intent.nodes.iter().map(String::as_str).chain(intent.members.iter().map(|member| member.value.as_str()))
}

/// One label for all nodes of a fabric: its first node.
fn labels(fabric: &Fabric) -> Vec<NodeIndex> {
    let count = fabric.devices.len();
    let mut sets = UnionFind::new(count);
    for node in 0..count {
        for way in fabric.propagation.from(node) {
            sets.union(node, way.to);
        }
    }
    let names: BTreeMap<&str, NodeIndex> = (0..count).map(|node| (fabric.name(node), node)).collect();
    for intent in &fabric.cluster.intents {
        let nodes: Vec<NodeIndex> = followers(intent).filter_map(|name| names.get(name).copied()).collect();
        nodes.windows(2).for_each(|pair| {
            sets.union(pair[0], pair[1]);
        });
    }
    let mut vteps: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for node in (0..count).filter(|node| !fabric.devices[*node].segments.is_empty()) {
        *vteps.entry(sets.find(node)).or_default() += 1;
    }
    let big: BTreeSet<NodeIndex> = vteps.into_iter().filter(|(_, vteps)| *vteps > 1).map(|(root, _)| root).collect();
    let mut label: Vec<Option<NodeIndex>> =
        (0..count).map(|node| Some(sets.find(node)).filter(|root| big.contains(root))).collect();
    let session_ends =
        fabric.sessions.ends.iter().filter_map(|session_end| Some((session_end.node, session_end.peer()?)));
    let subnets = fabric.underlay.subnets.values().flat_map(|ports| {
        let first = ports.iter().map(|port| port.node).find(|node| big.contains(&sets.find(*node)));
        ports.iter().filter_map(move |port| Some((port.node, first?)))
    });
    for (a, b) in session_ends.chain(subnets) {
        match (label[a], label[b]) {
            (None, known) => label[a] = known,
            (known, None) => label[b] = known,
            _ => {}
        }
    }
    let first = label.iter().flatten().next().copied().unwrap_or(0);
    let label: Vec<NodeIndex> = label.into_iter().map(|label| label.unwrap_or(first)).collect();
    // The root of a set is any of its nodes.
    let mut firsts: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
    label.iter().enumerate().map(|(node, root)| *firsts.entry(*root).or_insert(node)).collect()
}
