//! JSON lines: one object a line, what each is in `type`. Findings come first, then what was not read, and the summary with
//! the report's version last, so that a reader knows that it has all.

use super::{
    json::{self, Entry, NotRead, Summary, VERSION},
    log::tame_json,
};
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Finding(Entry<'a>),
    NotRead(NotRead<'a>),
    Summary {
        version: u32,
        #[serde(flatten)]
        summary: Summary<'a>,
    },
}

/// Writes everything.
///
/// # Errors
/// When it cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let findings = json::findings(outcome, sources).into_iter().map(Line::Finding);
    let not_read = json::not_read(outcome).into_iter().map(Line::NotRead);
    let summary = Line::Summary { version: VERSION, summary: json::summary(outcome, sources, None) };
    for line in findings.chain(not_read).chain([summary]) {
        writeln!(out, "{}", tame_json(serde_json::to_string(&line)?))?;
    }
    Ok(())
}
