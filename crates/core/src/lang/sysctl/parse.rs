//! Text to lines, as `parse_line` of systemd-sysctl reads it: a line is a comment, or one parameter.

use crate::{
    lang::rest::Rest,
    model::Reading,
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::sysctl::{Grammar, Rule};
use pest::{Parser as _, iterators::Pair};

/// A line that is none of comment or blank.
pub(super) struct Line<'t> {
    pub pair: Pair<'t, Rule>,
    file: FileId,
    text: &'t str,
}

impl<'t> Line<'t> {
    /// A place in it.
    pub(super) fn span(&self, part: &'t str) -> Span {
        Span::of(self.file, self.text, part)
    }

    /// What stands there, by rule.
    pub(super) fn part(&self, rule: Rule) -> Option<&'t str> {
        self.pair.clone().into_inner().find(|part| part.as_rule() == rule).map(|part| part.as_str())
    }
}

/// Reads the lines of a file. What is none is passed over, as systemd-sysctl does, and not shown.
pub(super) fn lines(file: FileId, source: &File, into: &mut Reading, mut take: impl FnMut(&Line, &mut Reading)) {
    let text = source.text.as_str();
    let mut rest = Rest::new(LanguageId::Sysctl, into);
    for line in text.split('\n') {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        into.coverage.lines += 1;
        let span = Span::of(file, text, content);
        if rest.has_begun(into) {
            into.coverage.miss(span);
            rest.add(span, content, into);
            continue;
        }
        match Grammar::parse(Rule::line, content).ok().and_then(|mut pairs| pairs.next()) {
            Some(pair) => take(&Line { pair, file, text }, into),
            None => {
                into.secrets.push(span);
                into.coverage.miss(span);
            }
        }
    }
}
