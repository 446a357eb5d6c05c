//! What becomes of a session end, and why.

use crate::index::{IndexVec, NodeIndex, SessionEndIndex};
use evpnlint_core::{model::bgp::Family, source::Span};

/// What becomes of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It comes up.
    Up,
    /// It never does, or not for long.
    Down,
    /// It depends on what no file says.
    Unknown,
}

/// What becomes of a session, as one of its ends sees it.
#[derive(Clone, Debug)]
pub struct SessionFate {
    /// What becomes of it.
    pub state: State,
    /// The address families that both ends offer, when it is up.
    pub families: Vec<Family>,
    /// The node at the other end, if that is known.
    pub with: Option<NodeIndex>,
    /// Why it does not come up.
    pub cause: Option<Cause>,
}

impl SessionFate {
    /// Takes a fate that changed from round to round for one that nobody knows.
    pub(super) fn flap(&mut self, other: Self) {
        if self.state != other.state {
            self.families.extend(other.families);
            self.cause = self.cause.take().or(other.cause);
            self.state = State::Unknown;
        }
    }
}

/// What becomes of every session end.
pub type Fates = IndexVec<SessionEndIndex, SessionFate>;

/// Why something does not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// In words.
    pub why: String,
    /// What decides it, the line to change first.
    pub places: Vec<(Option<Span>, String)>,
    /// What to type.
    pub remedy: String,
    /// The rule that knows the condition best, if one does. Where it does not speak, the loss is reported as such.
    pub rule: Option<&'static str>,
    /// Whether somebody means it: a session that is shut.
    pub is_meant: bool,
    /// Whether no line can be named: something on the nodes concerned, or between them, is wrong.
    pub is_vague: bool,
    /// Whether it holds only if every node was read: a router that was not may bring the route.
    pub needs_all: bool,
}

impl Cause {
    /// A cause that nothing stands for yet.
    pub fn new(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            places: vec![],
            remedy: remedy.into(),
            rule: None,
            is_meant: false,
            is_vague: false,
            needs_all: false,
        }
    }

    /// The same, as something that somebody means, where that is so.
    #[must_use]
    pub fn meant(self, is_meant: bool) -> Self {
        Self { is_meant, ..self }
    }

    /// The same, where it holds only if every node was read.
    #[must_use]
    pub fn of_all(self) -> Self {
        Self { needs_all: true, ..self }
    }

    /// The same, where no line can be named.
    #[must_use]
    pub fn vague(self, is_vague: bool) -> Self {
        Self { is_vague, ..self }
    }

    /// Names the rule that judges it.
    #[must_use]
    pub fn judged_by(self, rule: impl Into<Option<&'static str>>) -> Self {
        Self { rule: rule.into(), ..self }
    }

    /// Whether a line decides it alone, whatever other nodes do.
    pub fn is_definite(&self) -> bool {
        !self.is_vague && !self.needs_all && self.places.iter().any(|(span, _)| span.is_some())
    }

    /// What stands at its places: causes are of one kind where that is called the same.
    pub fn kind(&self) -> Vec<String> {
        self.places.iter().map(|(_, label)| label.clone()).collect()
    }

    /// Adds a place, where there is one.
    #[must_use]
    pub fn at(mut self, span: Option<Span>, label: impl Into<String>) -> Self {
        if span.is_some() {
            self.places.push((span, label.into()));
        }
        self
    }
}
