//! Which rules are meant by a word: a rule, a category, or all.

use crate::{ALL, Rule, find, header::Category};
use evpnlint_core::{near::near, source::Printable};
use std::str::FromStr;

/// A rule, a category, or everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// `all`.
    All,
    /// A category.
    Category(Category),
    /// A rule.
    Rule(&'static str),
}

/// A word that names neither a rule nor a category.
#[derive(Debug, thiserror::Error)]
#[error("{word} is neither a rule nor a category{}", .suggestion.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
pub struct NoSuchRule {
    word: Printable,
    suggestion: Option<String>,
}

impl FromStr for Choice {
    type Err = NoSuchRule;
    fn from_str(word: &str) -> Result<Self, NoSuchRule> {
        if word == "all" {
            return Ok(Self::All);
        }
        if let Some(category) = Category::parse(word) {
            return Ok(Self::Category(category));
        }
        match find(word) {
            Some(rule) => Ok(Self::Rule(rule.id)),
            None => Err(NoSuchRule { word: word.into(), suggestion: near(word, ALL.iter().map(|rule| rule.id)) }),
        }
    }
}

impl Choice {
    /// Whether a rule is meant.
    pub fn holds(self, rule: &Rule) -> bool {
        match self {
            Self::All => true,
            Self::Category(category) => rule.header().category == category,
            Self::Rule(id) => rule.id == id,
        }
    }
}
