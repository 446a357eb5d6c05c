//! One picture a finding, with a snippet of every file involved. The only module that knows miette.
//!
//! miette draws one source a diagnostic. So the lines that a finding touches are cut out of their files into *chunks*
//! and laid end to end in one `View`; a read across the edge of a chunk fails, and therefore each gets a snippet with
//! its own file name. Chunks are small whatever the size of the file, and long lines are cut to a window.

use super::{Style, json, log::tame, order};
use crate::settle::Outcome;
use evpnlint_core::source::{File, FileId, Sources, ceil, floor};
use evpnlint_rules::finding::{Finding, Label, Severity};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};
use std::{collections::BTreeMap, fmt, io};

/// Places beside the primary one that are drawn; a note says how many more there are.
const MOST_RELATED: usize = 5;
/// Columns left of a line: its number and the bars around it.
const GUTTER: usize = 12;

/// Writes the findings, the worst last; of those that are alike, the first ones.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let width = style.width.unwrap_or(100).clamp(60, 160);
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(style.links)
        .with_link_display_text("")
        .with_width(width)
        .tab_width(4);
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for finding in &outcome.findings {
        *counts.entry((finding.rule, finding.severity)).or_default() += 1;
    }
    let mut drawn: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for finding in order::worst_last(&outcome.findings) {
        let (rule, severity) = (finding.rule, finding.severity);
        let at = drawn.entry((rule, severity)).or_default();
        *at += 1;
        if style.most.is_some_and(|most| *at > most) {
            continue;
        }
        let mut text = String::new();
        let view = View::new(finding, sources, width - GUTTER, style.links);
        handler.render_report(&mut text, &view).map_err(io::Error::other)?;
        for line in text.trim_start_matches('\n').lines() {
            writeln!(out, "{}", tame(line.trim_end()))?;
        }
        writeln!(out)?;
        let more = counts.get(&(rule, severity)).map_or(0, |count| count - *at);
        if style.most == Some(*at) && more > 0 {
            writeln!(out, "{severity}[{rule}]: {more} more like this (--all shows them)\n")?;
        }
    }
    Ok(())
}

/// Some lines of one file, next to each other.
struct Chunk {
    name: String,
    /// The offset of the chunk in the view.
    base: usize,
    text: String,
    /// The first line, from 0 as miette counts.
    line: usize,
    /// Bytes of each line that are not shown before its window, less those of the ellipsis.
    shifts: Vec<isize>,
}

impl Chunk {
    /// The column in the file, in bytes from 0, of an offset in `text`.
    fn column(&self, offset: usize) -> usize {
        let before = &self.text[..floor(&self.text, offset)];
        let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        column.saturating_add_signed(self.shifts.get(before.matches('\n').count()).copied().unwrap_or(0))
    }
}

struct View<'a> {
    finding: &'a Finding,
    code: String,
    chunks: Vec<Chunk>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    url: Option<String>,
    /// Bytes of one line that are shown.
    most: usize,
}

/// The line of a place; behind the end of the last one, that line.
fn line_of(file: &File, label: &Label) -> u32 {
    file.line_column(label.span.start).0.min(file.line_count().max(1))
}

impl<'a> View<'a> {
    fn new(finding: &'a Finding, sources: &'a Sources, most: usize, links: bool) -> Self {
        let shown: Vec<&Label> = finding.labels().take(MOST_RELATED + 1).collect();
        let mut view = Self {
            finding,
            code: format!("{}[{}]", finding.severity, finding.rule),
            chunks: vec![],
            labels: vec![],
            help: None,
            url: links.then(|| json::url(finding.rule)),
            most,
        };
        let mut order: Vec<FileId> = vec![];
        for label in &shown {
            if !order.contains(&label.span.file) {
                order.push(label.span.file);
            }
        }
        for file in order {
            let mut of_file: Vec<(u32, usize, &Label)> = shown
                .iter()
                .enumerate()
                .filter(|(_, label)| label.span.file == file)
                .map(|(at, label)| (line_of(&sources[file], label), at, *label))
                .collect();
            of_file.sort_by_key(|(line, at, _)| (*line, *at));
            let mut runs: Vec<_> = of_file.chunk_by(|a, b| b.0 <= a.0 + 3).collect();
            // The place to open first comes first.
            runs.sort_by_key(|run| run.iter().all(|(_, at, _)| *at != 0));
            for run in runs {
                view.add_chunk(file, run, sources);
            }
        }
        let hidden = finding.related.len().saturating_sub(MOST_RELATED);
        let more = match hidden {
            0 => None,
            1 => Some("and 1 more place; --format concise lists all".to_owned()),
            _ => Some(format!("and {hidden} more places; --format concise lists all")),
        };
        view.help = match (finding.help.as_ref().map(ToString::to_string), more) {
            (Some(help), Some(more)) => Some(format!("{help}\n{more}")),
            (help, more) => help.or(more),
        };
        view
    }

    /// Cuts out the lines of a run of labels, with a line of context on both sides.
    fn add_chunk(&mut self, file: FileId, run: &[(u32, usize, &Label)], sources: &Sources) {
        let source = &sources[file];
        let first = run[0].0.saturating_sub(1).max(1);
        let last = (run[run.len() - 1].0 + 1).min(source.line_count().max(1));
        let base = self.chunks.last().map_or(0, |chunk| chunk.base + chunk.text.len() + 1);
        let (mut text, mut shifts) = (String::new(), vec![]);
        for number in first..=last {
            let (line, begin) = (source.line(number), source.line_start(number));
            // Labels on one line would cross: the first one speaks.
            let label = run.iter().filter(|(line, ..)| *line == number).min_by_key(|(_, at, _)| *at);
            let within = |offset: u32| offset.saturating_sub(begin) as usize;
            let (from, to) = label.map_or((0, 0), |(.., label)| (within(label.span.start), within(label.span.end)));
            let window = Window::new(line, from, self.most);
            if let Some((_, at, label)) = label {
                let (start, end) = window.place(from, to);
                let place = SourceSpan::new((base + text.len() + start).into(), end - start);
                let words = Some(label.text.clone()).filter(|words| !words.is_empty());
                self.labels.push(if *at == 0 {
                    LabeledSpan::new_primary_with_span(words, place)
                } else {
                    LabeledSpan::new_with_span(words, place)
                });
            }
            shifts.push(window.from as isize - window.before as isize);
            text.push_str(&window.text);
            text.push('\n');
        }
        self.chunks.push(Chunk { name: source.path.clone(), base, text, line: first as usize - 1, shifts });
    }
}

/// The part of a line that is shown, with an ellipsis where there is more.
struct Window {
    text: String,
    /// The offset in the line of the first byte that is shown.
    from: usize,
    /// Bytes of `text` before it.
    before: usize,
    /// Bytes of the line that are shown.
    length: usize,
}

impl Window {
    /// About so many bytes around a byte of a line.
    fn new(line: &str, focus: usize, most: usize) -> Self {
        let from = if line.len() <= most { 0 } else { floor(line, focus.saturating_sub(most / 4)) };
        let from = from.min(floor(line, line.len().saturating_sub(most)));
        let to = if line.len() - from <= most { line.len() } else { floor(line, from + most) };
        let (left, right) = (if from > 0 { "…" } else { "" }, if to < line.len() { "…" } else { "" });
        Self { text: format!("{left}{}{right}", &line[from..to]), from, before: left.len(), length: to - from }
    }

    /// A range of the line as one of the text, at the bounds of its characters.
    fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let within = |offset: usize| self.before + offset.saturating_sub(self.from).min(self.length);
        let start = floor(&self.text, within(start));
        (start, ceil(&self.text, within(end)).max(start))
    }
}

impl SourceCode for View<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let chunk =
            self.chunks.iter().rev().find(|chunk| chunk.base <= span.offset()).ok_or(MietteError::OutOfBounds)?;
        let within = SourceSpan::new((span.offset() - chunk.base).into(), span.len());
        let read = chunk.text.read_span(&within, before, after)?;
        let place = SourceSpan::new((read.span().offset() + chunk.base).into(), read.span().len());
        Ok(Box::new(MietteSpanContents::new_named(
            chunk.name.clone(),
            read.data(),
            place,
            read.line() + chunk.line,
            // miette asks for a label alone, without context, to say in a header where it is.
            if before == 0 && after == 0 { chunk.column(within.offset()) } else { read.column() },
            read.line_count(),
        )))
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.finding.message)
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.finding.message)
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|url| Box::new(url) as _)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
