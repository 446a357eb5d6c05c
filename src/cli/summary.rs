//! The summary on standard error: what holds, what may mislead, and last, next to the prompt, all of it in numbers.

use super::adopt;
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use evpnlint_rules::finding::Severity;
use std::io::{self, Write};

/// Writes it.
pub(super) fn write(sources: &Sources, outcome: &Outcome, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    adopt::summary(outcome, verbose, out)?;
    if outcome.unlisted > 0 {
        writeln!(
            out,
            "{} are not listed, none of them more severe than the others",
            count(outcome.unlisted, "more finding")
        )?;
    }
    let unrecognised = outcome.unrecognised();
    if unrecognised > 0 {
        let lines = outcome.coverage.values().map(|coverage| coverage.lines as usize).sum();
        writeln!(out, "{unrecognised} of {} not recognised", count(lines, "line"))?;
    }
    if !outcome.not_run.is_empty() {
        let rules = count(outcome.not_run.len(), "rule");
        writeln!(out, "{rules} did not run for want of every node{}", if verbose { ":" } else { " (-v lists them)" })?;
    }
    if verbose {
        for (rule, why) in &outcome.not_run {
            writeln!(out, "  {rule}: {why}")?;
        }
    }
    writeln!(out, "{}", standing(outcome))?;
    writeln!(out, "{}", last(sources, outcome))
}

/// Whether rules may argue from what is missing, and what is missing.
fn standing(outcome: &Outcome) -> String {
    let is = |number: usize, one: &str, several: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {several}")),
    };
    let missing: Vec<String> = [
        is(outcome.not_read.len(), "file or folder is not read", "files and folders are not read"),
        is(outcome.absent_members, "member of a cluster is not here", "members of clusters are not here"),
        is(outcome.unmatched_peers, "peer leads to no node that was read", "peers lead to no node that was read"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match (outcome.closed, missing.join("; ")) {
        (true, none) if none.is_empty() => "closed: every peer is here".to_owned(),
        (true, missing) => format!("closed all the same: {missing}"),
        (false, none) if none.is_empty() => "open: no rule argues from what is missing".to_owned(),
        (false, missing) => format!("open: {missing}; no rule argues from what is missing"),
    }
}

/// What was read and found, and, where there is any, what was not read, not judged and not told.
fn last(sources: &Sources, outcome: &Outcome) -> String {
    let found = |severity| count(outcome.count(severity), &severity.to_string());
    let guests = Some(outcome.guests).filter(|guests| *guests > 0);
    let mut line = format!(
        "{} of {}{}: {}, {}, {}",
        count(sources.iter().filter(|(_, file)| file.unread.is_none()).count(), "file"),
        count(outcome.nodes, "node"),
        guests.map_or(String::new(), |guests| format!(" and {}", count(guests, "guest"))),
        found(Severity::Error),
        found(Severity::Warning),
        found(Severity::Info)
    );
    let some = |number: usize, words: String| Some(words).filter(|_| number > 0);
    let judged = [(outcome.not_run.len(), "rule"), (outcome.unrecognised(), "line")];
    let judged = judged.into_iter().filter_map(|(number, one)| some(number, count(number, one)));
    let judged: Vec<String> = judged.collect();
    let rest = [
        some(outcome.not_read.len(), format!("not read: {}", outcome.not_read.len())),
        some(judged.len(), format!("not judged: {}", judged.join(" and "))),
        some(outcome.hidden, format!("ignored: {}", outcome.hidden)),
        some(
            outcome.old,
            format!("{}: {}", if outcome.mended.is_some() { "old" } else { "in the baseline" }, outcome.old),
        ),
        some(outcome.ignored, format!("not selected: {}", outcome.ignored)),
    ];
    for part in rest.into_iter().flatten() {
        line.push_str("; ");
        line.push_str(&part);
    }
    line
}

fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}
