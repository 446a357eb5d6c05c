use crate::{
    finding::{Member, Out},
    view::View,
};
use evpnlint_analysis::fabric::sessions::SessionEnd;
use evpnlint_core::{model::is_on, source::Span, words::join_names};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let mut shut: BTreeMap<Span, Vec<&SessionEnd>> = BTreeMap::new();
    for session_end in view.session_ends().iter().filter(|session_end| session_end.is_shut()) {
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
        let name = view.name();
        out.group(
            &session_ends,
            |end| Member::new(name, format_args!("shutdown {}", view.peer_name(end)), span),
            |session_ends, out| {
                let peers = join_names(session_ends.iter().map(|session_end| view.peer_name(session_end)));
                out.report(format!("{name} keeps its BGP sessions with {peers} down: they are shut"))
                    .at(span, "shut here")
                    .help("remove the line when the maintenance is over")
                    .done();
            },
        );
    }
}
