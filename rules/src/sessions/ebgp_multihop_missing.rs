use crate::finding::Out;
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, connected,
    sessions::{Answer, SessionEnd, SessionEndIndex},
};
use evpnlint_core::{model::is_on, source::Span, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let stuck = |session_end: &SessionEnd| {
        let Some(peer) = session_end.peer_address() else { return false };
        let n = session_end.neighbor;
        let allowed = n.ebgp_multihop.as_ref().is_some_and(|hops| hops.value > 1)
            || n.ttl_security.is_some()
            || is_on(&n.disable_connected_check)
            || is_on(&session_end.instance.disable_connected_check);
        let vrf = session_end.vrf();
        let connected =
            fabric.node(session_end.node).links.values().any(|link| link.vrf_name() == vrf && link.connects(peer));
        session_end.is_external() && !allowed && !connected
    };
    let pairs: Vec<(Vec<NodeIndex>, (SessionEndIndex, SessionEndIndex))> = session_ends
        .iter_enumerated()
        .filter_map(|(at, session_end)| match session_end.answer {
            Answer::SessionEnd(other) if at < other && stuck(session_end) && stuck(&session_ends[other]) => {
                Some((at, other))
            }
            _ => None,
        })
        .map(|(a, b)| (vec![session_ends[a].node, session_ends[b].node], (a, b)))
        .collect();
    for group in connected(pairs) {
        let ends: Vec<SessionEndIndex> = group.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let (one, other) = (&session_ends[ends[0]], &session_ends[ends[1]]);
        let nodes: BTreeSet<&str> = ends.iter().map(|end| fabric.name(session_ends[*end].node)).collect();
        out.report(format!(
            "eBGP between {} and {} is more than one hop away for bgpd ({} and {} are on no \
                shared subnet), and neither end has ebgp-multihop{}",
            fabric.name(one.node),
            fabric.name(other.node),
            one.neighbor.name,
            other.neighbor.name,
            if group.len() > 1 { format!("; {} sessions likewise", group.len()) } else { String::new() },
        ))
        .about(format!("{} ebgp-multihop", join_names(&nodes)))
        .also(ends.iter().map(|end| {
            (place(&session_ends[*end]), format!("no ebgp-multihop on {}", fabric.name(session_ends[*end].node)))
        }))
        .help(
            "add `ebgp-multihop 2` (or more, for more hops) to both ends; for loopbacks of \
            directly connected nodes `disable-connected-check` does as well",
        )
        .done();
    }
}

/// Where the line is missing: at the group that the neighbour belongs to, else at the neighbour.
fn place(session_end: &SessionEnd) -> Option<Span> {
    let group = session_end.neighbor.group.as_ref().and_then(|group| session_end.instance.groups.get(&group.value));
    let settings = [
        &session_end.neighbor.update_source.as_ref().and_then(|source| source.span()),
        &group.and_then(|group| group.remote_as.as_ref()).and_then(|wanted| wanted.span()),
        &group.and_then(|group| group.place()),
        &session_end.neighbor.place(),
    ];
    settings.into_iter().find_map(|span| *span)
}
