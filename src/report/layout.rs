//! What tables as text have in common.

use evpnlint_core::source::{Sources, Span};
use std::io;

/// Rows below a head, each column as wide as its widest entry; the last is left as it is.
pub(super) fn columns<Row: IntoIterator<Item = String>>(
    head: impl IntoIterator<Item = impl Into<String>>,
    rows: impl Iterator<Item = Row>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let head: Vec<String> = head.into_iter().map(Into::into).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows.map(|row| row.into_iter().collect())).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:width$}  "));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A place as a path and a line, from 1.
pub(super) fn place(span: Span, sources: &Sources) -> (&str, u32) {
    let file = &sources[span.file];
    (&file.path, file.line_column(span.start).0)
}
