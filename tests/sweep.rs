//! No predicted loss goes unreported: lines of healthy fabrics are taken away, values in them altered, files replaced by
//! those of siblings, one at a time. Where the prediction loses a session, a VTEP, a subnet or a packet by that, an error or a
//! warning is reported: of a hundred losses, at most two go unreported, and all but five are reported at the line or in its
//! block. Where nothing is lost, there is no error but of the rules that `sweep/argued.txt` argues for.
//!
//! `EVPNLINT_SWEEP` is how many changes apart those are that are tried; 1 tries all. `EVPNLINT_SWEEP_ONLY` is the one kind of
//! change that is tried, `CopiedLine` among others. With `EVPNLINT_SWEEP_LIST` what is not told at its block is printed. The whole takes a quarter of an hour on two cores in the debug profile.

mod change;
mod outcome;

use crate::support::{
    corpus::{OURS, folders},
    files,
    run::everything,
};
use change::{Change, Kind};
use evpnlint::{
    finding::{Finding, Severity},
    lang,
    options::Options,
    settle::Outcome,
    source::Sources,
};
use outcome::Outcomes;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fmt,
    path::{Path, PathBuf},
};

/// One deletion in so many is tried where nobody says otherwise.
const STEP: usize = 10;

/// Of a hundred losses, so many are told at the line or the block at least.
const AT_BLOCK: usize = 95;

/// What became of one change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// Nothing is lost, and there is no error.
    Harmless,
    /// Nothing is lost, and yet there is an error.
    Alarm,
    /// Something is lost, and it is told at the line or its block.
    There,
    /// Something is lost, and it is told, but elsewhere.
    Elsewhere,
    /// Something is lost, and nothing is told.
    Not,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Harmless => "harmless",
            Self::Alarm => "alarm",
            Self::There => "there",
            Self::Elsewhere => "elsewhere",
            Self::Not => "untold",
        })
    }
}

/// Whether a finding is an error that nobody has argued for.
fn is_alarm(finding: &Finding) -> bool {
    finding.severity == Severity::Error && !argued().any(|rule| rule == finding.rule)
}

/// The rules that may report an error where nothing is lost that is compared.
fn argued() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("sweep/argued.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next())
}

/// Whether a finding is about the place: it has a label in the block, whose lines behind a deletion have moved up.
fn is_met(change: &Change, finding: &Finding) -> bool {
    let (start, end) = change.block;
    finding.labels().any(|label| label.span.file == change.place.file && (start..end).contains(&label.span.start))
}

fn judge(sources: &Sources, before: &Outcomes, change: &Change) -> (Told, String) {
    let (options, changed) = (Options::default(), change.of(sources));
    let after = Outcomes::of(&changed, &options);
    let lost = before.lost_in(&after);
    let Outcome { findings, .. } = evpnlint::check(&mut changed.clone(), &everything(), &options);
    let loud: Vec<&Finding> = findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
    let told = match (lost.is_empty(), &loud[..]) {
        (true, loud) if loud.iter().any(|finding| is_alarm(finding)) => Told::Alarm,
        (true, _) => Told::Harmless,
        (false, []) => Told::Not,
        (false, loud) if loud.iter().any(|finding| is_met(change, finding)) => Told::There,
        (false, _) => Told::Elsewhere,
    };
    let said = loud.iter().map(|finding| finding.rule).collect::<BTreeSet<_>>();
    (told, format!("loses {} (first {:?}); said {said:?}", lost.len(), lost.first()))
}

/// The healthy fabrics: ours, and the bases of the lab.
fn healthy() -> Vec<PathBuf> {
    let is_healthy = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.ends_with("-broken") && name != "lab"
    };
    let ours = folders(Path::new(OURS)).into_iter().filter(is_healthy);
    let bases = folders(&Path::new(OURS).join("lab/bases"));
    let others = env::var_os("EVPNLINT_CORPUS").map(|folder| Path::new(&folder).join("../lab/bases"));
    let others = others.filter(|folder| folder.is_dir()).map(|folder| folders(&folder)).unwrap_or_default();
    let known: BTreeSet<_> = bases.iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    let others = others.into_iter().filter(|path| !known.contains(path.file_name().unwrap())).collect::<Vec<_>>();
    ours.chain(bases).chain(others).collect()
}

#[test]
fn a_line_that_goes_or_says_another_thing_is_missed() {
    let number = |name: &str| env::var(name).ok().and_then(|step| step.parse().ok());
    let step = number("EVPNLINT_SWEEP").unwrap_or(STEP);
    let only = env::var("EVPNLINT_SWEEP_ONLY").ok();
    let list = env::var_os("EVPNLINT_SWEEP_LIST").is_some();
    let mut counts: BTreeMap<Kind, BTreeMap<Told, usize>> = BTreeMap::new();
    for fabric in healthy() {
        let sources = files::load(&fabric);
        let cluster = lang::read(&sources, &Options::default());
        let before = Outcomes::of(&sources, &Options::default());
        let is_asked = |change: &Change| only.as_ref().is_none_or(|only| *only == format!("{:?}", change.kind));
        let tried: Vec<Change> = change::all(&sources, &cluster).into_iter().filter(is_asked).step_by(step).collect();
        let judged: Vec<(Told, String)> = tried.par_iter().map(|change| judge(&sources, &before, change)).collect();
        for (change, (told, words)) in tried.iter().zip(judged) {
            *counts.entry(change.kind).or_default().entry(told).or_default() += 1;
            if list && !matches!(told, Told::Harmless | Told::There) {
                let file = &sources[change.place.file];
                let number = file.line_column(change.place.start).0;
                let line = file.text.lines().nth(number as usize - 1).unwrap_or_default().trim();
                println!("{told} {:?} {}:{number}: {line:?} → {:.20?} {words}", change.kind, file.path, change.text);
            }
        }
    }
    for (kind, told) in &counts {
        let of = |told_as: Told| told.get(&told_as).copied().unwrap_or(0);
        let [harmless, alarms, there, elsewhere, not] =
            [Told::Harmless, Told::Alarm, Told::There, Told::Elsewhere, Told::Not].map(of);
        let lost = there + elsewhere + not;
        println!(
            "{kind:?}: {} tried, {lost} lose something: {there} told at the block, {elsewhere} elsewhere, {not} untold; of \
             {} that lose nothing {alarms} raise an error",
            lost + harmless + alarms,
            harmless + alarms
        );
        assert!(50 * not <= lost, "{not} of {lost} losses go untold; EVPNLINT_SWEEP_LIST=1 prints them");
        assert!(100 * there >= AT_BLOCK * lost, "{there} of {lost} losses are told at the block");
        assert!(50 * alarms <= harmless, "{alarms} alarms where nothing is lost");
    }
    let lost: usize = counts.values().flatten().filter(|(told, _)| **told >= Told::There).map(|(_, count)| count).sum();
    assert!(lost > 100, "{lost} changes lose something");
}
