//! Values that more than one thing has.

use std::collections::{BTreeMap, BTreeSet};

/// Each value that several things have, in order, with those things in the order in which they came.
pub(crate) fn shared<K: Ord, T>(things: impl IntoIterator<Item = (K, T)>) -> impl Iterator<Item = (K, Vec<T>)> {
    let mut users: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (value, thing) in things {
        users.entry(value).or_default().push(thing);
    }
    users.into_iter().filter(|(_, users)| users.len() > 1)
}

/// Each thing once, in the order in which they first came.
pub(crate) fn in_order<T: Ord + Copy>(things: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    things.into_iter().filter(|thing| seen.insert(*thing)).collect()
}
