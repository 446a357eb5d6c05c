//! Lines that FRR drops, or takes for something else, without an error.

use crate::{
    fabric::{Fabric, faults},
    finding::Out,
    model::FaultKind,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::Dropped { .. })) {
        let fault = group.first();
        let FaultKind::Dropped { why } = &fault.kind else { continue };
        if fault.language != "frr" {
            continue;
        }
        let draft = out
            .report(format!("\"{}\" on {} does nothing of what it says: {why}", fault.text, group.nodes()))
            .about(group.about());
        group.mark(draft, "dropped", "lands elsewhere, or is lost").done();
    }
}
