//! The lab: what is predicted of our fabrics is what real FRR was measured to do with them. `tests/corpus/lab/README.md`
//! says how they are written down; every difference has its reason in `disagreements.txt` beside it.

mod case;
mod compare;
mod echo;
mod excuses;
mod patch;
mod tree;
mod walks;

use crate::support::{prediction, run::in_sight};
use case::{Case, Kind};
use compare::{Disagreement, Tally};
use rayon::prelude::*;
use std::{collections::BTreeSet, path::Path};

const LAB: &str = "tests/corpus/lab";

/// The share of (case, node, VNI) on which prediction and measurement must agree, in per cent.
const FLOOR: f64 = 97.0;

#[test]
fn what_is_predicted_was_measured() {
    let lab = Path::new(LAB);
    let cases = case::all(lab);
    let tally = |case: &Case| {
        let tree = tree::of(case, lab);
        Tally::of(case, &prediction::sessions(tree.path()), &prediction::vnis(tree.path()))
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
    let agreed = all.vnis.per_cent();
    if agreed < FLOOR {
        wrong.push(format!("{agreed:.2} % of the VNIs agree, and {FLOOR} % must"));
    }
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}
