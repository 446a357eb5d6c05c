//! The two ends of every BGP session. A session end is what one node is configured to do with one peer. A session is
//! good when both ends exist and agree. Where they do not, the contradiction is the fault, and the two ends are its
//! places.

use super::{
    cabling::{Cabling, Ports},
    device::Device,
    gateway::is_link_local,
    underlay::{Port, Underlay},
};
use crate::index::{ByNode, IndexVec, NodeIndex};
use evpnlint_core::model::{
    bgp::{BgpInstance, Family, ListenRange, Neighbor, PeerName, UpdateSource},
    link::{Link, LinkKind},
};

pub use super::session_end::{Answer, SessionEnd, SessionEndIndex, Source, Target, accepts_as, shown_by};
use petgraph::graphmap::DiGraphMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    ops::Range,
};

/// Session ends, in order of nodes and lines.
type SessionEnds<'m> = IndexVec<SessionEndIndex, SessionEnd<'m>>;

/// All session ends.
pub struct Sessions<'m> {
    /// The session ends, in order of nodes and lines.
    pub ends: SessionEnds<'m>,
    /// Node → node, an edge for each session end that leads to a known node.
    pub graph: DiGraphMap<NodeIndex, SessionEndIndex>,
    /// Session ends that lead nowhere and would matter: in the node's own AS, or with EVPN, or unnumbered without any
    /// possible other end.
    pub unmatched_peers: Vec<SessionEndIndex>,
    /// The unnumbered session ends.
    pub unnumbered: Vec<SessionEndIndex>,
    /// One unnumbered session end of each node for each way in which it is configured: what could be at the other end
    /// of one could be at that of all.
    pub representatives: Vec<SessionEndIndex>,
    /// Where the session ends of each node begin and end.
    ranges: ByNode<Range<usize>>,
    /// The unnumbered session ends by node and port.
    ports: BTreeMap<NodeIndex, BTreeMap<&'m str, SessionEndIndex>>,
    /// The VTEPs, where unnumbered links are taken to lead from VTEPs to other nodes only.
    leaves: Option<BTreeSet<NodeIndex>>,
    /// The cables of unnumbered links, where the number of ports tells.
    pub cabling: Option<Cabling>,
}

impl<'m> Sessions<'m> {
    /// Pairs the session ends of all nodes. `cabling` is what the user says of it; else the custom counts.
    pub fn new(devices: &ByNode<Device<'m>>, underlay: &Underlay<'m>, cabling: Option<Cabling>) -> Self {
        let mut ends = SessionEnds::default();
        for (node, device) in devices.iter_enumerated() {
            let Some(frr) = &device.node.frr else { continue };
            for instance in &frr.bgp {
                let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
                let may_be_any = may_leave_without_address(device, vrf);
                for neighbor in instance.neighbors.values() {
                    let target = target(node, vrf, neighbor, devices, underlay);
                    let source = source(device, vrf, neighbor, may_be_any);
                    ends.push(SessionEnd { node, instance, neighbor, target, source, answer: Answer::Unknown });
                }
            }
        }
        let answers: Vec<Answer> = {
            let index = Index::new(&ends, underlay);
            ends.indices().map(|session_end| index.answer(&ends, session_end, devices, underlay)).collect()
        };
        for (session_end, answer) in ends.iter_mut().zip(answers) {
            session_end.answer = answer;
        }
        let mut graph = DiGraphMap::new();
        for (at, session_end) in ends.iter_enumerated() {
            if let Some(peer) = session_end.peer() {
                graph.add_edge(session_end.node, peer, at);
            }
        }
        let unnumbered: Vec<SessionEndIndex> =
            ends.indices().filter(|session_end| matches!(ends[*session_end].target, Target::Interface)).collect();
        let ranges = devices
            .indices()
            .map(|node| {
                ends.partition_point(|session_end| session_end.node < node)
                    ..ends.partition_point(|session_end| session_end.node <= node)
            })
            .collect();
        let representatives = representatives(&ends, &unnumbered);
        let mut by_port: BTreeMap<NodeIndex, BTreeMap<&str, SessionEndIndex>> = BTreeMap::new();
        for session_end in &unnumbered {
            if let PeerName::Interface(name) = &ends[*session_end].neighbor.name.value {
                by_port.entry(ends[*session_end].node).or_default().entry(name).or_insert(*session_end);
            }
        }
        let ours =
            unnumbered.iter().map(|session_end| &ends[*session_end]).filter(|session_end| session_end.vrf().is_empty());
        let ports = Ports::new(devices, ours);
        let (leaves, cabling) = (ports.leaves(devices), cabling.or_else(|| ports.cabling(devices)));
        let mut sessions = Self {
            ends,
            graph,
            unmatched_peers: vec![],
            unnumbered,
            representatives,
            ranges,
            ports: by_port,
            leaves,
            cabling,
        };
        sessions.unmatched_peers =
            sessions.ends.indices().filter(|session_end| sessions.is_unmatched(*session_end)).collect();
        sessions
    }

    /// Whether the peer of every session end that leads to no node is mistaken: it is the only such peer of its node, nobody
    /// else names it, and another node waits for a session with that node in vain. Such a peer says nothing of nodes that
    /// are missing.
    pub fn are_mistaken(&self) -> bool {
        self.unmatched_peers.iter().all(|at| {
            let own = &self.ends[*at];
            let Some(address) = own.peer_address() else { return false };
            let waits = |other: &SessionEnd| {
                other.vrf() == own.vrf() && other.peer() == Some(own.node) && matches!(other.answer, Answer::Nobody)
            };
            let is_only = self.unmatched_peers.iter().filter(|other| self.ends[**other].node == own.node).count() == 1;
            let named = self.ends.iter().filter(|other| other.peer_address() == Some(address)).count();
            is_only && named == 1 && self.ends.iter().any(waits)
        })
    }

    /// The session ends of a node.
    pub fn of(&self, node: NodeIndex) -> &[SessionEnd<'m>] {
        let all: &[SessionEnd<'m>] = &self.ends;
        &all[self.ranges[node].clone()]
    }

    /// Whether any BGP is configured at all.
    pub fn is_any(&self) -> bool {
        !self.ends.is_empty()
    }

    /// The session ends that could be at the other end of an unnumbered one: of another node, in the same kind of VRF,
    /// and both take each other's AS. Cabling is in no file.
    pub fn possible_ends(&self, session_end: SessionEndIndex) -> impl Iterator<Item = SessionEndIndex> + '_ {
        let own = &self.ends[session_end];
        self.representatives.iter().copied().filter(move |other| {
            let other = &self.ends[*other];
            other.node != own.node
                && other.vrf().is_empty() == own.vrf().is_empty()
                && own.accepts_as(other.local_as())
                && other.accepts_as(own.local_as())
        })
    }

    /// Whether two unnumbered session ends could be the ends of one link.
    pub fn may_be_wired(&self, one: &SessionEnd, other: &SessionEnd) -> bool {
        let is_leaf =
            |session_end: &SessionEnd| self.leaves.as_ref().is_some_and(|leaves| leaves.contains(&session_end.node));
        one.node != other.node && one.vrf().is_empty() == other.vrf().is_empty() && !(is_leaf(one) && is_leaf(other))
    }

    /// Whether two unnumbered session ends are on one side of a leaf–spine; where there are no sides, whether they are
    /// of one node.
    pub fn is_same_side(&self, one: &SessionEnd, other: &SessionEnd) -> bool {
        match &self.leaves {
            Some(leaves) => leaves.contains(&one.node) == leaves.contains(&other.node),
            None => one.node == other.node,
        }
    }

    /// The unnumbered session end of a node on a port.
    pub fn on_port(&self, node: NodeIndex, port: &str) -> Option<SessionEndIndex> {
        self.ports.get(&node)?.get(port).copied()
    }

    /// Whether an unnumbered session end is one of the fabric's. Where some of the node's carry EVPN, those without
    /// lead out of the fabric.
    pub fn is_inside(&self, session_end: &SessionEnd) -> bool {
        let speaks = |session_end: &SessionEnd| session_end.is_active(Family::Evpn);
        let siblings =
            self.of(session_end.node).iter().filter(|other| std::ptr::eq(other.instance, session_end.instance));
        speaks(session_end) || !siblings.filter(|other| matches!(other.target, Target::Interface)).any(speaks)
    }

    /// A session end that leads nowhere, and that the fabric's own control plane would need.
    fn is_unmatched(&self, session_end: SessionEndIndex) -> bool {
        let own = &self.ends[session_end];
        let matters = !own.is_external() || own.is_active(Family::Evpn);
        match own.target {
            Target::Unknown => matters,
            Target::Interface => {
                own.vrf().is_empty()
                    && (self.representatives.iter().all(|other| self.ends[*other].node == own.node)
                        || self.leads_to_unread(session_end))
            }
            _ => false,
        }
    }
}

impl Sessions<'_> {
    /// Whether an unnumbered session end that fits none of the nodes leads to one that was not read: each node that would
    /// take it has its place at another port of this node already.
    fn leads_to_unread(&self, session_end: SessionEndIndex) -> bool {
        let own = &self.ends[session_end];
        if self.possible_ends(session_end).next().is_some() || !self.is_inside(own) {
            return false;
        }
        let is_peer = |one: &SessionEnd, other: &SessionEnd| {
            one.vrf().is_empty() && one.node != other.node && one.accepts_as(other.local_as())
        };
        let others = || self.representatives.iter().map(|other| &self.ends[*other]);
        let takers: BTreeSet<NodeIndex> =
            others().filter(|other| is_peer(other, own)).map(|other| other.node).collect();
        let mine = || self.of(own.node).iter().filter(|end| matches!(end.target, Target::Interface));
        let fits = |end: &SessionEnd| others().any(|other| is_peer(end, other) && is_peer(other, end));
        let fits_node = |node: &NodeIndex| {
            others().any(|other| other.node == *node && mine().any(|end| is_peer(end, other) && is_peer(other, end)))
        };
        !takers.is_empty() && takers.iter().all(fits_node) && takers.len() <= mine().filter(|end| fits(end)).count()
    }
}

fn representatives(ends: &SessionEnds, unnumbered: &[SessionEndIndex]) -> Vec<SessionEndIndex> {
    let mut classes = BTreeMap::new();
    for session_end in unnumbered {
        let own = &ends[*session_end];
        let wanted = own.neighbor.remote_as.as_ref().map(|wanted| wanted.to_string());
        let families: Vec<(Family, bool)> =
            own.neighbor.families.keys().map(|family| (*family, own.is_active(*family))).collect();
        classes.entry((own.node, own.vrf(), own.local_as(), wanted, families)).or_insert(*session_end);
    }
    classes.into_values().collect()
}

fn target<'m>(
    node: NodeIndex,
    vrf: &str,
    neighbor: &Neighbor,
    devices: &ByNode<Device<'m>>,
    underlay: &Underlay<'m>,
) -> Target<'m> {
    let PeerName::Address(address) = neighbor.name.value else { return Target::Interface };
    let owners: Vec<&Port> = underlay.owners(vrf, address).collect();
    let others: Vec<&Port> = owners.iter().copied().filter(|port| port.node != node).collect();
    let named = |by: NodeIndex| {
        let instances = devices[by].node.frr.iter().flat_map(|frr| &frr.bgp);
        instances.flat_map(|instance| instance.neighbors.values()).filter_map(|peer| match peer.name.value {
            PeerName::Address(ip) => Some(ip),
            _ => None,
        })
    };
    let is_ours = |ip: IpAddr| underlay.owners(vrf, ip).any(|own| own.node == node);
    let is_ours_alone = |ip: IpAddr| is_ours(ip) && underlay.owners(vrf, ip).all(|own| own.node == node);
    match others.as_slice() {
        [] if owners.is_empty() => Target::Unknown,
        [] => Target::Myself,
        // Such an address means something on its own link alone, as on the peer links of MLAG pairs.
        _ if is_link_local(address) => match others.as_slice() {
            [one] if named(one.node).any(is_ours_alone) => Target::Port(**one),
            _ => Target::OnLink,
        },
        [one] => Target::Port(**one),
        // One that several nodes have is that of the node that names us.
        [first, ..] => Target::Port(**others.iter().find(|port| named(port.node).any(is_ours)).unwrap_or(first)),
    }
}

/// `update-source`, else the address of the interface that is connected to the peer, else whatever the route says
/// (`bgp_update_source`, `bgp_network.c`).
fn source<'m>(device: &Device<'m>, vrf: &str, neighbor: &Neighbor, may_be_any: bool) -> Source {
    let PeerName::Address(peer) = neighbor.name.value else { return Source::Egress };
    let same_family = |ip: &IpAddr| ip.is_ipv4() == peer.is_ipv4();
    match neighbor.update_source.as_ref().map(|source| &source.value) {
        Some(UpdateSource::Address(address)) => return Source::Address(*address),
        Some(UpdateSource::Interface(name)) => {
            let link = device.link(name);
            let address = link.and_then(|link| {
                link.addresses.iter().map(|own| own.ip).find(|ip| same_family(ip) && !ip.is_loopback())
            });
            return address.map_or(Source::Egress, Source::Address);
        }
        None => {}
    }
    let near = |link: &'m Link| {
        let own = link.addresses.iter().filter(|own| same_family(&own.ip));
        own.max_by_key(|own| (!own.is_host() && own.prefix().contains(peer), own.length))
    };
    let links = || device.node.links.values().filter(|link| link.vrf_name() == vrf);
    let connected = links().filter(|link| link.connects(peer)).filter_map(near).max_by_key(|own| own.length);
    match connected {
        Some(own) => Source::Address(own.ip),
        None if may_be_any => Source::Any,
        None => Source::Egress,
    }
}

/// Whether a route of a VRF may leave by an interface without an address, or with a source that a route-map sets.
fn may_leave_without_address(device: &Device, vrf: &str) -> bool {
    let Some(frr) = &device.node.frr else { return false };
    let instances = frr.bgp.iter().filter(|own| own.vrf.as_ref().map_or("", |vrf| vrf.value.as_str()) == vrf);
    let unnumbered = |neighbor: &Neighbor| matches!(neighbor.name.value, PeerName::Interface(_));
    let bare = |link: &&Link| {
        link.addresses.is_empty()
            && frr
                .links
                .get(&link.name)
                .is_some_and(|own| own.ospf.area.is_some() || own.isis.ipv4.is_some() || own.isis.ipv6.is_some())
    };
    frr.sets_source
        || instances.flat_map(|own| own.neighbors.values()).any(unnumbered)
        || device.node.links.values().filter(|link| link.vrf_name() == vrf).any(|link| bare(&link))
}

/// Who names whom.
struct Index {
    /// Session ends by node and the address they name.
    by_address: BTreeMap<(NodeIndex, IpAddr), Vec<SessionEndIndex>>,
    /// Session ends by node and the node they lead to.
    by_peer: BTreeMap<(NodeIndex, NodeIndex), Vec<SessionEndIndex>>,
    /// Pairs of session ends, by either, that take each other's calls: nobody else answers one of them.
    pairs: BTreeMap<SessionEndIndex, SessionEndIndex>,
}

impl Index {
    fn new(ends: &SessionEnds, underlay: &Underlay) -> Self {
        let mut index = Self { by_address: BTreeMap::new(), by_peer: BTreeMap::new(), pairs: BTreeMap::new() };
        for (at, session_end) in ends.iter_enumerated() {
            if let Some(address) = session_end.peer_address() {
                index.by_address.entry((session_end.node, address)).or_default().push(at);
            }
            if let Some(peer) = session_end.peer() {
                index.by_peer.entry((session_end.node, peer)).or_default().push(at);
            }
        }
        for at in ends.indices() {
            let own = &ends[at];
            let takes = |other: &SessionEndIndex| {
                let other = &ends[*other];
                calls(own, other, underlay) && calls(other, own, underlay)
            };
            if let Some(other) = index.candidates(ends, at).into_iter().find(takes) {
                index.pairs.insert(at, other);
            }
        }
        index
    }

    /// The session ends at the other node that lead back, in the same VRF.
    fn candidates(&self, ends: &SessionEnds, at: SessionEndIndex) -> Vec<SessionEndIndex> {
        let own = &ends[at];
        let Target::Port(port) = own.target else { return vec![] };
        let back = self.by_peer.get(&(port.node, own.node)).map_or(&[][..], Vec::as_slice);
        let vrf = port.link.vrf_name();
        back.iter().copied().filter(|other| ends[*other].vrf() == vrf).collect()
    }

    /// A connection from A to B is accepted when B has a neighbour, or a listen range, for the address it comes from;
    /// one direction is enough. So B's session end for A is the one that either names A's source, or whose own source A
    /// names.
    fn answer<'m>(
        &self,
        ends: &SessionEnds<'m>,
        at: SessionEndIndex,
        devices: &ByNode<Device<'m>>,
        underlay: &Underlay<'m>,
    ) -> Answer<'m> {
        let own = &ends[at];
        let Target::Port(port) = own.target else { return Answer::Unknown };
        if let Some(other) = self.pairs.get(&at) {
            return Answer::SessionEnd(*other);
        }
        let is_free =
            |other: &SessionEndIndex| self.pairs.get(other).is_none_or(|pair| self.pairs.get(pair) != Some(other));
        let candidates: Vec<SessionEndIndex> = self.candidates(ends, at).into_iter().filter(is_free).collect();
        let calls = |from: &SessionEnd, to: &SessionEnd| calls(from, to, underlay);
        // A source that is known says more than one that depends on the route.
        let known = |session_end: &SessionEnd| matches!(session_end.source, Source::Address(_));
        let one = |from: &SessionEnd, to: &SessionEnd| known(from) && calls(from, to);
        let either = || candidates.iter().find(|other| one(&ends[**other], own) || one(own, &ends[**other]));
        let any = || candidates.iter().find(|other| calls(own, &ends[**other]) || calls(&ends[**other], own));
        if let Some(other) = either().or_else(any) {
            return Answer::SessionEnd(*other);
        }
        if let Some(range) = range(own, port, devices) {
            return Answer::Range(range.0, range.1);
        }
        match candidates.first() {
            Some(other) => Answer::OtherAddress(*other),
            // Which of several nodes with that address is at the other end, no file says.
            None if underlay.owners(own.vrf(), port.address.ip).filter(|other| other.node != own.node).count() > 1 => {
                Answer::Unknown
            }
            None => Answer::Nobody,
        }
    }
}

/// Whether the connections of one session end are taken by another: it names the address that they come from. The route
/// to the peer may leave by any interface that is no loopback.
pub fn calls(from: &SessionEnd, to: &SessionEnd, underlay: &Underlay) -> bool {
    let Some(named) = to.peer_address() else { return false };
    match from.source {
        Source::Address(source) => source == named,
        Source::Egress => {
            let leaves = |port: &&Port| {
                port.node == from.node && !matches!(port.link.kind, LinkKind::Loopback | LinkKind::Dummy)
            };
            underlay.owners(from.vrf(), named).any(|port| leaves(&port))
        }
        Source::Any => underlay.owners(from.vrf(), named).any(|port| port.node == from.node),
    }
}

fn range<'m>(
    own: &SessionEnd<'m>,
    port: Port<'m>,
    devices: &ByNode<Device<'m>>,
) -> Option<(&'m BgpInstance, &'m ListenRange)> {
    let frr = devices[port.node].node.frr.as_ref()?;
    let vrf = port.link.vrf.as_ref().map(|vrf| vrf.value.as_str());
    let instance = frr.instance(vrf)?;
    let covers = |listen: &&ListenRange| match own.source {
        Source::Address(source) => listen.range.contains(source),
        Source::Egress | Source::Any => devices[own.node]
            .node
            .links
            .values()
            .flat_map(|link| &link.addresses)
            .any(|ip| (own.source == Source::Any || !ip.is_host()) && listen.range.contains(ip.ip)),
    };
    Some((instance, instance.listen.iter().find(covers)?))
}
