//! The lab: what is predicted of our fabrics is what real FRR was measured to do with them. `tests/corpus/lab/README.md`
//! says how they are written down; every difference has its reason in `disagreements.txt` beside it.

pub(crate) mod case;
mod compare;
mod echo;
pub(crate) mod excuses;
mod patch;
mod pings;
pub(crate) mod tree;
mod walks;

use crate::support::{prediction, run::in_sight};
use case::{Case, Kind};
use compare::{Disagreement, Predicted, Tally};
use pings::Shares;
use rayon::prelude::*;
use std::{collections::BTreeSet, path::Path};

pub(crate) const LAB: &str = "tests/corpus/lab";

/// The share of (case, node, VNI) on which prediction and measurement must agree, in per cent.
const VNIS: f64 = 97.0;

/// The share of pings that must be predicted as they were measured.
const EQUAL: f64 = 99.0;

/// The share of the lost pings that must be predicted to be lost.
const LOST: f64 = 95.0;

/// The share of the pings with an answer that may be predicted to be lost.
const WRONGED: f64 = 0.3;

/// How many pings there are to compare, at least.
const PINGS: usize = 16_000;

#[test]
fn what_is_predicted_was_measured() {
    let lab = Path::new(LAB);
    let cases = case::all(lab);
    let tally = |case: &Case| {
        let tree = tree::of(case, lab);
        let reach = case.phases.iter().map(|phase| prediction::reach(tree.path(), &phase.options()));
        let predicted = Predicted {
            sessions: prediction::sessions(tree.path()),
            vnis: prediction::vnis(tree.path()),
            reach: reach.collect(),
        };
        Tally::of(case, &predicted)
    };
    let tallies: Vec<Tally> = in_sight(|| cases.par_iter().map(tally).collect());
    let healthy = cases.iter().zip(&tallies).filter(|(case, _)| case.kind == Kind::Healthy);
    let healthy: Tally = healthy.map(|(_, tally)| tally.clone()).sum();
    let all: Tally = tallies.into_iter().sum();
    println!("all {all}");
    println!("healthy {healthy}");

    let listed = excuses::read(&lab.join("disagreements.txt"));
    let found: BTreeSet<&str> = all.disagreements.iter().map(|it| it.line.as_str()).collect();
    let mut wrong = vec![];
    for Disagreement { line, why } in all.disagreements.iter().filter(|it| !listed.contains(&it.line)) {
        let why = why.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        wrong.push(format!("not listed: {line}{why}"));
    }
    let gone = listed.iter().filter(|line| !found.contains(line.as_str()));
    wrong.extend(gone.map(|line| format!("listed, and gone: {line}")));
    wrong.extend(healthy.disagreements.iter().map(|it| format!("of a healthy fabric: {}", it.line)));
    let Shares { equal, lost, wronged } = all.pings;
    for (what, count, floor) in
        [("VNIs agree", all.vnis, VNIS), ("pings agree", equal, EQUAL), ("lost pings are foreseen", lost, LOST)]
    {
        if count.per_cent() < floor {
            wrong.push(format!("{:.2} % of the {what}, and {floor} % must", count.per_cent()));
        }
    }
    if wronged.per_cent() > WRONGED {
        wrong.push(format!("{:.2} % of the good pings are called lost, and {WRONGED} % may be", wronged.per_cent()));
    }
    if equal.all < PINGS {
        wrong.push(format!("{} pings were compared, and {PINGS} must be", equal.all));
    }
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}
