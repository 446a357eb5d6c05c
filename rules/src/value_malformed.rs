//! Words that are not of their kind.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| wanted(kind).is_some()) {
        let fault = group.first();
        let Some(wanted) = wanted(&fault.kind) else { continue };
        let draft = out
            .report(format!("\"{}\" on {} is not {wanted}: the line is refused", fault.text, group.nodes()))
            .about(group.about());
        group.mark(draft, &format!("not {wanted}"), "lost with it").done();
    }
}

/// What stands where the fault is must be this.
fn wanted(kind: &FaultKind) -> Option<String> {
    match kind {
        FaultKind::Malformed { wanted } => Some((*wanted).to_owned()),
        FaultKind::OutOfRange { least, most } => Some(format!("a number from {least} to {most}")),
        _ => None,
    }
}
