//! JUnit's XML: a suite for each node, and in it a case for each finding. Errors and warnings are failures; an info is a case
//! that passes, with its text as output; so is a node without findings.

use super::{json::url, log::tame_xml, region::Region};
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use evpnlint_rules::finding::{Finding, Severity};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::{collections::BTreeMap, io};

/// The name of the suite of a node that no folder names.
const NAMELESS: &str = "(this node)";

/// Writes all findings.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let mut of_nodes: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for (_, file) in sources.iter().filter(|(_, file)| file.unread.is_none()) {
        of_nodes.entry(&file.node).or_default();
    }
    for finding in &outcome.findings {
        let region = Region::of(finding.primary.span, sources);
        of_nodes.entry(region.node()).or_default().push(case(finding, sources));
    }
    let mut report = Report::new("evpnlint");
    for (node, cases) in of_nodes {
        let mut suite = TestSuite::new(if node.is_empty() { NAMELESS } else { node });
        if cases.is_empty() {
            let mut case = TestCase::new("nothing found", TestCaseStatus::success());
            case.set_classname("evpnlint");
            suite.add_test_case(case);
        }
        suite.add_test_cases(cases);
        report.add_test_suite(suite);
    }
    let xml = report.to_string().map_err(io::Error::other)?;
    out.write_all(tame_xml(xml).as_bytes())
}

fn case(finding: &Finding, sources: &Sources) -> TestCase {
    let mut text = String::new();
    for label in finding.labels() {
        let region = Region::of(label.span, sources);
        let colon = if label.text.is_empty() { "" } else { ": " };
        text.push_str(&format!("at {}:{}:{}{colon}{}\n", region.path(), region.line, region.column, label.text));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("help: {help}\n"));
    }
    text.push_str(&url(finding.rule));
    let status = match finding.severity {
        Severity::Info => TestCaseStatus::success(),
        Severity::Warning | Severity::Error => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(&*finding.message).set_type(finding.severity.word()).set_description(&*text);
            status
        }
    };
    let mut case = TestCase::new(format!("{}: {}", finding.rule, finding.about()), status);
    case.set_classname(Region::of(finding.primary.span, sources).path());
    if finding.severity == Severity::Info {
        case.set_system_out(format!("{}\n{text}", finding.message));
    }
    case
}
