use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
};
use evpnlint_core::{
    model::{Fault, FaultKind},
    source::LanguageId,
};

pub(super) const FAULTS: Faults =
    Faults::of(|fault| fault.language == Some(LanguageId::Interfaces) && reason(fault).is_some())
        .by(|fault| reason(fault).unwrap_or_default());

/// Why the line does nothing.
fn reason(fault: &Fault) -> Option<String> {
    match &fault.kind {
        FaultKind::Dropped(why) => Some(why.to_string()),
        FaultKind::MissingFile { why } => Some(why.clone()),
        _ => None,
    }
}

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let Some(reason) = reason(fault) else { return };
    let draft = out.report(format!("\"{}\" has no effect on {}: {reason}", fault.text, group.nodes())).cap_severity(
        if matches!(fault.kind, FaultKind::MissingFile { .. }) { Severity::Warning } else { Severity::Info },
    );
    group.mark(draft, "without effect", "lost with it").done();
}
