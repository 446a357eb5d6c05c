//! Maps of VLANs to VNIs that the common ifupdown2 does not take.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::Newer { .. })) {
        let fault = group.first();
        let FaultKind::Newer { why } = fault.kind else { continue };
        let draft = out
            .report(format!(
                "ifupdown2 3.0.0 sets up none of the VNIs of \"{}\" on {}: {why}",
                fault.text,
                group.nodes()
            ))
            .about(group.about());
        group
            .mark(draft, why, "lost with it")
            .help("write `VLAN=VNI` or `VLAN-VLAN=VNI-VNI`, each on a line of its own")
            .done();
    }
}
