use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::Foreign { .. })).singly();

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Foreign { lines, unknown } = fault.kind else { return };
    let draft = out
        .report(format!(
            "{unknown} of the {lines} lines of this file of {} are not FRR's: none of it is \
                read",
            fault.node
        ))
        .about(format!("{} foreign file {}", fault.node, fault.text))
        .at(fault.span, "it begins so")
        .help("give evpnlint the file that FRR reads, or leave this one out");
    // Another vendor's words are partly FRR's too; a file without any is no configuration at all.
    if unknown == lines { draft.done() } else { draft.cap_severity(Severity::Info).done() }
}
