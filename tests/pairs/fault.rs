//! One fault of the lab: what it changes, and what is found of it alone.

use crate::{
    lab::{case::Case, tree},
    support::{
        files,
        run::{check, everything},
    },
};
use evpnlint::{
    config::{self, Config},
    discover,
    options::{Completeness, Options},
    source::Sources,
};
use evpnlint_rules::finding::Severity;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The files of a fabric, by their path below its folder.
type Files = BTreeMap<String, String>;

/// A case of the lab that has a fault.
pub(super) struct Fault {
    pub(super) name: String,
    pub(super) base: String,
    /// The nodes whose files it changes.
    pub(super) nodes: BTreeSet<String>,
    /// What is found of it, and not of its base: in the files that it changes, or anywhere where nothing is found in those.
    pub(super) told: Vec<Told>,
    /// The files of its fabric.
    files: Files,
    /// Those of them that the base has otherwise, or has not.
    changed: BTreeSet<String>,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) rule: &'static str,
    /// The file, and what its line says: its number may change.
    pub(super) place: String,
    /// All its places.
    pub(super) places: BTreeSet<String>,
}

impl Fault {
    /// What a case changes; `None` for one that changes what all nodes have in common.
    pub(super) fn of(case: &Case, lab: &Path) -> Option<Self> {
        let healthy = tree::base(&lab.join("bases").join(&case.base));
        let files = tree::files(case, lab);
        let differs = |path: &&String| files.get(*path) != healthy.get(*path);
        let changed: BTreeSet<String> = files.keys().chain(healthy.keys()).filter(differs).cloned().collect();
        let nodes: BTreeSet<String> =
            changed.iter().filter_map(|path| path.split_once('/')).map(|own| own.0.to_owned()).collect();
        if changed.contains(config::NAME) || case.without.is_some() {
            return None;
        }
        let known: BTreeSet<Told> = found(&healthy).into_iter().collect();
        let told: Vec<Told> = found(&files).into_iter().filter(|told| !known.contains(told)).collect();
        let is_own = |told: &&Told| told.place.split_once(": ").is_some_and(|(path, _)| changed.contains(path));
        let own: Vec<Told> = told.iter().filter(is_own).cloned().collect();
        let told = if own.is_empty() { told } else { own };
        Some(Self { name: case.name.clone(), base: case.base.clone(), nodes, told, files, changed })
    }

    pub(super) fn is_told(&self) -> bool {
        !self.told.is_empty()
    }

    /// What is found where both faults are.
    pub(super) fn beside(&self, other: &Self) -> Vec<Told> {
        let mut files = self.files.clone();
        for path in &other.changed {
            match other.files.get(path) {
                Some(text) => files.insert(path.clone(), text.clone()),
                None => files.remove(path),
            };
        }
        found(&files)
    }
}

/// The errors and warnings of a fabric.
fn found(fabric: &Files) -> Vec<Told> {
    let mut sources = Sources::default();
    let mut options = Options::from(Completeness::Inferred);
    for (path, text) in fabric {
        if path == config::NAME {
            options = Config::parse(Path::new(path), text).unwrap().options(&mut sources);
        } else if let Some((node, inner)) = discover::place(path) {
            files::add(&mut sources, &node, &inner, text);
        }
    }
    let outcome = check(&mut sources, &everything(), &options);
    let told = outcome.findings.iter().filter(|finding| finding.severity >= Severity::Warning).map(|finding| {
        let place = |label: &evpnlint_rules::finding::Label| {
            let file = &sources[label.span.file];
            format!("{}: {}", file.path, file.line(file.line_column(label.span.start).0).trim())
        };
        Told { rule: finding.rule, place: place(&finding.primary), places: finding.labels().map(place).collect() }
    });
    told.collect()
}
