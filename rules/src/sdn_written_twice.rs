use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::Dropped { .. })) {
        let fault = group.first();
        let FaultKind::Dropped { why } = &fault.kind else { continue };
        if fault.language != LanguageId::Sdn {
            continue;
        }
        let draft = out
            .report(format!("\"{}\" on {} has no effect: {why}", fault.text, group.nodes()))
            .about(group.about())
            .help("keep one of them")
            .cap_severity(group.severity());
        group.mark(draft, "without effect", "without effect too").done();
    }
}
