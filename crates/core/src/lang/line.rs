//! A line of a language whose lines stand by themselves, as its grammar takes it apart.

use crate::source::{FileId, Span};
use pest::{RuleType, iterators::Pair};

/// A line that is neither comment nor blank.
pub(super) struct Line<'t, R> {
    /// Its parts.
    pub pair: Pair<'t, R>,
    /// Its file.
    pub file: FileId,
    /// The text of the file.
    pub text: &'t str,
}

impl<'t, R: RuleType> Line<'t, R> {
    /// A place in it.
    pub(super) fn span(&self, part: &'t str) -> Span {
        Span::of(self.file, self.text, part)
    }

    /// Everything of a kind in it.
    pub(super) fn all(&self, rule: R) -> impl Iterator<Item = &'t str> {
        self.pair.clone().into_inner().filter(move |part| part.as_rule() == rule).map(|part| part.as_str())
    }
}
