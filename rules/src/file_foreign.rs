//! Files that are not in the language that their place says.

use evpnlint_analysis::{
    fabric::Fabric,
    finding::{Out, Severity},
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for fault in &fabric.cluster.faults {
        let FaultKind::Foreign { lines, unknown } = fault.kind else { continue };
        let draft = out
            .report(format!(
                "{unknown} of the {lines} lines of this file of {} are not FRR's: none of it is \
                read",
                fault.node
            ))
            .about(format!("{} foreign file {}", fault.node, fault.span.file.0))
            .at(fault.span, "it begins so")
            .help("give evpnlint the file that FRR reads, or leave this one out");
        // Another vendor's words are partly FRR's too; a file without any is no configuration at all.
        if unknown == lines { draft.done() } else { draft.cap_severity(Severity::Info).done() }
    }
}
