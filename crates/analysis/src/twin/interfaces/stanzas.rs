//! Stanzas by name, until they are written in the order of their names.

use crate::twin::draft::Drafts;
use evpnlint_core::{model::twin::Gap, source::Span};
use std::{collections::BTreeMap, fmt::Display};

/// The lines of a stanza, each with what it comes of.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<(String, Option<Span>)>);

impl Lines {
    /// Another line.
    pub(super) fn add(&mut self, text: impl Display, because: Option<Span>) {
        self.0.push((text.to_string(), because));
    }

    /// Another line, where there is a value for it.
    pub(super) fn add_some(&mut self, text: Option<impl Display>, because: Option<Span>) {
        if let Some(text) = text {
            self.add(text, because);
        }
    }
}

/// One stanza.
#[derive(Debug, Default)]
struct Stanza {
    because: Option<Span>,
    lines: Lines,
}

/// All stanzas of zones and vnets.
#[derive(Debug, Default)]
pub(super) struct Stanzas {
    stanzas: BTreeMap<String, Stanza>,
    /// What is missing from them.
    pub(super) gaps: Vec<Gap>,
}

impl Stanzas {
    /// A stanza, unless there is one of that name; that stays as it is.
    pub(super) fn put(&mut self, name: String, because: Option<Span>, lines: Lines) {
        self.stanzas.entry(name).or_insert(Stanza { because, lines });
    }

    /// A line at the end of a stanza, which is made if need be.
    pub(super) fn append(&mut self, name: &str, text: impl Display, because: Option<Span>) {
        let stanza = self.stanzas.entry(name.to_owned()).or_insert_with(|| Stanza { because, ..Stanza::default() });
        stanza.lines.add(text, because);
    }

    /// A word at the end of the first line of a stanza, unless it is there; the line is made of `key` if need be.
    pub(super) fn join(&mut self, name: &str, key: &str, word: &str, because: Option<Span>) {
        let stanza = self.stanzas.entry(name.to_owned()).or_insert_with(|| Stanza { because, ..Stanza::default() });
        match stanza.lines.0.first_mut() {
            Some((line, _)) if line.split(' ').any(|known| known == word) => {}
            Some((line, _)) => *line = format!("{line} {word}"),
            None => stanza.lines.add(format_args!("{key} {word}"), because),
        }
    }

    /// Whether there is a stanza of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.stanzas.contains_key(name)
    }

    /// Writes them all.
    pub(super) fn finish(self, into: &mut Drafts) {
        for (name, stanza) in self.stanzas {
            let draft = &mut into.interfaces;
            draft.line("", None);
            draft.line(format_args!("auto {name}"), stanza.because);
            draft.line(format_args!("iface {name}"), stanza.because);
            for (line, because) in stanza.lines.0 {
                draft.line(format_args!("\t{line}"), because);
            }
        }
        into.gaps.extend(self.gaps);
    }
}
