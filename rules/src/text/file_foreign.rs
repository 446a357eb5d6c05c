use crate::{
    faults::{Faults, Group},
    finding::{Help, Out, Severity},
};
use evpnlint_core::{
    lang::LINES_IN_VAIN,
    model::{FaultKind, fault::Excess},
};

pub(super) const FAULTS: Faults =
    Faults::of(|fault| matches!(fault.kind, FaultKind::Foreign { .. } | FaultKind::CutShort { .. })).singly().about(
        |fault| match fault.kind {
            FaultKind::Foreign { .. } => format!("{} foreign file {}", fault.node, fault.text),
            FaultKind::CutShort { of: Excess::Sources, .. } => format!("{} sources", fault.node),
            _ => format!("{} rest of file {}", fault.node, fault.text),
        },
    );

pub(super) fn check(group: &Group, out: &mut Out) {
    match group.first().kind {
        FaultKind::Foreign { lines, unknown, unread } => foreign(group, out, lines, unknown, unread),
        FaultKind::CutShort { of: Excess::Lines, count } => rest(group, out, count),
        FaultKind::CutShort { of: Excess::Sources, count } => sources(group, out, count),
        _ => {}
    }
}

fn foreign(group: &Group, out: &mut Out, lines: u32, unknown: u32, unread: u32) {
    let fault = group.first();
    let of = if unread > 0 { format!("the first {lines} lines") } else { format!("the {lines} lines") };
    let draft = out
        .report(format!("{unknown} of {of} of this file of {} are not FRR's: none of it is read", fault.node))
        .at(fault.span, "it begins so")
        .help("give evpnlint the file that FRR reads, or leave this one out");
    // Another vendor's words are partly FRR's too; a file without any is no configuration at all.
    if unknown == lines || unread > 0 { draft.done() } else { draft.cap_severity(Severity::Info).done() }
}

fn rest(group: &Group, out: &mut Out, count: u32) {
    let fault = group.first();
    let are = if count == 1 { "is" } else { "are" };
    out.report(format!(
        "{LINES_IN_VAIN} lines of this file of {} came to nothing, and {count} more, from here on, {are} not read",
        fault.node
    ))
    .at(fault.span, "not read from here on")
    .help("mend what is reported of the lines above; if the file is in another language, leave it out")
    .done();
}

fn sources(group: &Group, out: &mut Out, count: u32) {
    let fault = group.first();
    let (path, are) = if count == 1 { ("path", "is") } else { ("paths", "are") };
    out.report(format!(
        "{count} {path} that `source` lines of {} name {are} not followed: they are too many, or too long",
        fault.node
    ))
    .at(fault.span, "not followed")
    .help(Help::lasting("name the folder once, as in `source /etc/network/interfaces.d/*`"))
    .done();
}
