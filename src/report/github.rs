//! Annotations of GitHub: workflow commands, which the runner takes out of a job's log
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, so the worst come first.

use super::{json::url, order, region::Region};
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use evpnlint_rules::finding::Severity;
use std::io;

/// Places beside the primary one that are told in a message.
const MOST_RELATED: usize = 5;

/// Writes all findings.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in order::worst_first(&outcome.findings) {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let region = Region::of(finding.primary.span, sources);
        let mut place = format!("file={},line={},endLine={}", property(region.path()), region.line, region.end_line);
        // Columns of different lines are refused.
        if region.is_on_one_line() {
            let (column, end) = region.utf16();
            place.push_str(&format!(",col={column},endColumn={end}"));
        }
        let mut message = finding.message.clone();
        for label in finding.related.iter().take(MOST_RELATED) {
            let region = Region::of(label.span, sources);
            let colon = if label.text.is_empty() { "" } else { ": " };
            message.push_str(&format!("\n{}:{}{colon}{}", region.path(), region.line, label.text));
        }
        if let Some(more) = finding.related.len().checked_sub(MOST_RELATED).filter(|more| *more > 0) {
            message.push_str(&format!("\nand {more} more"));
        }
        if let Some(help) = &finding.help {
            message.push_str(&format!("\nhelp: {help}"));
        }
        message.push_str(&format!("\n{}", url(finding.rule)));
        writeln!(out, "::{command} {place},title={}::{}", property(finding.rule), data(&message))?;
    }
    Ok(())
}

/// Text behind `::` (`escapeData` of actions/toolkit).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property (`escapeProperty` there).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
