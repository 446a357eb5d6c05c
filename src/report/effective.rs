//! A node's configuration as FRR keeps it: as text that FRR would read again, or every line with what became of it.

use evpnlint_core::{
    model::effective::{Effective, Fate, Line},
    source::{Sources, Span},
};
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    node: &'a str,
    lines: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// The openers of the blocks around it, from the outside.
    block: Vec<&'a str>,
    text: String,
    path: &'a str,
    line: u32,
    fate: &'static str,
    /// Where the line stands that overwrote or removed it, or at which reading ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
}

/// Writes what is kept, the lines of each block together, and what it holds inside behind them.
///
/// # Errors
/// When it cannot be written.
pub fn text(effective: &Effective, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    for line in effective.kept(0) {
        match line.opens {
            Some(block) => {
                self::block(effective, sources, block, 0, out)?;
                writeln!(out, "!")?;
            }
            None => writeln!(out, "{}", words(line, sources))?,
        }
    }
    Ok(())
}

fn block(
    effective: &Effective,
    sources: &Sources,
    block: u32,
    depth: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let Some(own) = effective.blocks.get(block as usize) else { return Ok(()) };
    let mut kept = effective.kept(block);
    kept.retain(|line| line.opens.is_none());
    if own.only_filled && kept.is_empty() && effective.inside(block).next().is_none() {
        return Ok(());
    }
    writeln!(out, "{:depth$}{}", "", own.opener)?;
    for line in kept {
        writeln!(out, "{:depth$} {}", "", words(line, sources))?;
    }
    for inner in effective.inside(block) {
        self::block(effective, sources, inner, depth + 1, out)?;
    }
    writeln!(out, "{:depth$}{}", "", own.closer)
}

/// Writes all lines with their fates.
///
/// # Errors
/// When it cannot be written.
pub fn json(node: &str, effective: &Effective, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let lines = effective.lines.iter().map(|line| {
        let Place { path, line: number } = place(line.span, sources);
        let (fate, by, why) = match &line.fate {
            Fate::Kept => ("kept", None, None),
            Fate::Overwritten(by) => ("overwritten", Some(by), None),
            Fate::Removed(by) => ("removed", Some(by), None),
            Fate::Done => ("done", None, None),
            Fate::Idle => ("idle", None, None),
            Fate::Refused(why) => ("refused", None, Some(why.to_string())),
            Fate::Dropped(why) => ("dropped", None, Some(why.to_string())),
            Fate::Unrecognised => ("unrecognised", None, None),
            Fate::Unread(by) => ("unread", Some(by), None),
        };
        let by = by.map(|span| place(*span, sources));
        Entry { block: effective.path(line.block), text: words(line, sources), path, line: number, fate, by, why }
    });
    let report = Report { version: 1, node, lines: lines.collect() };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// A line in full; one that nobody understood as it stands in the file.
fn words(line: &Line, sources: &Sources) -> String {
    match &line.text {
        Some(text) => text.to_string(),
        None => sources.text(line.span).split_ascii_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let file = &sources[span.file];
    Place { path: &file.path, line: file.line_column(span.start).0 }
}
