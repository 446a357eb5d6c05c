use crate::{finding::Out, view::View};
use evpnlint_core::words::join_names;

pub(super) fn check(view: View, out: &mut Out) {
    let name = view.name();
    for (id, ports) in view.mlag().iter().flat_map(|mlag| &mlag.bonds).filter(|(_, ports)| ports.len() > 1) {
        out.report(format!(
            "{} of {name} have one clag-id, {id}",
            join_names(ports.iter().map(|port| &port.link.name))
        ))
        .about(format!("{name} clag-id {id}"))
        .also(ports.iter().map(|port| (port.span, port.link.name.clone())))
        .help("give each bond an id of its own, the same on both nodes of the pair")
        .done();
    }
}
