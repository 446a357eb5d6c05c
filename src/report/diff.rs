//! What a node's generated files should say, against what they say.

use super::Style;
use evpnlint_analysis::twin::{Drift, drift};
use evpnlint_core::{
    model::twin::{FRR, INTERFACES, Pair, Said, Twin},
    source::{Sources, Span},
};
use serde::Serialize;
use std::io;

/// The differences of one node, file by file.
pub struct Differences<'t> {
    node: &'t str,
    twin: &'t Twin,
    files: Vec<(&'static str, &'t Pair, Vec<Drift<'t>>)>,
}

impl<'t> Differences<'t> {
    /// Compares the files.
    pub fn new(node: &'t str, twin: &'t Twin) -> Self {
        let files = [(INTERFACES, &twin.interfaces), (FRR, &twin.frr)];
        let files = files.into_iter().filter_map(|(name, pair)| {
            let pair = pair.as_ref()?;
            Some((name, pair, drift(pair)))
        });
        Self { node, twin, files: files.collect() }
    }

    /// Whether all files are as they should be.
    pub fn is_none(&self) -> bool {
        self.files.iter().all(|(_, pair, drifts)| drifts.is_empty() && pair.actual.is_some())
    }
}

/// Writes, for each block that differs, what is missing (`-`) and what is too much (`+`).
///
/// # Errors
/// When it cannot be written.
pub fn text(of: &Differences, style: Style, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let paint = |colour: &'static str| if style.colour { colour } else { "" };
    let (red, green, dim, off) = (paint("\x1b[31m"), paint("\x1b[32m"), paint("\x1b[2m"), paint("\x1b[0m"));
    let version = of.twin.version.map_or_else(|| "what is applied".to_owned(), |own| format!("version {own}"));
    for (name, pair, drifts) in &of.files {
        let Some(actual) = &pair.actual else {
            writeln!(out, "{name}: {} has none, and Proxmox generates one from {version}", of.node)?;
            continue;
        };
        if drifts.is_empty() {
            writeln!(out, "{name}: as Proxmox generates it from {version}")?;
            continue;
        }
        let path = actual.said.iter().find_map(|said| said.span).map_or(*name, |span| &sources[span.file].path);
        writeln!(out, "{red}--- {name}, as Proxmox generates it from {version}{off}\n{green}+++ {path}{off}")?;
        let mut block: Option<&[String]> = None;
        for own in ordered(drifts) {
            let Some(said) = own.expected.or(own.actual) else { continue };
            if block != Some(&said.block) {
                let opener = if said.block.is_empty() { "at the top".to_owned() } else { said.block.join(" / ") };
                writeln!(out, "{dim}@@ {opener} @@{off}")?;
                block = Some(&said.block);
            }
            for (mark, colour, said, script) in
                [("-", red, own.expected, &pair.expected.said), ("+", green, own.actual, &actual.said)]
            {
                let Some(said) = said else { continue };
                // The file of what is there stands above.
                let at = said.span.map(|span| match mark {
                    "+" => format!("line {}", sources[span.file].line_column(span.start).0),
                    _ => place(span, sources),
                });
                let place = at.map_or_else(String::new, |at| format!("  {dim}({at}){off}"));
                writeln!(out, "{colour}{mark}{} {}{off}{place}", indent(said), said.text)?;
                // Of a block that is there in one of the two alone, all of it.
                if own.inside > 0 {
                    for line in script.iter().filter(|line| line.is_inside(said)) {
                        writeln!(out, "{colour}{mark}{} {}{off}", indent(line), line.text)?;
                    }
                }
            }
        }
    }
    for gap in &of.twin.gaps {
        writeln!(out, "not derived in {}: {} {}", gap.file, gap.about, gap.why)?;
    }
    Ok(())
}

/// Differences of one block one behind another, blocks in the order in which they first differ.
fn ordered<'d, 't>(drifts: &'d [Drift<'t>]) -> impl Iterator<Item = &'d Drift<'t>> {
    let block = |own: &Drift<'t>| own.expected.or(own.actual).map(|said| &said.block);
    let mut blocks = vec![];
    for own in drifts {
        let block = block(own);
        if !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    blocks.into_iter().flat_map(move |of| drifts.iter().filter(move |own| block(own) == of))
}

fn indent(said: &Said) -> String {
    " ".repeat(said.block.len())
}

fn place(span: Span, sources: &Sources) -> String {
    let file = &sources[span.file];
    format!("{}:{}", file.path, file.line_column(span.start).0)
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    node: &'a str,
    applied: Option<u64>,
    differences: Vec<Row<'a>>,
    not_derived: Vec<String>,
}

#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    block: &'a [String],
    expected: Option<&'a str>,
    /// What the expected statement comes of.
    because: Option<String>,
    actual: Option<&'a str>,
    /// Where the actual one stands.
    place: Option<String>,
    /// How many statements are in the block that it opens.
    inside: usize,
}

/// Writes every difference.
///
/// # Errors
/// When it cannot be written.
pub fn json(of: &Differences, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let at = |said: Option<&Said>| said.and_then(|said| said.span).map(|span| place(span, sources));
    let rows = of.files.iter().flat_map(|(file, _, drifts)| {
        drifts.iter().map(move |own| Row {
            file,
            block: own.expected.or(own.actual).map_or(&[], |said| &said.block),
            expected: own.expected.map(|said| said.text.as_str()),
            because: at(own.expected),
            actual: own.actual.map(|said| said.text.as_str()),
            place: at(own.actual),
            inside: own.inside,
        })
    });
    let gaps = of.twin.gaps.iter().map(|gap| format!("{}: {} {}", gap.file, gap.about, gap.why));
    let report = Report {
        version: 1,
        node: of.node,
        applied: of.twin.version,
        differences: rows.collect(),
        not_derived: gaps.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}
