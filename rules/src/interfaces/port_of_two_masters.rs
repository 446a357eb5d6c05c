use crate::{
    finding::{Member, Out},
    shared::shared,
    shown,
    view::{Nodes, names},
};
use evpnlint_core::{
    model::link::{Link, LinkKind},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let hooks: BTreeSet<Span> = view.links().flat_map(|link| &link.hooks).filter_map(|hook| hook.span()).collect();
        let mut claims = vec![];
        for master in view.links() {
            claims.extend(claimed(&hooks, master).into_iter().map(|(port, span)| (port, (master.name.as_str(), span))));
        }
        shared(claims).map(|(port, masters)| {
            let (names, spans): (Vec<&str>, Vec<Span>) = masters.into_iter().unzip();
            ((port, names), spans)
        })
    });
    for ((port, masters), found) in causes {
        out.group(
            &found,
            |(view, spans)| Member::new(view.name(), format_args!("port {port}"), spans.last().copied()),
            |found, out| {
                let last = masters[masters.len() - 1];
                let places = found.iter().flat_map(|(view, spans)| {
                    let claims = spans.iter().rev().zip(masters.iter().rev());
                    claims.map(|(span, master)| (*span, format!("{master} of {} takes it", view.name())))
                });
                out.report(format!(
                    "{port} on {} is in {}: an interface has one master, and {last}, the last, gets it",
                    names(found),
                    join_names(&masters)
                ))
                .also(places.take(shown::MANY))
                .help(format!("remove {port} from all but one of {}", join_names(&masters)))
                .done();
            },
        );
    }
}

/// The ports that a bridge or bond names itself. What a regular expression covers, or a hook may do, is no claim.
fn claimed<'m>(hooks: &BTreeSet<Span>, master: &'m Link) -> Vec<(&'m str, Span)> {
    let ports = match &master.kind {
        LinkKind::Bridge { ports, open: false, .. } => ports,
        LinkKind::Bond { slaves } => slaves,
        _ => return vec![],
    };
    ports
        .iter()
        .filter_map(|port| Some((port.value.as_str(), port.span()?)))
        .filter(|(_, span)| !hooks.contains(span))
        .collect()
}
