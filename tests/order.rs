//! The same input gives the same bytes, in whatever order it is named and on however many threads it is read; and what
//! does not involve a node does not change when that node is taken away.

use crate::support::{
    corpus::{OURS, fabrics, folders, others},
    run::{check, everything, render},
    tree::{Ran, program},
};
use evpnlint::{
    discover,
    options::Completeness,
    report::{Format, Style},
    rules::{self, finding::Finding, header::Needs},
    source::{File, Sources},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Stdio,
};

/// The fabrics of ours, healthy and broken, and some of others where they are at hand.
fn ours() -> Vec<PathBuf> {
    let mut all = fabrics(Path::new(OURS));
    assert!(all.len() > 20, "{} fabrics", all.len());
    all.extend(others().into_iter().flat_map(|folder| fabrics(&folder)).step_by(9));
    all
}

#[test]
fn the_order_of_the_paths_does_not_count() {
    let mut rng = fastrand::Rng::with_seed(7);
    for fabric in ours() {
        let mut paths = folders(&fabric);
        let report = |paths: &[PathBuf]| {
            let mut sources = discover::load(&discover::find(paths, &Default::default()).ok()?).unwrap();
            let outcome = check(&mut sources, &everything(), &Default::default());
            Some(
                [Format::Human, Format::Concise, Format::Json].map(|f| render(f, &outcome, &sources, Style::default())),
            )
        };
        let first = report(&paths);
        for _ in 0..3 {
            rng.shuffle(&mut paths);
            assert_eq!(first, report(&paths), "{}", fabric.display());
        }
    }
}

#[test]
fn the_number_of_threads_does_not_count() {
    for fabric in ours().iter().step_by(3) {
        for format in ["human", "concise", "json"] {
            let report = |threads: &str| {
                let mut command = program();
                command.args(["--select", "all", "-f", format]).arg(fabric).env("RAYON_NUM_THREADS", threads);
                let ran = Ran::wait(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
                (ran.code, ran.out, ran.err)
            };
            let one = report("1");
            for threads in ["2", "3", "16"] {
                assert_eq!(one, report(threads), "{} with {threads} threads", fabric.display());
            }
        }
    }
}

/// The nodes that a finding involves.
fn nodes<'s>(finding: &Finding, sources: &'s Sources) -> BTreeSet<&'s str> {
    finding.labels().map(|label| sources[label.span.file].node.as_str()).collect()
}

/// What a finding says, and where.
fn essence(finding: &Finding, sources: &Sources) -> (String, String, u32) {
    let file = &sources[finding.primary.span.file];
    (format!("{} {}", finding.rule, finding.about()), file.path.clone(), finding.primary.span.start)
}

/// Rules that need every node (for what they say depends on all), and three more: one takes a majority of siblings for
/// right, one speaks of the nodes that are not there, and one asks all nodes of a zone for another way out.
fn may_change(rule: &str) -> bool {
    let needs = rules::find(rule).map(|rule| rule.header().needs);
    needs == Some(Needs::Complete)
        || ["differs-from-siblings", "sdn-exit-node-without-default-route", "sdn-member-not-read"].contains(&rule)
}

#[test]
fn a_node_that_goes_takes_only_its_own_findings_with_it() {
    // Whether a rule may speak at all depends on every node, so that is said beforehand.
    let report = |files: &[File]| {
        let mut sources = Sources::default();
        files.iter().for_each(|file| {
            sources.add(file.clone());
        });
        let outcome = check(&mut sources, &everything(), &Completeness::Partial.into());
        (outcome.findings, sources)
    };
    let mut compared = 0;
    for fabric in ours() {
        let discovery = discover::find(std::slice::from_ref(&fabric), &Default::default()).unwrap();
        let loaded = discover::load(&discovery).unwrap();
        let files: Vec<File> = loaded.iter().map(|(_, file)| file.clone()).collect();
        let (all, sources) = report(&files);
        let names: BTreeSet<&str> = files.iter().map(|file| file.node.as_str()).collect();
        for name in names.iter().filter(|_| names.len() > 1) {
            let rest: Vec<File> = files.iter().filter(|file| file.node != **name).cloned().collect();
            let (left, left_sources) = report(&rest);
            let stays = |finding: &&Finding| !may_change(finding.rule);
            let before: BTreeSet<_> = all
                .iter()
                .filter(stays)
                .filter(|finding| !nodes(finding, &sources).contains(name))
                .map(|finding| essence(finding, &sources))
                .collect();
            let after: BTreeSet<_> = left.iter().filter(stays).map(|finding| essence(finding, &left_sources)).collect();
            compared += before.len();
            let lost: Vec<_> = before.difference(&after).collect();
            assert!(lost.is_empty(), "{} without {name}: {lost:?}", fabric.display());
        }
    }
    println!("{compared} findings are there without a node that they do not involve");
    assert!(compared > 50, "{compared}");
}
