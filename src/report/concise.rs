//! `path:line:column: severity[rule] message`, and below it, indented, every other place.

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
        writeln!(out, "{}: {severity}[{rule}] {}", place(&finding.primary), finding.message)?;
        for label in &finding.related {
            let colon = if label.text.is_empty() { "" } else { ": " };
            writeln!(out, "  {}{colon}{}", place(label), label.text)?;
        }
    }
    Ok(())
}
