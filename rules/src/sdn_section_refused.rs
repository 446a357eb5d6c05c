use evpnlint_analysis::{
    fabric::{Fabric, faults},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::Refused(_))) {
        let fault = group.first();
        let FaultKind::Refused(why) = &fault.kind else { continue };
        if fault.language != LanguageId::Sdn {
            continue;
        }
        let what = if fault.text.is_empty() { "the file".to_owned() } else { format!("\"{}\"", fault.text) };
        let draft = out.report(format!("{what} on {} is not read: {why}", group.nodes())).about(group.about());
        group.mark(draft, "refused", "lost with it").done();
    }
}
