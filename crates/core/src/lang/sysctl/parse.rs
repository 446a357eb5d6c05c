//! Text to lines, as `parse_line` of systemd-sysctl reads it: a line is a comment, or one parameter.

use crate::{
    lang::{line, rest::Rest},
    model::Reading,
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::sysctl::{Grammar, Rule};
use pest::Parser as _;

/// A line that is none of comment or blank.
pub(super) type Line<'t> = line::Line<'t, Rule>;

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
