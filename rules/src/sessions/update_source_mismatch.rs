use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::fabric::{
    Fabric, connected,
    sessions::{Answer, SessionEnd, SessionEndIndex, Source},
};
use evpnlint_core::{source::Span, words::join_names};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    never(fabric, out);
    let mut strange: BTreeMap<Span, Vec<(&SessionEnd, &SessionEnd)>> = BTreeMap::new();
    for session_end in session_ends {
        let Answer::SessionEnd(other) = session_end.answer else { continue };
        let (Source::Address(source), Some(named)) = (session_end.source, session_ends[other].peer_address()) else {
            continue;
        };
        if let Some(span) =
            session_end.neighbor.update_source.as_ref().and_then(|source| source.span()).filter(|_| source != named)
        {
            strange.entry(span).or_default().push((session_end, &session_ends[other]));
        }
    }
    for (span, pairs) in strange {
        out.group(
            &pairs,
            |(one, other)| {
                Member::new(
                    fabric.name(one.node),
                    format_args!("update-source towards {}", fabric.name(other.node)),
                    span,
                )
            },
            |pairs, out| {
                let (session_end, other) = pairs[0];
                let (Source::Address(source), Some(named)) = (session_end.source, other.peer_address()) else { return };
                let name = fabric.name(session_end.node);
                let peers = join_names(pairs.iter().map(|(_, other)| fabric.name(other.node)));
                let know = if pairs.len() == 1 { "knows" } else { "know" };
                out.report(format!(
                    "{name} calls {peers} from {source}, but {peers} {know} {name} as {named}: only \
            {peers} can open the session"
                ))
                .at(span, format!("{name} calls from {source}"))
                .also(pairs.iter().map(|(_, other)| {
                    (other.neighbor.place(), format!("{} takes calls from {named}", fabric.name(other.node)))
                }))
                .help(format!("write `update-source {named}` on {name}, or `neighbor {source} …` on {peers}"))
                .cap_severity(Severity::Warning)
                .done();
            },
        );
    }
}

/// Sessions that no end can open.
fn never(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let is_first = |at: SessionEndIndex, other: SessionEndIndex| at < other;
    let pairs: Vec<(Vec<Span>, (SessionEndIndex, SessionEndIndex))> = session_ends
        .iter_enumerated()
        .filter_map(|(at, session_end)| match session_end.answer {
            Answer::OtherAddress(other)
                if is_first(at, other) && !session_end.is_shut() && !session_ends[other].is_shut() =>
            {
                Some((at, other))
            }
            _ => None,
        })
        .map(|(a, b)| (blamed(&session_ends[a]).into_iter().chain(blamed(&session_ends[b])).collect(), (a, b)))
        .collect();
    for group in connected(pairs) {
        let subject = |(a, b): &(SessionEndIndex, SessionEndIndex)| {
            let [one, other] = [a, b].map(|end| &session_ends[*end]);
            Member::new(
                fabric.name(one.node),
                format_args!("update-source with {}", fabric.name(other.node)),
                blamed(one),
            )
        };
        out.group(&group, subject, |group, out| {
            let (a, b) = group[0];
            let (one, other) = (&session_ends[a], &session_ends[b]);
            let (name, peer) = (fabric.name(one.node), fabric.name(other.node));
            let named = other.peer_address().map_or(String::new(), |named| named.to_string());
            let more = group.len() - 1;
            let rest = if more == 0 {
                String::new()
            } else {
                format!(" ({more} more session{} likewise)", if more == 1 { "" } else { "s" })
            };
            out.report(format!(
                "{name} and {peer} never take each other's calls: neither calls from the address that \
            the other has as its neighbour{rest}"
            ))
            .at(blamed(one), format!("{name} calls {} from {}", peer, from(one)))
            .at(blamed(other), format!("{peer} calls {} from {}", name, from(other)))
            .also(group.iter().skip(1).flat_map(|(a, b)| [*a, *b]).map(|session_end| {
                (
                    blamed(&session_ends[session_end]),
                    format!("{} likewise", fabric.name(session_ends[session_end].node)),
                )
            }))
            .also(group.iter().flat_map(|(a, b)| [*a, *b]).map(|session_end| {
                (session_ends[session_end].neighbor.place(), "the neighbour, by an address that does not call")
            }))
            .help(format!(
                "give {name} `update-source {named}`, or the interface that has it, and its peers \
                likewise"
            ))
            .done();
        });
    }
}

/// Where the source of a session end is decided: its update-source, else its group, else itself.
fn blamed(session_end: &SessionEnd) -> Option<Span> {
    let group = session_end.neighbor.group.as_ref().and_then(|group| session_end.instance.groups.get(&group.value));
    let source = session_end.neighbor.update_source.as_ref().and_then(|source| source.span());
    let group_as = group.and_then(|group| group.remote_as.as_ref().and_then(|wanted| wanted.span()).or(group.place()));
    source.or(group_as).or(session_end.neighbor.place())
}

fn from(session_end: &SessionEnd) -> String {
    match session_end.source {
        Source::Address(address) => address.to_string(),
        Source::Egress | Source::Any => "the interface that the route leaves by: it has no update-source".to_owned(),
    }
}
