//! In which order people read findings. Those of an outcome are sorted by place, which stays within what is alike here.

use evpnlint_rules::{self as rules, finding::Finding};
use std::{cmp::Reverse, collections::BTreeMap};

/// The worst last, next to the prompt of a terminal; of what is equally bad, causes before consequences.
pub(super) fn worst_last(findings: &[Finding]) -> Vec<&Finding> {
    let depth = depths();
    let mut all: Vec<&Finding> = findings.iter().collect();
    all.sort_by_key(|finding| (finding.severity, depth(finding)));
    all
}

/// The worst first, for those who show a few; of what is equally bad, causes before consequences.
pub(super) fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let depth = depths();
    let mut all: Vec<&Finding> = findings.iter().collect();
    all.sort_by_key(|finding| (Reverse(finding.severity), depth(finding)));
    all
}

/// How far each finding is from its cause.
fn depths() -> impl Fn(&Finding) -> usize {
    let of_rules: BTreeMap<&str, usize> = rules::ALL.iter().map(|rule| (rule.id, rule.depth())).collect();
    move |finding| of_rules.get(finding.rule).copied().unwrap_or(0)
}
