//! Reviewdog's diagnostic format, `rdjson` (<https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>): lines and
//! columns from 1, columns in bytes of UTF-8, ends exclusive.

use super::{json::url, log::tame_json, region::Region};
use crate::settle::Outcome;
use evpnlint_core::source::{Sources, Span};
use evpnlint_rules::finding::{Finding, Severity};
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Report<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    url: String,
}

#[derive(Serialize)]
struct Related<'a> {
    message: String,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

/// Writes all findings.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let report = Report {
        source: Source { name: "evpnlint", url: env!("CARGO_PKG_REPOSITORY") },
        diagnostics: outcome.findings.iter().map(|finding| diagnostic(finding, sources)).collect(),
    };
    writeln!(out, "{}", tame_json(serde_json::to_string_pretty(&report)?))
}

fn diagnostic<'a>(finding: &'a Finding, sources: &'a Sources) -> Diagnostic<'a> {
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {}", literal(help)));
    Diagnostic {
        message: literal(&finding.message) + help.as_deref().unwrap_or_default(),
        location: location(finding.primary.span, sources),
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code { value: finding.rule, url: url(finding.rule) },
        related_locations: finding
            .related
            .iter()
            .map(|label| Related { message: literal(&label.text), location: location(label.span, sources) })
            .collect(),
    }
}

fn location(span: Span, sources: &Sources) -> Location<'_> {
    let region = Region::of(span, sources);
    Location {
        path: region.path(),
        range: Range {
            start: Position { line: region.line, column: region.column },
            end: Position { line: region.end_line, column: region.end_column },
        },
    }
}

/// A text that stays text: reviewdog posts messages as comments, in which a forge sees Markdown, HTML and names of users.
/// One that holds none of their marks is left as it is, and another is put into a code span, in which nothing means anything.
fn literal(text: &str) -> String {
    let marks = ['<', '>', '[', ']', '*', '~', '&', '\\', '@', '#', '!', '|', '$'];
    let is_plain = !text.contains(marks) && !text.contains("://") && !text.contains("www.") && !text.contains("__");
    if is_plain {
        return text.to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A line break ends nothing within a span, but a blank line would.
    format!("{fence} {} {fence}", text.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn text_is_no_markup() {
        assert_eq!(literal("write `remote-as 65000` on leaf_1"), "write `remote-as 65000` on leaf_1");
        assert_eq!(literal("a <b> of ``x` @all"), "``` a <b> of ``x` @all ```");
    }
}
