//! Lines that FRR understands and refuses.

use crate::{
    fabric::{Fabric, faults},
    finding::Out,
    model::FaultKind,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let key = |fault: &crate::model::Fault| match &fault.kind {
        FaultKind::Refused { why } => why.clone(),
        _ => String::new(),
    };
    for group in faults::group_by(fabric, |kind| matches!(kind, FaultKind::Refused { .. }), key) {
        let fault = group.first();
        let FaultKind::Refused { why } = &fault.kind else { continue };
        if fault.language != "frr" {
            continue;
        }
        let nodes = group.nodes();
        let what = match group.faults.len() {
            1 => format!("\"{}\"", fault.text),
            _ => format!("\"{}\" and the like", fault.text),
        };
        let draft = out.report(format!("FRR refuses {what} on {nodes}: {why}")).about(group.about());
        group.mark(draft, "refused", "belongs to it, and is lost or lands elsewhere").done();
    }
}
