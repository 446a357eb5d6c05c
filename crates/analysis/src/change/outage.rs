//! What is taken to be down: nodes, links, and the BGP sessions between two nodes.

use crate::fabric::{
    Fabric, NodeIndex,
    session_end::{SessionEnd, SessionEndIndex},
    underlay::Port,
};
use evpnlint_core::{
    model::{
        Cluster, Node, Sourced,
        bgp::{BgpInstance, PeerName},
        link::{Link, LinkKind},
        surroundings::Attachment,
    },
    near,
};
use std::collections::BTreeSet;

/// What a change names and what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A node.
    Node(String),
    /// A host.
    Host(String),
    /// A port of a node.
    Port {
        /// The node.
        node: String,
        /// What was asked for.
        port: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A BGP session between two nodes.
    Session {
        /// One.
        node: String,
        /// The other.
        far: String,
        /// Those with whom the one has sessions.
        peers: Vec<String>,
    },
}

/// All that is taken to be down.
#[derive(Default)]
pub(super) struct Outage<'m> {
    nodes: BTreeSet<NodeIndex>,
    /// The ports whose cable is pulled, and what has no other port below.
    ports: BTreeSet<(NodeIndex, &'m str)>,
    ends: BTreeSet<SessionEndIndex>,
}

impl<'m> Outage<'m> {
    /// What is meant by `leaf1`, a node; by `leaf1:swp1`, the link of a port; and by `leaf1~spine1`, the BGP sessions
    /// between two nodes.
    ///
    /// # Errors
    /// When nothing there is called so.
    pub(super) fn new(fabric: &Fabric<'m>, names: &[String]) -> Result<Self, Missing> {
        let mut outage = Self::default();
        for name in names {
            let mut colons = name.match_indices(':').map(|(at, _)| (&name[..at], &name[at + 1..]));
            let by_node = colons.clone().find(|(node, _)| fabric.index(node).is_some());
            if let Some(node) = fabric.index(name) {
                outage.nodes.insert(node);
            } else if let Some((a, b)) = name.split_once('~') {
                outage.ends.extend(sessions(fabric, [known(fabric, a)?, known(fabric, b)?])?);
            } else if let Some((node, port)) = by_node.or_else(|| colons.next()) {
                let node = known(fabric, node)?;
                outage.ports.insert((node, find_port(fabric, node, port)?));
            } else {
                known(fabric, name)?;
            }
        }
        outage.spread(fabric);
        outage.strand(fabric);
        Ok(outage)
    }

    /// Makes it happen.
    pub(super) fn apply(&self, fabric: &Fabric, cluster: &mut Cluster) {
        for (node, port) in &self.ports {
            let own = cluster.nodes.iter_mut().find(|own| own.name == fabric.name(*node));
            own.into_iter().for_each(|own| _ = own.unplugged.insert((*port).to_owned()));
        }
        for session_end in self.ends.iter().map(|at| &fabric.sessions.ends[*at]) {
            let node = cluster.nodes.iter_mut().find(|own| own.name == fabric.name(session_end.node));
            let instances = node.and_then(|node| node.frr.as_mut()).into_iter().flat_map(|frr| &mut frr.bgp);
            let is_it =
                |own: &&mut BgpInstance| own.vrf.as_ref().map_or("", |vrf| vrf.value.as_str()) == session_end.vrf();
            for instance in instances.filter(is_it) {
                if let Some(neighbor) = instance.neighbors.get_mut(&session_end.neighbor.name.value) {
                    neighbor.shutdown = Some(Sourced::default(true, "the question"));
                }
            }
        }
        let is_up = |name: &String| fabric.index(name).is_none_or(|node| !self.nodes.contains(&node));
        cluster.nodes.retain(|node| is_up(&node.name));
    }

    /// Takes the far ends of links down, and what has no other port below.
    fn spread(&mut self, fabric: &Fabric<'m>) {
        let mut next: Vec<(NodeIndex, &'m str)> = self.ports.iter().copied().collect();
        while let Some((node, port)) = next.pop() {
            let far = far_ends(fabric, (node, port));
            let around = self.around(fabric, node, port).into_iter().map(|port| (node, port));
            for port in far.into_iter().chain(around) {
                if self.ports.insert(port) {
                    next.push(port);
                }
            }
        }
    }

    /// What goes down on a node with a port: the members of a bond with the bond, and what has no other port below. A bridge
    /// with a VNI, or with ports that no file names, stays up.
    fn around(&self, fabric: &Fabric<'m>, node: NodeIndex, port: &'m str) -> Vec<&'m str> {
        let own: &'m Node = fabric.devices[node].node;
        let are_down = |names: &'m [Sourced<String>]| {
            names.iter().any(|own| own.value == port)
                && names.iter().all(|own| self.ports.contains(&(node, own.value.as_str())))
        };
        let falls = |link: &&'m Link| match &link.kind {
            LinkKind::Vlan { raw: Some(raw), .. } => raw.value == port,
            LinkKind::Bond { slaves } => are_down(slaves),
            LinkKind::Bridge { ports, open: false, .. } => are_down(ports),
            _ => false,
        };
        let mut found: Vec<&'m str> = own.links.values().filter(falls).map(|link| link.name.as_str()).collect();
        if let Some(LinkKind::Bond { slaves }) = own.link(port).map(|link| &link.kind) {
            found.extend(slaves.iter().map(|slave| slave.value.as_str()));
        }
        found
    }

    /// Takes the ports down that lead to nodes that are down, and to nothing else.
    fn strand(&mut self, fabric: &Fabric<'m>) {
        let is_down = |node: NodeIndex| self.nodes.contains(&node);
        let mut found = vec![];
        for ports in fabric.underlay.subnets.values().filter(|ports| ports.len() > 1) {
            let (down, up): (Vec<&Port<'m>>, Vec<&Port<'m>>) = ports.iter().partition(|port| is_down(port.node));
            if let ([_, ..], [port]) = (down.as_slice(), up.as_slice()) {
                found.push((port.node, port.link.name.as_str()));
            }
        }
        for session_end in fabric.sessions.unnumbered.iter().map(|at| &fabric.sessions.ends[*at]) {
            let PeerName::Interface(port) = &session_end.neighbor.name.value else { continue };
            let far = fabric.sessions.cabling.as_ref().and_then(|cabling| cabling.end(session_end.node, port));
            if far.is_some_and(|(far, _)| is_down(*far)) {
                found.push((session_end.node, port.as_str()));
            }
        }
        self.ports.extend(found);
    }
}

/// The node of that name.
fn known(fabric: &Fabric, name: &str) -> Result<NodeIndex, Missing> {
    fabric.index(name).ok_or_else(|| Missing::Node(name.to_owned()))
}

/// The ports of a node that a file names: its own interfaces that a cable can be in, and what only bonds, neighbours,
/// hosts and cables name.
fn ports<'m>(fabric: &Fabric<'m>, node: NodeIndex) -> BTreeSet<&'m str> {
    let device = &fabric.devices[node];
    let own: &'m Node = device.node;
    let is_port = |link: &&'m Link| {
        matches!(link.kind, LinkKind::Physical | LinkKind::Veth { .. } | LinkKind::Vlan { .. } | LinkKind::Bond { .. })
    };
    let mut found: BTreeSet<&'m str> = own.links.values().filter(is_port).map(|link| link.name.as_str()).collect();
    for link in own.links.values() {
        if let LinkKind::Bond { slaves } = &link.kind {
            found.extend(slaves.iter().map(|slave| slave.value.as_str()));
        }
    }
    let ends = fabric.sessions.unnumbered.iter().map(|at| &fabric.sessions.ends[*at]).filter(|own| own.node == node);
    found.extend(ends.filter_map(|own| match &own.neighbor.name.value {
        PeerName::Interface(port) => Some(port.as_str()),
        _ => None,
    }));
    if let Some(around) = fabric.cluster.surroundings {
        let ends = around.cables.iter().flat_map(|cable| [&cable.a, &cable.b]);
        found.extend(ends.filter(|end| end.device == own.name).map(|end| end.port.as_str()));
        found.extend(around.hosts.iter().filter(|host| host.node.value == own.name).filter_map(|host| {
            match &host.attachment {
                Some(Attachment::Port(port)) => Some(port.value.as_str()),
                _ => None,
            }
        }));
    }
    found
}

fn find_port<'m>(fabric: &Fabric<'m>, node: NodeIndex, name: &str) -> Result<&'m str, Missing> {
    let ports = ports(fabric, node);
    ports.get(name).copied().ok_or_else(|| Missing::Port {
        node: fabric.name(node).to_owned(),
        port: name.to_owned(),
        near: near::near(name, ports.iter().copied()),
    })
}

/// The ports that files tell to be at the other end of a port's link: by its cable or the custom of unnumbered links, and by
/// a subnet that has no room for a third.
fn far_ends<'m>(fabric: &Fabric<'m>, (node, port): (NodeIndex, &'m str)) -> Vec<(NodeIndex, &'m str)> {
    let mut found = vec![];
    if let Some((far, there)) = fabric.sessions.cabling.as_ref().and_then(|cabling| cabling.end(node, port)) {
        found.extend(ports(fabric, *far).get(there.as_str()).map(|there| (*far, *there)));
    }
    let link: Option<&'m Link> = fabric.devices[node].link(port);
    for own in link.into_iter().flat_map(|link| &link.addresses) {
        let has_two = own.length >= if own.ip.is_ipv4() { 30 } else { 126 };
        let others = fabric.underlay.subnets.get(&own.prefix()).filter(|_| has_two).into_iter().flatten();
        found.extend(others.filter(|far| far.node != node).map(|far| (far.node, far.link.name.as_str())));
    }
    found
}

/// The node at the other end of a session end, where files tell.
fn peer(fabric: &Fabric, session_end: &SessionEnd) -> Option<NodeIndex> {
    let by_cable = || {
        let PeerName::Interface(port) = &session_end.neighbor.name.value else { return None };
        Some(fabric.sessions.cabling.as_ref()?.end(session_end.node, port)?.0)
    };
    session_end.peer().or_else(by_cable)
}

/// Both ends of the BGP sessions between two nodes.
fn sessions(fabric: &Fabric, nodes: [NodeIndex; 2]) -> Result<Vec<SessionEndIndex>, Missing> {
    let all = fabric.sessions.ends.iter_enumerated();
    let of_one = all.filter(|(_, own)| nodes.contains(&own.node));
    let found: Vec<(SessionEndIndex, NodeIndex, NodeIndex)> =
        of_one.filter_map(|(at, own)| Some((at, own.node, peer(fabric, own)?))).collect();
    let between: Vec<SessionEndIndex> = found
        .iter()
        .filter(|(_, own, far)| own != far && nodes.contains(own) && nodes.contains(far))
        .map(|(at, ..)| *at)
        .collect();
    if !between.is_empty() {
        return Ok(between);
    }
    let peers: BTreeSet<&str> =
        found.iter().filter(|(_, own, _)| *own == nodes[0]).map(|(_, _, far)| fabric.name(*far)).collect();
    let [node, far] = nodes.map(|node| fabric.name(node).to_owned());
    Err(Missing::Session { node, far, peers: peers.into_iter().map(str::to_owned).collect() })
}
