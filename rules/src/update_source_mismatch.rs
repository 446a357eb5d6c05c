//! Neither end, or one of them, uses the address that the other names it by.

use evpnlint_analysis::{
    fabric::{
        Fabric, connected, few,
        sessions::{Answer, Half, HalfIndex, Source},
    },
    finding::{Out, Severity},
};
use evpnlint_core::source::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let halves = &fabric.sessions.halves;
    never(fabric, out);
    let mut strange: BTreeMap<Span, Vec<(&Half, &Half)>> = BTreeMap::new();
    for half in halves {
        let Answer::Half(other) = half.answer else { continue };
        let (Source::Address(source), Some(named)) = (half.source, halves[other].peer_address()) else { continue };
        if let Some(span) =
            half.neighbor.update_source.as_ref().and_then(|source| source.span()).filter(|_| source != named)
        {
            strange.entry(span).or_default().push((half, &halves[other]));
        }
    }
    for (span, pairs) in strange {
        let (half, other) = pairs[0];
        let (Source::Address(source), Some(named)) = (half.source, other.peer_address()) else { continue };
        let name = fabric.name(half.node);
        let peers = few(pairs.iter().map(|(_, other)| fabric.name(other.node)));
        let know = if pairs.len() == 1 { "knows" } else { "know" };
        out.report(format!(
            "{name} calls {peers} from {source}, but {peers} {know} {name} as {named}: only \
            {peers} can open the session"
        ))
        .about(format!("{name} update-source {source}"))
        .at(span, format!("{name} calls from {source}"))
        .also(pairs.iter().map(|(_, other)| {
            (other.neighbor.place(), format!("{} takes calls from {named}", fabric.name(other.node)))
        }))
        .help(format!("write `update-source {named}` on {name}, or `neighbor {source} …` on {peers}"))
        .at_most(Severity::Warning)
        .done();
    }
}

/// Sessions that no end can open.
fn never(fabric: &Fabric, out: &mut Out) {
    let halves = &fabric.sessions.halves;
    let is_first = |at: HalfIndex, other: HalfIndex| at < other;
    let pairs: Vec<(Vec<Span>, (HalfIndex, HalfIndex))> = halves
        .iter()
        .enumerate()
        .filter_map(|(at, half)| match half.answer {
            Answer::Elsewhere(other) if is_first(at, other) && !half.is_shut() && !halves[other].is_shut() => {
                Some((at, other))
            }
            _ => None,
        })
        .map(|(a, b)| (blamed(&halves[a]).into_iter().chain(blamed(&halves[b])).collect(), (a, b)))
        .collect();
    for group in connected(pairs) {
        let (a, b) = group[0];
        let (one, other) = (&halves[a], &halves[b]);
        let (name, peer) = (fabric.name(one.node), fabric.name(other.node));
        let named = other.peer_address().map_or(String::new(), |named| named.to_string());
        let more = group.len() - 1;
        let rest = if more == 0 {
            String::new()
        } else {
            format!(" ({more} more session{} likewise)", if more == 1 { "" } else { "s" })
        };
        let nodes = few(group
            .iter()
            .flat_map(|(a, b)| [halves[*a].node, halves[*b].node])
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|node| fabric.name(node)));
        out.report(format!(
            "{name} and {peer} never take each other's calls: neither calls from the address that \
            the other has as its neighbour{rest}"
        ))
        .about(format!("{nodes} update-source"))
        .at(blamed(one), format!("{name} calls {} from {}", peer, from(one)))
        .at(blamed(other), format!("{peer} calls {} from {}", name, from(other)))
        .also(
            group
                .iter()
                .skip(1)
                .flat_map(|(a, b)| [*a, *b])
                .map(|half| (blamed(&halves[half]), format!("{} likewise", fabric.name(halves[half].node)))),
        )
        .also(
            group
                .iter()
                .flat_map(|(a, b)| [*a, *b])
                .map(|half| (halves[half].neighbor.place(), "the neighbour, by an address that does not call")),
        )
        .help(format!(
            "give {name} `update-source {named}`, or the interface that has it, and its peers \
                likewise"
        ))
        .done();
    }
}

/// Where the source of a half is decided: its update-source, else its group, else itself.
fn blamed(half: &Half) -> Option<Span> {
    let group = half.neighbor.group.as_ref().and_then(|group| half.instance.groups.get(&group.value));
    let source = half.neighbor.update_source.as_ref().and_then(|source| source.span());
    let group_as = group.and_then(|group| group.remote_as.as_ref().and_then(|wanted| wanted.span()).or(group.place()));
    source.or(group_as).or(half.neighbor.place())
}

fn from(half: &Half) -> String {
    match half.source {
        Source::Address(address) => address.to_string(),
        Source::Egress | Source::Any => "the interface that the route leaves by: it has no update-source".to_owned(),
    }
}
