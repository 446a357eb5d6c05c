use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex, connected,
    sessions::{Answer, SessionEnd},
};
use evpnlint_core::{
    model::{Secret, Sourced},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let mut pairs: Vec<(Vec<Span>, (NodeIndex, Ends))> = vec![];
    for (at, session_end) in session_ends.iter_enumerated() {
        let (other, theirs, place) = match session_end.answer {
            Answer::SessionEnd(other) if at < other => {
                (session_ends[other].node, &session_ends[other].neighbor.password, session_ends[other].neighbor.place())
            }
            Answer::Range(instance, listen) => {
                let (Some(group), Some(peer)) = (instance.groups.get(&listen.group.value), session_end.peer()) else {
                    continue;
                };
                (peer, &group.password, group.place())
            }
            _ => continue,
        };
        let own = &session_end.neighbor.password;
        if own.as_ref().map(|own| &own.value) == theirs.as_ref().map(|theirs| &theirs.value) {
            continue;
        }
        let keys = [own, theirs].into_iter().flatten().filter_map(|password| password.span()).collect();
        pairs.push((keys, (session_end.node, Ends { session_end, other, theirs, place })));
    }
    for group in connected(pairs) {
        out.group(
            &group,
            |(node, ends)| {
                Member::new(
                    fabric.name(*node),
                    format_args!("password towards {}", fabric.name(ends.other)),
                    ends.session_end.neighbor.place(),
                )
            },
            |group, out| {
                let nodes: BTreeSet<&str> =
                    group.iter().flat_map(|(node, ends)| [fabric.name(*node), fabric.name(ends.other)]).collect();
                let only: BTreeSet<&str> = group
                    .iter()
                    .flat_map(|(node, ends)| {
                        let own = ends.session_end.neighbor.password.is_some().then_some(*node);
                        let theirs = ends.theirs.is_some().then_some(ends.other);
                        own.into_iter().chain(theirs)
                    })
                    .map(|node| fabric.name(node))
                    .collect();
                let message = if only.len() == nodes.len() {
                    format!("{} have different passwords for their BGP sessions with each other", join_names(&nodes))
                } else {
                    let without: Vec<&&str> = nodes.difference(&only).collect();
                    let verb = if only.len() == 1 { "has" } else { "have" };
                    let lacks = if without.len() == 1 { "has" } else { "have" };
                    format!(
                        "{} {verb} a password for the BGP sessions with {}, which {lacks} none",
                        join_names(&only),
                        join_names(without)
                    )
                };
                out.report(format!("{message}: the kernel drops every packet of theirs, without a word to the peer"))
                    .also(group.iter().flat_map(|(node, ends)| {
                        let own = label(
                            fabric.name(*node),
                            &ends.session_end.neighbor.password,
                            ends.session_end.neighbor.place(),
                        );
                        [own, label(fabric.name(ends.other), ends.theirs, ends.place)]
                    }))
                    .help(
                        "write the same password on both ends, or remove it from both; it is one word, \
                and a blank at its end counts",
                    )
                    .done();
            },
        );
    }
}

#[derive(Clone)]
struct Ends<'f> {
    session_end: &'f SessionEnd<'f>,
    other: NodeIndex,
    theirs: &'f Option<Sourced<Secret>>,
    place: Option<Span>,
}

fn label(name: &str, password: &Option<Sourced<Secret>>, place: Option<Span>) -> (Option<Span>, String) {
    match password {
        Some(password) => (password.span(), format!("the password of {name}")),
        None => (place, format!("{name} has none")),
    }
}
