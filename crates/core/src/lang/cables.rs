//! What readers of cables have in common: lines are counted, and what tells no cable is noted, once a line.

use super::rest::Rest;
use crate::{
    model::{
        Fault, FaultKind, Reading,
        surroundings::{Cable, CableEnd},
    },
    source::{File, FileId, LanguageId, Span},
};

/// The most bytes of a file that tells of cables; a fabric of a thousand has a tenth of it.
const MOST_BYTES: usize = 1 << 20;

/// A file that tells of cables, while it is read.
pub(super) struct Cables<'t> {
    language: LanguageId,
    file: FileId,
    pub text: &'t str,
    comments: &'static [&'static str],
    /// Where the last line ends that has a fault.
    faulty: Option<usize>,
    rest: Rest,
}

impl<'t> Cables<'t> {
    /// A file begins. Its lines with content are counted; a comment is what begins like one of these.
    pub(super) fn new(
        language: LanguageId,
        file: FileId,
        source: &'t File,
        comments: &'static [&'static str],
        into: &mut Reading,
    ) -> Self {
        let text = source.text.as_str();
        into.coverage.lines += text.split('\n').filter(|line| is_content(line, comments)).count() as u32;
        Self { language, file, text, comments, faulty: None, rest: Rest::new(language, into) }
    }

    /// Whether the file is so long that nothing of it is read; if so, that is noted.
    pub(super) fn is_too_long(&mut self, into: &mut Reading) -> bool {
        let is_too_long = self.text.len() > MOST_BYTES;
        if is_too_long {
            into.secrets.push(self.span(0, self.text.len()));
            self.fault((0, 0), "a topology of more than 1 MiB is not read", into);
        }
        is_too_long
    }

    /// A place of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    /// A cable; one that leads from a port to itself is none.
    pub(super) fn lay(&mut self, a: CableEnd, b: CableEnd, (start, end): (usize, usize), into: &mut Reading) {
        if a == b {
            self.fault((start, end), "both ends are one port", into);
        } else {
            into.cables.push(Cable { a, b, span: Some(self.span(start, end)) });
        }
    }

    /// Words that tell no cable: the first of each line. They stand behind those of the last fault.
    pub(super) fn fault(&mut self, (start, end): (usize, usize), why: &'static str, into: &mut Reading) {
        if self.is_faulty(start) {
            return;
        }
        let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        self.faulty = Some(line_end);
        if is_content(&self.text[line..line_end], self.comments) {
            into.coverage.miss(self.span(line, line_end));
        }
        let end = end.min(line_end).max(start);
        into.faults.push(Fault::new(self.language, self.span(start, end), FaultKind::NoCable { why }));
    }

    /// Whether a place is in a line that has a fault, or before it.
    pub(super) fn is_faulty(&self, place: usize) -> bool {
        self.faulty.is_some_and(|end| place <= end)
    }

    /// Whether so much came to nothing that the rest, from there on, is not read; if so, it is counted.
    pub(super) fn ends_at(&mut self, start: usize, into: &mut Reading) -> bool {
        if !self.rest.has_begun(into) {
            return false;
        }
        let line = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end + 1);
        for content in self.text[line..].split('\n').filter(|line| is_content(line, self.comments)) {
            let span = Span::of(self.file, self.text, content);
            into.coverage.miss(span);
            self.rest.add(span, content, into);
        }
        true
    }
}

/// Whether a line is neither blank nor a comment.
fn is_content(line: &str, comments: &[&str]) -> bool {
    let line = line.trim();
    !line.is_empty() && !comments.iter().any(|comment| line.starts_with(comment))
}
