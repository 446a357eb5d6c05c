//! A text that would be generated, line by line, each with what it comes of.

use evpnlint_core::{
    model::twin::{Gap, LocalLine},
    source::Span,
};
use std::fmt::Display;

/// A text, and for each of its lines the place in the store, or in the node's files, that made it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What each line comes of.
    pub because: Vec<Option<Span>>,
    /// Where each line begins.
    starts: Vec<usize>,
}

/// The texts that would be generated for a node.
#[derive(Debug, Default)]
pub struct Drafts {
    /// `interfaces.d/sdn`.
    pub interfaces: Draft,
    /// `frr.conf`; `None` where the generator would not touch it.
    pub frr: Option<Draft>,
    /// What becomes of each line of `frr.conf.local`, in its order.
    pub local: Vec<LocalLine>,
    /// Whether the generator is a newer one, of which not everything is known.
    pub best_effort: bool,
    /// What is missing from both, and why.
    pub gaps: Vec<Gap>,
}

impl Draft {
    /// Another line.
    pub fn line(&mut self, line: impl Display, because: Option<Span>) {
        use std::fmt::Write as _;
        let before = self.text.len();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
        // A value with a line feed in it makes two lines.
        let ends = self.text[before..].bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let ends = ends.map(|(at, _)| before + at + 1);
        for start in std::iter::once(before).chain(ends).filter(|start| *start < self.text.len()) {
            self.starts.push(start);
            self.because.push(because);
        }
    }

    /// What the line at that byte comes of.
    pub fn because(&self, at: u32) -> Option<Span> {
        let line = self.starts.partition_point(|start| *start <= at as usize).checked_sub(1)?;
        self.because.get(line).copied().flatten()
    }
}
