//! Where something stands, as other programs want it.

use evpnlint_core::source::{File, Sources, Span};

/// A range of a file, in lines and columns from 1; the end is exclusive.
#[derive(Clone, Copy)]
pub(super) struct Region<'a> {
    file: &'a File,
    /// The line; the last one of the file for what stands behind its end.
    pub(super) line: u32,
    /// The column, in bytes.
    pub(super) column: u32,
    /// The line of the end.
    pub(super) end_line: u32,
    /// The column of the end, in bytes.
    pub(super) end_column: u32,
}

impl<'a> Region<'a> {
    /// The region of a span.
    pub(super) fn of(span: Span, sources: &'a Sources) -> Self {
        let file = &sources[span.file];
        let last = file.line_count().max(1);
        let within = |offset: u32| match file.line_column(offset) {
            (line, column) if line <= last => (line, column),
            _ => (last, file.line(last).len() as u32 + 1),
        };
        let (line, column) = within(span.start);
        let (end_line, end_column) = within(span.end.max(span.start));
        Self { file, line, column, end_line, end_column }
    }

    /// The path, as the user would open it, without `./`.
    pub(super) fn path(&self) -> &'a str {
        let path = self.file.path.as_str();
        path.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(path)
    }

    /// The node, empty where only its files can name it.
    pub(super) fn node(&self) -> &'a str {
        &self.file.node
    }

    /// Whether it begins and ends on one line.
    pub(super) const fn is_on_one_line(&self) -> bool {
        self.line == self.end_line
    }

    /// The columns of its begin and its end, in UTF-16 code units.
    pub(super) fn utf16(&self) -> (u32, u32) {
        let column = |line: u32, column: u32| {
            let text = self.file.line(line);
            let bytes = column.saturating_sub(1) as usize;
            let units: usize =
                text.char_indices().take_while(|(at, _)| *at < bytes).map(|(_, own)| own.len_utf16()).sum();
            // What stands behind the end of the line, its end included, counts as it is.
            (units + bytes.saturating_sub(text.len()) + 1) as u32
        };
        (column(self.line, self.column), column(self.end_line, self.end_column))
    }
}
