//! What reading came to, in numbers: how much of each language was understood, which lines were not, and how often
//! each rule spoke.

use crate::settle::Outcome;
use evpnlint_core::source::{Sources, Span};
use evpnlint_rules::finding::Severity;
use serde::Serialize;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    io,
};

/// How many kinds of unrecognised lines are shown.
const KINDS: usize = 20;
/// How long a kind of line is shown at most, in characters.
const WIDTH: usize = 100;
/// What stands for a value.
const VALUE: &str = "…";

/// The numbers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Statistics<'a> {
    languages: Vec<Language>,
    unrecognised: Vec<Kind<'a>>,
    rules: Vec<Count<'a>>,
}

/// How much of a language was understood, in lines with content.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Language {
    language: &'static str,
    lines: u32,
    /// Lines that the grammar knows where they stand.
    recognised: u32,
    /// Those of them of which the model deliberately takes nothing.
    unmodelled: u32,
    unrecognised: u32,
}

/// Unrecognised lines that differ in nothing but values.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Kind<'a> {
    language: &'static str,
    /// The line, with [`VALUE`] where they differ.
    text: String,
    count: usize,
    /// How many nodes have such a line.
    nodes: usize,
    /// Where the first one stands.
    path: &'a str,
    line: u32,
}

/// How often a rule spoke.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Count<'a> {
    rule: &'a str,
    #[cfg_attr(test, schemars(with = "super::json::schema::Severity"))]
    severity: Severity,
    count: usize,
}

impl<'a> Statistics<'a> {
    pub(super) fn of(outcome: &'a Outcome, sources: &'a Sources) -> Self {
        let read = outcome.coverage.iter().filter(|(_, coverage)| coverage.lines > 0);
        let languages = read.map(|(language, coverage)| {
            let unrecognised = coverage.unrecognised.len() as u32;
            let recognised = coverage.lines.saturating_sub(unrecognised);
            Language {
                language: language.name(),
                lines: coverage.lines,
                recognised,
                unmodelled: coverage.unmodelled,
                unrecognised,
            }
        });
        let languages = languages.collect();
        let mut kinds: BTreeMap<(&'static str, String), Vec<Span>> = BTreeMap::new();
        for (language, coverage) in &outcome.coverage {
            for span in &coverage.unrecognised {
                kinds.entry((language.name(), kind(sources.text(*span)))).or_default().push(*span);
            }
        }
        let unrecognised = kinds.into_iter().filter_map(|((language, text), spans)| {
            let nodes: BTreeSet<&str> = spans.iter().map(|span| sources[span.file].node.as_str()).collect();
            let first = spans.iter().min()?;
            let file = &sources[first.file];
            let (line, _) = file.line_column(first.start);
            Some(Kind { language, text, count: spans.len(), nodes: nodes.len(), path: &file.path, line })
        });
        let mut unrecognised: Vec<_> = unrecognised.collect();
        unrecognised.sort_by_key(|kind| Reverse(kind.count));
        unrecognised.truncate(KINDS);
        let mut rules: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
        for finding in &outcome.findings {
            *rules.entry((finding.rule, finding.severity)).or_default() += 1;
        }
        let rules = rules.into_iter().map(|((rule, severity), count)| Count { rule, severity, count });
        let mut rules: Vec<_> = rules.collect();
        rules.sort_by_key(|rule| Reverse(rule.count));
        Self { languages, unrecognised, rules }
    }
}

/// A line without what makes it differ from others like it: names and numbers, as far as a word shows that it is one.
fn kind(line: &str) -> String {
    let is_value = |word: &str| word.chars().any(|c| !c.is_ascii_lowercase() && !"-_:=".contains(c));
    let mut text = String::new();
    for (at, word) in line.split_ascii_whitespace().enumerate() {
        let word = if at > 0 && is_value(word) { VALUE } else { word };
        if at > 0 {
            text.push(' ');
        }
        text.push_str(word);
        if text.chars().count() > WIDTH {
            return text.chars().take(WIDTH - 1).chain(VALUE.chars()).collect();
        }
    }
    text
}

/// Writes the numbers as text.
///
/// # Errors
/// When they cannot be written.
pub(super) fn write(statistics: &Statistics, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "{:10}  {:>7}  {:>10}  {:>12}  {:>12}",
        "language", "lines", "recognised", "not modelled", "unrecognised"
    )?;
    for own in &statistics.languages {
        let Language { language, lines, recognised, unmodelled, unrecognised } = own;
        writeln!(out, "{language:10}  {lines:7}  {recognised:10}  {unmodelled:12}  {unrecognised:12}")?;
    }
    if !statistics.unrecognised.is_empty() {
        writeln!(out, "\n{:>7}  {:>7}  unrecognised lines", "count", "nodes")?;
        for Kind { count, nodes, text, path, line, .. } in &statistics.unrecognised {
            writeln!(out, "{count:7}  {nodes:7}  {text}  ({path}:{line})")?;
        }
    }
    if !statistics.rules.is_empty() {
        writeln!(out, "\n{:>7}  findings", "count")?;
        for Count { rule, severity, count } in &statistics.rules {
            writeln!(out, "{count:7}  {severity}[{rule}]")?;
        }
    }
    Ok(())
}
