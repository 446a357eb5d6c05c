//! How far a VTEP's EVPN routes get: over which sessions, past route reflectors and the AS-path check.
//!
//! The graph is the intended one: a session counts when either end names the other, and EVPN when either end activates
//! it, so that a session that is down for a reason of its own is not counted here a second time. What is missing even
//! so is a gap in the design: a session that nobody configured, a reflector that does not reflect, an AS that loops.

use super::{
    device::Device,
    sessions::{Answer, SessionEndIndex, Sessions, shown_by},
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{
    Asn, Vni,
    bgp::{Family, Neighbor},
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A way that routes can take from one node to another.
#[derive(Clone)]
pub struct Way {
    /// To this node.
    pub to: NodeIndex,
    /// Whether the two are in different AS.
    pub external: bool,
    /// Whether the sender reflects towards the receiver.
    pub to_client: bool,
    /// Whether the receiver takes the sender for a client.
    pub from_client: bool,
    /// How often the receiver takes its own AS in a path.
    pub allowas_in: u8,
    /// The AS that the sender shows.
    pub asn: Asn,
    /// The AS that the receiver runs towards the sender.
    pub own: Asn,
    /// The sender's session end, if it has one.
    pub session_end: Option<SessionEndIndex>,
}

/// All ways that EVPN routes can take.
pub struct Propagation {
    ways: ByNode<Vec<Way>>,
    /// Those that lead to clients or out of the AS.
    beyond: ByNode<Vec<Way>>,
    reflects_between_clients: ByNode<bool>,
    /// Where routes do not get through.
    pub gaps: Vec<Gap>,
}

/// How a node came by a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Learnt {
    Own,
    External,
    FromClient,
    Internal,
}

impl Propagation {
    /// Collects the ways.
    pub fn new(devices: &ByNode<Device>, sessions: &Sessions) -> Self {
        let mut ways: ByNode<Vec<Way>> = devices.iter().map(|_| vec![]).collect();
        let mut seen: BTreeSet<(NodeIndex, NodeIndex, Option<SessionEndIndex>)> = BTreeSet::new();
        let mut add = |from: NodeIndex, way: Way| {
            if seen.insert((from, way.to, way.session_end)) {
                ways[from].push(way);
            }
        };
        for (at, session_end) in sessions.ends.iter_enumerated() {
            let Some(peer) = session_end.peer() else { continue };
            match session_end.answer {
                Answer::SessionEnd(other) | Answer::OtherAddress(other) => {
                    let theirs = &sessions.ends[other];
                    if session_end.is_active(Family::Evpn) || theirs.is_active(Family::Evpn) {
                        add(
                            session_end.node,
                            way(
                                session_end.neighbor,
                                theirs.neighbor,
                                session_end.local_as(),
                                theirs.local_as(),
                                peer,
                                Some(at),
                            ),
                        );
                    }
                }
                Answer::Range(instance, listen) => {
                    let Some(group) = instance.groups.get(&listen.group.value) else { continue };
                    let shown = shown_by(instance, group);
                    if session_end.is_active(Family::Evpn) || group.is_active(Family::Evpn) {
                        add(
                            session_end.node,
                            way(session_end.neighbor, group, session_end.local_as(), shown, peer, Some(at)),
                        );
                        add(
                            peer,
                            way(group, session_end.neighbor, shown, session_end.local_as(), session_end.node, None),
                        );
                    }
                }
                // The peer does not answer: another rule's finding. Routes are taken to flow both ways.
                Answer::Nobody if session_end.is_active(Family::Evpn) => {
                    let asn = match devices[peer].node.frr.as_ref().and_then(|frr| frr.instance(None)) {
                        Some(instance) => instance.asn.value,
                        None => continue,
                    };
                    add(
                        session_end.node,
                        way(session_end.neighbor, session_end.neighbor, session_end.local_as(), asn, peer, Some(at)),
                    );
                    add(
                        peer,
                        way(
                            session_end.neighbor,
                            session_end.neighbor,
                            asn,
                            session_end.local_as(),
                            session_end.node,
                            None,
                        ),
                    );
                }
                _ => {}
            }
        }
        for (from, way) in unnumbered(sessions) {
            add(from, way);
        }
        let beyond = ways
            .iter()
            .map(|ways| ways.iter().filter(|way| way.external || way.to_client).cloned().collect())
            .collect();
        let switched_off = |device: &Device| {
            let instance = device.node.frr.as_ref().and_then(|frr| frr.instance(None));
            instance.and_then(|instance| instance.client_to_client.as_ref()).is_some_and(|on| !on.value)
        };
        let reflects_between_clients = devices.iter().map(|device| !switched_off(device)).collect();
        let mut propagation = Self { ways, beyond, reflects_between_clients, gaps: vec![] };
        propagation.gaps = propagation.find_gaps(devices);
        propagation
    }

    /// The ways out of a node.
    pub fn from(&self, node: NodeIndex) -> &[Way] {
        &self.ways[node]
    }

    /// Whether a node's own EVPN routes get to each node, under the rules that are on.
    fn reach(&self, origin: NodeIndex, rules: Rules) -> ByNode<bool> {
        let mut best: ByNode<Option<Learnt>> = ByNode::filled(None, self.ways.len());
        best[origin] = Some(Learnt::Own);
        let mut queue: VecDeque<(NodeIndex, Learnt, Vec<Asn>)> = VecDeque::from([(origin, Learnt::Own, vec![])]);
        while let Some((node, learnt, path)) = queue.pop_front() {
            let onwards = match learnt {
                // All that such a route can do is go to clients and out of the AS: most nodes have neither.
                Learnt::Internal if rules.reflection => &self.beyond[node],
                _ => &self.ways[node],
            };
            for way in onwards {
                if way.to == origin || rules.reflection && !passes(learnt, way, self.reflects_between_clients[node]) {
                    continue;
                }
                let taken = if way.external {
                    path.iter().filter(|asn| **asn == way.own).count() + usize::from(way.asn == way.own)
                } else {
                    0
                };
                if rules.as_path && taken > usize::from(way.allowas_in) {
                    continue;
                }
                let learnt = match (way.external, way.from_client) {
                    (true, _) => Learnt::External,
                    (false, true) => Learnt::FromClient,
                    (false, false) => Learnt::Internal,
                };
                if best[way.to].is_none_or(|better| better > learnt) {
                    best[way.to] = Some(learnt);
                    let mut path = path.clone();
                    if way.external {
                        path.push(way.asn);
                    }
                    queue.push_back((way.to, learnt, path));
                }
            }
        }
        best.iter().map(Option::is_some).collect()
    }

    /// Pairs of VTEPs that share a VNI although the routes of the first never get to the second.
    fn find_gaps(&self, devices: &ByNode<Device>) -> Vec<Gap> {
        let is_vtep = |node: &NodeIndex| devices[*node].runs_evpn() && !devices[*node].local_vnis.is_empty();
        let vteps: Vec<NodeIndex> = devices.indices().filter(is_vtep).collect();
        let vnis: ByNode<BTreeSet<Vni>> =
            devices.iter().map(|device| device.local_vnis.iter().map(|local_vni| local_vni.vni).collect()).collect();
        let mut gaps = vec![];
        for from in vteps.iter().copied() {
            let reached = self.reach(from, Rules { as_path: true, reflection: true });
            // Of a lost node that shares VNIs, the lowest of them.
            let shares = |to: NodeIndex| vnis[from].intersection(&vnis[to]).next().copied();
            let lost = vteps.iter().copied().filter(|to| !reached[*to]);
            let missing: BTreeMap<NodeIndex, Vni> = lost.filter_map(|to| Some((to, shares(to)?))).collect();
            if missing.is_empty() {
                continue;
            }
            let without_loops = self.reach(from, Rules { as_path: false, reflection: true });
            let with_reflection = self.reach(from, Rules { as_path: true, reflection: false });
            gaps.extend(missing.into_iter().map(|(to, vni)| {
                let cause = match (without_loops[to], with_reflection[to]) {
                    (true, _) => Cause::AsLoop,
                    (false, true) if self.has_hub(devices, from, to) => Cause::NotReflected,
                    (false, _) => Cause::NoSession,
                };
                Gap { from, to, vni, cause }
            }));
        }
        gaps
    }

    /// Whether a node between two others is there to reflect: it is no VTEP itself, or reflects for somebody else.
    fn has_hub(&self, devices: &ByNode<Device>, from: NodeIndex, to: NodeIndex) -> bool {
        self.ways[from].iter().map(|way| way.to).any(|hub| {
            let reflects = devices[hub].local_vnis.is_empty() || self.ways[hub].iter().any(|way| way.to_client);
            reflects && self.ways[hub].iter().any(|way| way.to == to)
        })
    }
}

/// Which of BGP's rules a search obeys.
#[derive(Clone, Copy)]
struct Rules {
    as_path: bool,
    reflection: bool,
}

/// Two VTEPs of one VNI, and the routes of one that never get to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Whose routes.
    pub from: NodeIndex,
    /// Who does not get them.
    pub to: NodeIndex,
    /// A VNI that they share.
    pub vni: Vni,
    /// Why.
    pub cause: Cause,
}

/// Why routes do not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The receiver finds its own AS in the path.
    AsLoop,
    /// Somebody in between learnt them from an internal peer, and does not reflect.
    NotReflected,
    /// There is no chain of sessions at all.
    NoSession,
}

/// RFC 4456 section 6: what an internal peer sent goes to other internal peers only if one of the two is a client.
fn passes(learnt: Learnt, way: &Way, between_clients: bool) -> bool {
    way.external
        || match learnt {
            Learnt::Own | Learnt::External => true,
            Learnt::FromClient => !way.to_client || between_clients,
            Learnt::Internal => way.to_client,
        }
}

fn way(
    from: &Neighbor,
    to: &Neighbor,
    asn: Asn,
    own: Asn,
    receiver: NodeIndex,
    session_end: Option<SessionEndIndex>,
) -> Way {
    let client = |neighbor: &Neighbor| neighbor.is_reflector_client(Family::Evpn);
    let allowas_in =
        to.family(Family::Evpn).and_then(|family| family.allowas_in.as_ref()).map_or(0, |times| times.value);
    Way {
        to: receiver,
        external: asn != own,
        to_client: client(from),
        from_client: client(to),
        allowas_in,
        asn,
        own,
        session_end,
    }
}

/// The ways over unnumbered links, between all nodes that could be wired.
fn unnumbered(sessions: &Sessions) -> Vec<(NodeIndex, Way)> {
    let ends: Vec<SessionEndIndex> = sessions
        .representatives
        .iter()
        .copied()
        .filter(|session_end| sessions.ends[*session_end].vrf().is_empty())
        .collect();
    let mut ways = vec![];
    for a in &ends {
        for b in &ends {
            let (own, other) = (&sessions.ends[*a], &sessions.ends[*b]);
            let evpn = own.is_active(Family::Evpn) || other.is_active(Family::Evpn);
            let takes = own.accepts_as(other.local_as()) || other.accepts_as(own.local_as());
            if sessions.may_be_wired(own, other) && evpn && takes {
                ways.push((
                    own.node,
                    way(own.neighbor, other.neighbor, own.local_as(), other.local_as(), other.node, Some(*a)),
                ));
            }
        }
    }
    ways
}
