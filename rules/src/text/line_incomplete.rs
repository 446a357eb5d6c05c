use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| fault.kind == FaultKind::Incomplete);

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let draft = out
        .report(format!("\"{}\" on {} is only the beginning of a command, and skipped", fault.text, group.nodes()))
        .cap_severity(group.severity());
    group.mark(draft, "something is missing behind this", "belongs to it, and is lost or lands elsewhere").done();
}
