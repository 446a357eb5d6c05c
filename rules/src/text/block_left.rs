use crate::{
    faults::{Faults, Group},
    finding::{Out, Severity},
};
use evpnlint_core::model::{Block, Fault, FaultKind};

pub(super) const FAULTS: Faults = Faults::of(|fault| matches!(fault.kind, FaultKind::LeftBlock { .. }));

pub(super) fn check(group: &Group, out: &mut Out) {
    let fault = group.first();
    let FaultKind::LeftBlock { written_in, understood_in, since } = &fault.kind else { return };
    let count = fault.lost_text.iter().filter(|text| !text.starts_with("exit")).count();
    let lost = match count {
        0 => String::new(),
        1 => format!(", and \"{}\" is lost", fault.lost_text[0]),
        _ => format!(", and {count} lines behind it are lost, from \"{}\" on", fault.lost_text[0]),
    };
    let draft = out
        .report(format!(
            "\"{}\" ends {written_in} on {}: FRR has it in {understood_in} only{lost}",
            fault.text,
            group.nodes(),
        ))
        .cap_severity(severity(group));
    let draft = group.mark(
        draft,
        &format!("understood in {understood_in}"),
        &format!("no longer in {written_in}: lost, or understood in {understood_in}"),
    );
    let help = match (since, written_in) {
        (Some((major, minor)), _) => {
            format!("FRR has it in {written_in} since {major}.{minor}; until then remove the line")
        }
        (None, Block::Router(protocol)) if fault.text.starts_with("router-id ") => {
            format!("did you mean \"{protocol} {}\"?", fault.text)
        }
        (None, _) => format!("remove the line, or write it above {written_in}"),
    };
    draft.help(help).done();
}

/// Something must be lost; and where the version of FRR is not written, the block may have the command.
fn severity(group: &Group) -> Severity {
    let fault: &Fault = group.first();
    let version = group.frr().and_then(|frr| frr.release());
    match version {
        Some(_) if misses(&fault.text) => Severity::Error,
        Some(_) => group.severity(),
        None => Severity::Warning,
    }
}

/// Whether routes are lost for want of the line itself, where it was written.
fn misses(text: &str) -> bool {
    let attribute = text.split(' ').skip_while(|word| *word != "neighbor").nth(2);
    attribute.is_some_and(|word| ["as-override", "prefix-list", "filter-list", "distribute-list"].contains(&word))
}
