//! What hosts experienced, and where that differs from what was predicted of them.

use super::{
    case::Case,
    compare::{Count, Disagreement},
};
use crate::support::prediction;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, iter,
    ops::AddAssign,
};

/// A state of the fabric in which hosts pinged each other.
#[derive(Clone, Debug)]
pub(crate) struct Phase {
    /// `steady`, `down:spine1` or `moved:h1=leaf2:swp7`.
    pub(crate) name: String,
    pub(crate) pings: Vec<Pings>,
}

/// Pings that went alike.
#[derive(Clone, Debug)]
pub(crate) struct Pings {
    /// A small one; where the others were sent, as large as both hosts take, and the same not to be fragmented.
    pub(crate) words: Vec<String>,
    /// From whom to whom, with `/ipv6` where it is that. `all` is the gateway and every other host, in each family that
    /// both have; what is told of one of them besides is told below.
    pub(crate) who: Vec<(String, String)>,
}

/// How often prediction and measurement agree.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shares {
    /// Of (case, phase, from, to, family, size): those that are predicted as they were measured.
    pub(crate) equal: Count,
    /// Of the pings that were lost: those that are predicted to be.
    pub(crate) lost: Count,
    /// Of the pings that were answered: those that are predicted to be lost.
    pub(crate) wronged: Count,
}

impl Phase {
    /// What asks evpnlint for it.
    pub(crate) fn options(&self) -> Vec<&str> {
        match self.name.split_once(':') {
            None if self.name == "steady" => vec![],
            Some(("down", node)) => vec!["--without", node],
            Some(("moved", host)) => vec!["--move", host],
            _ => panic!("no such phase: {}", self.name),
        }
    }
}

impl Pings {
    /// Reads `ok/ok/lost h1>h2,h3 h2>all`.
    pub(crate) fn read<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let known = |word: &&str| ["ok", "one-way", "lost"].contains(word);
        let results = words.next()?.split('/').map(|word| Some(word).filter(known).map(str::to_owned));
        let results = results.collect::<Option<Vec<_>>>().filter(|results| [1, 3].contains(&results.len()))?;
        let mut who = vec![];
        for word in words {
            let (from, to) = word.split_once('>')?;
            let pairs = from.split(',').flat_map(|from| to.split(',').map(move |to| (from.to_owned(), to.to_owned())));
            who.extend(pairs);
        }
        (!who.is_empty()).then_some(Self { words: results, who })
    }
}

/// Pairs of which the same was predicted, and the same measured.
#[derive(Default)]
struct Alike {
    /// From whom, and to whom.
    who: Vec<(String, Vec<String>)>,
    why: Option<String>,
}

impl Alike {
    fn add(&mut self, (from, to): (String, String), why: Option<&String>) {
        match self.who.last_mut().filter(|(last, _)| *last == from) {
            Some((_, tos)) => tos.push(to),
            None => self.who.push((from, vec![to])),
        }
        self.why = self.why.take().or_else(|| why.cloned());
    }
}

impl Shares {
    /// Compares a phase; `predicted` has a row for each pair.
    pub(crate) fn of(case: &Case, phase: &Phase, predicted: &[prediction::Row]) -> (Self, Vec<Disagreement>) {
        let mut shares = Self::default();
        let pairs: BTreeSet<(String, String)> = predicted.iter().map(pair).collect();
        assert_eq!(pairs.len(), predicted.len(), "{} {}: a pair is told twice", case.name, phase.name);
        let measured = phase.measured(&pairs);
        let missing = measured.keys().find(|key| !pairs.contains(*key));
        assert!(missing.is_none(), "{} {}: nothing is predicted of {missing:?}", case.name, phase.name);
        let mut differing: BTreeMap<(String, String), Alike> = BTreeMap::new();
        for row in predicted {
            let pair = pair(row);
            let Some(measured) = measured.get(&pair) else { continue };
            let predicted = [&row.small, &row.full, &row.full_df].map(String::as_str);
            iter::zip(predicted, *measured).for_each(|(predicted, measured)| shares.add(predicted, measured));
            let (predicted, measured) = (predicted[..measured.len()].join("/"), measured.join("/"));
            if predicted != measured {
                differing.entry((predicted, measured)).or_default().add(pair, row.why.as_ref());
            }
        }
        let line = |((predicted, measured), Alike { who, why }): ((String, String), Alike)| {
            let who: Vec<String> = who.into_iter().map(|(from, to)| format!("{from}>{}", to.join(","))).collect();
            let (case, phase, who) = (&case.name, &phase.name, who.join(" "));
            Disagreement { line: format!("{case} ping {phase} {who}: predicted {predicted}, measured {measured}"), why }
        };
        (shares, differing.into_iter().map(line).collect())
    }

    fn add(&mut self, predicted: &str, measured: &str) {
        let is_lost = ["lost", "one-way"].contains(&predicted);
        self.equal.add(predicted == measured);
        match measured {
            "ok" => self.wronged.add(is_lost),
            _ => self.lost.add(is_lost),
        }
    }
}

impl AddAssign for Shares {
    fn add_assign(&mut self, other: Self) {
        self.equal += other.equal;
        self.lost += other.lost;
        self.wronged += other.wronged;
    }
}

impl fmt::Display for Shares {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |Count { agreed, all }| format!("{agreed} of {all}");
        let Self { equal, lost, wronged } = *self;
        write!(to, "{equal}, lost predicted as lost: {} ({:.2} %)", part(lost), lost.per_cent())?;
        write!(to, ", good predicted as lost: {} ({:.2} %)", part(wronged), wronged.per_cent())
    }
}

impl Phase {
    /// What was measured of each pair, of all that there are. Every host asks, so that others are none.
    fn measured(&self, pairs: &BTreeSet<(String, String)>) -> BTreeMap<(String, String), &Vec<String>> {
        let hosts: BTreeSet<&str> = pairs.iter().map(|(from, _)| from.as_str()).chain(["gateway"]).collect();
        let is_host = |to: &str| hosts.contains(to.strip_suffix("/ipv6").unwrap_or(to));
        let mut all = BTreeMap::new();
        for Pings { words, who } in &self.pings {
            for (from, to) in who {
                if to == "all" {
                    let own = pairs.iter().filter(|pair| pair.0 == *from && is_host(&pair.1));
                    all.extend(own.map(|pair| (pair.clone(), words)));
                } else {
                    all.insert((from.clone(), to.clone()), words);
                }
            }
        }
        all
    }
}

/// From whom to whom, as a case has it.
fn pair(row: &prediction::Row) -> (String, String) {
    let family = if row.family == "ipv6" { "/ipv6" } else { "" };
    (row.from.clone(), format!("{}{family}", row.to))
}
