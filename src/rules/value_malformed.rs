//! Words that are not of their kind.

use crate::{
    fabric::{Fabric, faults},
    finding::Out,
    model::FaultKind,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::Malformed { .. })) {
        let fault = group.first();
        let FaultKind::Malformed { wanted } = &fault.kind else { continue };
        let draft = out
            .report(format!("\"{}\" on {} is not {wanted}: the line is refused", fault.text, group.nodes()))
            .about(group.about());
        group.mark(draft, &format!("not {wanted}"), "lost with it").done();
    }
}
