use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults =
    Faults::of(|fault| matches!(fault.kind, FaultKind::NoCable { .. })).about(|fault| format!("cable {}", fault.text));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::NoCable { why } = fault.kind else { return };
    let draft = out.report(format!("`{}` tells no cable: {why}", fault.text));
    group.mark(draft, "not read", "lost with it").done();
}
