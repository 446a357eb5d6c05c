//! Text to lines, as `parse_vm_config` (`PVE::QemuServer`) and `parse_pct_config` (`PVE::LXC::Config`) read it.

use super::mode::Mode;
use crate::{
    lang::rest::Rest,
    model::Reading,
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::guests::{Grammar, Rule};
use pest::{Parser as _, iterators::Pair};

/// A line that says something.
pub(super) struct Line<'t> {
    pub mode: &'static Mode,
    pub pair: Pair<'t, Rule>,
    /// All of it.
    pub content: &'t str,
    file: FileId,
    text: &'t str,
}

impl<'t> Line<'t> {
    /// A place in it.
    pub(super) fn span(&self, part: &'t str) -> Span {
        Span::of(self.file, self.text, part)
    }
}

/// Reads the lines of a guest, and hands on those that say how it is configured now. What is not read is not shown
/// either: values that are passed over may be passwords (`cipassword`, `args`), and so may notes.
pub(super) fn lines(
    mode: &'static Mode,
    file: FileId,
    source: &File,
    into: &mut Reading,
    mut take: impl FnMut(&Line, &mut Reading),
) {
    let text = source.text.as_str();
    let mut is_current = true;
    let mut rest = Rest::new(LanguageId::Guests, into);
    for line in text.split('\n') {
        let content = line.trim_end();
        if content.is_empty() {
            continue;
        }
        if let Some(note) = content.strip_prefix('#') {
            into.secrets.push(Span::of(file, text, note));
            continue;
        }
        into.coverage.lines += 1;
        if rest.has_begun(into) {
            let span = Span::of(file, text, content);
            into.coverage.miss(span);
            rest.add(span, content, into);
            continue;
        }
        let pair = Grammar::parse(mode.rule, content).ok().and_then(|mut pairs| pairs.next());
        let Some(pair) = pair else {
            into.secrets.push(Span::of(file, text, content));
            into.coverage.unmodelled += 1;
            continue;
        };
        is_current &= pair.as_rule() != Rule::section;
        let is_misplaced = pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::misplaced);
        if pair.as_rule() == Rule::other && !is_misplaced {
            hide(&pair, |value| into.secrets.push(Span::of(file, text, value)));
        }
        if is_current && (pair.as_rule() != Rule::other || is_misplaced) {
            take(&Line { mode, pair, content, file, text }, into);
        } else {
            into.coverage.unmodelled += 1;
        }
    }
}

/// The value of a line that is not read.
fn hide<'t>(line: &Pair<'t, Rule>, mut hide: impl FnMut(&'t str)) {
    for part in line.clone().into_inner().filter(|part| part.as_rule() == Rule::text) {
        hide(part.as_str());
    }
}
