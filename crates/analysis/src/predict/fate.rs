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
    /// The rule that judges the condition, if one does. `None`: `session-down` reports the session.
    pub rule: Option<&'static str>,
}

impl Cause {
    /// A cause that nothing stands for yet.
    pub fn new(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { why: why.into(), places: vec![], remedy: remedy.into(), rule: None }
    }

    /// Names the rule that judges it.
    #[must_use]
    pub fn judged_by(self, rule: impl Into<Option<&'static str>>) -> Self {
        Self { rule: rule.into(), ..self }
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
