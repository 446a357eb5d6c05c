//! Logical lines: what ifupdown2 makes of a text before it looks at words.
//!
//! It cuts the whole text at every backslash, comments included, strips the pieces and joins them with a blank
//! (`networkinterfaces.py`, `process_interfaces`); only then does it look for lines. Every byte keeps its place.

use crate::source::{FileId, Span};
use std::borrow::Cow;

/// A text without its backslashes, and where its bytes stand in the file.
pub(super) struct Glued<'t> {
    file: FileId,
    text: Cow<'t, str>,
    /// For each run of bytes that stand in the file as here: its start here, and there.
    runs: Vec<(usize, u32)>,
}

/// A line with content, blanks around it taken off.
#[derive(Clone)]
pub(super) struct Line<'g> {
    glued: &'g Glued<'g>,
    /// The line as it stands, inner blanks and all.
    pub raw: &'g str,
    /// The line with single blanks between its words.
    pub text: Cow<'g, str>,
    /// For each run of bytes of `text` that stand in the glued text as here: its start here, and there.
    runs: Vec<(usize, usize)>,
}

impl<'g> Line<'g> {
    /// Where a part of [`Self::text`] stands in the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let first = self.place(start.min(self.text.len() - 1));
        let behind = if end > start { self.place(end.min(self.text.len()) - 1) + 1 } else { first };
        Span { file: self.glued.file, start: first, end: behind.max(first) }
    }

    /// Where a byte of [`Self::text`] stands in the file.
    fn place(&self, at: usize) -> u32 {
        let (start, glued) = run(&self.runs, at);
        let glued = glued + at - start;
        let (start, file) = run(&self.glued.runs, glued);
        file + (glued - start) as u32
    }

    /// Where the whole line stands.
    pub(super) fn whole(&self) -> Span {
        self.span(0, self.text.len())
    }

    /// The first word.
    pub(super) fn key(&self) -> &str {
        self.text.split(' ').next().unwrap_or("")
    }

    /// What stands behind the first word, inner blanks and all.
    pub(super) fn rest(&self) -> &'g str {
        self.raw.find(is_blank).map_or("", |blank| self.raw[blank..].trim_start_matches(is_blank))
    }
}

/// The last of some runs, the first of which starts at 0, that starts at a byte or before it.
fn run<T: Copy>(runs: &[(usize, T)], at: usize) -> (usize, T) {
    runs[runs.partition_point(|(start, _)| *start <= at) - 1]
}

impl<'t> Glued<'t> {
    /// Takes the backslashes out of a text.
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        if !text.contains('\\') {
            return Self { file, text: Cow::Borrowed(text), runs: vec![(0, 0)] };
        }
        let (mut glued, mut runs, mut start) = (String::with_capacity(text.len()), vec![], 0);
        for (number, piece) in text.split('\\').enumerate() {
            if number > 0 {
                runs.push((glued.len(), start as u32 - 1));
                glued.push(' ');
            }
            let stripped = piece.trim_ascii_start();
            runs.push((glued.len(), (start + piece.len() - stripped.len()) as u32));
            glued.push_str(stripped.trim_ascii_end());
            start += piece.len() + 1;
        }
        Self { file, text: Cow::Owned(glued), runs }
    }

    /// The next line from a byte on that is neither blank nor a comment; the byte is then that behind it.
    pub(super) fn next(&self, from: &mut usize) -> Option<Line<'_>> {
        while let Some(rest) = self.text.get(*from..) {
            let raw = rest.split('\n').next().unwrap_or("");
            let start = std::mem::replace(from, *from + raw.len() + 1);
            let behind = raw.trim_start_matches(is_blank);
            let start = start + raw.len() - behind.len();
            let raw = behind.trim_end_matches(is_blank);
            if !raw.is_empty() && !raw.starts_with('#') {
                return Some(self.line(start, raw));
            }
        }
        None
    }

    fn line<'g>(&'g self, start: usize, raw: &'g str) -> Line<'g> {
        if !raw.contains(['\t', '\r']) && !raw.contains("  ") {
            return Line { glued: self, raw, text: Cow::Borrowed(raw), runs: vec![(0, start)] };
        }
        let (mut text, mut runs, mut at) = (String::with_capacity(raw.len()), vec![], 0);
        for word in raw.split(is_blank) {
            if !word.is_empty() {
                if !text.is_empty() {
                    // The first of the blanks before it is the one that stays.
                    text.push(' ');
                }
                runs.push((text.len(), start + at));
                text.push_str(word);
            }
            at += word.len() + 1;
        }
        Line { glued: self, raw, text: Cow::Owned(text), runs }
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let (glued, mut from) = (Glued::new(FileId(0), text), 0);
        std::iter::from_fn(|| glued.next(&mut from))
            .map(|line| {
                let span = line.whole();
                (line.text.to_string(), text[span.start as usize..span.end as usize].to_owned())
            })
            .collect()
    }

    #[test]
    fn a_backslash_joins_lines_and_places_stay_true() {
        let text = "\n\niface br0\r\n\tbridge-ports  a\\\n   b\n# x \\\n swallowed\n mtu\t9000\n";
        let read = read(text);
        assert_eq!(read[0], ("iface br0".into(), "iface br0".into()));
        assert_eq!(read[1].0, "bridge-ports a b");
        assert_eq!(read[2], ("mtu 9000".into(), "mtu\t9000".into()));
        assert_eq!(read.len(), 3, "a comment that ends in a backslash swallows the next line");
    }

    #[test]
    fn words_are_found_again_behind_a_continuation() {
        let text = "bridge-ports a \\\n\n b\n";
        let glued = Glued::new(FileId(0), text);
        let line = glued.next(&mut 0).unwrap();
        let at = line.text.find('b').unwrap();
        assert_eq!(line.span(at, at + 1).start, 0);
        let span = line.span(line.text.len() - 1, line.text.len());
        assert_eq!(&text[span.start as usize..span.end as usize], "b");
        assert_eq!(line.rest(), "a   b".replace("   ", " "));
    }
}
