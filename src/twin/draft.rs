//! A text that would be generated, line by line, each with what it comes of.

use crate::source::Span;
use std::fmt::Display;

/// A text, and for each of its lines the place in the store, or in the node's files, that made it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What each line comes of.
    pub because: Vec<Option<Span>>,
}

impl Draft {
    /// Another line.
    pub fn line(&mut self, line: impl Display, because: Option<Span>) {
        use std::fmt::Write as _;
        let before = self.text.len();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
        // A value with a line feed in it makes two lines.
        let lines = self.text[before..].bytes().filter(|byte| *byte == b'\n').count();
        self.because.extend(std::iter::repeat_n(because, lines));
    }

    /// What the line at that byte comes of.
    pub fn because(&self, at: u32) -> Option<Span> {
        let line = self.text.as_bytes()[..(at as usize).min(self.text.len())].iter().filter(|byte| **byte == b'\n');
        self.because.get(line.count()).copied().flatten()
    }
}
