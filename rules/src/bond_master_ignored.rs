//! `bond-master` on a member, and nothing on the bond.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::{Out, Severity},
};
use evpnlint_core::model::link::{Dialect, Link, LinkKind};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for device in &fabric.devices {
        let name = &device.node.name;
        let dialect = device.node.interfaces.as_ref().map(|file| file.dialect);
        if dialect != Some(Dialect::Ifupdown2) {
            continue;
        }
        let mut bonds: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
        for link in device.node.links.values() {
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
                .also(
                    members
                        .iter()
                        .map(|link| (link.bond_master.as_ref().and_then(|bond| bond.span()), "without effect")),
                )
                .at(link.map(|link| link.place()), format!("{bond} of {name}"))
                .help(format!(
                    "add `bond-slaves {}` to {bond}",
                    members.iter().map(|link| link.name.as_str()).collect::<Vec<_>>().join(" ")
                ));
            if has_members { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
        }
    }
}
