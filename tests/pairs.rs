//! Silence does not spread: a fault is told whatever other fault there is on another node. Every two faults of the lab that
//! have one base and no node in common are put into one fabric. Each place where something is found of one alone must be in a
//! finding of the same rule there, in one that begins at that place, or in one that holds both faults. What is not stands in
//! `tests/corpus/lab/pairs.txt`, with its reason.
//!
//! `EVPNLINT_PAIRS=1` tries all pairs, which takes minutes; else they are one of many.

mod excused;
mod fault;

use crate::{
    lab::{LAB, case},
    support::{self, run::in_sight},
};
use excused::Excuses;
use fault::{Fault, Told};
use rayon::prelude::*;
use std::{collections::BTreeMap, path::Path};

/// How many pairs a run tries where it does not try all of them.
const SAMPLED: usize = 160;

/// A finding of one fault that is not there beside another.
struct Silence {
    fault: String,
    beside: String,
    told: Told,
}

#[test]
fn a_fault_is_told_beside_another() {
    let lab = Path::new(LAB);
    let cases: Vec<_> = case::all(lab).into_iter().filter(|case| case.kind == case::Kind::Fault).collect();
    let faults: Vec<Fault> =
        in_sight(|| cases.par_iter().filter_map(|case| Fault::of(case, lab)).filter(Fault::is_told).collect());
    let all = pairs(&faults);
    let is_whole = support::number("EVPNLINT_PAIRS").is_some();
    let step = if is_whole { 1 } else { all.len().div_ceil(SAMPLED).max(1) };
    // Every so many: neighbours in the list have one fault in common.
    let tried: Vec<_> = all.iter().step_by(step).collect();
    let silences: Vec<Silence> =
        in_sight(|| tried.par_iter().flat_map_iter(|(one, other)| silences(one, other)).collect());
    let asked: usize = tried.iter().map(|(one, other)| one.told.len() + other.told.len()).sum();
    println!("{} pairs of {} tried: {} of {asked} findings are not there", tried.len(), all.len(), silences.len());
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    silences.iter().for_each(|silence| *rules.entry(silence.told.rule).or_default() += 1);
    rules.iter().for_each(|(rule, count)| println!("  {rule}: {count}"));

    let mut excuses = Excuses::read(&lab.join("pairs.txt"));
    let mut wrong: Vec<String> = vec![];
    for Silence { fault, beside, told } in &silences {
        if !excuses.take(fault, beside, told.rule) {
            wrong.push(format!("{fault} beside {beside}: {} at {}", told.rule, told.place));
        }
    }
    if is_whole {
        wrong.extend(excuses.unused().map(|line| format!("excused, and told: {line}")));
    }
    assert!(tried.len() >= SAMPLED / 2, "{} pairs", tried.len());
    assert!(wrong.is_empty(), "{} complaints:\n{}", wrong.len(), wrong.join("\n"));
}

/// All pairs of faults of one base that have no node in common.
fn pairs(faults: &[Fault]) -> Vec<(&Fault, &Fault)> {
    let each = |at: usize| faults[at + 1..].iter().map(move |other| (&faults[at], other));
    let all = (0..faults.len()).flat_map(each);
    all.filter(|(one, other)| one.base == other.base && one.nodes.is_disjoint(&other.nodes)).collect()
}

/// What is found of either alone, and is not found where both are.
fn silences(one: &Fault, other: &Fault) -> Vec<Silence> {
    let both = one.beside(other);
    let lost = |fault: &Fault, beside: &Fault| -> Vec<Silence> {
        let is_there = |told: &Told| {
            both.iter().any(|found| {
                let holds = |places: &[Told]| places.iter().any(|own| found.places.contains(&own.place));
                let is_same = found.rule == told.rule || found.place == told.place;
                found.places.contains(&told.place) && (is_same || holds(&beside.told))
            })
        };
        let lost = fault.told.iter().filter(|told| !is_there(told)).cloned();
        lost.map(|told| Silence { fault: fault.name.clone(), beside: beside.name.clone(), told }).collect()
    };
    lost(one, other).into_iter().chain(lost(other, one)).collect()
}
