//! Which findings count: selection by rule and category, and the threshold that fails a run.

use crate::{
    finding::{Finding, Severity},
    model::Coverage,
    rules::{
        self, Fate, Rule,
        page::{Category, Page},
    },
};
use std::collections::BTreeMap;

/// Whether every node is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Yes, the user says.
    Complete,
    /// No, the user says.
    Partial,
    /// If no peer leads nowhere.
    #[default]
    Inferred,
}

/// Which rules speak.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these rules and categories; empty for the default: all but `style`.
    pub select: Vec<Choice>,
    /// Never these.
    pub ignore: Vec<Choice>,
}

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
    word: String,
    suggestion: Option<String>,
}

impl std::str::FromStr for Choice {
    type Err = NoSuchRule;
    fn from_str(word: &str) -> Result<Self, NoSuchRule> {
        if word == "all" {
            return Ok(Self::All);
        }
        if let Some(category) = Category::parse(word) {
            return Ok(Self::Category(category));
        }
        match rules::find(word) {
            Some(rule) => Ok(Self::Rule(rule.id)),
            None => {
                Err(NoSuchRule { word: word.to_owned(), suggestion: near(word, rules::ALL.iter().map(|rule| rule.id)) })
            }
        }
    }
}

impl Choice {
    fn holds(self, rule: &Rule, page: &Page) -> bool {
        match self {
            Self::All => true,
            Self::Category(category) => page.category == category,
            Self::Rule(id) => rule.id == id,
        }
    }
}

impl Selection {
    /// Whether a rule was chosen.
    pub fn holds(&self, rule: &Rule, page: &Page) -> bool {
        let selected = match self.select.as_slice() {
            [] => page.category != Category::Style,
            chosen => chosen.iter().any(|choice| choice.holds(rule, page)),
        };
        selected && !self.ignore.iter().any(|choice| choice.holds(rule, page))
    }

    /// What becomes of a rule's findings: what would be told if nothing were chosen is counted at least.
    pub fn fate(&self, rule: &Rule, page: &Page) -> Fate {
        if self.holds(rule, page) {
            Fate::Told
        } else if Self::default().holds(rule, page) {
            Fate::Counted
        } else {
            Fate::Skipped
        }
    }
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What counts, sorted by place.
    pub findings: Vec<Finding>,
    /// How many findings there are besides that were not wanted: what `--ignore` and `--select` hide.
    pub ignored: usize,
    /// Rules that could not speak, and why.
    pub not_run: Vec<(&'static str, &'static str)>,
    /// Whether every node is here.
    pub closed: bool,
    /// How many nodes anything was read of.
    pub nodes: usize,
    /// How many guests there are.
    pub guests: usize,
    /// Peers that lead nowhere.
    pub strangers: usize,
    /// How much was understood, by language.
    pub coverage: BTreeMap<&'static str, Coverage>,
}

impl Outcome {
    /// How many lines no grammar knows where they stand.
    pub fn unrecognised(&self) -> usize {
        self.coverage.values().map(|coverage| coverage.unrecognised.len()).sum()
    }

    /// How many findings are of that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The loudest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// The word that is written nearly the same, if one is near enough to be what was meant.
pub fn near<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<String> {
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(word, known), known))
        .filter(|(distance, known)| *distance <= known.len().max(word.len()).div_ceil(4).max(1))
        .min()
        .map(|(_, known)| known.to_owned())
}
