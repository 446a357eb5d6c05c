//! What differs between a file as it should be and as it is.

use evpnlint_core::model::twin::{Pair, Said, Script};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A difference. Of a block that is missing or extra as a whole, only the opener is told, with how much is in it.
#[derive(Clone, Debug)]
pub struct Drift<'p> {
    /// What should be there and is not.
    pub expected: Option<&'p Said>,
    /// What is there and should not be.
    pub actual: Option<&'p Said>,
    /// How many statements are in the block that it opens.
    pub inside: usize,
}

/// All differences, in the order of the expected file, then of the actual one. Where something of one block is said
/// otherwise, the two belong together.
pub fn drift(pair: &Pair) -> Vec<Drift<'_>> {
    let Some(actual) = &pair.actual else { return vec![] };
    let (missing, extra) = (lacking(&pair.expected, actual), lacking(actual, &pair.expected));
    let mut others: BTreeMap<(&[String], &str), VecDeque<usize>> = BTreeMap::new();
    for (at, (said, _)) in extra.iter().enumerate() {
        if let Some(subject) = subject(said) {
            others.entry((&said.block, subject)).or_default().push_back(at);
        }
    }
    let mut found = vec![];
    let mut taken = BTreeSet::new();
    for (expected, inside) in missing {
        let other = subject(expected).and_then(|subject| others.get_mut(&(&*expected.block, subject))?.pop_front());
        taken.extend(other);
        found.push(Drift { expected: Some(expected), actual: other.map(|at| extra[at].0), inside });
    }
    let rest = extra.into_iter().enumerate().filter(|(at, _)| !taken.contains(at));
    found.extend(rest.map(|(_, (said, inside))| Drift { expected: None, actual: Some(said), inside }));
    found
}

/// What a statement is about, so that another one of its block about the same stands in its place: attributes of an
/// interface that can be there once, and lines of FRR's that differ in their last word alone.
fn subject(said: &Said) -> Option<&str> {
    match said.block.first() {
        Some(opener) if opener.starts_with("iface ") => {
            let name = said.text.split(' ').next().unwrap_or_default();
            let adds_up = matches!(name, "address" | "up" | "down" | "pre-up" | "post-up" | "post-down" | "pre-down");
            (!adds_up).then_some(name)
        }
        _ => said.text.rsplit_once(' ').map(|(head, _)| head),
    }
}

/// What one file says and the other does not, as often; statements in blocks that are lacking are only counted.
fn lacking<'p>(of: &'p Script, other: &Script) -> Vec<(&'p Said, usize)> {
    let mut there: BTreeMap<(&[String], &str), usize> = BTreeMap::new();
    for said in &other.said {
        *there.entry((&said.block, &said.text)).or_default() += 1;
    }
    let mut lacking: Vec<(&Said, usize)> = vec![];
    // By block and text, since what is in a block names its opener.
    let mut openers: BTreeMap<(&[String], &str), usize> = BTreeMap::new();
    for said in &of.said {
        let around = (0..said.block.len()).map(|depth| (&said.block[..depth], said.block[depth].as_str()));
        if let Some(at) = around.filter_map(|opener| openers.get(&opener)).next() {
            lacking[*at].1 += 1;
            continue;
        }
        match there.get_mut(&(&*said.block, &*said.text)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => {
                openers.entry((&said.block, &said.text)).or_insert(lacking.len());
                lacking.push((said, 0));
            }
        }
    }
    lacking
}
