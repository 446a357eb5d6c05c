//! The session comes up, but an address family that one end counts on is not active on the other.

use crate::{
    fabric::{Fabric, connected, few, sessions::{Answer, Half}},
    finding::Out,
    model::bgp::Family,
    source::Span,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for family in [Family::Evpn, Family::Ipv4Unicast] {
        one_family(fabric, out, family);
    }
}

/// A half that has the family, and one that has not.
struct Pair<'f> {
    with: (usize, &'f Half<'f>),
    without: (usize, Option<Span>),
}

fn one_family(fabric: &Fabric, out: &mut Out, family: Family) {
    let halves = &fabric.sessions.halves;
    let mut pairs: Vec<(Vec<Span>, Pair)> = vec![];
    for (at, half) in halves.iter().enumerate() {
        // What `bgp default` switches on by itself is not something that an operator counts on.
        let wanted = half.neighbor.family(family).and_then(|family| family.active.as_ref()).is_some_and(|active| active.value && active.is_written());
        if !wanted {
            continue;
        }
        let without = match half.answer {
            Answer::Half(other) if !halves[other].is_active(family) => (halves[other].node, missing_at(&halves[other], family)),
            Answer::Range(instance, listen) => match (instance.groups.get(&listen.group.value), half.peer()) {
                (Some(group), Some(peer)) if !group.is_active(family) => (peer, group.place()),
                _ => continue,
            },
            // Whoever is at the other end of an unnumbered session, it has not got the family.
            Answer::Unknown if matches!(half.target, crate::fabric::sessions::Target::Interface) => {
                let mut ends = fabric.sessions.possible_ends(at).peekable();
                let without = ends.peek().copied();
                match without {
                    Some(other) if ends.all(|other| !halves[other].is_active(family)) => (halves[other].node, missing_at(&halves[other], family)),
                    _ => continue,
                }
            }
            _ => continue,
        };
        let place = half.neighbor.family(family).and_then(|family| family.active.as_ref()).and_then(|active| active.span());
        let keys = place.into_iter().chain(without.1).collect();
        pairs.push((keys, Pair { with: (half.node, half), without }));
    }
    // The other way round for unnumbered sessions: every node that could be at the other end has the family, we have not.
    for at in &fabric.sessions.unnumbered {
        let half = &halves[*at];
        let mut ends = fabric.sessions.possible_ends(*at).peekable();
        let Some(first) = ends.peek().copied() else { continue };
        let written = |half: &Half| half.neighbor.family(family).and_then(|family| family.active.as_ref()).is_some_and(|active| active.value && active.is_written());
        if half.is_active(family) || !ends.all(|other| written(&halves[other])) {
            continue;
        }
        let place = missing_at(half, family);
        let keys = place.into_iter().chain(halves[first].neighbor.family(family).and_then(|family| family.active.as_ref()).and_then(|active| active.span())).collect();
        pairs.push((keys, Pair { with: (halves[first].node, &halves[first]), without: (half.node, place) }));
    }
    for group in connected(pairs) {
        let without: BTreeSet<&str> = group.iter().map(|pair| fabric.name(pair.without.0)).collect();
        let with: BTreeSet<&str> = group.iter().map(|pair| fabric.name(pair.with.0)).filter(|name| !without.contains(name)).collect();
        let verb = if without.len() == 1 { "does" } else { "do" };
        let lost = if family == Family::Evpn { "no MAC address and no tenant route crosses these sessions" } else { "no route of that family crosses these sessions" };
        out.report(format!("{} {verb} not activate {family} towards {}, which {} on it: {lost}", few(&without), few(&with), if with.len() == 1 { "counts" } else { "count" }))
            .about(format!("{} {family}", few(&without)))
            .also(group.iter().map(|pair| (pair.without.1, format!("{} does not activate {family} here", fabric.name(pair.without.0)))))
            .also(group.iter().map(|pair| {
                let active = pair.with.1.neighbor.family(family).and_then(|family| family.active.as_ref());
                (active.and_then(|active| active.span()), format!("{} activates it", fabric.name(pair.with.0)))
            }))
            .help(format!("add `neighbor … activate` under `address-family {family}` on {}", few(&without)))
            .done();
    }
}

/// Where the line is missing: in the address family's block if there is one, else at the neighbour or its group.
fn missing_at(half: &Half, family: Family) -> Option<Span> {
    let off = half.neighbor.family(family).and_then(|family| family.active.as_ref()).and_then(|active| active.span());
    let any = half.neighbor.family(family).and_then(|family| {
        family.route_map_in.as_ref().or(family.route_map_out.as_ref()).and_then(|name| name.span()).or(family.reflector_client.as_ref().and_then(|switch| switch.span()))
    });
    let block = if family == Family::Evpn { half.instance.evpn.span } else { None };
    let sibling = half.instance.neighbors.iter().filter_map(|other| other.family(family)?.active.as_ref()?.span()).next_back();
    off.or(any).or(sibling).or(block).or_else(|| half.neighbor.place())
}
