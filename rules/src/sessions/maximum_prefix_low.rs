use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, sessions::SessionEnd};
use evpnlint_core::{
    model::{bgp::Family, is_on},
    source::Span,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut low: BTreeMap<Span, Vec<(usize, &SessionEnd)>> = BTreeMap::new();
    for session_end in &fabric.sessions.ends {
        let Some(family) = session_end.neighbor.family(Family::Evpn).filter(|family| is_on(&family.active)) else {
            continue;
        };
        let Some(limit) = family.maximum_prefix.as_ref().filter(|_| !family.maximum_prefix_warning_only) else {
            continue;
        };
        let expected = expected(fabric, session_end);
        if let Some(span) = limit.span().filter(|_| expected > limit.value as usize) {
            low.entry(span).or_default().push((expected, session_end));
        }
    }
    for (span, session_ends) in low {
        // Of several peers that send as much, the last one is named.
        let Some((most, largest)) = session_ends.iter().max_by_key(|(expected, _)| *expected) else { continue };
        let name = fabric.name(largest.node);
        let limit = largest
            .neighbor
            .family(Family::Evpn)
            .and_then(|family| family.maximum_prefix.as_ref())
            .map_or(0, |limit| limit.value);
        let peer = largest.peer().map_or("a peer", |peer| fabric.name(peer));
        out.report(format!(
            "{name} ends a session at {limit} EVPN routes, and {peer} sends at least {most}: one \
            for each VNI, and one for the first MAC address in it"
        ))
        .about(format!("{name} maximum-prefix"))
        .at(span, "the limit")
        .help(
            "raise it well above the number of VNIs times VTEPs plus that of all MAC \
                addresses, add `warning-only`, or remove it",
        )
        .done();
    }
}

/// The least number of EVPN routes that a peer sends: a type-3 route for each of its own VNIs, and a type-2 route as
/// soon as one host speaks there. A reflector or spine sends those of others too, which are not counted.
fn expected(fabric: &Fabric, session_end: &SessionEnd) -> usize {
    match session_end.peer() {
        Some(peer) => 2 * fabric.devices[peer].l2vnis().len(),
        None => 0,
    }
}
