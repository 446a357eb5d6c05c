//! A walk from what one node tells to what another makes of it, one line a step.

use super::Style;
use evpnlint_analysis::predict::why::{Step, Walk};
use evpnlint_core::source::{Sources, Span};
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    arrives: bool,
    steps: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    ok: bool,
    what: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Label<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Label<'a> {
    label: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

/// Writes the steps in lines: the outcome, what happens, and where that is decided.
///
/// # Errors
/// When it cannot be written.
pub fn text(walk: &Walk, style: Style, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let paint = |text: &str, code: &str| match style.colour {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    for step in &walk.steps {
        let at = step.place.map(|span| place(span, sources));
        let at = at.map_or_else(String::new, |at| format!("  [{}:{}]", at.path, at.line));
        let mark = if step.cause.is_none() { paint("ok  ", "32") } else { paint("FAIL", "31") };
        writeln!(out, "{mark}  {}{at}", step.what)?;
        for Label { label, place } in also(step, sources) {
            writeln!(out, "      {}:{}: {label}", place.path, place.line)?;
        }
        if let Some(cause) = &step.cause {
            writeln!(out, "      help: {}", cause.remedy)?;
            if let Some(rule) = cause.rule {
                writeln!(out, "      see: evpnlint explain {rule}")?;
            }
        }
    }
    Ok(())
}

/// Writes everything.
///
/// # Errors
/// When it cannot be written.
pub fn json(walk: &Walk, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let steps = walk.steps.iter().map(|step| entry(step, sources)).collect();
    let report = Report { version: 1, arrives: walk.arrives(), steps };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn entry<'a>(step: &'a Step, sources: &'a Sources) -> Entry<'a> {
    Entry {
        ok: step.cause.is_none(),
        what: &step.what,
        place: step.place.map(|span| place(span, sources)),
        also: also(step, sources),
        remedy: step.cause.as_ref().map(|cause| cause.remedy.as_str()),
        rule: step.cause.as_ref().and_then(|cause| cause.rule),
    }
}

/// The places of a step that fails, each with what it is.
fn also<'a>(step: &'a Step, sources: &'a Sources) -> Vec<Label<'a>> {
    let places = step.cause.iter().flat_map(|cause| &cause.places);
    places.filter_map(|(span, label)| Some(Label { label, place: place((*span)?, sources) })).collect()
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let file = &sources[span.file];
    Place { path: &file.path, line: file.line_column(span.start).0 }
}
