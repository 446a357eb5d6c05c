use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
    shown,
};
use evpnlint_core::{
    model::{Fault, FaultKind},
    source::Unread,
};

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::NotRead { .. }))
    .by(|fault| format!("{:?}", reason(fault)))
    .about(|fault| match &fault.kind {
        FaultKind::NotRead { path, why: Unread::Partly { .. }, .. } => format!("{} not understood {path}", fault.node),
        FaultKind::NotRead { path, .. } => format!("{} not read {path}", fault.node),
        _ => fault.node.clone(),
    });

/// Why it was not read, and whether configuration of the fabric is there.
fn reason(fault: &Fault) -> Option<(Unread, bool)> {
    match fault.kind {
        FaultKind::NotRead { why, matters, .. } => Some((why, matters)),
        _ => None,
    }
}

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::NotRead { path, why, matters } = &fault.kind else { return };
    if let Unread::Partly { .. } = why {
        // The line with which the others went is another rule's finding.
        if group.loses_in_file() {
            return;
        }
        let draft = out.report(format!("{path} is not what it should be: {why}"));
        let draft = draft.at(fault.span, "the first of them");
        let others = group.faults.iter().skip(1).take(shown::PLACES).map(|fault| (fault.span, "the first of them"));
        return draft.also(others).help(why.remedy()).done();
    }
    if *why == Unread::Absent && group.is_served_without_frr() {
        return;
    }
    let message = match group.faults.len() {
        1 => format!("{path} is not read: {why}"),
        count => format!("{path} and {} more are not read: {why}", count - 1),
    };
    let label = if *why == Unread::Absent { "needs it" } else { "not read" };
    let draft = out
        .report(message)
        .at(fault.span, label)
        .also(group.faults.iter().skip(1).take(shown::PLACES).map(|fault| (fault.span, label)))
        .help(why.remedy());
    if *matters { draft.done() } else { draft.cap_severity(Severity::Info).done() }
}
