//! The JSON report, version 1. Scripts read it, so it changes only with its version number.
//!
//! Lines and columns count from 1, columns in bytes, ends exclusive; `start` and `end` are byte offsets in the file.

use super::{log::tame_json, statistics::Statistics};
use crate::settle::Outcome;
use evpnlint_core::{lang, source::Sources};
use evpnlint_rules as rules;
use evpnlint_rules::finding::{Finding, Label, Severity};
use serde::Serialize;
use std::{collections::BTreeMap, io};

/// The version of the report.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Report<'a> {
    version: u32,
    summary: Summary<'a>,
    /// What is there, or should be, and was not read or not understood.
    not_read: Vec<NotRead<'a>>,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct NotRead<'a> {
    path: &'a str,
    node: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Summary<'a> {
    pub(super) files: usize,
    nodes: usize,
    pub(super) lines: u32,
    unrecognised: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    ignored: usize,
    /// How many members of findings entries of `evpnlint.toml` and comments hide.
    hidden_by_ignores: usize,
    /// How many members of findings the baseline lists.
    hidden_by_baseline: usize,
    /// How many entries of the baseline match nothing.
    stale_in_baseline: usize,
    /// Members of findings that the revision of `--since` has and the files have not.
    #[serde(skip_serializing_if = "Option::is_none")]
    mended: Option<Vec<Mended<'a>>>,
    unlisted: usize,
    closed: bool,
    not_run: Vec<NotRun<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Statistics<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Mended<'a> {
    rule: &'a str,
    about: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NotRun<'a> {
    rule: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Entry<'a> {
    rule: &'a str,
    category: &'a str,
    #[cfg_attr(test, schemars(with = "schema::Severity"))]
    severity: Severity,
    message: &'a str,
    about: &'a str,
    /// Each thing that it is about, by itself; the first is `about`.
    members: Vec<&'a str>,
    place: Place<'a>,
    label: &'a str,
    related: Vec<Related<'a>>,
    help: Option<&'a str>,
    url: String,
    fingerprint: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Related<'a> {
    place: Place<'a>,
    label: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Place<'a> {
    path: &'a str,
    node: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    start: u32,
    end: u32,
}

/// Where a rule's page can be read.
pub fn url(rule: &str) -> String {
    format!("https://github.com/evpnlint/evpnlint/blob/main/rules/{rule}.md")
}

/// Writes the report.
///
/// # Errors
/// When it cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    write_with(outcome, sources, None, out)
}

/// Writes the report, with statistics in its summary where they are wanted.
pub(super) fn write_with(
    outcome: &Outcome,
    sources: &Sources,
    statistics: Option<Statistics>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let report = Report {
        version: VERSION,
        summary: summary(outcome, sources, statistics),
        not_read: not_read(outcome),
        findings: findings(outcome, sources),
    };
    writeln!(out, "{}", tame_json(serde_json::to_string_pretty(&report)?))
}

/// What the run came to.
pub(super) fn summary<'a>(
    outcome: &'a Outcome,
    sources: &'a Sources,
    statistics: Option<Statistics<'a>>,
) -> Summary<'a> {
    Summary {
        files: sources.iter().filter(|(_, file)| file.unread.is_none() && lang::of_file(file).is_some()).count(),
        nodes: outcome.nodes,
        lines: outcome.coverage.values().map(|coverage| coverage.lines).sum(),
        unrecognised: outcome.unrecognised(),
        errors: outcome.count(Severity::Error),
        warnings: outcome.count(Severity::Warning),
        infos: outcome.count(Severity::Info),
        ignored: outcome.ignored,
        hidden_by_ignores: outcome.hidden,
        hidden_by_baseline: outcome.old,
        stale_in_baseline: outcome.stale.len(),
        mended: outcome.mended.as_ref().map(|all| all.iter().map(|(rule, about)| Mended { rule, about }).collect()),
        unlisted: outcome.unlisted,
        closed: outcome.closed,
        not_run: outcome.not_run.iter().map(|(rule, why)| NotRun { rule, why }).collect(),
        statistics,
    }
}

/// What was not read.
pub(super) fn not_read(outcome: &Outcome) -> Vec<NotRead<'_>> {
    outcome.not_read.iter().map(|own| NotRead { path: &own.path, node: &own.node, why: &own.why }).collect()
}

/// All findings.
pub(super) fn findings<'a>(outcome: &'a Outcome, sources: &'a Sources) -> Vec<Entry<'a>> {
    let categories: BTreeMap<&str, &str> =
        rules::ALL.iter().map(|rule| (rule.id, rule.header().category.word())).collect();
    outcome.findings.iter().map(|finding| entry(finding, &categories, sources)).collect()
}

fn entry<'a>(finding: &'a Finding, categories: &BTreeMap<&str, &'static str>, sources: &'a Sources) -> Entry<'a> {
    Entry {
        rule: finding.rule,
        category: categories.get(finding.rule).copied().unwrap_or(""),
        severity: finding.severity,
        message: &finding.message,
        about: finding.about(),
        members: finding.members.iter().map(|member| member.about.as_str()).collect(),
        place: place(&finding.primary, sources),
        label: &finding.primary.text,
        related: finding
            .related
            .iter()
            .map(|label| Related { place: place(label, sources), label: &label.text })
            .collect(),
        help: finding.help.as_deref(),
        url: url(finding.rule),
        fingerprint: finding.fingerprint(),
    }
}

fn place<'a>(label: &Label, sources: &'a Sources) -> Place<'a> {
    let file = &sources[label.span.file];
    let (line, column) = file.line_column(label.span.start);
    let (end_line, end_column) = file.line_column(label.span.end);
    Place {
        path: &file.path,
        node: &file.node,
        line,
        column,
        end_line,
        end_column,
        start: file.on_disk(label.span.start),
        end: file.on_disk(label.span.end),
    }
}

#[cfg(test)]
pub(super) mod schema;
