//! The cables that the user knows: which interfaces are on one wire, and which are not.

use super::{
    cabling::Cabling,
    device::{Device, named},
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{
    link::{Link, LinkKind},
    surroundings::{Cable, CableEnd, Surroundings},
};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// The cables that the user knows.
#[derive(Default)]
pub struct Wires<'m> {
    /// By node and port, the wire: one for all that a switch joins.
    wires: BTreeMap<(NodeIndex, &'m str), usize>,
    /// The nodes of which any cable is known, and with it all.
    wired: BTreeSet<NodeIndex>,
    /// The cables from node to node.
    pub cabling: Option<Cabling>,
}

impl<'m> Wires<'m> {
    /// Joins the ends of all cables.
    pub fn new(devices: &ByNode<Device<'m>>, surroundings: Option<&'m Surroundings>) -> Self {
        let mut wires = Self::default();
        let Some(surroundings) = surroundings.filter(|own| !own.cables.is_empty()) else { return wires };
        let node = |name: &str| named(devices, name);
        // A switch is one wire: all of its ports are one end.
        let switches: BTreeSet<&str> = surroundings.switches.iter().map(|switch| switch.name.as_str()).collect();
        let hosts: BTreeSet<&str> = surroundings.hosts.iter().map(|host| host.name.as_str()).collect();
        let is_switch = |end: &CableEnd| switches.contains(end.device.as_str());
        let key = |end: &'m CableEnd| (end.device.as_str(), if is_switch(end) { "" } else { end.port.as_str() });
        // Of a cable to nowhere, and of a port with two, nothing follows: one of them is a slip.
        let is_device =
            |end: &CableEnd| node(&end.device).is_some() || is_switch(end) || hosts.contains(end.device.as_str());
        let ends = || surroundings.cables.iter().flat_map(|cable| [&cable.a, &cable.b]);
        let mut uses: BTreeMap<&CableEnd, usize> = BTreeMap::new();
        ends().for_each(|end| *uses.entry(end).or_default() += 1);
        let is_clear = |cable: &&Cable| {
            [&cable.a, &cable.b].into_iter().all(|end| is_device(end) && (uses[end] == 1 || is_switch(end)))
        };
        let mut index: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for end in surroundings.cables.iter().filter(is_clear).flat_map(|cable| [&cable.a, &cable.b]) {
            let next = index.len();
            index.entry(key(end)).or_insert(next);
        }
        let mut sets = UnionFind::new(index.len());
        let mut cabling = Cabling::default();
        for cable in surroundings.cables.iter().filter(is_clear) {
            sets.union(index[&key(&cable.a)], index[&key(&cable.b)]);
            if let (Some(a), Some(b)) = (node(&cable.a.device), node(&cable.b.device)) {
                cabling.join((a, &cable.a.port), (b, &cable.b.port));
            }
        }
        for ((device, port), at) in index {
            if let Some(node) = node(device) {
                wires.wires.insert((node, port), sets.find(at));
                wires.wired.insert(node);
            }
        }
        wires.cabling = Some(cabling);
        wires
    }

    /// Whether the user's cables keep two interfaces apart: all cables of both nodes are known, and none joins them.
    pub fn apart(&self, devices: &ByNode<Device<'m>>, a: (NodeIndex, &Link), b: (NodeIndex, &Link)) -> bool {
        if !self.wired.contains(&a.0) || !self.wired.contains(&b.0) {
            return false;
        }
        // A port that nobody describes and no cable leads to is not there; of one that is described, the cable may be left
        // out, or be written under another name.
        let of = |(node, link): (NodeIndex, &Link)| -> Option<BTreeSet<usize>> {
            let device = &devices[node];
            let mut ports = vec![];
            ports_below(device, link, &mut ports, 0);
            let wires = ports.iter().map(|port| self.wires.get(&(node, port.as_str())).copied());
            let is_known = |(port, wire): (&String, Option<usize>)| {
                wire.is_some() || device.link(port).is_none_or(|link| !link.is_described())
            };
            ports.iter().zip(wires.clone()).all(is_known).then(|| wires.flatten().collect())
        };
        of(a).zip(of(b)).is_some_and(|(a, b)| a.is_disjoint(&b))
    }
}

/// How many interfaces deep ports are looked for: a VLAN of a bridge of VLANs of a bond.
const DEPTH: usize = 6;

/// The ports of the machine that frames of an interface leave by.
fn ports_below(device: &Device<'_>, link: &Link, ports: &mut Vec<String>, depth: usize) {
    let mut below = |name: &str| match device.link(name) {
        Some(link) if depth < DEPTH => ports_below(device, link, ports, depth + 1),
        _ => ports.push(name.to_owned()),
    };
    match &link.kind {
        LinkKind::Vlan { raw: Some(raw), .. } => below(raw),
        LinkKind::Bond { slaves } => slaves.iter().for_each(|slave| below(slave)),
        LinkKind::Bridge { ports, .. } => ports.iter().for_each(|port| below(port)),
        _ => ports.push(link.name.clone()),
    }
}
