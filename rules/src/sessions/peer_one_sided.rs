use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, connected,
    sessions::{Answer, SessionEnd, SessionEndIndex, Source, Target},
};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    // A node without `router bgp` may run another daemon that is in none of these files.
    let runs_bgp = |node: NodeIndex| {
        !fabric.is_misread(node) && fabric.node(node).frr.as_ref().is_some_and(|frr| !frr.bgp.is_empty())
    };
    let is_waiting = |session_end: &SessionEnd| {
        matches!(session_end.answer, Answer::Nobody)
            && !session_end.is_shut()
            && session_end.peer().is_some_and(runs_bgp)
    };
    let is_lost = |node: NodeIndex| {
        fabric.sessions.of(node).iter().any(|session_end| matches!(session_end.target, Target::Unknown))
    };
    let waiting: Vec<(Vec<NodeIndex>, SessionEndIndex)> = session_ends
        .iter_enumerated()
        .filter(|(_, session_end)| is_waiting(session_end))
        // The node that does not answer may peer with an address of nobody instead: that is another rule's to tell.
        .filter(|(_, session_end)| session_end.peer().is_none_or(|peer| !is_lost(peer)))
        .map(|(at, session_end)| (vec![session_end.peer().unwrap_or(session_end.node)], at))
        .collect();
    for group in connected(waiting) {
        let subject = |at: &SessionEndIndex| {
            let caller = &session_ends[*at];
            let silent = caller.peer().map_or("", |peer| fabric.name(peer));
            Member::new(silent, format_args!("neighbor {}", fabric.name(caller.node)), caller.neighbor.place())
        };
        out.group(&group, subject, |group, out| {
            let first = &session_ends[group[0]];
            let Some(peer) = first.peer() else { return };
            let silent = fabric.name(peer);
            let callers: Vec<&str> =
                group.iter().map(|session_end| fabric.name(session_ends[*session_end].node)).collect();
            let sibling = fabric.sessions.of(peer).iter().rfind(|session_end| session_end.vrf() == first.vrf());
            let place = sibling.and_then(|session_end| session_end.neighbor.place());
            let instance = fabric.node(peer).frr.as_ref().and_then(|frr| frr.bgp.first()).map(|instance| instance.span);
            let address = match first.source {
                Source::Address(address) => address.to_string(),
                Source::Egress | Source::Any => fabric.name(first.node).to_owned(),
            };
            let names = join_names(&callers);
            let (verb, whom) = if callers.len() == 1 { ("has", names.as_str()) } else { ("have", "them") };
            out.report(format!(
                "{names} {verb} {silent} as a neighbour, but {silent} has no neighbour for {whom}: \
            the session never comes up"
            ))
            .at(first.neighbor.place(), format!("{} calls {silent} here", fabric.name(first.node)))
            .at(place.or(instance), format!("{silent} knows these neighbours, not {address}"))
            .also(group.iter().skip(1).map(|session_end| {
                (
                    session_ends[*session_end].neighbor.place(),
                    format!("{} calls {silent} here", fabric.name(session_ends[*session_end].node)),
                )
            }))
            .help(format!("add `neighbor {address} …` to {silent}, or remove {silent} from the other side"))
            .done();
        });
    }
}
