//! Texts, and places in them. The only module that reads files.
//!
//! Configuration is untrusted text. What could drive a terminal is replaced here, byte for byte, before anything else
//! sees it ([`printable`]), and what no search for secrets could read is blanked; secrets are overwritten once reading
//! has found them ([`Sources::mask`]). Lengths never change, so a byte offset in a [`Span`] is a byte offset in the file on disk.

use rayon::prelude::*;
use std::ops::Range;

mod language;
mod mask;
mod printable;
pub mod reader;
pub mod secrets;

pub use language::LanguageId;
pub use printable::{Oddity, OddityKind, Printable, one_line, printable};
pub use reader::Unread;

/// A file among [`Sources`], by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A byte range of one file; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// First byte behind it.
    pub end: u32,
}

impl Span {
    /// The whole of `part`, which must be a slice of `text`, the text of `file`.
    pub fn of(file: FileId, text: &str, part: &str) -> Self {
        let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
        Self { file, start: start as u32, end: (start + part.len()).min(text.len()) as u32 }
    }
}

/// One text, with the node it belongs to.
#[derive(Clone, Debug)]
pub struct File {
    /// As the user would open it: relative to the working directory where the input was given so.
    pub path: String,
    /// The node, or the cluster's store, that it belongs to; empty where only its contents can say.
    pub node: String,
    /// The path inside its node's root, as on the node itself: `etc/frr/frr.conf`.
    pub inner: String,
    /// Its language, where the walk that found it has decided that; `None` for a text whose place on its node decides.
    pub language: Option<LanguageId>,
    /// The text, safe to print once secrets are masked.
    pub text: String,
    /// What loading had to replace.
    pub oddities: Vec<Oddity>,
    /// Why it was not read, and has no text.
    pub unread: Option<Unread>,
    /// Where the text begins in the file on disk.
    start: Start,
    lines: Vec<u32>,
}

/// Where a text begins in a file on disk: not at its beginning where it is a part of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The byte, from 0.
    pub byte: u32,
    /// The line, from 0.
    pub line: u32,
}

impl File {
    /// A text that is already in memory, as tests and editors have it.
    pub fn new(
        path: impl Into<String>,
        node: impl Into<String>,
        inner: impl Into<String>,
        text: impl AsRef<[u8]>,
    ) -> Self {
        let (bytes, unread) = printable::readable(text.as_ref());
        let (text, mut oddities) = printable(&bytes);
        oddities.extend(unread);
        let lines = line_starts(&text);
        let (path, node, inner) = (path.into(), node.into(), inner.into());
        let (language, unread, start) = (None, None, Start::default());
        Self { path, node, inner, language, text, oddities, unread, start, lines }
    }

    /// A file that was not read.
    pub fn unread(path: impl Into<String>, node: impl Into<String>, inner: impl Into<String>, why: Unread) -> Self {
        Self { unread: Some(why), ..Self::new(path, node, inner, "") }
    }

    /// The same text as a part of a file that begins there.
    #[must_use]
    pub const fn beginning_at(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// The byte offset in the file on disk of a byte offset in the text.
    pub const fn on_disk(&self, offset: u32) -> u32 {
        self.start.byte.saturating_add(offset)
    }

    /// The line in the file on disk, from 1, and the column, from 1 in bytes, of a byte offset in the text.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        (self.start.line + line as u32, offset.saturating_sub(self.lines[line - 1]) + 1)
    }

    /// The position in `lines` of a line in the file on disk, from 1.
    fn position(&self, line: u32) -> usize {
        line.saturating_sub(self.start.line + 1) as usize
    }

    /// The text of a line in the file on disk, from 1, without its end.
    pub fn line(&self, number: u32) -> &str {
        let at = self.position(number);
        let start = self.lines.get(at).map_or(self.text.len(), |at| *at as usize);
        let end = self.lines.get(at + 1).map_or(self.text.len(), |at| *at as usize - 1);
        self.text.get(start..end.max(start)).unwrap_or("").trim_end_matches('\r')
    }

    /// The byte offset in the text at which a line in the file on disk, from 1, begins.
    pub fn line_start(&self, number: u32) -> u32 {
        self.lines.get(self.position(number)).copied().unwrap_or(self.text.len() as u32)
    }

    /// The last line in the file on disk, from 1; a last one without an end counts.
    pub fn line_count(&self) -> u32 {
        self.start.line + self.lines.len() as u32 - u32::from(self.text.ends_with('\n') || self.text.is_empty())
    }
}

/// Where each line begins.
fn line_starts(text: &str) -> Vec<u32> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1)).collect()
}

/// All texts of one run, in the order in which they are read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<File>,
}

impl Sources {
    /// Takes a file in.
    pub fn add(&mut self, file: File) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// All files with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Overwrites secrets with asterisks, so that no report, not even a line of context, can print one: those that
    /// reading found, and whatever stands behind a word that announces one.
    pub fn mask(&mut self, secrets: &[Span]) {
        self.files.par_iter_mut().for_each(|file| {
            for range in mask::announced(&file.text) {
                cover(&mut file.text, range);
            }
        });
        for secret in secrets {
            cover(&mut self.files[secret.file.0 as usize].text, secret.start as usize..secret.end as usize);
        }
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self[span.file].text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// A text that quotes a line before its secrets are known: whatever stands behind a word that announces one is covered.
pub fn masked(text: &str) -> String {
    let mut masked = text.to_owned();
    mask::announced(text).into_iter().for_each(|range| cover(&mut masked, range));
    masked
}

/// Overwrites a range, which is widened to whole characters. Lines stay lines.
fn cover(text: &mut String, range: Range<usize>) {
    let start = floor(text, range.start);
    let end = ceil(text, range.end).max(start);
    let stars = text[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect::<String>();
    text.replace_range(start..end, &stars);
}

/// The offset, or the last one before it that is the start of a character.
pub fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The offset, or the next one behind it that is the start of a character.
pub fn ceil(text: &str, offset: usize) -> usize {
    (offset..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

impl std::ops::Index<FileId> for Sources {
    type Output = File;
    fn index(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_never_change() {
        for bytes in [
            &b"\x1b[31mred\x00"[..],
            b"caf\xe9\r\n",
            "\u{feff}a\u{202e}b\u{85}\u{61c}\u{e0041}\u{ad}\u{fe0f}\u{2800}\u{e0100}".as_bytes(),
            b"",
            b"a\rb\r\n\r",
        ] {
            let (text, _) = printable(bytes);
            assert_eq!(text.len(), bytes.len());
            assert!(text.chars().all(|c| matches!(c, '\t' | '\r' | '\n') || !printable::can_mislead(c)));
            assert!(!text.contains("\rb"), "a carriage return in a line would let its end hide its beginning");
        }
    }

    #[test]
    fn what_cannot_be_searched_for_secrets_is_blank() {
        for (bytes, wanted, kind, at) in [
            (&b"a\0b\nc\0"[..], "a  \nc ", OddityKind::Nul, 1),
            (b"\xff\xfea\0\n\0b\0", "    \n   ", OddityKind::Utf16, 0),
            (b"\xfe\xff\0a\0\n\0b", "     \n  ", OddityKind::Utf16, 0),
            (b"\0a\0\n\0b", "   \n  ", OddityKind::Nul, 0),
        ] {
            let file = File::new("f", "n", "f", bytes);
            assert_eq!((file.text.as_str(), file.oddities.as_slice()), (wanted, &[Oddity { at, kind }][..]));
        }
    }

    #[test]
    fn lines_stay_lines_where_they_are_masked() {
        let mut text = "ab\ncd\n".to_owned();
        cover(&mut text, 1..5);
        assert_eq!(text, "a*\n**\n");
    }

    #[test]
    fn places_count_from_one_and_columns_in_bytes() {
        let file = File::new("f", "n", "f", "a\r\nü b\nlast");
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(6), (2, 4));
        assert_eq!(file.line(1), "a");
        assert_eq!(file.line(3), "last");
        assert_eq!(file.line_count(), 3);
        assert_eq!(File::new("f", "n", "f", "").line_count(), 0);
        assert_eq!(File::new("f", "n", "f", "a\n").line_count(), 1);
    }

    #[test]
    fn a_part_keeps_its_place() {
        let whole = File::new("f", "n", "f", "ü secret\nb\x07\nthird\n");
        let part = File::new("f", "n", "f", "b\x07\n").beginning_at(Start { byte: 10, line: 1 });
        assert_eq!((part.line_column(1), part.on_disk(1)), (whole.line_column(11), 11));
        assert_eq!((part.line(2), part.line_count(), part.line_start(2)), ("b?", 2, 0));
        assert_eq!((part.line(1), part.line(3)), ("b?", ""), "what stands before is not there");
    }
}
