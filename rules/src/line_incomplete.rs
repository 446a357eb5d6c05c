//! Lines that stop too early.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| *kind == FaultKind::Incomplete) {
        let fault = group.first();
        let draft = out
            .report(format!("\"{}\" on {} is only the beginning of a command, and skipped", fault.text, group.nodes()))
            .about(group.about())
            .cap_severity(group.severity());
        group.mark(draft, "something is missing behind this", "belongs to it, and is lost or lands elsewhere").done();
    }
}
