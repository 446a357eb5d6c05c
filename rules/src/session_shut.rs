//! A session that is administratively down.

use evpnlint_analysis::{
    fabric::{Fabric, few},
    finding::Out,
};
use evpnlint_core::{model::is_on, source::Span};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut shut: BTreeMap<Span, Vec<&evpnlint_analysis::fabric::sessions::Half>> = BTreeMap::new();
    for half in fabric.sessions.halves.iter().filter(|half| half.is_shut()) {
        let switch = if is_on(&half.instance.shutdown) { &half.instance.shutdown } else { &half.neighbor.shutdown };
        if let Some(span) = switch.as_ref().and_then(|switch| switch.span()) {
            shut.entry(span).or_default().push(half);
        }
    }
    for (span, halves) in shut {
        let name = fabric.name(halves[0].node);
        let peers = few(halves.iter().map(|half| {
            half.peer().map_or_else(|| half.neighbor.name.to_string(), |peer| fabric.name(peer).to_owned())
        }));
        out.report(format!("{name} keeps its BGP sessions with {peers} down: they are shut"))
            .about(format!("{name} shutdown {peers}"))
            .at(span, "shut here")
            .help("remove the line when the maintenance is over")
            .done();
    }
}
