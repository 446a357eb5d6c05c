//! What a finding is about.

use evpnlint_core::source::{Span, floor};
use std::fmt;

/// One thing that a finding is about. A fault that many nodes have alike is one finding with a member for each; baselines
/// and ignores know the members, so that one that joins is new and one that leaves changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// What it is, in words that outlive a moved line, beginning with the node: `leaf1 vni 100`. No value that is at fault is
    /// in it. With the id of the rule it is the key of the member.
    pub about: String,
    /// Where it stands; `None` for what no line is for.
    pub span: Option<Span>,
}

impl Member {
    /// A thing of a node, and where it stands.
    pub(crate) fn new(node: impl fmt::Display, what: impl fmt::Display, span: impl Into<Option<Span>>) -> Self {
        Self::named(format!("{node} {what}"), span)
    }

    /// The same by its whole subject.
    pub(crate) fn named(about: impl Into<String>, span: impl Into<Option<Span>>) -> Self {
        Self { about: short(about), span: span.into() }
    }
}

/// The most that one text of a finding may be long, in bytes: a word that it quotes may be as long as its file.
const MOST_TEXT: usize = 600;

pub(crate) fn short(text: impl Into<String>) -> String {
    let mut text = text.into();
    if text.len() > MOST_TEXT {
        text.truncate(floor(&text, MOST_TEXT));
        text.push('…');
    }
    text
}
