//! Logical lines: what ifupdown2 makes of a text before it looks at words.
//!
//! It cuts the whole text at every backslash, comments included, strips the pieces and joins them with a blank
//! (`networkinterfaces.py`, `process_interfaces`); only then does it look for lines. Every byte keeps its place.

use crate::source::{FileId, Span};

/// A line with content, blanks around it taken off.
#[derive(Clone, Debug)]
pub(super) struct Line {
    file: FileId,
    /// The line as it stands, inner blanks and all.
    pub raw: String,
    /// The line with single blanks between its words.
    pub text: String,
    /// For each byte of `text`: where it stands in the file.
    places: Vec<u32>,
    /// Where the second word begins in `raw`.
    rest: usize,
}

impl Line {
    /// Where a part of [`Self::text`] stands in the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let first = self.places.get(start).or(self.places.last()).copied().unwrap_or(0);
        let behind = match end.checked_sub(1).and_then(|last| self.places.get(last)) {
            Some(last) if end > start => last + 1,
            _ => first,
        };
        Span { file: self.file, start: first, end: behind.max(first) }
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
    pub(super) fn rest(&self) -> &str {
        &self.raw[self.rest..]
    }
}

/// The lines of a text that are neither blank nor comments.
pub(super) fn lines(file: FileId, text: &str) -> Vec<Line> {
    let (glued, places) = glue(text);
    let mut lines = vec![];
    let mut start = 0;
    for raw in glued.split('\n') {
        let own = start;
        start += raw.len() + 1;
        let trimmed = raw.trim_matches(is_blank);
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let at = own + (raw.len() - raw.trim_start_matches(is_blank).len());
        lines.push(line(file, trimmed, &places[at..at + trimmed.len()]));
    }
    lines
}

fn line(file: FileId, raw: &str, raw_places: &[u32]) -> Line {
    let (mut text, mut places) = (String::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
    for (at, c) in raw.char_indices() {
        if is_blank(c) {
            if text.ends_with(' ') {
                continue;
            }
            text.push(' ');
            places.push(raw_places[at]);
        } else {
            text.push(c);
            places.extend_from_slice(&raw_places[at..at + c.len_utf8()]);
        }
    }
    let rest =
        raw.find(is_blank).map_or(raw.len(), |blank| raw.len() - raw[blank..].trim_start_matches(is_blank).len());
    Line { file, raw: raw.to_owned(), text, places, rest }
}

/// The text with its backslashes gone, and the place of each of its bytes.
fn glue(text: &str) -> (String, Vec<u32>) {
    let (mut glued, mut places) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    if !text.contains('\\') {
        return (text.to_owned(), (0..text.len() as u32).collect());
    }
    let mut start = 0;
    for (number, piece) in text.split('\\').enumerate() {
        if number > 0 {
            glued.push(' ');
            places.push(start as u32 - 1);
        }
        let stripped = piece.trim_matches(|c: char| c.is_ascii_whitespace());
        let at = start + (piece.len() - piece.trim_start_matches(|c: char| c.is_ascii_whitespace()).len());
        glued.push_str(stripped);
        places.extend(at as u32..(at + stripped.len()) as u32);
        start += piece.len() + 1;
    }
    (glued, places)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        lines(FileId(0), text)
            .iter()
            .map(|line| {
                let span = line.whole();
                (line.text.clone(), text[span.start as usize..span.end as usize].to_owned())
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
        let line = &lines(FileId(0), text)[0];
        let at = line.text.find('b').unwrap();
        assert_eq!(line.span(at, at + 1).start, 0);
        let span = line.span(line.text.len() - 1, line.text.len());
        assert_eq!(&text[span.start as usize..span.end as usize], "b");
        assert_eq!(line.rest(), "a   b".replace("   ", " "));
    }
}
