//! Abbreviations that stand for several commands.

use evpnlint_analysis::{
    fabric::{Fabric, faults, join_names},
    finding::Out,
};
use evpnlint_core::model::FaultKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::Ambiguous { .. })) {
        let fault = group.first();
        let FaultKind::Ambiguous { candidates } = &fault.kind else { continue };
        let all = join_names(candidates.iter().map(|candidate| format!("\"{candidate}\"")));
        let draft = out
            .report(format!("\"{}\" on {} could be {all}: FRR takes none of them", fault.text, group.nodes()))
            .about(group.about());
        group
            .mark(draft, "stands for several commands", "belongs to it, and is lost or lands elsewhere")
            .help("write the keywords in full")
            .done();
    }
}
