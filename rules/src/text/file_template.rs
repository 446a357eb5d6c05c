use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| fault.kind == FaultKind::Template)
    .by(|fault| format!("{} {:?}", fault.node, fault.span.file))
    .about(|fault| format!("{} template", fault.node));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    out.report(format!("{} has a template where a configuration is expected: its lines are not checked", fault.node))
        .at(fault.span, "an expression that is filled in elsewhere")
        .help("give evpnlint the files as they are on the node")
        .done();
}
