//! Findings to bytes. One file for each format; no other module knows how a finding looks. [`page`] writes down a rule,
//! [`statistics`] what reading came to, [`effective`] what FRR keeps of a node's
//! configuration, [`tables`] what is predicted, [`budgets`] whether tunnels fit,
//! [`resilience`] what one failure takes of it, [`ping`] how a packet fares, [`why`] how one
//! node comes to know of another, [`diff`] how a node's generated files differ from what they should be,
//! [`compare`] what works in one tree and not in another.

use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use statistics::Statistics;
use std::{fmt, io};

pub mod budgets;
pub mod compare;
pub mod concise;
pub mod diff;
pub mod effective;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod jsonl;
pub mod junit;
mod layout;
pub(crate) mod log;
mod order;
pub mod page;
pub mod ping;
pub mod prometheus;
pub mod rdjson;
pub mod reach;
mod region;
pub mod resilience;
pub mod sarif;
pub mod statistics;
pub mod tables;
mod tenants;
pub mod why;

/// A format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One picture a finding, with a snippet of every file involved.
    #[default]
    Human,
    /// One line a place; stable, for grep and for tests.
    Concise,
    /// The JSON report, version 1.
    Json,
    /// The same as JSON lines: one object a finding, and the summary last.
    Jsonl,
    /// Annotations of a pull request, from a workflow of GitHub.
    Github,
    /// SARIF 2.1.0, for GitHub's code scanning and others.
    Sarif,
    /// Code Quality, for a merge request of GitLab.
    Gitlab,
    /// JUnit's XML, a suite for each node.
    Junit,
    /// Reviewdog's diagnostic format.
    Rdjson,
    /// Metrics for Prometheus.
    Prometheus,
}

/// What a report leaves out, because its readers would refuse a longer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Findings, the least severe ones.
    pub findings: usize,
    /// Places of findings that are told.
    pub places: usize,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} findings and {} places are left out: those who read this refuse more", self.findings, self.places)
    }
}

/// How a terminal wants it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether to colour.
    pub colour: bool,
    /// Whether the code of a finding may be a link (OSC 8).
    pub links: bool,
    /// How wide lines may be, in columns.
    pub width: Option<usize>,
    /// How many findings of one rule and severity are drawn, at most; `None` for all.
    pub most: Option<usize>,
}

/// Writes a report, and says what it leaves out.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    format: Format,
    outcome: &Outcome,
    sources: &Sources,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<Cut> {
    match format {
        Format::Human => human::write(outcome, sources, style, out),
        Format::Concise => concise::write(outcome, sources, out),
        Format::Json => json::write(outcome, sources, out),
        Format::Jsonl => jsonl::write(outcome, sources, out),
        Format::Github => github::write(outcome, sources, out),
        Format::Sarif => return sarif::write(outcome, sources, out),
        Format::Gitlab => gitlab::write(outcome, sources, out),
        Format::Junit => junit::write(outcome, sources, out),
        Format::Rdjson => rdjson::write(outcome, sources, out),
        Format::Prometheus => prometheus::write(outcome, sources, out),
    }?;
    Ok(Cut::default())
}

/// Whether [`write_statistics`] writes that format.
pub const fn has_statistics(format: Format) -> bool {
    matches!(format, Format::Human | Format::Concise | Format::Json)
}

/// Writes how much was understood instead of the findings: in JSON, those numbers stand in the report's summary; else they
/// are a table.
///
/// # Errors
/// When they cannot be written.
pub fn write_statistics(
    format: Format,
    outcome: &Outcome,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let statistics = Statistics::of(outcome, sources);
    match format {
        Format::Json => json::write_with(outcome, sources, Some(statistics), out),
        _ => statistics::write(&statistics, out),
    }
}
