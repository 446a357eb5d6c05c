//! A line that was understood, with its parts and their places in the file.

use super::{mode::Mode, names};
use crate::{
    lang::memo::Pair,
    source::{FileId, Span},
};
use evpnlint_grammar::frr::Rule;

/// A line that was understood.
pub(super) struct Statement<'t> {
    /// The line, from its first word to its last.
    pub span: Span,
    /// The mode that knew it, which need not be the one it was written in.
    pub mode: Mode,
    /// Whether it begins with `no`.
    pub negated: bool,
    /// The command, with its parts.
    pub pair: Pair<'t, Rule>,
    /// The line with single blanks and without `no`.
    pub line: &'t str,
    /// Where its words stand.
    pub words: &'t Words,
}

impl<'t> Statement<'t> {
    /// The command.
    pub(super) fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// Every part of that name, however deep.
    pub(super) fn all(&self, rule: Rule) -> impl Iterator<Item = Pair<'t, Rule>> {
        self.pair.clone().into_inner().flatten().filter(move |pair| pair.as_rule() == rule)
    }

    /// The first part of that name.
    pub(super) fn part(&self, rule: Rule) -> Option<Pair<'t, Rule>> {
        self.all(rule).next()
    }

    /// The text and place of the first part of that name.
    pub(super) fn word(&self, rule: Rule) -> Option<(&'t str, Span)> {
        let (_, text, place) = self.pair.texts().skip(1).find(|(known, ..)| *known == rule)?;
        Some((text, self.words.span(place.start, place.end)))
    }

    /// The places of its secrets.
    pub(super) fn secrets(&self) -> impl Iterator<Item = Span> {
        let secrets = self.pair.texts().filter(|(rule, ..)| matches!(rule, Rule::secret | Rule::secret_text));
        secrets.map(|(.., place)| self.words.span(place.start, place.end))
    }

    /// The text and place of the first number that has bounds.
    pub(super) fn number(&self) -> Option<(&'t str, Span)> {
        let (_, text, place) = self.pair.texts().find(|(rule, ..)| names::bounds(*rule).is_some())?;
        Some((text, self.words.span(place.start, place.end)))
    }

    /// The words of the line, in order, without `no`.
    pub(super) fn keywords(&self) -> impl Iterator<Item = &'t str> {
        self.line.split(' ')
    }

    /// The word of that position, from 0; empty where the line is shorter.
    pub(super) fn keyword(&self, at: usize) -> &'t str {
        self.keywords().nth(at).unwrap_or("")
    }

    /// The last word of the line.
    pub(super) fn last_keyword(&self) -> &'t str {
        self.line.rsplit(' ').next().unwrap_or("")
    }

    /// Whether a word stands in the line.
    pub(super) fn has_keyword(&self, word: &str) -> bool {
        self.keywords().any(|known| known == word)
    }

    /// The first prefix, of either family.
    pub(super) fn prefix(&self) -> Option<Pair<'t, Rule>> {
        self.part(Rule::prefix4).or_else(|| self.part(Rule::prefix6))
    }

    /// Where a part stands in the file.
    pub(super) fn place(&self, pair: &Pair<Rule>) -> Span {
        self.words.span(pair.range().start, pair.range().end)
    }
}

/// Where the words of a normalised line stand in the file.
pub(super) struct Words {
    /// The file.
    pub file: FileId,
    /// For each run of words that stand as far from each other as in the file: its start in the normalised line, and in
    /// the file.
    pub starts: Vec<(u32, u32)>,
    /// Where each of them ends in the file, where the line has longer words than the file; empty where it has not.
    pub ends: Vec<u32>,
}

impl Words {
    /// The place of a piece of the normalised line, in bytes.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        // `more` is 1 for the byte behind a place.
        let to_file = |at: usize, more: u32| {
            let word = self.starts.partition_point(|(normalised, _)| *normalised as usize <= at).max(1) - 1;
            let (normalised, file) = self.starts[word];
            let place = file + (at as u32).saturating_sub(normalised) + more;
            self.ends.get(word).map_or(place, |end| place.min(*end))
        };
        let start = to_file(start, 0);
        Span { file: self.file, start, end: if end == 0 { start } else { to_file(end - 1, 1) }.max(start) }
    }
}
