//! `evpnlint rules`.

use super::output;
use crate::report;
use clap::ValueEnum;
use evpnlint_core::source;
use evpnlint_rules::{self as rules, Rule, header::Header};
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// Two lines a rule, of 80 columns at most.
    #[default]
    Table,
    /// Everything, with the whole page.
    Json,
}

/// How wide the table is, at most: that of a terminal that nobody has widened.
const WIDTH: usize = 80;

/// Lists all rules.
pub(super) fn list(format: Format) -> ExitCode {
    let written = match format {
        Format::Table => output(|out| {
            let width = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            let title = textwrap::Options::new(WIDTH).initial_indent("    ").subsequent_indent("    ");
            for rule in rules::ALL {
                let Header { severity, category, needs, title: words, .. } = rule.header();
                let line =
                    format!("{:width$}  {:7}  {:11}  {}", rule.id, severity.word(), category.word(), needs.word());
                writeln!(out, "{}", line.trim_end())?;
                for line in textwrap::wrap(words, &title) {
                    writeln!(out, "{line}")?;
                }
            }
            Ok(())
        }),
        Format::Json => output(|out| {
            let entry = |rule: &&Rule| {
                let Header { severity, category, needs, evidence, since, title } = rule.header();
                serde_json::json!({
                    "id": rule.id, "severity": severity, "category": category, "needs": needs,
                    "evidence": evidence, "since": since, "title": title,
                    "page": source::printable(rule.page.body().as_bytes()).0,
                    "url": report::json::url(rule.id),
                })
            };
            let all: Vec<_> = rules::ALL.iter().map(entry).collect();
            serde_json::to_writer_pretty(&mut *out, &all)?;
            writeln!(out)
        }),
    };
    written.err().unwrap_or(ExitCode::SUCCESS)
}
