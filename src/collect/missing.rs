//! What was not got of a node: some of it by name, all of it by count.

use super::{places, reason::Reason};
use std::collections::BTreeMap;

/// The most files of a node that are listed; the rest is counted.
pub const MOST_LISTED: usize = 100;

/// Files that are there and were not got, or that came and were not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    listed: BTreeMap<String, Reason>,
    counts: BTreeMap<Reason, usize>,
}

impl Missing {
    /// One more. Whether a node has FRR's main file and its own links is never lost in a flood.
    pub(super) fn add(&mut self, path: String, reason: Reason) {
        *self.counts.entry(reason).or_default() += 1;
        if self.listed.len() < MOST_LISTED || places::MAIN.contains(&path.as_str()) {
            self.listed.entry(path).or_insert(reason);
        }
    }

    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Those that are listed, by path.
    pub fn listed(&self) -> impl Iterator<Item = (&str, Reason)> {
        self.listed.iter().map(|(path, reason)| (path.as_str(), *reason))
    }

    /// How many there are for each reason.
    pub fn counts(&self) -> impl Iterator<Item = (Reason, usize)> {
        self.counts.iter().map(|(reason, count)| (*reason, *count))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.counts.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_what_matters_is_listed() {
        let mut missing = Missing::default();
        for at in 0..5000 {
            missing.add(format!("etc/x{at}"), if at % 5 == 0 { Reason::Long } else { Reason::Foreign });
        }
        missing.add(places::MAIN[0].to_owned(), Reason::Unreadable);
        assert_eq!((missing.count(), missing.listed().count()), (5001, MOST_LISTED + 1));
        let counts: Vec<_> = missing.counts().collect();
        assert_eq!(counts, [(Reason::Unreadable, 1), (Reason::Long, 1000), (Reason::Foreign, 4000)]);
    }
}
