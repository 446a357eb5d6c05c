use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) const FAULTS: Faults =
    Faults::of(|fault| fault.language == Some(LanguageId::Sdn) && matches!(fault.kind, FaultKind::Dropped(_)));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Dropped(why) = &fault.kind else { return };
    let draft = out
        .report(format!("\"{}\" on {} has no effect: {why}", fault.text, group.nodes()))
        .help("keep one of them")
        .cap_severity(group.severity());
    group.mark(draft, "without effect", "without effect too").done();
}
