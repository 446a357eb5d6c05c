use crate::{finding::Out, shared::shared, view::View};
use evpnlint_core::{model::link::LinkKind, words::join_names};

pub(super) fn check(view: View, out: &mut Out) {
    let users = view.links().filter_map(|link| match &link.kind {
        LinkKind::Vrf { table: Some(table) } => Some((table.value, (link.name.as_str(), table))),
        _ => None,
    });
    for (table, users) in shared(users) {
        let ((first, place), later) = (users[0], &users[1..]);
        let (name, lost) = (view.name(), join_names(later.iter().map(|(vrf, _)| vrf)));
        out.report(format!(
            "{lost} on {name} asks for table {table}, which {first} has: ifupdown2 does not make it, and its \
                 interfaces stay outside any VRF"
        ))
        .about(format!("{name} table {table}"))
        .also(later.iter().map(|(vrf, table)| (table.span(), format!("{vrf} is not made"))))
        .at(place.span(), format!("{first} has it"))
        .help(format!("write `vrf-table auto` for {lost}, or a number of its own"))
        .done();
    }
}
