//! Lines that FRR understands and refuses.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::{
    model::{Fault, FaultKind, Refusal},
    source::LanguageId,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // Neighbours that do not exist are one oversight however many there are; else the reason tells what is one fault.
    let key = |fault: &Fault| match &fault.kind {
        FaultKind::Refused(Refusal::NeighborMissing(_)) => format!("{} neighbour", fault.node),
        FaultKind::Refused(why) => why.to_string(),
        _ => String::new(),
    };
    for group in faults::group_by(fabric, |kind| matches!(kind, FaultKind::Refused(_)), key) {
        let fault = group.first();
        let FaultKind::Refused(why) = &fault.kind else { continue };
        if fault.language != LanguageId::Frr {
            continue;
        }
        let nodes = group.nodes();
        let what = match group.faults.len() {
            1 => format!("\"{}\"", fault.text),
            2 => format!("\"{}\" and another line", fault.text),
            count => format!("\"{}\" and {} other lines", fault.text, count - 1),
        };
        let draft = out.report(format!("FRR refuses {what} on {nodes}: {why}")).about(group.about());
        group.mark(draft, "refused", "belongs to it, and is lost or lands elsewhere").done();
    }
}
