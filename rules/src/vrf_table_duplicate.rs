use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::link::LinkKind;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for device in &fabric.devices {
        let mut users: BTreeMap<u32, Vec<_>> = BTreeMap::new();
        for link in device.node.links.values() {
            if let LinkKind::Vrf { table: Some(table) } = &link.kind {
                users.entry(table.value).or_default().push((link.name.as_str(), table));
            }
        }
        for (table, users) in users.into_iter().filter(|(_, users)| users.len() > 1) {
            let ((first, place), later) = (users[0], &users[1..]);
            let (name, lost) =
                (&device.node.name, evpnlint_analysis::fabric::join_names(later.iter().map(|(vrf, _)| vrf)));
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
}
