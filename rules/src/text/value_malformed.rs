use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| wanted(&fault.kind).is_some());

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let Some(wanted) = wanted(&fault.kind) else { return };
    let draft = out.report(format!("\"{}\" on {} is not {wanted}: the line is refused", fault.text, group.nodes()));
    group.mark(draft, &format!("not {wanted}"), "lost with it").done();
}

/// What stands where the fault is must be this.
fn wanted(kind: &FaultKind) -> Option<String> {
    match kind {
        FaultKind::Malformed { wanted } => Some((*wanted).to_owned()),
        FaultKind::OutOfRange { least, most } => Some(format!("a number from {least} to {most}")),
        _ => None,
    }
}
