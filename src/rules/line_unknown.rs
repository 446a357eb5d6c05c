//! Lines that no mode knows.

use crate::{
    fabric::{Fabric, faults},
    finding::{Out, Severity},
    model::FaultKind,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for group in faults::groups(fabric, |kind| matches!(kind, FaultKind::UnknownCommand { .. })) {
        let fault = group.first();
        let FaultKind::UnknownCommand { mode, suggestion } = &fault.kind else { continue };
        let is_frr = fault.language == "frr";
        let who = if is_frr { "FRR does not know" } else { "nothing is known of" };
        let count = group.lost().count();
        let takes = match count {
            0 => String::new(),
            1 => ", and misreads the line behind it".to_owned(),
            _ => format!(", and misreads the {count} lines behind it"),
        };
        let draft = out
            .report(format!("{who} \"{}\" in {mode}, on {}: it skips the line{takes}", fault.text, group.nodes()))
            .about(group.about())
            .at_most(if suggestion.is_some() { Severity::Error } else { group.severity() });
        let draft = group.mark(draft, "not known here", "belongs to it, and is lost or lands elsewhere");
        match suggestion {
            Some(near) => draft.help(format!("did you mean \"{near}\"?")).done(),
            None if fault.text.contains(" !") || fault.text.contains(" #") => {
                draft.help("FRR has no comments behind a command: give the remark a line of its own").done();
            }
            None => draft.help("remove the line, or move it to the block that knows it").done(),
        }
    }
}
