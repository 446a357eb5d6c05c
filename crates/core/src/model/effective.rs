//! A configuration as its daemon keeps it: which block each line came to stand in, and what became of it.

use super::refusal::Reason;
use crate::source::Span;

/// What became of every line of a node's configuration.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    /// The blocks, each behind the one around it; the first is the top level.
    pub blocks: Vec<Block>,
    /// The lines, in the order of reading; those that close a block are not among them.
    pub lines: Vec<Line>,
}

/// A block, put together from all the places where it was opened.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The one around it, by position; none around the top level.
    pub parent: Option<u32>,
    /// The line that opens it, in full; empty for the top level.
    pub opener: String,
    /// The line that closes it.
    pub closer: &'static str,
    /// Whether it is nothing without lines of its own.
    pub only_filled: bool,
    /// Whether a later line has removed it, with all that was in it.
    pub removed: bool,
}

/// A line, and what became of it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where it stands.
    pub span: Span,
    /// The block that it belongs to, by position: the one in which it was understood, wherever it was written.
    pub block: u32,
    /// The block that it opens, by position.
    pub opens: Option<u32>,
    /// Its keywords in full, with single blanks, and secrets masked; nothing where it was not understood.
    pub text: Option<Box<str>>,
    /// What became of it.
    pub fate: Fate,
    /// Its place among the lines that are kept: that of the first line which said anything of the same thing.
    pub order: u32,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Kept,
    /// Another line says the same thing anew, or opens the same block.
    Overwritten(Span),
    /// A `no`, or the removal of what it was about, has taken it away.
    Removed(Span),
    /// A `no` that did its work: there is nothing to keep of it.
    Done,
    /// A `no` of something that was not there.
    Idle,
    /// The daemon refuses it.
    Refused(Reason),
    /// The daemon drops it without a word, or nearly so.
    Dropped(Reason),
    /// The daemon does not know it where it stands.
    Unrecognised,
    /// The daemon has stopped reading the file before it, at this line.
    Unread(Span),
}

impl Effective {
    /// The openers of a block and of those around it, from the outside.
    pub fn path(&self, block: u32) -> Vec<&str> {
        let blocks = std::iter::successors(Some(block), |at| self.blocks.get(*at as usize)?.parent);
        let mut path: Vec<_> =
            blocks.filter_map(|at| self.blocks.get(at as usize)).map(|other| &*other.opener).collect();
        path.pop();
        path.reverse();
        path
    }

    /// The lines that are kept in a block, and what it holds inside.
    pub fn kept(&self, block: u32) -> Vec<&Line> {
        let kept = self.lines.iter().filter(|line| line.block == block && line.fate == Fate::Kept);
        let mut kept: Vec<_> = kept.collect();
        kept.sort_by_key(|line| line.order);
        kept
    }

    /// The blocks directly inside one, in the order in which they were first opened.
    pub fn inside(&self, block: u32) -> impl Iterator<Item = u32> {
        let blocks = (0..).zip(&self.blocks).filter(move |(_, other)| other.parent == Some(block) && !other.removed);
        blocks.map(|(at, _)| at)
    }
}
