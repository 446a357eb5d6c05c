//! Groups of things that share keys.

use std::collections::BTreeMap;

/// Groups things that share a key with one another, directly or through others: one fault seen from several sides is
/// one group. Order is kept.
pub fn connected<K: Ord, T>(things: Vec<(Vec<K>, T)>) -> Vec<Vec<T>> {
    let mut sets = petgraph::unionfind::UnionFind::new(things.len());
    let mut first: BTreeMap<&K, usize> = BTreeMap::new();
    for (at, (keys, _)) in things.iter().enumerate() {
        for key in keys {
            sets.union(*first.entry(key).or_insert(at), at);
        }
    }
    let labels = sets.into_labeling();
    let mut groups: BTreeMap<usize, Vec<T>> = BTreeMap::new();
    let mut order: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, (_, thing)) in things.into_iter().enumerate() {
        let group = *order.entry(labels[at]).or_insert(at);
        groups.entry(group).or_default().push(thing);
    }
    groups.into_values().collect()
}
