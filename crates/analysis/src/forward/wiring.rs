//! What joins the broadcast domains of different machines, tunnels aside: cables and switches, as the user says, and
//! where nobody says anything, subnets that several nodes have outside VRFs.

use super::machine::{DomainIndex, Machine, Out};
use crate::{
    fabric::Fabric,
    index::{ByNode, NodeIndex},
};
use evpnlint_core::model::{
    link::{Link, LinkKind},
    surroundings::{Surroundings, Switch},
};
use std::collections::BTreeMap;

/// A part of a broadcast domain that one machine holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// A domain of a node.
    Domain(NodeIndex, DomainIndex),
    /// What of a switch bears that tag, by the switch's position.
    Switch(usize, Option<u16>),
}

/// A device at an end of a cable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceIndex {
    /// A node.
    Node(NodeIndex),
    /// A switch.
    Switch(usize),
}

/// A port of a device.
type End<'m> = (DeviceIndex, &'m str);

/// All that joins domains.
pub struct Wiring<'m> {
    /// The switches, those aside that are taken to be there.
    pub switches: Vec<&'m Switch>,
    /// By device and port, the other end.
    ends: BTreeMap<End<'m>, End<'m>>,
    /// By device, its ports with a cable.
    ports: BTreeMap<DeviceIndex, Vec<&'m str>>,
    /// Domains that share a subnet outside VRFs, and of which nobody says how they are wired, by position.
    shared: Vec<Vec<(NodeIndex, DomainIndex)>>,
    shares: BTreeMap<(NodeIndex, DomainIndex), Vec<usize>>,
}

impl<'m> Wiring<'m> {
    /// Collects it.
    pub fn new(fabric: &Fabric<'m>, machines: &ByNode<Machine<'m>>) -> Self {
        let none = Wiring {
            switches: vec![],
            ends: BTreeMap::new(),
            ports: BTreeMap::new(),
            shared: vec![],
            shares: BTreeMap::new(),
        };
        let mut wiring = match fabric.cluster.surroundings {
            Some(surroundings) => none.with(fabric, surroundings),
            None => none,
        };
        wiring.add_peer_links(fabric);
        for ports in fabric.underlay.subnets.values() {
            let domain = |port: &crate::fabric::underlay::Port<'m>| {
                let machine = &machines[port.node];
                let own = machine.routed.iter().find(|own| std::ptr::eq(own.link, port.link))?;
                let domain = own.domain?;
                let is_cabled = machine.domains[domain].outs.iter().any(|out| wiring.is_cabled(port.node, out));
                (!is_cabled).then_some((port.node, domain))
            };
            let all: Vec<_> = ports.iter().filter_map(domain).collect();
            if all.len() > 1 {
                let at = wiring.shared.len();
                for own in &all {
                    wiring.shares.entry(*own).or_default().push(at);
                }
                wiring.shared.push(all);
            }
        }
        wiring
    }

    fn with(mut self, fabric: &Fabric<'m>, surroundings: &'m Surroundings) -> Self {
        self.switches = surroundings.switches.iter().collect();
        for cable in &surroundings.cables {
            let device = |name: &str| self.device(fabric, name);
            let (Some(a), Some(b)) = (device(&cable.a.device), device(&cable.b.device)) else { continue };
            self.add((a, cable.a.port.as_str()), (b, cable.b.port.as_str()));
        }
        self
    }

    fn add(&mut self, a: End<'m>, b: End<'m>) {
        self.ends.insert(a, b);
        self.ends.insert(b, a);
        self.ports.entry(a.0).or_default().push(a.1);
        self.ports.entry(b.0).or_default().push(b.1);
    }

    /// Joins the two of each MLAG pair by the ports of their peer link, in order, where nobody says how they are cabled.
    fn add_peer_links(&mut self, fabric: &Fabric<'m>) {
        for [(a, one), (b, two)] in fabric.multihoming.sides() {
            for ends in members(one.peerlink).zip(members(two.peerlink)) {
                let [a, b] = [(a, ends.0), (b, ends.1)].map(|(node, port)| (DeviceIndex::Node(node), port));
                if ![a, b].iter().any(|end| self.ends.contains_key(end)) {
                    self.add(a, b);
                }
            }
        }
    }

    /// The node or switch of that name.
    pub fn device(&self, fabric: &Fabric<'m>, name: &str) -> Option<DeviceIndex> {
        let switch = || self.switches.iter().position(|switch| switch.name.value == name).map(DeviceIndex::Switch);
        fabric.index(name).map(DeviceIndex::Node).or_else(switch)
    }

    /// Whether the user says where a port leads.
    pub fn is_cabled(&self, node: NodeIndex, (port, _): &Out<'_>) -> bool {
        self.ends.contains_key(&(DeviceIndex::Node(node), *port))
    }

    /// The device at the other end of a port of a node.
    pub fn end(&self, node: NodeIndex, port: &str) -> Option<(DeviceIndex, &'m str)> {
        self.ends.get(&(DeviceIndex::Node(node), port)).copied()
    }

    /// The segments next to one, tunnels aside.
    pub fn beside(&self, machines: &ByNode<Machine<'m>>, segment: Segment) -> Vec<Segment> {
        let arrive = |(device, port): &(DeviceIndex, &'m str), tag: Option<u16>| match device {
            DeviceIndex::Switch(switch) => Some(Segment::Switch(*switch, tag)),
            DeviceIndex::Node(node) => machines[*node].behind(port, tag).map(|at| Segment::Domain(*node, at)),
        };
        match segment {
            Segment::Domain(node, domain) => {
                let outs = machines[node].domains[domain].outs.iter();
                let ends =
                    outs.filter_map(|(port, tag)| arrive(self.ends.get(&(DeviceIndex::Node(node), *port))?, *tag));
                let shares = self.shares.get(&(node, domain)).into_iter().flatten();
                let shared = shares.flat_map(|at| &self.shared[*at]).map(|(node, at)| Segment::Domain(*node, *at));
                ends.chain(shared).filter(|other| *other != segment).collect()
            }
            Segment::Switch(switch, tag) => {
                let ports = self.ports.get(&DeviceIndex::Switch(switch)).into_iter().flatten();
                ports.filter_map(|port| arrive(self.ends.get(&(DeviceIndex::Switch(switch), *port))?, tag)).collect()
            }
        }
    }
}

/// The ports that a link is made of.
fn members(link: &Link) -> impl Iterator<Item = &str> {
    let slaves = match &link.kind {
        LinkKind::Bond { slaves } => slaves.as_slice(),
        _ => &[],
    };
    let alone = slaves.is_empty().then_some(link.name.as_str());
    slaves.iter().map(|slave| slave.value.as_str()).chain(alone)
}
