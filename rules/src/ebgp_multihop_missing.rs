//! eBGP between addresses that are not on a shared subnet, and no end may go more than one hop.

use evpnlint_analysis::{
    fabric::{
        Fabric, NodeIndex, connected, few,
        sessions::{Answer, Half, HalfIndex},
    },
    finding::Out,
};
use evpnlint_core::{model::is_on, source::Span};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let halves = &fabric.sessions.halves;
    let stuck = |half: &Half| {
        let Some(peer) = half.peer_address() else { return false };
        let n = half.neighbor;
        let allowed = n.ebgp_multihop.as_ref().is_some_and(|hops| hops.value > 1)
            || n.ttl_security.is_some()
            || is_on(&n.disable_connected_check)
            || is_on(&half.instance.disable_connected_check);
        let vrf = half.vrf();
        let connected = fabric.node(half.node).links.values().any(|link| link.vrf_name() == vrf && link.connects(peer));
        half.is_external() && !allowed && !connected
    };
    let pairs: Vec<(Vec<NodeIndex>, (HalfIndex, HalfIndex))> = halves
        .iter()
        .enumerate()
        .filter_map(|(at, half)| match half.answer {
            Answer::Half(other) if at < other && stuck(half) && stuck(&halves[other]) => Some((at, other)),
            _ => None,
        })
        .map(|(a, b)| (vec![halves[a].node, halves[b].node], (a, b)))
        .collect();
    for group in connected(pairs) {
        let ends: Vec<HalfIndex> = group.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let (one, other) = (&halves[ends[0]], &halves[ends[1]]);
        let nodes: BTreeSet<&str> = ends.iter().map(|end| fabric.name(halves[*end].node)).collect();
        out.report(format!(
            "eBGP between {} and {} is more than one hop away for bgpd ({} and {} are on no \
                shared subnet), and neither end has ebgp-multihop{}",
            fabric.name(one.node),
            fabric.name(other.node),
            one.neighbor.name,
            other.neighbor.name,
            if group.len() > 1 { format!("; {} sessions likewise", group.len()) } else { String::new() },
        ))
        .about(format!("{} ebgp-multihop", few(&nodes)))
        .also(
            ends.iter()
                .map(|end| (place(&halves[*end]), format!("no ebgp-multihop on {}", fabric.name(halves[*end].node)))),
        )
        .help(
            "add `ebgp-multihop 2` (or more, for more hops) to both ends; for loopbacks of \
            directly connected nodes `disable-connected-check` does as well",
        )
        .done();
    }
}

/// Where the line is missing: at the group that the neighbour belongs to, else at the neighbour.
fn place(half: &Half) -> Option<Span> {
    let group = half.neighbor.group.as_ref().and_then(|group| half.instance.groups.get(&group.value));
    let settings = [
        &half.neighbor.update_source.as_ref().and_then(|source| source.span()),
        &group.and_then(|group| group.remote_as.as_ref()).and_then(|wanted| wanted.span()),
        &group.and_then(|group| group.place()),
        &half.neighbor.place(),
    ];
    settings.into_iter().find_map(|span| *span)
}
