//! One end takes packets with a TTL of 255 only, the other does not send such.

use evpnlint_analysis::{
    fabric::{
        Fabric, connected, few,
        sessions::{Answer, Half},
    },
    finding::Out,
};
use evpnlint_core::source::Span;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let halves = &fabric.sessions.halves;
    let sends_255 = |half: &Half| {
        half.neighbor.ttl_security.is_some()
            || half.neighbor.ebgp_multihop.as_ref().is_some_and(|hops| hops.value == 255)
            || !half.is_external()
    };
    let mut found: Vec<(Vec<Span>, (usize, usize))> = vec![];
    for (at, half) in halves.iter().enumerate() {
        let Some(security) = &half.neighbor.ttl_security else { continue };
        match half.answer {
            Answer::Half(other) if !sends_255(&halves[other]) => {
                found.push((security.span().into_iter().collect(), (at, other)))
            }
            _ => {}
        }
    }
    for group in connected(found) {
        let strict: BTreeSet<&str> = group.iter().map(|(at, _)| fabric.name(halves[*at].node)).collect();
        let lax: BTreeSet<&str> = group.iter().map(|(_, other)| fabric.name(halves[*other].node)).collect();
        let first = &halves[group[0].0];
        let hops = first.neighbor.ttl_security.as_ref().map_or(1, |hops| hops.value);
        out.report(format!(
            "{} drops BGP packets whose TTL is below {}, and {} sends them with 1: the sessions \
            never come up",
            few(&strict),
            256 - u32::from(hops),
            few(&lax)
        ))
        .about(format!("{} ttl-security towards {}", few(&strict), few(&lax)))
        .at(first.neighbor.ttl_security.as_ref().and_then(|hops| hops.span()), "wants packets that come from near by")
        .also(group.iter().flat_map(|(at, other)| {
            let own = halves[*at].neighbor.ttl_security.as_ref().and_then(|hops| hops.span());
            [(own, "wants packets that come from near by"), (halves[*other].neighbor.place(), "has no ttl-security")]
        }))
        .help(format!("add `ttl-security hops {hops}` on {}, or remove it from {}", few(&lax), few(&strict)))
        .done();
    }
}
