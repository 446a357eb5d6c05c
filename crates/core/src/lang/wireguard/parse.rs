//! Text to lines, as `parse_options` of wg-quick and `config_read_line` of wg(8) read it.

use super::mode::Mode;
use crate::{
    lang::{line, rest::Rest},
    model::Reading,
    source::{File, FileId, LanguageId, Span},
};
use evpnlint_grammar::wireguard::{Grammar, Rule};
use pest::Parser as _;

/// A line that is none of comment or blank.
pub(super) type Line<'t> = line::Line<'t, Rule>;

/// Reads the lines of a file. Neither comments nor lines that are not understood are shown: a key may stand there.
pub(super) fn lines(file: FileId, source: &File, into: &mut Reading, mut take: impl FnMut(&Line, &mut Reading)) {
    let text = source.text.as_str();
    let mut mode = Mode::Outside;
    let mut rest = Rest::new(LanguageId::WireGuard, into);
    for line in text.split('\n') {
        let (content, note) = line.split_at(line.find('#').unwrap_or(line.len()));
        let content = content.trim();
        let is_hook = || is_of_hook(content);
        if !note.is_empty() && !is_hook() {
            into.secrets.push(Span::of(file, text, note));
        }
        // wg-quick leaves hooks their `#`.
        let content = if is_hook() { line.trim() } else { content };
        if content.is_empty() {
            continue;
        }
        into.coverage.lines += 1;
        let span = Span::of(file, text, content);
        if rest.has_begun(into) {
            into.coverage.miss(span);
            rest.add(span, content, into);
            continue;
        }
        let pair = Grammar::parse(mode.rule(), content).ok().and_then(|mut pairs| pairs.next());
        let begun = pair.as_ref().and_then(|pair| Mode::begun(pair.as_rule()));
        match pair {
            Some(_) if begun == Some(Mode::Outside) => {
                mode = Mode::Outside;
                into.secrets.push(span);
                into.coverage.miss(span);
            }
            Some(_) if begun.is_some() => mode = begun.unwrap_or(mode),
            Some(pair) if mode != Mode::Outside => take(&Line { pair, file, text }, into),
            _ => {
                into.secrets.push(span);
                into.coverage.miss(span);
            }
        }
    }
}

/// Whether a line is a hook of wg-quick's.
fn is_of_hook(content: &str) -> bool {
    let key = content.split('=').next().unwrap_or_default().trim();
    ["preup", "postup", "predown", "postdown"].iter().any(|hook| key.eq_ignore_ascii_case(hook))
}
