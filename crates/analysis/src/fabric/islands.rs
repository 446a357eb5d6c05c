//! Fabrics side by side: groups of nodes that exchange nothing over EVPN. What their VNIs, VRFs and names have in
//! common they have by chance, so each is judged by itself.

use super::{Fabric, connected::Sets, device::Device, part::Part, sites};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{Fault, guest::Guest, intent::Intent},
    options::Completeness,
};
use std::collections::{BTreeMap, BTreeSet};

/// The fabrics apart, in order of their first nodes; the whole where there is but one. A fabric has two VTEPs and more;
/// a node beside them is that of a fabric whose nodes it has sessions or subnets with, else of the first. An allowed
/// leak is that of every fabric that has VRFs of both names, else of the first. `completeness` is what the whole was
/// computed with.
pub fn split(whole: Fabric, completeness: Completeness) -> Vec<Fabric> {
    let labels = labels(&whole);
    let islands: BTreeMap<NodeIndex, usize> =
        labels.iter().collect::<BTreeSet<_>>().into_iter().enumerate().map(|(at, label)| (*label, at)).collect();
    if islands.len() < 2 {
        return vec![whole];
    }
    let mut beside = sites::beside(&whole, &labels);
    let parts = parts(&whole, &labels, &islands);
    let mut devices: Vec<ByNode<Device>> = islands.iter().map(|_| ByNode::default()).collect();
    for (device, label) in whole.devices.into_iter().zip(&labels) {
        devices[islands[label]].push(device);
    }
    let all = islands.into_keys().zip(parts.into_iter().zip(devices));
    let fabric = |(label, (part, devices))| {
        let beside = beside.remove(&label).unwrap_or_default();
        Fabric { beside, ..Fabric::of(part, devices, completeness) }
    };
    all.map(fabric).collect()
}

/// What was read of the nodes of each fabric, in order of the positions that `islands` gives to labels.
fn parts<'m>(whole: &Fabric<'m>, labels: &ByNode<NodeIndex>, islands: &BTreeMap<NodeIndex, usize>) -> Vec<Part<'m>> {
    let cluster = &whole.cluster;
    let part = |at| Part {
        surroundings: cluster.surroundings,
        unknown_devices: cluster.unknown_devices.clone(),
        is_first: at == 0,
        ..Part::default()
    };
    let mut parts: Vec<Part> = (0..islands.len()).map(part).collect();
    let mut homes: BTreeMap<&str, usize> = BTreeMap::new();
    for (node, label) in cluster.nodes.iter().copied().zip(labels) {
        homes.insert(&node.name, islands[label]);
        parts[islands[label]].nodes.push(node);
    }
    let home = |name: &str| homes.get(name).copied();
    let of_intent = |intent: &Intent| followers(intent).find_map(home).unwrap_or(0);
    let of_guest = |guest: &Guest| guest.holders.iter().chain(&guest.host).find_map(|name| home(name)).unwrap_or(0);
    let of_fault = |fault: &Fault| home(&fault.node).unwrap_or(0);
    for intent in cluster.intents.iter().copied() {
        parts[of_intent(intent)].intents.push(intent);
    }
    for guest in cluster.guests.iter().copied() {
        parts[of_guest(guest)].guests.push(guest);
    }
    let mut names: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); parts.len()];
    for (node, vrf) in whole.tenants.vrfs() {
        names[islands[&labels[node]]].insert(vrf);
    }
    for allowed in cluster.allowed.iter().copied() {
        let of =
            |names: &BTreeSet<&str>| [&allowed.from, &allowed.to].map(|side| side.matches_any(names.iter().copied()));
        let homes: Vec<usize> = (0..parts.len()).filter(|part| of(&names[*part]) == [true, true]).collect();
        for part in if homes.is_empty() { vec![0] } else { homes } {
            parts[part].allowed.push(allowed);
        }
    }
    for fault in cluster.faults.iter().copied() {
        parts[of_fault(fault)].faults.push(fault);
    }
    parts
}

/// The names of the nodes that follow a Proxmox cluster's store.
fn followers(intent: &Intent) -> impl Iterator<Item = &str> {
    intent.nodes.iter().map(String::as_str).chain(intent.members.iter().map(|member| member.value.as_str()))
}

/// One label for all nodes of a fabric: its first node.
fn labels(fabric: &Fabric) -> ByNode<NodeIndex> {
    let mut sets = Sets::new(fabric.devices.len());
    for node in fabric.nodes() {
        for way in fabric.propagation.from(node) {
            sets.join(node, way.to);
        }
    }
    let names: BTreeMap<&str, NodeIndex> = fabric.nodes().map(|node| (fabric.name(node), node)).collect();
    for intent in &fabric.cluster.intents {
        let nodes: Vec<NodeIndex> = followers(intent).filter_map(|name| names.get(name).copied()).collect();
        nodes.windows(2).for_each(|pair| sets.join(pair[0], pair[1]));
    }
    let mut vteps: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for node in fabric.nodes().filter(|node| !fabric.devices[*node].local_vnis.is_empty()) {
        *vteps.entry(sets.find(node)).or_default() += 1;
    }
    let big: BTreeSet<NodeIndex> = vteps.into_iter().filter(|(_, vteps)| *vteps > 1).map(|(root, _)| root).collect();
    let mut label: ByNode<Option<NodeIndex>> =
        fabric.nodes().map(|node| Some(sets.find(node)).filter(|root| big.contains(root))).collect();
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
    let known = label.iter().flatten().next().copied();
    let Some(first) = known.or_else(|| fabric.nodes().next()) else { return ByNode::default() };
    let label: ByNode<NodeIndex> = label.into_iter().map(|label| label.unwrap_or(first)).collect();
    // The root of a set is any of its nodes.
    let mut firsts: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
    label.iter_enumerated().map(|(node, root)| *firsts.entry(*root).or_insert(node)).collect()
}
