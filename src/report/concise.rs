//! `path:line:column: severity[rule] message`, and below it, indented, every other place.

use super::log::tame;
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use evpnlint_rules::finding::Label;
use std::io;

/// Writes all findings.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let place = |label: &Label| {
        let file = &sources[label.span.file];
        let (line, column) = file.line_column(label.span.start);
        format!("{}:{line}:{column}", file.path)
    };
    for finding in &outcome.findings {
        let (severity, rule) = (finding.severity, finding.rule);
        let line = format!("{}: {severity}[{rule}] {}", place(&finding.primary), finding.message);
        writeln!(out, "{}", tame(&line))?;
        for label in &finding.related {
            let colon = if label.text.is_empty() { "" } else { ": " };
            writeln!(out, "{}", tame(&format!("  {}{colon}{}", place(label), label.text)))?;
        }
    }
    Ok(())
}
