//! The ways that routes of one address family take: over each session that is up with it, in each direction.

use super::{
    end::End,
    fate::{Fates, State},
    speaker::Speakers,
    wire,
};
use crate::{
    fabric::{
        Fabric,
        sessions::{Answer, SessionEndIndex, Target},
    },
    index::{ByNode, NodeIndex, NodeSet},
};
use evpnlint_core::model::{
    Asn,
    bgp::{Family, Neighbor, NeighborFamily},
    is_on,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::OnceLock,
};

/// One direction of a session.
#[derive(Clone)]
pub struct Edge<'m> {
    /// The node that sends.
    pub from: NodeIndex,
    /// The receiver.
    pub to: NodeIndex,
    /// The sender's session end; none where it is a listen range.
    pub session_end: Option<SessionEndIndex>,
    /// The sender's configuration of the receiver.
    pub sender: &'m Neighbor,
    /// The receiver's configuration of the sender.
    pub receiver: &'m Neighbor,
    /// What the sender does with the address family.
    pub out: Option<&'m NeighborFamily>,
    /// What the receiver does with it.
    pub into: Option<&'m NeighborFamily>,
    /// Whether the two are in different AS.
    pub external: bool,
    /// Whether the sender reflects towards the receiver.
    pub to_client: bool,
    /// Whether the receiver takes the sender for a client.
    pub from_client: bool,
    /// The AS numbers that the sender puts in front of the path, the first last.
    pub prepends: [Option<Asn>; 2],
    /// Whether it does so with what it originates alone (`attribute-unchanged as-path`).
    pub keeps_path: bool,
    /// The AS that the path must begin with, or the receiver drops the route (`enforce-first-as`).
    pub first_as: Option<Asn>,
    /// The AS numbers that the receiver looks for in the path: its own, and its `local-as`.
    pub looks_for: [Option<Asn>; 2],
    /// How often the receiver takes them.
    pub allowas_in: u8,
    /// The AS that the sender replaces by its own in what it sends (`as-override`).
    pub overrides: Option<Asn>,
    /// Whether RFC 8212 keeps everything back.
    pub lacks_policy: bool,
    /// Whether a list or a route-map of either end may drop a prefix.
    pub is_filtered: bool,
    /// The address that the receiver has the sender's routes from, where it is known.
    pub address: Option<IpAddr>,
}

/// What a node is in BGP, towards all its peers.
#[derive(Clone, Copy, Debug)]
pub struct Router {
    /// Its router-id.
    pub id: Option<Ipv4Addr>,
    /// Its cluster-id: the router-id unless written (RFC 4456 section 7).
    pub cluster: Option<Ipv4Addr>,
    /// Whether it reflects between clients.
    pub between_clients: bool,
}

/// All ways of one address family.
pub struct Graph<'m> {
    /// Which one.
    pub family: Family,
    /// The ways out of each node.
    pub out: ByNode<Vec<Edge<'m>>>,
    /// Those of them that lead to clients or out of the AS, which are all that an internal route can take.
    pub beyond: ByNode<Vec<u32>>,
    /// What each node is.
    pub routers: ByNode<Router>,
    /// By node, the least number of AS numbers that it puts in front of a path.
    pub(super) least_prepends: ByNode<u32>,
    /// How many nodes somebody sends to.
    pub(super) receivers: NodeSet,
    /// By node, the ways into it: who sends, and the position of the way among those out of the sender, in order.
    into: OnceLock<ByNode<Vec<(NodeIndex, u32)>>>,
}

impl Edge<'_> {
    /// How many AS numbers the sender puts in front of a path that others have begun.
    pub(super) fn prepended(&self) -> u32 {
        if self.keeps_path { 0 } else { self.prepends.iter().flatten().count() as u32 }
    }
}

impl<'m> Graph<'m> {
    /// The ways of EVPN routes.
    pub fn evpn(fabric: &Fabric<'m>, speakers: &Speakers, sessions: &Fates) -> Self {
        Self::new(fabric, speakers, sessions, Family::Evpn)
    }

    /// The ways of one family, over the sessions of the default VRF that are up with it.
    pub fn new(fabric: &Fabric<'m>, speakers: &Speakers, sessions: &Fates, family: Family) -> Self {
        let mut out: ByNode<Vec<Edge>> = fabric.devices.iter().map(|_| vec![]).collect();
        let mut add =
            |fabric: &Fabric<'m>, one: &End<'_, 'm>, other: &End<'_, 'm>, session_end: Option<SessionEndIndex>| {
                out[one.node].push(edge(fabric, family, one, other, session_end));
            };
        for (at, session_end) in fabric.sessions.ends.iter_enumerated() {
            let verdict = &sessions[at];
            if verdict.state == State::Down || !verdict.families.contains(&family) || !session_end.vrf().is_empty() {
                continue;
            }
            let own = End::of(session_end);
            match (session_end.target, session_end.answer) {
                (Target::Port(_), Answer::SessionEnd(other)) => {
                    let far = End::of(&fabric.sessions.ends[other]);
                    add(fabric, &own, &far, Some(at));
                    // The other end may name a third one as its own other end.
                    if !matches!(fabric.sessions.ends[other].answer, Answer::SessionEnd(back) if back == at) {
                        add(fabric, &far, &own, Some(other));
                    }
                }
                (Target::Port(port), Answer::Range(instance, range)) => {
                    let Some(far) = End::listening(port.node, instance, &range.group.value) else { continue };
                    add(fabric, &own, &far, Some(at));
                    add(fabric, &far, &own, None);
                }
                _ => {}
            }
        }
        let is_up = |at: SessionEndIndex| sessions[at].state != State::Down && sessions[at].families.contains(&family);
        for (a, b) in wired(fabric) {
            let (own, far) = (&fabric.sessions.ends[a], &fabric.sessions.ends[b]);
            let both = far.is_active(family) && own.is_active(family) && is_up(a) && is_up(b);
            if both && own.accepts_peer(far) && far.accepts_peer(own) {
                add(fabric, &End::of(own), &End::of(far), Some(a));
            }
        }
        let routers = fabric.nodes().map(|node| router(fabric, speakers, node)).collect();
        let beyond = out
            .iter()
            .map(|edges| {
                let leads = |edge: &Edge| edge.external || edge.to_client;
                (0..edges.len() as u32).filter(|at| leads(&edges[*at as usize])).collect()
            })
            .collect();
        let least = |edges: &Vec<Edge>| edges.iter().map(Edge::prepended).min().unwrap_or(0);
        let least_prepends = out.iter().map(least).collect();
        let mut receivers = NodeSet::with_capacity(out.len());
        receivers.extend(out.iter().flatten().map(|edge| edge.to));
        Self { family, out, beyond, routers, least_prepends, receivers, into: OnceLock::new() }
    }

    /// The ways into a node: who sends, and the position of the way among those out of the sender, in order.
    pub fn into(&self, node: NodeIndex) -> &[(NodeIndex, u32)] {
        let collect = || {
            let mut into = ByNode::filled(vec![], self.out.len());
            for (from, edges) in self.out.iter_enumerated() {
                (0u32..).zip(edges).for_each(|(at, edge)| into[edge.to].push((from, at)));
            }
            into
        };
        &self.into.get_or_init(collect)[node]
    }
}

/// The unnumbered session ends of the default VRF that are, or could be, the two ends of a link, each pair both ways
/// round.
fn wired(fabric: &Fabric) -> Vec<(SessionEndIndex, SessionEndIndex)> {
    let sessions = &fabric.sessions;
    let ours = |session_end: &SessionEndIndex| sessions.ends[*session_end].vrf().is_empty();
    if let Some(cabling) = &sessions.cabling {
        let other = |session_end: SessionEndIndex| {
            let own = &sessions.ends[session_end];
            let (node, port) = cabling.end(own.node, wire::port(own)?)?;
            Some((session_end, sessions.on_port(*node, port)?))
        };
        return sessions.unnumbered.iter().copied().filter(ours).filter_map(other).collect();
    }
    let ends: Vec<SessionEndIndex> = sessions.representatives.iter().copied().filter(ours).collect();
    let pairs = ends.iter().flat_map(|a| ends.iter().map(move |b| (*a, *b)));
    pairs.filter(|(a, b)| sessions.may_be_wired(&sessions.ends[*a], &sessions.ends[*b])).collect()
}

fn router(fabric: &Fabric, speakers: &Speakers, node: NodeIndex) -> Router {
    let instance = fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(None));
    let id = instance.and_then(|instance| speakers.router_id(node, instance));
    let cluster = instance.and_then(|instance| instance.cluster_id.as_ref()).map(|id| id.value).or(id);
    let between = instance.and_then(|instance| instance.client_to_client.as_ref()).is_none_or(|on| on.value);
    Router { id, cluster, between_clients: between }
}

fn edge<'m>(
    fabric: &Fabric<'m>,
    family: Family,
    one: &End<'_, 'm>,
    other: &End<'_, 'm>,
    session_end: Option<SessionEndIndex>,
) -> Edge<'m> {
    let own = one.neighbor.family(family);
    let theirs = other.neighbor.family(family);
    let external = one.is_external(other);
    let local = one.neighbor.local_as.as_ref();
    let real = one.instance.asn.value;
    // `local-as` stands in front of the real AS, or with `replace-as` for it.
    let prepends = match local {
        Some(local) if local.replace => [None, Some(local.asn)],
        Some(local) => [Some(real), Some(local.asn)],
        None => [None, Some(one.shows)],
    };
    let looks_for = [Some(other.instance.asn.value), other.neighbor.local_as.as_ref().map(|local| local.asn)];
    let is_client = |family: Option<&NeighborFamily>| family.is_some_and(|own| is_on(&own.reflector_client));
    Edge {
        from: one.node,
        to: other.node,
        session_end,
        sender: one.neighbor,
        receiver: other.neighbor,
        out: own,
        into: theirs,
        external,
        to_client: is_client(own),
        from_client: is_client(theirs),
        prepends: if external && !own.is_some_and(|own| is_on(&own.route_server_client)) {
            prepends
        } else {
            [None, None]
        },
        keeps_path: own.is_some_and(|own| is_on(&own.as_path_unchanged)),
        first_as: (external && enforces_first_as(fabric, other) && !is_confederate(one) && !is_confederate(other))
            .then_some(one.shows),
        looks_for,
        allowas_in: theirs.and_then(|own| own.allowas_in.as_ref()).map_or(0, |times| times.value),
        overrides: own.filter(|own| is_on(&own.as_override)).map(|_| other.shows),
        lacks_policy: external
            && (asks(fabric, one) && !own.is_some_and(|own| has_policy(own, family, true))
                || asks(fabric, other) && !theirs.is_some_and(|own| has_policy(own, family, false))),
        is_filtered: own.is_some_and(|own| {
            own.prefix_list_out.is_some() || own.distribute_list_out.is_some() || own.route_map_out.is_some()
        }) || theirs.is_some_and(|own| {
            own.prefix_list_in.is_some() || own.distribute_list_in.is_some() || own.route_map_in.is_some()
        }),
        address: other
            .session_end
            .and_then(|session_end| session_end.peer_address())
            .or_else(|| one.session_end.and_then(|session_end| session_end.source_address())),
    }
}

/// Whether an end asks for policies (RFC 8212): as written, else by the profile and the version. Debian builds FRR with
/// the traditional one.
fn asks(fabric: &Fabric, end: &End) -> bool {
    match &end.instance.ebgp_requires_policy {
        Some(switch) => switch.value,
        None => fabric.node(end.node).frr.as_ref().is_some_and(|frr| frr.ebgp_requires_policy()),
    }
}

/// Whether an end asks for the peer's AS at the beginning of the path (`bgp_attr_aspath`): as written, else since 10.0,
/// where `frr version` tells. Of a peer in another AS of its confederation it does not.
fn enforces_first_as(fabric: &Fabric, end: &End) -> bool {
    match end.neighbor.enforce_first_as.as_ref().or(end.instance.enforce_first_as.as_ref()) {
        Some(switch) => switch.value,
        None => fabric.node(end.node).frr.as_ref().is_some_and(|frr| {
            let is_new = |major, minor| frr.version.as_ref().is_some_and(|own| own.value.at_least(major, minor));
            is_new(9, 1) && frr.reads(10, 0)
        }),
    }
}

/// Whether the AS that an end shows may not be the one that its paths begin with.
fn is_confederate(end: &End) -> bool {
    end.instance.confederation.is_some() || end.neighbor.local_as.as_ref().is_some_and(|local| local.dual)
}

/// EVPN routes can be filtered by route-maps alone.
fn has_policy(family: &NeighborFamily, which: Family, outwards: bool) -> bool {
    match (which, outwards) {
        (Family::Evpn, true) => family.route_map_out.is_some(),
        (Family::Evpn, false) => family.route_map_in.is_some(),
        (_, true) => family.has_policy_out(),
        (_, false) => family.has_policy_in(),
    }
}
