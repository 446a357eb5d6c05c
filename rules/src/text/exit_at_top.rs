use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| fault.kind == FaultKind::ExitAtTop)
    .by(|fault| fault.node.clone())
    .about(|fault| format!("{} exit", fault.node));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let draft = out.report(format!(
        "{} leaves frr.conf at an \"exit\" outside every block: no line behind it is \
                obeyed",
        fault.node
    ));
    group.mark(draft, "there is no block to leave here", "lost").help("remove this line").done();
}
