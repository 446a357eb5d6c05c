//! Statements to phrases: what a line is about, and which of its words are the node's identifiers.

use super::{mode::Mode, slot, statement::Statement};
use crate::{
    model::outline::{HOLE, Outline, Phrase, without_numbers},
    source::{Span, masked},
};
use evpnlint_grammar::frr::Rule;
use indexmap::IndexMap;
use std::{cell::RefCell, sync::Arc};

/// How many phrases are remembered of each mode, and how many bytes a line may have.
const PHRASES: usize = 1 << 12;
const LENGTH: usize = 256;

/// Words that name a thing; what a line says of it can be compared where the thing is.
const NAMES: [Rule; 8] = [
    Rule::peer,
    Rule::prefix_list_name,
    Rule::access_list_name,
    Rule::as_path_name,
    Rule::community_name,
    Rule::route_map_name,
    Rule::interface_name,
    Rule::vrf_name,
];

/// Words that identify a thing, and so differ from node to node without being a difference in meaning.
const IDENTIFIERS: [Rule; 13] = [
    Rule::peer,
    Rule::interface_name,
    Rule::vrf_name,
    Rule::asn,
    Rule::ip,
    Rule::ipv4,
    Rule::ipv6,
    Rule::prefix4,
    Rule::prefix6,
    Rule::mac,
    Rule::target,
    Rule::secret,
    Rule::secret_text,
];

/// Lines that are for people, or of which nothing in the network depends.
const SILENT: [Rule; 6] =
    [Rule::hostname, Rule::password_line, Rule::frr_version, Rule::config_other, Rule::opaque, Rule::only_route_map];

/// Which block is open while lines are read.
#[derive(Default)]
pub(super) struct Outliner {
    outline: Outline,
    /// The open blocks, from the outside.
    open: Vec<usize>,
    /// The mode of the lines that are in the innermost one.
    top: Option<usize>,
}

/// What lines say, unless that is nothing to the network.
type Phrases = IndexMap<Box<str>, Option<Arc<Phrase>>>;

thread_local! {
    /// By mode, and behind a `no` or not: much the same lines stand in the files of all nodes.
    static KNOWN: RefCell<IndexMap<(Mode, bool), Phrases>> = RefCell::new(IndexMap::new());
}

impl Outliner {
    pub(super) fn finish(self) -> Outline {
        self.outline
    }

    /// A new file begins.
    pub(super) fn begin(&mut self) {
        self.open.clear();
        self.top = None;
    }

    /// A line that is not understood belongs to the block that it stands in.
    pub(super) fn skip(&mut self, span: Span) {
        if let Some(block) = self.open.last().copied().or(self.top) {
            self.outline.reach(block, span);
        }
    }

    /// A line that was obeyed.
    pub(super) fn note(&mut self, statement: &Statement, opens: Option<Mode>) {
        let span = statement.span;
        let top = *self.top.get_or_insert_with(|| self.outline.open(None, "", "", span));
        let closes = Mode::closed_by(statement.rule());
        if closes {
            self.skip(span);
        }
        let depth = std::iter::successors(statement.mode.parent(), |mode| mode.parent()).count();
        self.open.truncate(depth - usize::from(closes && depth > 0));
        if closes {
            return;
        }
        let block = self.open.last().copied().unwrap_or(top);
        let Some(phrase) = phrase(statement, opens.is_some()) else { return };
        if opens.is_some() {
            self.outline.reach(block, span);
            let child = self.outline.open(Some(block), &phrase.says, &phrase.kind, span);
            self.open.push(child);
        }
        // A block of a name is where a tenant or a port is; any other is a thing that a node of its role has.
        if opens.is_none() || statement.rule() == Rule::address_family {
            self.outline.add(block, phrase, span);
        }
    }
}

/// What a statement says, unless that is nothing to the network.
fn phrase(statement: &Statement, opens: bool) -> Option<Arc<Phrase>> {
    KNOWN.with_borrow_mut(|known| {
        let known = known.entry((statement.mode, statement.negated)).or_default();
        if let Some(phrase) = known.get(statement.line) {
            return phrase.clone();
        }
        let phrase = Phrase::of(statement, opens).map(Arc::new);
        // No secret outlives the reading of its file.
        if statement.line.len() <= LENGTH && statement.secrets().next().is_none() {
            if known.len() == PHRASES {
                known.clear();
            }
            known.insert(statement.line.into(), phrase.clone());
        }
        phrase
    })
}

impl Phrase {
    fn of(statement: &Statement, opens: bool) -> Option<Self> {
        let tokens: Vec<_> = statement.pair.texts().collect();
        let is_free = tokens.iter().skip(1).any(|(rule, ..)| *rule == Rule::text);
        if SILENT.contains(&statement.rule()) || is_free && !opens {
            return None;
        }
        let about = slot::of(statement, opens);
        let words = |rules: &[Rule]| -> Vec<&str> {
            tokens.iter().filter(|(rule, ..)| rules.contains(rule)).map(|(_, text, _)| *text).collect()
        };
        let (names, identifiers) = (words(&NAMES), words(&IDENTIFIERS));
        let in_about: Vec<&str> = about.split(' ').collect();
        let fill = |word: &str, hole: bool| if hole { HOLE.to_owned() } else { word.to_owned() };
        // A port is of the kind that its name without numbers says.
        let ports = words(&[Rule::interface_name]);
        let is_named = |word: &str| (names.contains(&word) || identifiers.contains(&word)) && !ports.contains(&word);
        let kind: Vec<String> = in_about.iter().map(|word| fill(word, is_named(word))).collect();
        let kind = without_numbers(&kind.join(" "));
        let says = slot::full(statement.line)
            .split(' ')
            .map(|word| fill(word, identifiers.contains(&word) && !in_about.contains(&word)));
        let says = masked(&says.collect::<Vec<_>>().join(" "));
        let says = if statement.negated { format!("no {says}") } else { says };
        let subject = in_about.iter().position(|word| names.contains(word) || identifiers.contains(word));
        let subject = subject.map(|at| in_about[..=at].join(" ").len());
        Some(Self { about, kind, subject, says })
    }
}
