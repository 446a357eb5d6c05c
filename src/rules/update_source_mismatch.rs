//! Neither end, or one of them, uses the address that the other names it by.

use crate::{
    fabric::{Fabric, connected, few, sessions::{Answer, Half, HalfIndex, Source}},
    finding::{Out, Severity},
    source::Span,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let halves = &fabric.sessions.halves;
    never(fabric, out);
    for half in halves {
        let Answer::Half(other) = half.answer else { continue };
        let (Source::Address(source), Some(named)) = (half.source, halves[other].peer_address()) else { continue };
        if source == named {
            continue;
        }
        let Some(written) = &half.neighbor.update_source else { continue };
        let (name, peer) = (fabric.name(half.node), fabric.name(halves[other].node));
        out.report(format!("{name} calls {peer} from {source}, but {peer} knows {name} as {named}: only {peer} can open the session"))
            .about(format!("{name} neighbor {} update-source", half.neighbor.name))
            .at(written.span(), format!("{name} calls from {source}"))
            .at(halves[other].neighbor.place(), format!("{peer} takes calls from {named}"))
            .help(format!("write `update-source {named}` on {name}, or `neighbor {source} …` on {peer}"))
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
            Answer::Elsewhere(other) if is_first(at, other) => Some((at, other)),
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
        let rest = if more == 0 { String::new() } else { format!(" ({more} more session{} likewise)", if more == 1 { "" } else { "s" }) };
        let nodes = few(group.iter().flat_map(|(a, b)| [halves[*a].node, halves[*b].node]).collect::<std::collections::BTreeSet<_>>().into_iter().map(|node| fabric.name(node)));
        out.report(format!("{name} and {peer} never take each other's calls: neither calls from the address that the other has as its neighbour{rest}"))
            .about(format!("{nodes} update-source"))
            .at(blamed(one), format!("{name} calls {} from {}", peer, from(one)))
            .at(blamed(other), format!("{peer} calls {} from {}", name, from(other)))
            .also(group.iter().skip(1).flat_map(|(a, b)| [*a, *b]).map(|half| (blamed(&halves[half]), format!("{} likewise", fabric.name(halves[half].node)))))
            .also(group.iter().flat_map(|(a, b)| [*a, *b]).map(|half| (halves[half].neighbor.place(), "the neighbour, by an address that does not call")))
            .help(format!("give {name} `update-source {named}`, or the interface that has it, and its peers likewise"))
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
        Source::Egress => "the interface that the route leaves by: it has no update-source".to_owned(),
    }
}
