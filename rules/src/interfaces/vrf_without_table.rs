use crate::{
    finding::{Out, Severity},
    view::View,
};
use evpnlint_core::{
    model::{
        Fault, FaultKind,
        link::{Dialect, Link, LinkKind},
    },
    near::near,
    words::join_names,
};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let (name, links) = (view.name(), &view.node().links);
    let Some(file) = &view.node().interfaces else { return };
    let is_unsure =
        |fault: &&Fault| matches!(&fault.kind, FaultKind::MissingFile { .. } | FaultKind::UnknownProperty { .. });
    // A VRF may be in a file that was not given, or be meant by a misspelt line: then that is the fault.
    if file.template.is_some() || file.dialect != Dialect::Ifupdown2 || view.faults().iter().any(is_unsure) {
        return;
    }
    let made: Vec<&str> = links
        .values()
        .filter(|link| matches!(link.kind, LinkKind::Vrf { .. }))
        .map(|link| link.name.as_str())
        .collect();
    let mut lost: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
    for link in links.values().filter(|link| link.is_described()) {
        // The management VRF is a package's to make.
        if let Some(vrf) = link.vrf.as_ref().filter(|vrf| !made.contains(&vrf.value.as_str()) && vrf.value != "mgmt") {
            lost.entry(&vrf.value).or_default().push(link);
        }
    }
    for (vrf, members) in lost.into_iter().filter(|(vrf, _)| !device.hooks_mention(vrf)) {
        let meant = near(vrf, made.iter().copied());
        let names = join_names(members.iter().map(|link| &link.name));
        let draft = out
            .report(format!(
                "{names} on {name} {} meant for VRF {vrf}, which no stanza makes: {} in the default VRF",
                if members.len() > 1 { "are" } else { "is" },
                if members.len() > 1 { "they stay" } else { "it stays" },
            ))
            .about(format!("{name} vrf {vrf}"))
            .also(members.iter().map(|link| {
                (link.vrf.as_ref().and_then(|vrf| vrf.span()), format!("{} is meant for {vrf}", link.name))
            }))
            .at(
                device.link(vrf).filter(|link| link.is_described()).map(|link| link.place()),
                "no vrf-table: this is no VRF",
            );
        match meant {
            Some(meant) => draft.help(format!("write `vrf {meant}`")).done(),
            None => draft
                .cap_severity(Severity::Info)
                .help(format!("describe {vrf}: `iface {vrf}` with `vrf-table auto`"))
                .done(),
        }
    }
}
