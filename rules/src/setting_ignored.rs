//! Lines that ifupdown2 or Proxmox reads over.

use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::{Out, Severity},
};
use evpnlint_core::{
    model::{Fault, FaultKind},
    source::LanguageId,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let why = |fault: &Fault| match &fault.kind {
        FaultKind::Dropped { why } | FaultKind::MissingFile { why } => why.clone(),
        _ => String::new(),
    };
    let wanted = |kind: &FaultKind| matches!(kind, FaultKind::Dropped { .. } | FaultKind::MissingFile { .. });
    for group in faults::group_by(fabric, wanted, |fault| format!("{} {}", fault.language, why(fault))) {
        let fault = group.first();
        // FRR's dropped lines have a rule of their own; so have Proxmox's sections.
        if fault.language != LanguageId::Interfaces {
            continue;
        }
        let draft = out
            .report(format!("\"{}\" has no effect on {}: {}", fault.text, group.nodes(), why(fault)))
            .about(group.about())
            .cap_severity(if matches!(fault.kind, FaultKind::MissingFile { .. }) {
                Severity::Warning
            } else {
                Severity::Info
            });
        group.mark(draft, "without effect", "lost with it").done();
    }
}
