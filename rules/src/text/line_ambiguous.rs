use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{model::FaultKind, words::join_names};

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::Ambiguous { .. }));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Ambiguous { candidates } = &fault.kind else { return };
    let all = join_names(candidates.iter().map(|candidate| format!("\"{candidate}\"")));
    let draft = out.report(format!("\"{}\" on {} could be {all}: FRR takes none of them", fault.text, group.nodes()));
    group
        .mark(draft, "stands for several commands", "belongs to it, and is lost or lands elsewhere")
        .help("write the keywords in full")
        .done();
}
