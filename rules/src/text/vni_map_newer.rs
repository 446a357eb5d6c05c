use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::Newer { .. }));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Newer { why } = fault.kind else { return };
    let draft = out.report(format!(
        "ifupdown2 3.0.0 sets up none of the VNIs of \"{}\" on {}: {why}",
        fault.text,
        group.nodes()
    ));
    group
        .mark(draft, why, "lost with it")
        .help("write `VLAN=VNI` or `VLAN-VLAN=VNI-VNI`, each on a line of its own")
        .done();
}
