//! Groups of things that share keys.

use crate::index::{NodeIndex, Position};
use petgraph::unionfind::UnionFind;
use std::collections::BTreeMap;

/// Nodes in disjoint sets, at first each by itself.
pub(super) struct Sets(UnionFind<usize>);

impl Sets {
    pub(super) fn new(nodes: usize) -> Self {
        Self(UnionFind::new(nodes))
    }

    /// Makes one set of those of two nodes.
    pub(super) fn join(&mut self, a: NodeIndex, b: NodeIndex) {
        self.0.union(a.get(), b.get());
    }

    /// The node that stands for the set of a node: any of the set, and the same for all of it until sets are joined.
    pub(super) fn find(&self, node: NodeIndex) -> NodeIndex {
        NodeIndex::new(self.0.find(node.get()))
    }
}

/// Groups things that share a key with one another, directly or through others: one fault seen from several sides is
/// one group. Order is kept.
pub fn connected<K: Ord, T>(things: Vec<(Vec<K>, T)>) -> Vec<Vec<T>> {
    let mut sets = UnionFind::new(things.len());
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
