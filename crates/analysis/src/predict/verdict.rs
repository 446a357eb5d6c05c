//! Whether a BGP session comes up. Conditions of one end (`alone`), of both (`agree`, `terms`) and of the way between them
//! (`call`), each with its place; the first that fails is the cause.

use super::{
    agree::agree,
    alone::alone,
    call::calls,
    end::End,
    fate::{Cause, Fates, SessionFate, State},
    ribs::Ribs,
    speaker::Speakers,
    wire,
};
use crate::fabric::{
    Fabric, NodeIndex, homeless,
    sessions::{Answer, SessionEnd, SessionEndIndex, Target},
    underlay::Port,
};
use crate::index::IndexVec;
use evpnlint_core::model::bgp::Family;
use std::net::IpAddr;

/// The fate of every session end, with the routes that are known so far.
pub fn judge<'m>(fabric: &Fabric<'m>, speakers: &Speakers, ribs: &mut Ribs<'m>) -> Fates {
    let session_ends = &fabric.sessions.ends;
    let mut fates: IndexVec<SessionEndIndex, Option<SessionFate>> = session_ends.iter().map(|_| None).collect();
    for at in session_ends.indices() {
        if fates[at].is_none() {
            let fate = fate(fabric, speakers, ribs, at);
            // Both ends of a session share its fate, if each is the other's.
            if let Answer::SessionEnd(other) = session_ends[at].answer
                && matches!(session_ends[other].answer, Answer::SessionEnd(back) if back == at)
            {
                fates[other] = Some(SessionFate { with: Some(session_ends[at].node), ..fate.clone() });
            }
            fates[at] = Some(fate);
        }
    }
    fates.into_iter().flatten().collect()
}

fn fate<'m>(fabric: &Fabric<'m>, speakers: &Speakers, ribs: &mut Ribs<'m>, at: SessionEndIndex) -> SessionFate {
    let session_end = &fabric.sessions.ends[at];
    let near = End::of(session_end);
    let with = session_end.peer();
    let down = |cause| SessionFate { state: State::Down, families: vec![], with, cause: Some(cause) };
    let far = match (session_end.target, session_end.answer) {
        (Target::Port(_), Answer::SessionEnd(other)) => Some(End::of(&fabric.sessions.ends[other])),
        (Target::Port(port), Answer::Range(instance, range)) => End::listening(port.node, instance, &range.group.value),
        _ => None,
    };
    let across = || fabric.sessions.possible_ends(at).next().map(|end| End::of(&fabric.sessions.ends[end]));
    if let Some(cause) = alone(fabric, &near, far.or_else(across).as_ref()) {
        return down(cause);
    }
    let Some(other) = far else {
        let fate = nobody(fabric, speakers, at);
        // Nothing is known of the addresses of a node that has none.
        let is_bare = |node: NodeIndex| fabric.node(node).links.values().all(|link| link.addresses.is_empty());
        let is_unread = is_bare(session_end.node)
            || [Some(session_end.node), with].into_iter().flatten().any(|node| fabric.is_unread(node));
        // What is missing on a node may stand in a text of its own that is not known.
        return if is_unread && fate.state == State::Down {
            SessionFate { state: State::Unknown, ..fate }
        } else {
            fate
        };
    };
    match between(fabric, speakers, ribs, &near, &other) {
        Ok(families) => SessionFate { state: State::Up, families, with, cause: None },
        Err(cause) => down(cause),
    }
}

/// The fate of a session end that no other and no group answers.
fn nobody(fabric: &Fabric, speakers: &Speakers, at: SessionEndIndex) -> SessionFate {
    let session_end = &fabric.sessions.ends[at];
    let with = session_end.peer();
    let down = |cause| SessionFate { state: State::Down, families: vec![], with, cause: Some(cause) };
    let unknown = |cause| SessionFate { state: State::Unknown, families: vec![], with, cause: Some(cause) };
    let name = |node: NodeIndex| fabric.name(node);
    let peer = &session_end.neighbor.name;
    match (session_end.target, session_end.answer) {
        (Target::Interface | Target::OnLink, _) => wire::judge(fabric, speakers, at),
        (Target::Unknown, _) => {
            let cause = Cause::new(
                format!("no node that was read has the address {peer}"),
                "correct the address, or read the node that has it",
            );
            let cause = cause.at(session_end.neighbor.place(), "leads to no node").judged_by("peer-unknown");
            if fabric.closed { down(cause) } else { unknown(cause) }
        }
        (Target::Myself, _) => {
            let cause =
                Cause::new(format!("{peer} is an address of {} itself", name(session_end.node)), "name the peer's");
            down(cause.at(session_end.neighbor.place(), "its own address"))
        }
        (Target::Port(port), Answer::Nobody) => {
            let known = shared_source(fabric, session_end).or_else(|| expected_elsewhere(fabric, session_end, port));
            if let Some(cause) = known {
                return down(cause);
            }
            let cause = Cause::new(
                format!("{} does not know {}: it has no neighbour for it", name(port.node), name(session_end.node)),
                format!("add the neighbour on {}", name(port.node)),
            );
            let cause = cause.at(session_end.neighbor.place(), "only this end is configured");
            down(cause.judged_by("peer-one-sided").vague(true))
        }
        (Target::Port(port), Answer::OtherAddress(other)) => {
            let theirs = &fabric.sessions.ends[other];
            let cause = Cause::new(
                format!(
                    "neither {} nor {} calls from the address that the other has as its neighbour",
                    name(session_end.node),
                    name(port.node)
                ),
                "give both ends `update-source` with the address that the other names",
            );
            let cause = cause.at(session_end.neighbor.place(), "one end").at(theirs.neighbor.place(), "the other");
            down(cause.judged_by("update-source-mismatch"))
        }
        (Target::Port(port), Answer::Range(_, range)) => {
            let cause = Cause::new(
                format!("the listen range of {} has no group {}", name(port.node), range.group),
                "define the peer-group before the listen range",
            );
            down(cause.at(range.range.span(), "takes the call for a group that does not exist"))
        }
        (Target::Port(_), _) => {
            let cause = Cause::new("several nodes have the peer's address", "give each node an address of its own");
            unknown(cause.at(session_end.neighbor.place(), "who is meant?"))
        }
    }
}

/// Where the address that an end calls from is another node's, too.
fn shared_source(fabric: &Fabric, end: &SessionEnd) -> Option<Cause> {
    let source = end.source_address()?;
    let is_vtep = fabric.overlay.vteps.get(&source).is_some_and(|nodes| nodes.len() > 1);
    let owners = || fabric.underlay.owners(end.vrf(), source);
    let own = owners().find(|port| port.node == end.node)?;
    let other = owners().find(|port| port.node != end.node).filter(|_| !is_vtep)?;
    let (name, other_name) = (fabric.name(end.node), fabric.name(other.node));
    let why = format!("{name} and {other_name} have one address, {source}, and what is for it reaches one of them");
    let cause = Cause::new(why, "give each node an address of its own");
    Some(cause.at(own.address.span(), "that of two nodes").at(other.address.span(), "that of two nodes"))
}

/// Where the other node expects this one under an address that no node has.
fn expected_elsewhere(fabric: &Fabric, end: &SessionEnd, port: Port) -> Option<Cause> {
    let (name, other) = (fabric.name(end.node), fabric.name(port.node));
    // What addresses a node has that only frr.conf tells of, something else may set up.
    fabric.node(end.node).interfaces.as_ref()?;
    let router_id = end.instance.router_id.as_ref().map(|id| IpAddr::V4(id.value));
    let vteps = fabric.devices[end.node].vteps();
    let shares = |ip: IpAddr| !port.address.is_host() && port.address.prefix().contains(ip);
    let expects = |theirs: &&SessionEnd| {
        let is_meant = |ip| router_id == Some(ip) || vteps.contains_key(&ip) || shares(ip);
        matches!(theirs.target, Target::Unknown)
            && theirs.vrf() == end.vrf()
            && theirs.accepts_as(end.local_as())
            && theirs.peer_address().is_some_and(is_meant)
    };
    let theirs = fabric.sessions.of(port.node).iter().find(expects)?;
    let ip = theirs.peer_address()?;
    let home = homeless::home(fabric, end.node, ip);
    let source = end.source_address().filter(|_| home.is_none());
    let called = source.and_then(|source| fabric.devices[end.node].owner(source).map(|link| (source, link)));
    let why = match (home, called) {
        (Some(link), _) => format!("{other} expects {name} at {ip}, and {} of {name} has no address", link.name),
        (None, Some((source, _))) => {
            format!("{other} expects {name} at {ip}, an address of no node; {name} has {source}")
        }
        (None, None) => format!("{other} expects {name} at {ip}, an address of no node"),
    };
    let remedy = match (home, called) {
        (Some(link), _) => format!("give {} of {name} the address {ip}", link.name),
        (None, Some((source, _))) => {
            format!("give {name} the address {ip} again, or write `neighbor {source}` on {other}")
        }
        (None, None) => format!("give {name} the address {ip}"),
    };
    let own = called.and_then(|(source, link)| link.addresses.iter().find(|own| own.ip == source)?.span());
    let cause = Cause::new(why, remedy).at(home.map(|link| link.place()), "no address here");
    let cause = cause.at(own, "the address it calls from").at(theirs.neighbor.place(), "no node has this address");
    Some(cause.at(end.neighbor.place(), "waits in vain"))
}

/// What two ends make of each other: the families in common, or the first thing that keeps them apart.
fn between<'m>(
    fabric: &Fabric<'m>,
    speakers: &Speakers,
    ribs: &mut Ribs<'m>,
    one: &End<'_, 'm>,
    other: &End<'_, 'm>,
) -> Result<Vec<Family>, Cause> {
    if let Some(cause) = alone(fabric, other, Some(one)) {
        return Err(cause);
    }
    let families = agree(fabric, speakers, one, other)?;
    calls(fabric, ribs, one, other)?;
    Ok(families)
}
