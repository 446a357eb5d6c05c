use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults =
    Faults::of(|fault| matches!(fault.kind, FaultKind::NotYet { .. } | FaultKind::NoLonger { .. }));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let Some(frr) = group.frr() else { return };
    let release = frr.release().map_or("the newest FRR".to_owned(), |release| format!("FRR {release}"));
    let (has, label, help) = match &fault.kind {
        FaultKind::NotYet { since: (major, minor) } => (
            "does not know",
            format!("since FRR {major}.{minor}"),
            format!("upgrade to FRR {major}.{minor}, or remove the line"),
        ),
        FaultKind::NoLonger { until: (major, minor), meant } => (
            "no longer has",
            format!("up to FRR {major}.{minor}, and not in it"),
            meant.as_ref().map_or("remove the line".to_owned(), |meant| format!("write \"{meant}\"")),
        ),
        _ => return,
    };
    let takes = group.takes();
    let draft = out
        .report(format!("{release} {has} \"{}\", on {}: it skips the line{takes}", fault.text, group.nodes()))
        // `frr version` outlives upgrades, and Proxmox writes a constant: what runs, only the user can say.
        .cap_severity(if frr.runs.is_some() { Severity::Error } else { Severity::Info });
    let written = frr.version.as_ref().filter(|_| frr.runs.is_none());
    group
        .mark(draft, &label, "lost with it")
        .at(written.and_then(|version| version.span()), "the version that the file is for")
        .help(format!("{help}; if another FRR runs here, say so with `frr-version` in evpnlint.toml"))
        .done();
}
