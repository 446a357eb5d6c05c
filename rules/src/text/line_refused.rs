use crate::{
    faults::{Faults, Group},
    finding::Out,
};
use evpnlint_core::{
    model::{Fault, FaultKind, Refusal},
    source::LanguageId,
};

pub(super) const FAULTS: Faults =
    Faults::of(|fault| fault.language == Some(LanguageId::Frr) && matches!(fault.kind, FaultKind::Refused(_)))
        .by(cause);

/// Neighbours that do not exist are one oversight however many there are; else the reason tells what is one fault.
fn cause(fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::Refused(Refusal::NeighborMissing(_)) => format!("{} neighbour", fault.node),
        FaultKind::Refused(why) => why.to_string(),
        _ => String::new(),
    }
}

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::Refused(why) = &fault.kind else { return };
    let nodes = group.nodes();
    let what = match group.faults.len() {
        1 => format!("\"{}\"", fault.text),
        2 => format!("\"{}\" and another line", fault.text),
        count => format!("\"{}\" and {} other lines", fault.text, count - 1),
    };
    let draft = out.report(format!("FRR refuses {what} on {nodes}: {why}"));
    group.mark(draft, "refused", "belongs to it, and is lost or lands elsewhere").done();
}
