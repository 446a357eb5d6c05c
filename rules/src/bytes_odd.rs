//! Bytes that are no text.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let key = |fault: &evpnlint_core::model::Fault| format!("{} {:?} {:?}", fault.node, fault.span.file, fault.kind);
    for group in faults::group_by(fabric, |kind| matches!(kind, FaultKind::Bytes(_)), key) {
        let fault = group.first();
        let FaultKind::Bytes(kind) = &fault.kind else { continue };
        let times = match group.faults.len() {
            1 => String::new(),
            count => format!(", {count} times"),
        };
        out.report(format!("a file of {} holds {kind}{times}", fault.node))
            .about(format!("{} {kind}", fault.node))
            .at(fault.span, kind.to_string())
            .help("write the file as plain UTF-8, without a byte order mark")
            .done();
    }
}
