//! How severe findings are where the user says so.

use crate::{choice::Choice, finding::Finding, header::Severity, hides::Hides, page::Page};
use evpnlint_core::model::allow::Pattern;

/// Severities for some rules, on some nodes or in some files.
#[derive(Clone, Debug, Default)]
pub struct Level {
    /// The nodes; all where there is none.
    pub node: Option<Pattern>,
    /// The ends of paths; all where there is none.
    pub path: Option<Pattern>,
    /// The severities.
    pub of: Vec<(Choice, Severity)>,
}

impl Level {
    /// That of a rule: what names the rule counts before its category, and both before `all`.
    fn of(&self, page: &Page) -> Option<Severity> {
        let rank = |choice: &Choice| match choice {
            Choice::Rule(_) => 2,
            Choice::Category(_) => 1,
            Choice::All => 0,
        };
        let own = self.of.iter().filter(|(choice, _)| choice.holds(page));
        own.max_by_key(|(choice, _)| rank(choice)).map(|(_, severity)| *severity)
    }
}

/// The severity of a finding of a rule: of each member the last level that fits it decides, else the rule; of several members the
/// most severe one.
pub(crate) fn of(page: &Page, finding: &Finding, levels: &[Level], hides: &Hides) -> Severity {
    if levels.is_empty() {
        return finding.severity;
    }
    let of_member = |member| {
        let mut fitting = levels.iter().rev().filter(|level| hides.is_of(&level.node, &level.path, member));
        fitting.find_map(|level| level.of(page)).unwrap_or(finding.severity)
    };
    finding.members.iter().map(of_member).max().unwrap_or(finding.severity)
}
