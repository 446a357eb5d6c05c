//! The lines of `frr.conf.local`, and what they say by their words alone.

use evpnlint_core::{
    model::twin::{LocalFate, Loss},
    source::Span,
};

/// A line of the file that is not blank.
#[derive(Clone, Copy)]
pub(super) struct Raw<'t> {
    /// Without the blanks at its end.
    pub text: &'t str,
    pub span: Span,
}

impl Raw<'_> {
    pub(super) fn is_indented(&self) -> bool {
        self.text.starts_with(char::is_whitespace)
    }
}

pub(super) fn lines(place: Span, text: &str) -> Vec<Raw<'_>> {
    let at = |line: &str| {
        let span = Span::of(place.file, text, line);
        Span { start: span.start + place.start, end: span.end + place.start, ..span }
    };
    let lines = text.lines().map(|line| line.trim_end());
    lines.filter(|line| !line.is_empty()).map(|line| Raw { text: line, span: at(line.trim_start()) }).collect()
}

/// The AS number and the VRF, empty for the default one, of what stands behind `router`.
pub(super) fn bgp(key: &str) -> Option<(&str, &str)> {
    let words = key.strip_prefix("bgp ")?;
    let (asn, vrf) = words.split_once(" vrf ").unwrap_or((words, ""));
    let vrf = if vrf == "default" { "" } else { vrf };
    (!asn.contains(char::is_whitespace)).then_some((asn, vrf))
}

/// The name and the action of `route-map NAME permit|deny N`.
pub(super) fn entry(line: &str) -> Option<(&str, &'static str)> {
    let rest = line.strip_prefix("route-map ")?;
    let of = |action: &'static str| {
        let word = format!(" {action} ");
        let at = rest.rfind(&word).filter(|at| *at > 0)?;
        let is_numbered = rest[at + word.len()..].starts_with(|c: char| c.is_ascii_digit());
        is_numbered.then_some((&rest[..at], action))
    };
    of("permit").or_else(|| of("deny"))
}

/// The name, the sequence number and the rule of an entry of a list that begins with these words.
pub(super) fn list<'l>(line: &'l str, words: &str) -> Option<(&'l str, &'l str, &'l str)> {
    let rest = line.strip_prefix(words)?.strip_prefix(' ')?;
    let (name, rest) = rest.rsplit_once(" seq ")?;
    let (sequence, rule) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_number = !sequence.is_empty() && sequence.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !name.is_empty()).then_some((name, sequence, rule))
}

/// What becomes of a line outside all blocks that begins none and is no entry of a list.
pub(super) fn outside(line: &str) -> LocalFate {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [first, ..] if first.starts_with(['!', '#']) => LocalFate::NothingToKeep,
        ["ip" | "ipv6", "prefix-list", _, "permit" | "deny", ..] | ["access-list", _, "permit" | "deny", ..] => {
            LocalFate::Lost(Loss::Sequence)
        }
        _ => LocalFate::Lost(Loss::TopLevel),
    }
}

/// What becomes of a line with an exclamation mark.
pub(super) fn exclaimed(line: &str) -> LocalFate {
    match line.trim_start().starts_with(['!', '#']) {
        true => LocalFate::NothingToKeep,
        false => LocalFate::Lost(Loss::Exclamation),
    }
}
