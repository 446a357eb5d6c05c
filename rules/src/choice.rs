//! Which rules are meant by a word: a rule, a category, or all.

use crate::{header::Category, page::Page};
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
        match Page::find(word) {
            Some(page) => Ok(Self::Rule(page.id)),
            None => {
                Err(NoSuchRule { word: word.into(), suggestion: near(word, Page::all().iter().map(|page| page.id)) })
            }
        }
    }
}

impl Choice {
    /// Whether the rule of a page is meant.
    pub fn holds(self, page: &Page) -> bool {
        match self {
            Self::All => true,
            Self::Category(category) => page.header.category == category,
            Self::Rule(id) => page.id == id,
        }
    }
}
