//! Which findings count: selection by rule and category, and the threshold that fails a run.

use evpnlint_core::{model::Coverage, source::LanguageId};
use evpnlint_rules::{
    Fate, Rule,
    choice::Choice,
    finding::{Finding, Severity},
    header::Category,
    hides::Known,
    severity::Level,
};
use std::collections::BTreeMap;

/// Which rules speak, and what of it is known.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these rules and categories; empty for the default: all but `style`.
    pub select: Vec<Choice>,
    /// Never these.
    pub ignore: Vec<Choice>,
    /// How severe findings are, where that is not what their rules say; the last that fits counts.
    pub levels: Vec<Level>,
    /// The findings that a baseline lists: they are counted.
    pub baseline: Option<Known>,
}

impl Selection {
    /// Whether a rule was chosen.
    pub fn holds(&self, rule: &Rule) -> bool {
        let selected = match self.select.as_slice() {
            [] => rule.header().category != Category::Style,
            chosen => chosen.iter().any(|choice| choice.holds(rule.page)),
        };
        selected && !self.ignore.iter().any(|choice| choice.holds(rule.page))
    }

    /// What becomes of a rule's findings: what would be told if nothing were chosen is counted at least.
    pub fn fate(&self, rule: &Rule) -> Fate {
        if self.holds(rule) {
            Fate::Reported
        } else if Self::default().holds(rule) {
            Fate::Counted
        } else {
            Fate::Skipped
        }
    }
}

/// What was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRead {
    /// Its path, as the user would open it; or the name of a node.
    pub path: String,
    /// The node whose it is; empty where nobody knows.
    pub node: String,
    /// Why, in words.
    pub why: String,
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What counts, sorted by place.
    pub findings: Vec<Finding>,
    /// How many findings there are besides that were not wanted: what `--ignore` and `--select` hide.
    pub ignored: usize,
    /// How many members of findings the user's ignores hide.
    pub hidden: usize,
    /// How many members of findings the baseline hides.
    pub old: usize,
    /// The entries of the baseline that match nothing, though their rules ran: rule and subject, sorted.
    pub stale: Vec<(String, String)>,
    /// The members of findings of an earlier state that are not found any more, where there was one: rule and subject, sorted.
    pub mended: Option<Vec<(String, String)>>,
    /// The keys of all members of findings that no ignore hides: what a new baseline lists.
    pub known: Known,
    /// How many findings there are beyond those: the least severe of very many.
    pub unlisted: usize,
    /// Rules that could not speak, and why.
    pub not_run: Vec<(&'static str, &'static str)>,
    /// Whether every node is here.
    pub closed: bool,
    /// How many nodes anything was read of.
    pub nodes: usize,
    /// How many guests there are.
    pub guests: usize,
    /// Peers that lead nowhere.
    pub unmatched_peers: usize,
    /// What is there, or should be, and was not read, or not understood: sorted by place.
    pub not_read: Vec<NotRead>,
    /// How many members of clusters are absent.
    pub absent_members: usize,
    /// How much was understood, by language.
    pub coverage: BTreeMap<LanguageId, Coverage>,
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
