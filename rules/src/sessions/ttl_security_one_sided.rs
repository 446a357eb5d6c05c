use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, connected,
    sessions::{Answer, SessionEnd, SessionEndIndex},
};
use evpnlint_core::{source::Span, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let session_ends = &fabric.sessions.ends;
    let sends_255 = |session_end: &SessionEnd| {
        session_end.neighbor.ttl_security.is_some()
            || session_end.neighbor.ebgp_multihop.as_ref().is_some_and(|hops| hops.value == 255)
            || !session_end.is_external()
    };
    let mut found: Vec<(Vec<Span>, (SessionEndIndex, SessionEndIndex))> = vec![];
    for (at, session_end) in session_ends.iter_enumerated() {
        let Some(security) = &session_end.neighbor.ttl_security else { continue };
        match session_end.answer {
            Answer::SessionEnd(other) if !sends_255(&session_ends[other]) => {
                found.push((security.span().into_iter().collect(), (at, other)))
            }
            _ => {}
        }
    }
    for group in connected(found) {
        let subject = |(at, other): &(SessionEndIndex, SessionEndIndex)| {
            let [own, other] = [at, other].map(|end| &session_ends[*end]);
            let span = own.neighbor.ttl_security.as_ref().and_then(|hops| hops.span());
            Member::new(fabric.name(own.node), format_args!("ttl-security towards {}", fabric.name(other.node)), span)
        };
        out.group(&group, subject, |group, out| {
            let strict: BTreeSet<&str> = group.iter().map(|(at, _)| fabric.name(session_ends[*at].node)).collect();
            let lax: BTreeSet<&str> = group.iter().map(|(_, other)| fabric.name(session_ends[*other].node)).collect();
            let first = &session_ends[group[0].0];
            let hops = first.neighbor.ttl_security.as_ref().map_or(1, |hops| hops.value);
            out.report(format!(
                "{} drops BGP packets whose TTL is below {}, and {} sends them with 1: the sessions \
            never come up",
                join_names(&strict),
                256 - u32::from(hops),
                join_names(&lax)
            ))
            .at(
                first.neighbor.ttl_security.as_ref().and_then(|hops| hops.span()),
                "wants packets that come from near by",
            )
            .also(group.iter().flat_map(|(at, other)| {
                let own = session_ends[*at].neighbor.ttl_security.as_ref().and_then(|hops| hops.span());
                [
                    (own, "wants packets that come from near by"),
                    (session_ends[*other].neighbor.place(), "has no ttl-security"),
                ]
            }))
            .help(format!(
                "add `ttl-security hops {hops}` on {}, or remove it from {}",
                join_names(&lax),
                join_names(&strict)
            ))
            .done();
        });
    }
}
