use crate::{
    finding::{Out, Severity},
    view::View,
};
use evpnlint_core::{
    model::link::{Dialect, Link, LinkKind},
    words::join_names,
};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let name = view.name();
    let dialect = view.node().interfaces.as_ref().map(|file| file.dialect);
    if dialect != Some(Dialect::Ifupdown2) {
        return;
    }
    let mut bonds: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
    for link in view.links() {
        if let Some(bond) = &link.bond_master
            && device.bond_of(&link.name).is_none()
            && !device.hooks_mention(&link.name)
        {
            bonds.entry(&bond.value).or_default().push(link);
        }
    }
    for (bond, members) in bonds {
        let link = device.link(bond);
        let has_members =
            link.is_some_and(|link| matches!(&link.kind, LinkKind::Bond { slaves } if !slaves.is_empty()));
        let names = join_names(members.iter().map(|link| &link.name));
        let draft = out
            .report(format!(
                "{names} on {name} {} not in {bond}: ifupdown2 takes the members of a \
                        bond from its `bond-slaves` alone{}",
                if members.len() > 1 { "are" } else { "is" },
                if has_members { "" } else { ", and it has none" },
            ))
            .about(format!("{name} bond {bond}"))
            .also(members.iter().map(|link| (link.bond_master.as_ref().and_then(|bond| bond.span()), "without effect")))
            .at(link.map(|link| link.place()), format!("{bond} of {name}"))
            .help(format!(
                "add `bond-slaves {}` to {bond}",
                members.iter().map(|link| link.name.as_str()).collect::<Vec<_>>().join(" ")
            ));
        if has_members { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
    }
}
