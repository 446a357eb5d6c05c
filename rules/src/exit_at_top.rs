//! `exit` outside every block.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::group_by(fabric, |kind| *kind == FaultKind::ExitAtTop, |fault| fault.node.clone()) {
        let fault = group.first();
        let draft = out
            .report(format!(
                "{} leaves frr.conf at an \"exit\" outside every block: no line behind it is \
                obeyed",
                fault.node
            ))
            .about(format!("{} exit", fault.node));
        group.mark(draft, "there is no block to leave here", "lost").help("remove this line").done();
    }
}
