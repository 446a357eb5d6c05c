//! Metrics in Prometheus' text format, as the textfile collector of its node exporter reads them
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>). No time is in them: the collector knows the file's.

use super::{json, log::tame};
use crate::settle::Outcome;
use evpnlint_core::source::Sources;
use evpnlint_rules::finding::Severity;
use std::{collections::BTreeMap, io};

/// Writes the metrics.
///
/// # Errors
/// When they cannot be written.
pub fn write(outcome: &Outcome, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let summary = json::summary(outcome, sources, None);
    let mut metric = |name: &str, help: &str, values: &[(String, u64)]| -> io::Result<()> {
        writeln!(out, "# HELP evpnlint_{name} {help}\n# TYPE evpnlint_{name} gauge")?;
        values.iter().try_for_each(|(labels, value)| writeln!(out, "evpnlint_{name}{labels} {value}"))
    };
    let one = |value: usize| [(String::new(), value as u64)];
    metric("build_info", "The version of evpnlint.", &[(labels(&[("version", env!("CARGO_PKG_VERSION"))]), 1)])?;
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let by_severity = severities.map(|own| (labels(&[("severity", own.word())]), outcome.count(own) as u64));
    metric("findings", "Findings that are reported, by severity.", &by_severity)?;
    let mut of_rules: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut of_nodes: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for finding in &outcome.findings {
        let word = finding.severity.word();
        *of_rules.entry((finding.rule, word)).or_default() += 1;
        *of_nodes.entry((&sources[finding.primary.span.file].node, word)).or_default() += 1;
    }
    let rows = |all: BTreeMap<(&str, &str), u64>, key: &str| -> Vec<(String, u64)> {
        all.into_iter().map(|((name, word), count)| (labels(&[(key, name), ("severity", word)]), count)).collect()
    };
    metric("rule_findings", "Findings that are reported, by rule.", &rows(of_rules, "rule"))?;
    metric("node_findings", "Findings that are reported, by the node that each opens with.", &rows(of_nodes, "node"))?;
    let hidden = [
        (labels(&[("by", "baseline")]), outcome.old as u64),
        (labels(&[("by", "ignores")]), outcome.hidden as u64),
        (labels(&[("by", "selection")]), outcome.ignored as u64),
    ];
    metric("hidden", "Findings that are not reported, by what hides them.", &hidden)?;
    metric("baseline_stale", "Entries of the baseline that match nothing.", &one(outcome.stale.len()))?;
    metric("files", "Files that were read.", &one(summary.files))?;
    metric("nodes", "Nodes of which anything was read.", &one(outcome.nodes))?;
    metric("not_read", "Files and folders that were not read.", &one(outcome.not_read.len()))?;
    metric("lines", "Lines with content.", &one(summary.lines as usize))?;
    metric("lines_unrecognised", "Lines that no grammar knows where they stand.", &one(outcome.unrecognised()))?;
    metric("rules_not_run", "Rules that could not speak.", &one(outcome.not_run.len()))?;
    metric("closed", "Whether every peer leads to a node that was read.", &one(usize::from(outcome.closed)))
}

/// Labels in braces; in a value a backslash, a quote and the end of a line are escaped.
fn labels(all: &[(&str, &str)]) -> String {
    let value = |text: &str| tame(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let all: Vec<String> = all.iter().map(|(name, own)| format!("{name}=\"{}\"", value(own))).collect();
    format!("{{{}}}", all.join(","))
}
