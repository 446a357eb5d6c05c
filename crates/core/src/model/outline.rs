//! What a node's files say, line by line, in words that can be compared with those of other nodes.
//!
//! The model knows what evpnlint understands of a line; here stands every line that the language understands, whatever it
//! means. Values that only tell one thing from another (addresses, AS numbers, names, secrets) are [`HOLE`]s, since they
//! rightly differ from node to node.

use crate::source::Span;
use indexmap::IndexMap;
use std::sync::Arc;

/// What stands for a value that is a node's own.
pub const HOLE: &str = "*";

/// The blocks of a node's files, by their paths; the parent of a block stands before it.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The blocks.
    pub blocks: IndexMap<String, Block>,
}

/// A block, put together from all the places where it is opened.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The block around it, by position.
    pub parent: Option<usize>,
    /// Its path without names and numbers: the same for all blocks of its kind.
    pub kind: String,
    /// Where it is opened, and everything behind it that belongs to it; never empty.
    pub places: Vec<Place>,
    /// Its lines in order, without those that open blocks of a name.
    pub lines: Vec<Line>,
}

/// One place where a block is opened.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The line that opens it; the first line of all that has no opener.
    pub opener: Span,
    /// The first byte behind its last line.
    pub end: u32,
}

/// A line, and where it stands.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it says.
    pub phrase: Arc<Phrase>,
    /// Where.
    pub span: Span,
}

/// What a line says. Nodes of a fabric say mostly the same, so it is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// What it is about: the same for two lines of which the later one replaces the earlier.
    pub about: String,
    /// The same without names and numbers.
    pub kind: String,
    /// The beginning of `about` that names a thing, in bytes: `neighbor swp1` of `neighbor swp1 timers`. What is said of a
    /// thing says nothing of a node that does not have it.
    pub subject: Option<usize>,
    /// The whole line, with a [`HOLE`] for each value that is a node's own.
    pub says: String,
}

/// A text with one [`HOLE`] for each run of digits.
pub fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with(HOLE) => {}
            true => out.push_str(HOLE),
            false => out.push(c),
        }
    }
    out
}

impl Phrase {
    /// The named thing that it is about.
    pub fn subject(&self) -> Option<&str> {
        self.subject.and_then(|end| self.about.get(..end))
    }
}

impl Outline {
    /// The block that is opened here, by what its opener says and its kind; the top level has no opener.
    pub(crate) fn open(&mut self, parent: Option<usize>, says: &str, kind: &str, opener: Span) -> usize {
        let (path, kind) = match parent.and_then(|parent| self.blocks.get_index(parent)) {
            Some((above, block)) if !above.is_empty() => {
                (format!("{above} / {says}"), format!("{} / {kind}", block.kind))
            }
            _ => (says.to_owned(), kind.to_owned()),
        };
        let entry = self.blocks.entry(path);
        let at = entry.index();
        entry
            .or_insert_with(|| Block { parent, kind, ..Block::default() })
            .places
            .push(Place { opener, end: opener.end });
        at
    }

    /// Everything up to there belongs to a block, and to those around it.
    pub(crate) fn reach(&mut self, block: usize, span: Span) {
        let mut at = Some(block);
        while let Some((_, block)) = at.and_then(|at| self.blocks.get_index_mut(at)) {
            if let Some(place) = block.places.last_mut().filter(|place| place.opener.file == span.file) {
                place.end = place.end.max(span.end);
            }
            at = block.parent;
        }
    }

    /// A line of a block.
    pub(crate) fn add(&mut self, block: usize, phrase: Arc<Phrase>, span: Span) {
        self.reach(block, span);
        if let Some((_, block)) = self.blocks.get_index_mut(block) {
            block.lines.push(Line { phrase, span });
        }
    }
}

impl Block {
    /// Whether it is the top level, which has no opener.
    pub fn is_top(&self) -> bool {
        self.kind.is_empty()
    }
}
