use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
};
use evpnlint_core::{model::FaultKind, source::LanguageId};

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::UnknownCommand { .. }));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::UnknownCommand { block, suggestion, matters, belongs } = &fault.kind else { return };
    if fault.span.start == 0 && fault.text.starts_with('\u{fffd}') {
        // The bytes before the first line are another rule's finding.
        return;
    }
    let is_frr = fault.language == Some(LanguageId::Frr);
    let who = if is_frr { "FRR does not know" } else { "nothing is known of" };
    let takes = group.takes();
    let draft = out
        .report(format!("{who} \"{}\" in {block}, on {}: it skips the line{takes}", fault.text, group.nodes()))
        .cap_severity(severity(group, suggestion.is_some(), *matters));
    let draft = group.mark(draft, "not known here", "belongs to it, and is lost or lands elsewhere");
    if let Some(block) = belongs {
        return draft.help(format!("write the first line of its block above it: {block} knows it")).done();
    }
    match suggestion {
        Some(near) => draft.help(format!("did you mean \"{near}\"?")).done(),
        None if fault.text.contains(" !") || fault.text.contains(" #") => {
            draft.help("FRR has no comments behind a command: give the remark a line of its own").done();
        }
        None => draft.help("remove the line, or move it to the block that knows it").done(),
    }
}

/// A slip in a command that matters, or a line that takes others along, is an error. A line that only ends a block which
/// FRR has left already does nothing. And where the version of FRR is not written, a later one may know the line.
fn severity(group: &Group, meant: bool, matters: bool) -> Severity {
    let fault = group.first();
    let version = group.frr().and_then(|frr| frr.release());
    match (group.loses() || meant && matters, fault.text.starts_with("exit")) {
        (true, _) => Severity::Error,
        (false, true) => Severity::Info,
        (false, false) if meant || version.is_some() || fault.language != Some(LanguageId::Frr) => Severity::Warning,
        (false, false) => Severity::Info,
    }
}
