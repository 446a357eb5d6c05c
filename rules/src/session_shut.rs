//! A session that is administratively down.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::{model::is_on, source::Span};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut shut: BTreeMap<Span, Vec<&evpnlint_analysis::fabric::sessions::SessionEnd>> = BTreeMap::new();
    for session_end in fabric.sessions.ends.iter().filter(|session_end| session_end.is_shut()) {
        let switch = if is_on(&session_end.instance.shutdown) {
            &session_end.instance.shutdown
        } else {
            &session_end.neighbor.shutdown
        };
        if let Some(span) = switch.as_ref().and_then(|switch| switch.span()) {
            shut.entry(span).or_default().push(session_end);
        }
    }
    for (span, session_ends) in shut {
        let name = fabric.name(session_ends[0].node);
        let peers = join_names(session_ends.iter().map(|session_end| {
            session_end
                .peer()
                .map_or_else(|| session_end.neighbor.name.to_string(), |peer| fabric.name(peer).to_owned())
        }));
        out.report(format!("{name} keeps its BGP sessions with {peers} down: they are shut"))
            .about(format!("{name} shutdown {peers}"))
            .at(span, "shut here")
            .help("remove the line when the maintenance is over")
            .done();
    }
}
