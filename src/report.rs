//! Findings to bytes. One file for each format; no other module knows how a finding looks. [`page`] writes down a rule,
//! [`statistics`] what reading came to, [`effective`] what FRR keeps of a node's
//! configuration, [`tables`] what is predicted, [`budgets`] whether tunnels fit,
//! [`resilience`] what one failure takes of it, [`ping`] how a packet fares, [`why`] how one
//! node comes to know of another, [`diff`] how a node's generated files differ from what they should be.

use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use statistics::Statistics;
use std::io;

pub mod budgets;
pub mod concise;
pub mod diff;
pub mod effective;
pub mod human;
pub mod json;
mod layout;
pub mod page;
pub mod ping;
pub mod reach;
pub mod resilience;
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
}

/// Writes a report.
///
/// # Errors
/// When it cannot be written.
pub fn write(
    format: Format,
    outcome: &Outcome,
    sources: &Sources,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(outcome, sources, style, out),
        Format::Concise => concise::write(outcome, sources, out),
        Format::Json => json::write(outcome, sources, out),
    }
}

/// Writes how much was understood instead of the findings; in JSON, those numbers stand in the report's summary.
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
        Format::Human | Format::Concise => statistics::write(&statistics, out),
    }
}
