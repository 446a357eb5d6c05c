//! The indices by which nodes and session ends are named, and lists and sets that take one kind of index alone.

use fixedbitset::FixedBitSet;
use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut, Index, IndexMut},
};

/// A position in an [`IndexVec`].
pub trait Position: Copy {
    /// The position with that many before it.
    fn new(position: usize) -> Self;
    /// How many are before it.
    fn get(self) -> usize;
}

/// A node, by its position in [`crate::fabric::Fabric::devices`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(usize);

impl Position for NodeIndex {
    fn new(position: usize) -> Self {
        Self(position)
    }

    fn get(self) -> usize {
        self.0
    }
}

/// One element for each node, in the order of [`crate::fabric::Fabric::devices`].
pub type ByNode<T> = IndexVec<NodeIndex, T>;

/// A session end, by its position in [`crate::fabric::sessions::Sessions::ends`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionEndIndex(usize);

impl Position for SessionEndIndex {
    fn new(position: usize) -> Self {
        Self(position)
    }

    fn get(self) -> usize {
        self.0
    }
}

/// A list whose elements are found by positions of one kind: those of other lists do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexVec<I, T> {
    all: Vec<T>,
    of: PhantomData<I>,
}

impl<I: Position, T> IndexVec<I, T> {
    /// Adds an element at the end.
    pub fn push(&mut self, element: T) {
        self.all.push(element);
    }

    /// That many copies of one element.
    pub fn filled(element: T, length: usize) -> Self
    where
        T: Clone,
    {
        Self::from(vec![element; length])
    }

    /// The element at a position, if the list goes that far.
    pub fn get(&self, at: I) -> Option<&T> {
        self.all.get(at.get())
    }

    /// Every position, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + Clone + use<I, T> {
        (0..self.all.len()).map(I::new)
    }

    /// The elements in order, each with its position.
    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.all.iter().enumerate().map(|(at, element)| (I::new(at), element))
    }
}

impl<I, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Self::from(vec![])
    }
}

impl<I, T> From<Vec<T>> for IndexVec<I, T> {
    fn from(all: Vec<T>) -> Self {
        Self { all, of: PhantomData }
    }
}

impl<I, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(elements: A) -> Self {
        Self::from(elements.into_iter().collect::<Vec<T>>())
    }
}

impl<I: Position, T> Index<I> for IndexVec<I, T> {
    type Output = T;

    fn index(&self, at: I) -> &T {
        &self.all[at.get()]
    }
}

impl<I: Position, T> IndexMut<I> for IndexVec<I, T> {
    fn index_mut(&mut self, at: I) -> &mut T {
        &mut self.all[at.get()]
    }
}

impl<I, T> Deref for IndexVec<I, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

impl<I, T> DerefMut for IndexVec<I, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.all
    }
}

impl<I, T> IntoIterator for IndexVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a, I, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

/// A set of nodes, kept as one bit for each node. Sets of one fabric are made with room for all of its nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeSet(FixedBitSet);

impl NodeSet {
    /// An empty set, with room for that many nodes.
    pub fn with_capacity(nodes: usize) -> Self {
        Self(FixedBitSet::with_capacity(nodes))
    }

    /// The set of all of that many nodes.
    pub fn all(nodes: usize) -> Self {
        let mut all = Self::with_capacity(nodes);
        all.0.insert_range(..);
        all
    }

    /// How many nodes there is room for.
    pub fn capacity(&self) -> usize {
        self.0.len()
    }

    /// How many nodes are in it.
    pub fn count(&self) -> usize {
        self.0.count_ones(..)
    }

    /// Whether no node is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    /// Whether a node is in it.
    pub fn contains(&self, node: NodeIndex) -> bool {
        self.0.contains(node.get())
    }

    /// Puts a node in. There must be room for it.
    pub fn insert(&mut self, node: NodeIndex) {
        self.0.insert(node.get());
    }

    /// Puts a node in or takes it out. There must be room for it.
    pub fn set(&mut self, node: NodeIndex, is_in: bool) {
        self.0.set(node.get(), is_in);
    }

    /// Its nodes, in order.
    pub fn iter(&self) -> impl Iterator<Item = NodeIndex> + '_ {
        self.0.ones().map(NodeIndex::new)
    }

    /// The first of its nodes.
    pub fn first(&self) -> Option<NodeIndex> {
        self.0.minimum().map(NodeIndex::new)
    }

    /// Adds the nodes of another set.
    pub fn union_with(&mut self, other: &Self) {
        self.0.union_with(&other.0);
    }

    /// Takes out the nodes of another set.
    pub fn difference_with(&mut self, other: &Self) {
        self.0.difference_with(&other.0);
    }

    /// The nodes that are not in another set, in order.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = NodeIndex> + 'a {
        self.0.difference(&other.0).map(NodeIndex::new)
    }

    /// The nodes that are in another set too, in order.
    pub fn intersection<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = NodeIndex> + 'a {
        self.0.intersection(&other.0).map(NodeIndex::new)
    }

    /// How many nodes are in another set too.
    pub fn intersection_count(&self, other: &Self) -> usize {
        self.0.intersection_count(&other.0)
    }
}

impl Extend<NodeIndex> for NodeSet {
    fn extend<A: IntoIterator<Item = NodeIndex>>(&mut self, nodes: A) {
        self.0.extend(nodes.into_iter().map(NodeIndex::get));
    }
}

impl FromIterator<NodeIndex> for NodeSet {
    fn from_iter<A: IntoIterator<Item = NodeIndex>>(nodes: A) -> Self {
        Self(nodes.into_iter().map(NodeIndex::get).collect())
    }
}
