//! GitLab's Code Quality: a list in a part of Code Climate's form (<https://docs.gitlab.com/ci/testing/code_quality/>).
//!
//! A merge request shows the entries whose fingerprints the target branch does not have. So each member of a finding is an
//! entry by itself, with the key that baselines know it by: where a node joins, that node alone is shown.

use super::{log::tame_json, region::Region};
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use evpnlint_rules::finding::{Severity, fingerprint};
use serde::Serialize;
use std::{collections::BTreeMap, io};

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes all members of findings.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    // Of entries with one fingerprint, all but one vanish.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries = vec![];
    for finding in &outcome.findings {
        for (at, member) in finding.members.iter().enumerate() {
            let mut fingerprint = fingerprint(finding.rule, &member.about);
            let count = seen.entry(fingerprint.clone()).or_default();
            *count += 1;
            if *count > 1 {
                fingerprint.push_str(&format!("-{count}"));
            }
            let region = Region::of(member.span.filter(|_| at > 0).unwrap_or(finding.primary.span), sources);
            // The name of the check is not shown.
            let mut description = format!("{}: {}", finding.rule, finding.message);
            if at > 0 {
                description.push_str(&format!("; here: {}", member.about));
            }
            entries.push(Entry {
                description,
                check_name: finding.rule,
                fingerprint,
                severity: match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Info => "info",
                },
                location: Location { path: region.path(), lines: Lines { begin: region.line, end: region.end_line } },
            });
        }
    }
    writeln!(out, "{}", tame_json(serde_json::to_string_pretty(&entries)?))
}
