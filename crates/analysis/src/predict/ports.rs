//! Which ports a packet leaves and enters by on its way from one node to the next.

use super::{
    igp,
    ribs::{By, Next},
    wire,
};
use crate::{
    fabric::{Fabric, device::Mtu, mtu},
    index::{ByNode, NodeIndex},
};
use evpnlint_core::model::{Prefix, link::Link};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A port, by its position in [`Ports::all`].
pub type PortIndex = u32;

/// An interface of the underlay.
pub struct Port<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The interface.
    pub link: &'m Link,
    /// The MTU of it and of what lies below, where that is known.
    pub mtu: Option<Mtu>,
}

/// A step from one node to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The port that the packet leaves by.
    pub out: PortIndex,
    /// The port that it enters by.
    pub into: PortIndex,
    /// Whether files tell that the two are the ends of one link; otherwise they could be.
    pub is_known: bool,
}

/// The ports between nodes, in the default VRF.
pub struct Ports<'m> {
    /// All of them.
    pub all: Vec<Port<'m>>,
    /// By subnet, those in it, in order of nodes.
    subnets: BTreeMap<Prefix, Vec<PortIndex>>,
    /// By node, its subnets, the longest first.
    own: ByNode<Vec<(Prefix, PortIndex)>>,
    /// By node, the far ends of its point-to-point links.
    pointopoint: ByNode<BTreeMap<IpAddr, PortIndex>>,
    /// By pair of nodes, the cables between them.
    cables: BTreeMap<(NodeIndex, NodeIndex), Vec<Hop>>,
    /// By node, ports of unnumbered sessions that no file tells the other end of.
    loose: ByNode<Vec<PortIndex>>,
    /// By node, ports of interior protocols that no file tells the other end of.
    bare: ByNode<Vec<PortIndex>>,
    /// Those that an interior protocol runs over.
    interior: BTreeSet<PortIndex>,
}

impl<'m> Ports<'m> {
    /// Collects them.
    pub fn new(fabric: &Fabric<'m>) -> Self {
        let count = fabric.devices.len();
        let mut ports = Self {
            all: vec![],
            subnets: BTreeMap::new(),
            own: ByNode::filled(vec![], count),
            pointopoint: ByNode::filled(BTreeMap::new(), count),
            cables: BTreeMap::new(),
            loose: ByNode::filled(vec![], count),
            bare: ByNode::filled(vec![], count),
            interior: BTreeSet::new(),
        };
        let mut index: BTreeMap<(NodeIndex, &str), PortIndex> = BTreeMap::new();
        for (node, device) in fabric.devices.iter_enumerated() {
            let frr = device.node.frr.as_ref();
            let tenants = mtu::tenants(device);
            for link in igp::links(device, "").filter(|link| mtu::carries(link, &tenants)) {
                let at = ports.all.len() as PortIndex;
                index.insert((node, &link.name), at);
                ports.all.push(Port { node, link, mtu: device.mtu_through(link) });
                let is_interior = frr.is_some_and(|frr| mtu::runs_ospf(frr, link) || mtu::runs_isis(frr, link));
                if is_interior {
                    ports.interior.insert(at);
                }
                let mut numbered = link.addresses.iter().filter(|own| !own.is_host()).peekable();
                if is_interior && numbered.peek().is_none() {
                    ports.bare[node].push(at);
                }
                for own in numbered {
                    ports.subnets.entry(own.prefix()).or_default().push(at);
                    ports.own[node].push((own.prefix(), at));
                }
                ports.pointopoint[node].extend(link.pointopoint.as_ref().map(|far| (far.ip, at)));
            }
            ports.own[node].sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.length()));
        }
        for session_end in fabric.sessions.unnumbered.iter().map(|session_end| &fabric.sessions.ends[*session_end]) {
            let Some(name) = wire::port(session_end).filter(|_| session_end.vrf().is_empty()) else { continue };
            let Some(out) = index.get(&(session_end.node, name)).copied() else { continue };
            match fabric.sessions.cabling.as_ref().and_then(|cabling| cabling.end(session_end.node, name)) {
                Some((far, port)) => {
                    let Some(into) = index.get(&(*far, port.as_str())).copied() else { continue };
                    ports.cables.entry((session_end.node, *far)).or_default().push(Hop { out, into, is_known: true });
                }
                None => ports.loose[session_end.node].push(out),
            }
        }
        ports
    }

    /// The ports by which a packet gets from a node to the next one: all of them where several links would do.
    pub fn between(&self, from: NodeIndex, next: Next) -> Vec<Hop> {
        let known = |out, into| Hop { out, into, is_known: true };
        match next.by {
            By::Address(address) => self.towards(from, next.node, address).into_iter().collect(),
            By::Adjacency => {
                let is_interior = |port: &PortIndex| self.interior.contains(port);
                let own = self.own[from].iter().filter(|(_, port)| is_interior(port));
                let there = |prefix: &Prefix| self.in_subnet(*prefix, next.node).filter(is_interior);
                let hops: Vec<Hop> =
                    own.flat_map(|(prefix, out)| there(prefix).map(|into| known(*out, into))).collect();
                if hops.is_empty() { any(&self.bare[from], &self.bare[next.node]) } else { hops }
            }
            By::Session => match self.cables.get(&(from, next.node)) {
                Some(cables) => cables.clone(),
                None => any(&self.loose[from], &self.loose[next.node]),
            },
        }
    }

    /// The ports towards an address of the next node.
    fn towards(&self, from: NodeIndex, next: NodeIndex, address: IpAddr) -> Option<Hop> {
        let known = |out, into| Hop { out, into, is_known: true };
        let owns = |(_, port): &&(Prefix, PortIndex)| {
            self.all[*port as usize].link.addresses.iter().any(|own| own.ip == address)
        };
        let owner = || self.own[next].iter().find(owns).map(|(_, port)| *port);
        if let Some((prefix, out)) = self.own[from].iter().find(|(prefix, _)| prefix.contains(address)) {
            // The two ends may have prefixes of different lengths.
            return self.in_subnet(*prefix, next).next().or_else(owner).map(|into| known(*out, into));
        }
        let into = owner()?;
        self.pointopoint[from].get(&address).map(|out| known(*out, into))
    }

    /// The links with two ends that files tell of, each once: subnets that have no room for a third, and cables.
    pub fn links(&self) -> BTreeSet<(PortIndex, PortIndex)> {
        let node = |port: PortIndex| self.all[port as usize].node;
        let has_two = |prefix: &Prefix| prefix.length() >= if prefix.network().is_ipv4() { 30 } else { 126 };
        let pair = |(prefix, ports): (&Prefix, &Vec<PortIndex>)| match ports.as_slice() {
            [one, other] if has_two(prefix) && node(*one) != node(*other) => Some((*one, *other)),
            _ => None,
        };
        let cables = self.cables.values().flatten().map(|hop| (hop.out.min(hop.into), hop.out.max(hop.into)));
        self.subnets.iter().filter_map(pair).chain(cables).collect()
    }

    fn in_subnet(&self, prefix: Prefix, node: NodeIndex) -> impl Iterator<Item = PortIndex> + '_ {
        let ports = self.subnets.get(&prefix).map_or(&[][..], Vec::as_slice);
        let first = ports.partition_point(|port| self.all[*port as usize].node < node);
        ports[first..].iter().copied().take_while(move |port| self.all[*port as usize].node == node)
    }
}

/// The ports of two nodes of which some are the ends of links between them, each at least once.
fn any(outs: &[PortIndex], intos: &[PortIndex]) -> Vec<Hop> {
    if outs.is_empty() || intos.is_empty() {
        return vec![];
    }
    let pair = |at: usize| Hop { out: outs[at % outs.len()], into: intos[at % intos.len()], is_known: false };
    (0..outs.len().max(intos.len())).map(pair).collect()
}
