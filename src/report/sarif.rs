//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>), within the limits of GitHub's code scanning: beyond them
//! an upload is refused
//! (<https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning>).

use super::{Cut, json::url, log::tame_json, order, region::Region};
use crate::settle::Outcome;
use evpnlint_core::source::{Sources, printable};
use evpnlint_rules::{
    self as rules, Rule,
    finding::{Finding, Label, Severity, fingerprint},
};
use flate2::{Compression, write::GzEncoder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write as _},
};

mod form;

use form::{
    Artifact, Configuration, Driver, Help, Invocation, Location, Log, Logical, Notification, Physical, Place, Prints,
    Properties, Reporting, Run, Text, Tool,
};

/// The most results of a run.
const MOST_RESULTS: usize = 25_000;
/// The most places of a result, the primary one included.
const MOST_PLACES: usize = 1_000;
/// The most bytes of a report, compressed by gzip.
const MOST_BYTES: usize = 10_000_000;
/// The most notifications on what was not read.
const MOST_NOTIFICATIONS: usize = 1_000;

/// What may stand in a path of a URI (RFC 3986, section 3.3). A colon could make a scheme of the first folder.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Writes all findings, or the worst of them, and says what it left out.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<Cut> {
    let mut most = MOST_RESULTS;
    loop {
        let (text, cut) = within(outcome, sources, most)?;
        let kept = outcome.findings.len() - cut.findings;
        if kept == 0 || text.len() <= MOST_BYTES || compressed(&text)? <= MOST_BYTES {
            writeln!(out, "{text}")?;
            return Ok(cut);
        }
        most = kept - kept.div_ceil(4);
    }
}

/// How long a text is, compressed.
fn compressed(text: &str) -> io::Result<usize> {
    let mut encoder = GzEncoder::new(Counted(0), Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(encoder.finish()?.0)
}

/// Counts bytes.
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The report with so many results at most.
fn within(outcome: &Outcome, sources: &Sources, most: usize) -> serde_json::Result<(String, Cut)> {
    let all = &outcome.findings;
    let (findings, rest) = match all.len().checked_sub(most) {
        None | Some(0) => (all.iter().collect::<Vec<_>>(), 0),
        Some(rest) => (order::worst_first(all).into_iter().take(most).collect(), rest),
    };
    let places = |finding: &Finding| (1 + finding.related.len()).saturating_sub(MOST_PLACES);
    let cut = Cut { findings: rest, places: findings.iter().map(|own| places(own)).sum() };
    let ids: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
    let used: Vec<&Rule> = rules::ALL.iter().copied().filter(|rule| ids.contains(rule.id)).collect();
    let positions: BTreeMap<&str, usize> = used.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let not_read = outcome.not_read.iter().take(MOST_NOTIFICATIONS);
    let notifications = not_read.map(|own| format!("{} is not read: {}", own.path, own.why));
    let notifications = notifications.chain((cut != Cut::default()).then(|| cut.to_string()));
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "evpnlint",
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: used.iter().map(|rule| reporting(rule)).collect(),
            },
        },
        invocations: [Invocation {
            execution_successful: true,
            tool_execution_notifications: notifications
                .map(|text| Notification { level: "warning", message: Text { text: plain(&text) } })
                .collect(),
        }],
        column_kind: "utf16CodeUnits",
        results: findings.into_iter().map(|own| result(own, &positions, sources)).collect(),
    };
    let log = Log { schema: form::SCHEMA, version: "2.1.0", runs: [run] };
    Ok((tame_json(serde_json::to_string(&log)?), cut))
}

fn reporting(rule: &Rule) -> Reporting {
    let header = rule.header();
    // Examples may hold what they warn of.
    let body = printable(rule.page.body().as_bytes()).0;
    Reporting {
        id: rule.id,
        short_description: Text { text: header.title.to_owned() },
        full_description: Text { text: header.title.to_owned() },
        help: Help { text: format!("{}\n{}", header.title, url(rule.id)), markdown: body },
        help_uri: url(rule.id),
        default_configuration: Configuration { level: level(header.severity) },
        properties: Properties {
            tags: [header.category.word(), header.evidence.word()],
            severity: match header.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result<'a>(finding: &'a Finding, positions: &BTreeMap<&str, usize>, sources: &'a Sources) -> form::Result<'a> {
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
    let related = finding.related.iter().take(MOST_PLACES - 1).enumerate();
    let print = fingerprint(finding.rule, finding.about());
    form::Result {
        rule_id: finding.rule,
        rule_index: positions.get(finding.rule).copied(),
        level: level(finding.severity),
        message: Text { text: plain(&format!("{}{help}", finding.message)) },
        locations: [location(None, &finding.primary, sources)],
        related_locations: related.map(|(at, label)| location(Some(at + 1), label, sources)).collect(),
        partial_fingerprints: Prints { primary: print.clone(), member: print },
        properties: form::Members {
            members: finding.members.iter().take(MOST_PLACES).map(|own| own.about.as_str()).collect(),
        },
    }
}

fn location<'a>(id: Option<usize>, label: &Label, sources: &'a Sources) -> Location<'a> {
    let region = Region::of(label.span, sources);
    let (start_column, end_column) = region.utf16();
    let node = region.node();
    Location {
        id,
        physical_location: Physical {
            artifact_location: Artifact { uri: uri(region.path()) },
            region: Place { start_line: region.line, start_column, end_line: region.end_line, end_column },
        },
        logical_locations: Some(Logical { name: node, kind: "resource" })
            .filter(|own| !own.name.is_empty())
            .into_iter()
            .collect(),
        message: Some(Text { text: plain(&label.text) }).filter(|own| !own.text.is_empty()),
    }
}

/// A path as a URI reference; an absolute one names a file of this machine.
fn uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, PATH).to_string();
    if encoded.starts_with('/') { format!("file://{encoded}") } else { encoded }
}

/// A message in which nothing is a link (`[text](target)`) or a placeholder (`{0}`; sections 3.11.5 and 3.11.6).
fn plain(text: &str) -> String {
    let mut plain = text.replace("](", "] (");
    let mut at = 0;
    while let Some(found) = plain[at..].find('{') {
        at += found + 1;
        if plain[at..].starts_with(|c: char| c.is_ascii_digit()) {
            plain.insert(at, ' ');
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{plain, uri};

    #[test]
    fn names_are_neither_links_nor_schemes() {
        assert_eq!(plain("[x](http://y) {0} {a} {12"), "[x] (http://y) { 0} {a} { 12");
        assert_eq!(uri("a:b/ü %/<x>"), "a%3Ab/%C3%BC%20%25/%3Cx%3E");
        assert_eq!(uri("/etc/frr/frr.conf"), "file:///etc/frr/frr.conf");
    }
}
