//! Templates that nobody has filled in.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let key = |fault: &evpnlint_core::model::Fault| format!("{} {:?}", fault.node, fault.span.file);
    for group in faults::group_by(fabric, |kind| *kind == FaultKind::Template, key) {
        let fault = group.first();
        out.report(format!(
            "{} has a template where a configuration is expected: its lines are not checked",
            fault.node
        ))
        .about(format!("{} template", fault.node))
        .at(fault.span, "an expression that is filled in elsewhere")
        .help("give evpnlint the files as they are on the node")
        .done();
    }
}
