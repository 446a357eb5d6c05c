//! The links that tunnels run over, as one graph for all VNIs: nodes, the subnets and ports that they share, and the
//! wires between. Every loss that stands in a file is a vertex or an edge of it: a node, a port, a link.
//!
//! What stands in no file never fails here, and so is never claimed to: the switches of a subnet, what is behind a
//! default gateway, and where a port is wired to that nobody can tell. A bond, or a bridge with several ports, is two
//! edges.

use super::blocks::{Blocks, Piece};
use crate::fabric::{
    Fabric,
    device::Device,
    gateway::is_link_local,
    mtu,
    sessions::{SessionEnd, Target},
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{
    Prefix,
    link::{Link, LinkKind},
};
use petgraph::graph::{EdgeIndex, NodeIndex as Vertex, UnGraph};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What a vertex is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place<'m> {
    /// A node, with the addresses that no port takes with it.
    Node(NodeIndex),
    /// A VTEP address that stands on a port: whoever is in its subnet sends there, whatever other way there is.
    Address(NodeIndex),
    /// A port that several links share.
    Port(NodeIndex, &'m str),
    /// A subnet with more than two ports: a switch that no file tells of.
    Subnet(Prefix),
    /// Where no file tells what is behind a port.
    Unseen,
}

/// An end of an edge: the node and its interface.
pub type End<'m> = (NodeIndex, &'m Link);

/// All links.
pub struct Links<'m> {
    /// The graph. An edge has the interfaces at its ends.
    pub graph: UnGraph<Place<'m>, Vec<End<'m>>>,
    /// What one loss parts in it.
    pub blocks: Blocks,
    /// Where each node's VTEP address is; none where no interface has it.
    pub vteps: ByNode<Option<Vertex>>,
    /// The nodes.
    pub nodes: ByNode<Vertex>,
    /// Edges beside which another does the same, as in a bond.
    doubled: BTreeSet<EdgeIndex>,
}

/// What is below an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Below<'m> {
    /// This port alone.
    Port(&'m str),
    /// Several ports, or nobody can say how many.
    More,
}

/// An interface that tunnels may run over, and where it leads from.
struct Use<'m> {
    from: Place<'m>,
    node: NodeIndex,
    link: &'m Link,
}

/// Where an interface leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Leads<'m> {
    Subnet(Prefix),
    /// To a port of another node, over a cable with these two ends, in order.
    Wire((NodeIndex, &'m str), (NodeIndex, &'m str)),
    /// To the only node that could be there.
    Node(NodeIndex),
    Unseen,
}

impl<'m> Links<'m> {
    /// Collects them.
    pub fn new(fabric: &Fabric<'m>) -> Self {
        let mut builder = Builder { graph: UnGraph::default(), at: BTreeMap::new(), doubled: BTreeSet::new() };
        let nodes: ByNode<Vertex> = fabric.nodes().map(|node| builder.vertex(Place::Node(node))).collect();
        let mut vteps = ByNode::default();
        let mut uses: Vec<(Use, Leads)> = vec![];
        for ((node, device), uplinks) in fabric.devices.iter_enumerated().zip(&fabric.uplinks) {
            let (place, port) = vtep(device, node);
            vteps.push(place.map(|place| builder.vertex(place)));
            let by_hand = by_hand(device);
            let ours = uplinks.iter().chain(&by_hand).map(|link| (Place::Node(node), *link));
            let port = port.filter(|_| place.is_some_and(|place| matches!(place, Place::Address(_))));
            let mut seen = BTreeSet::new();
            for (from, link) in ours.chain(port.map(|port| (Place::Address(node), port))) {
                if device.stays_down(link) || !seen.insert((from, link.name.as_str())) {
                    continue;
                }
                uses.extend(leads(fabric, node, link).into_iter().map(|to| (Use { from, node, link }, to)));
            }
        }
        builder.connect(fabric, &uses);
        for node in fabric.nodes().filter(|node| may_lead_elsewhere(fabric, *node)) {
            let unseen = builder.vertex(Place::Unseen);
            builder.edge(nodes[node], unseen, vec![], false);
        }
        let Builder { graph, doubled, .. } = builder;
        let blocks = Blocks::new(&graph);
        Self { graph, blocks, vteps, nodes, doubled }
    }

    /// The ends of the link that a piece is, if it is one that can fail by itself: ports of the two nodes, as far as
    /// files tell.
    pub fn ends(&self, piece: Piece) -> Vec<End<'m>> {
        match piece {
            Piece::Edge(edge) if !self.doubled.contains(&edge) => self.graph[edge].clone(),
            Piece::Vertex(vertex) if matches!(self.graph[vertex], Place::Port(..)) => {
                let mut ends: Vec<End> = self.graph.edges(vertex).flat_map(|edge| edge.weight().clone()).collect();
                let Place::Port(node, _) = self.graph[vertex] else { return vec![] };
                ends.retain(|(own, _)| *own == node);
                ends.sort_by_key(|(node, link)| (*node, link.name.as_str()));
                ends.dedup_by_key(|(node, link)| (*node, link.name.as_str()));
                ends
            }
            _ => vec![],
        }
    }

    /// The node that a piece is, if it is one.
    pub fn node(&self, piece: Piece) -> Option<NodeIndex> {
        match piece {
            Piece::Vertex(vertex) => match self.graph[vertex] {
                Place::Node(node) => Some(node),
                _ => None,
            },
            Piece::Edge(_) => None,
        }
    }

    /// The interfaces of a node that tunnels may run over.
    pub fn ends_of(&self, node: NodeIndex) -> Vec<End<'m>> {
        let edges = self.graph.edges(self.nodes[node]).flat_map(|edge| edge.weight().iter().copied());
        let mut ends: Vec<End> = edges.filter(|(own, _)| *own == node).collect();
        ends.sort_by_key(|(_, link)| link.place());
        ends.dedup_by_key(|(_, link)| link.place());
        ends
    }

    /// Whose VTEP address or node a vertex is.
    pub fn owner(&self, vertex: Vertex) -> Option<NodeIndex> {
        match self.graph[vertex] {
            Place::Node(node) | Place::Address(node) => Some(node),
            _ => None,
        }
    }
}

struct Builder<'m> {
    graph: UnGraph<Place<'m>, Vec<End<'m>>>,
    at: BTreeMap<Place<'m>, Vertex>,
    doubled: BTreeSet<EdgeIndex>,
}

impl<'m> Builder<'m> {
    fn vertex(&mut self, place: Place<'m>) -> Vertex {
        *self.at.entry(place).or_insert_with(|| self.graph.add_node(place))
    }

    fn edge(&mut self, a: Vertex, b: Vertex, ends: Vec<End<'m>>, single: bool) {
        let edge = self.graph.add_edge(a, b, ends.clone());
        if !single {
            let other = self.graph.add_edge(a, b, ends);
            self.doubled.extend([edge, other]);
        }
    }

    /// Makes edges of all uses. What has two ends is an edge between them; a port with several uses is a vertex.
    fn connect(&mut self, fabric: &Fabric<'m>, uses: &[(Use<'m>, Leads<'m>)]) {
        let mut shared: BTreeMap<(NodeIndex, Below), usize> = BTreeMap::new();
        let below: ByNode<_> = fabric.devices.iter().map(below).collect();
        let below = |own: &Use<'m>| below[own.node].get(own.link.name.as_str()).copied().unwrap_or(Below::More);
        for (own, _) in uses {
            *shared.entry((own.node, below(own))).or_default() += 1;
        }
        // Ends by where they lead; an unseen place has any number.
        let mut ends: BTreeMap<Leads, Vec<(Vertex, End<'m>, bool)>> = BTreeMap::new();
        let mut ports = BTreeSet::new();
        for (own, leads) in uses {
            let (from, end) = (self.vertex(own.from), (own.node, own.link));
            match below(own) {
                Below::Port(port) if shared[&(own.node, below(own))] > 1 => {
                    let vertex = self.vertex(Place::Port(own.node, port));
                    if ports.insert((from, vertex)) {
                        self.edge(from, vertex, vec![end], true);
                    }
                    let there = ends.entry(*leads).or_default();
                    if there.iter().all(|(known, ..)| *known != vertex) {
                        there.push((vertex, end, true));
                    }
                }
                below => ends.entry(*leads).or_default().push((from, end, below != Below::More)),
            }
        }
        for (leads, ends) in ends {
            let of = |ends: &[(Vertex, End<'m>, bool)]| ends.iter().map(|(_, end, _)| *end).collect();
            match (leads, ends.as_slice()) {
                (Leads::Subnet(_) | Leads::Wire(..), [(a, _, one), (b, _, other)]) => {
                    self.edge(*a, *b, of(&ends), *one || *other);
                    continue;
                }
                (Leads::Node(node), all) => {
                    let there = self.vertex(Place::Node(node));
                    all.iter().for_each(|(from, end, single)| self.edge(*from, there, vec![*end], *single));
                    continue;
                }
                _ => {}
            }
            let place = match leads {
                Leads::Subnet(subnet) => Place::Subnet(subnet),
                _ => Place::Unseen,
            };
            let there = self.vertex(place);
            ends.iter().for_each(|(from, end, single)| self.edge(*from, there, vec![*end], *single));
            // Nodes that were not read may be in the subnet.
            if !fabric.closed && place != Place::Unseen {
                let unseen = self.vertex(Place::Unseen);
                self.edge(there, unseen, vec![], false);
            }
        }
    }
}

/// Where the VTEP address of a node is, and the interface that has it.
fn vtep<'m>(device: &Device<'m>, node: NodeIndex) -> (Option<Place<'m>>, Option<&'m Link>) {
    let Some(address) = device.vteps().into_keys().next() else { return (None, None) };
    let Some(owner) = device.owner(address) else { return (None, None) };
    let is_port = !matches!(owner.kind, LinkKind::Loopback | LinkKind::Dummy)
        && owner.addresses.iter().any(|own| own.ip == address && !own.is_host());
    (Some(if is_port { Place::Address(node) } else { Place::Node(node) }), Some(owner))
}

/// The interfaces that routes may lead over besides: by default gateways, static routes, and out of the fabric.
fn by_hand<'m>(device: &Device<'m>) -> Vec<&'m Link> {
    let statics = device.node.frr.iter().flat_map(|frr| &frr.statics).filter(|route| route.vrf.is_none());
    let via = statics.flat_map(|route| {
        let named = route.interface.as_ref().and_then(|name| device.link(&name.value));
        named.or_else(|| device.connected(route.via.as_ref()?.value))
    });
    let frr = device.node.frr.as_ref();
    let is_told = |link: &&Link| {
        let interior = frr.is_some_and(|frr| mtu::runs_ospf(frr, link) || mtu::runs_isis(frr, link));
        link.vrf.is_none() && (link.dynamic || !link.gateways.is_empty() || interior)
    };
    device.node.links.values().filter(is_told).chain(via).collect()
}

/// Whether a node may have ways that no interface tells of: routes by hook commands, or from peers that were not read.
fn may_lead_elsewhere(fabric: &Fabric, node: NodeIndex) -> bool {
    let is_outside = |session_end: &SessionEnd| {
        matches!(session_end.target, Target::Unknown | Target::OnLink) && session_end.vrf().is_empty()
    };
    fabric.devices[node].may_make_routes() || fabric.sessions.of(node).iter().any(is_outside)
}

/// Where an interface leads.
fn leads<'m>(fabric: &Fabric<'m>, node: NodeIndex, link: &'m Link) -> BTreeSet<Leads<'m>> {
    let mut found = BTreeSet::new();
    let subnets = link.addresses.iter().filter(|own| !own.is_host() && !is_link_local(own.ip)).map(|own| own.prefix());
    let others = |subnet: &Prefix| {
        let ports = fabric.underlay.subnets.get(subnet);
        ports.is_some_and(|ports| ports.iter().any(|port| port.node != node))
    };
    found.extend(subnets.filter(others).map(Leads::Subnet));
    let sessions = &fabric.sessions;
    if let Some(session_end) = sessions.on_port(node, &link.name) {
        let own = (node, link.name.as_str());
        let far = sessions.cabling.as_ref().and_then(|cabling| cabling.end(node, &link.name));
        let known = far.and_then(|(far, port)| Some((*far, fabric.node(*far).link(port)?.name.as_str())));
        let could: BTreeSet<NodeIndex> = match known {
            Some(_) => BTreeSet::new(),
            None => {
                let session_end = &sessions.ends[session_end];
                let ends = sessions.representatives.iter().map(|end| &sessions.ends[*end]);
                ends.filter(|end| sessions.may_be_wired(session_end, end)).map(|end| end.node).collect()
            }
        };
        match (known, could.len()) {
            (Some(far), _) => found.insert(Leads::Wire(own.min(far), own.max(far))),
            (None, 1) => found.insert(could.first().map_or(Leads::Unseen, |only| Leads::Node(*only))),
            (None, _) => found.insert(Leads::Unseen),
        };
    }
    let is_read = |gateway: IpAddr| fabric.underlay.owners("", gateway).any(|port| port.node != node);
    if found.is_empty() || link.dynamic || link.gateways.iter().any(|own| !is_read(own.value)) {
        found.insert(Leads::Unseen);
    }
    found
}

/// What is at the bottom below each interface of a node, by its name. Of bridges, ports that carry tunnels or guests are
/// none.
fn below<'m>(device: &Device<'m>) -> BTreeMap<&'m str, Below<'m>> {
    let next = |link: &'m Link| match below_one(device, link) {
        (Below::Port(name), true) => device.link(name).into_iter(),
        _ => None.into_iter(),
    };
    device.upwards(next, |link, said: &BTreeMap<&str, Below<'m>>| match below_one(device, link) {
        (Below::Port(name), true) => said.get(name).copied().unwrap_or(Below::Port(name)),
        (below, _) => below,
    })
}

/// What is directly below an interface, and whether there may be more below that.
fn below_one<'m>(device: &Device<'m>, link: &'m Link) -> (Below<'m>, bool) {
    // What FRR alone names may be a bond, unless it is called as ports are.
    let is_port = || ["en", "eth", "swp"].iter().any(|port| link.name.starts_with(port));
    match &link.kind {
        LinkKind::Physical if link.is_described() || is_port() => (Below::Port(&link.name), false),
        LinkKind::Vlan { raw: Some(raw), .. } => (Below::Port(&raw.value), true),
        LinkKind::Bond { slaves } => match slaves.as_slice() {
            [only] => (Below::Port(&only.value), false),
            _ => (Below::More, false),
        },
        LinkKind::Bridge { ports, open: false, .. } => {
            let carries = |name: &&str| device.link(name).is_none_or(|link| link.vxlan().is_none());
            let ports: BTreeSet<&str> = ports.iter().map(|port| port.value.as_str()).filter(carries).collect();
            match ports.first() {
                Some(only) if ports.len() == 1 => (Below::Port(only), true),
                _ => (Below::More, false),
            }
        }
        _ => (Below::More, false),
    }
}
