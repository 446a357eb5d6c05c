//! The indices by which nodes and session ends are named, and lists that take one kind of index alone.

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut, Index, IndexMut},
};

/// A node, by its position in [`crate::fabric::Fabric::devices`].
pub type NodeIndex = usize;

/// A position in an [`IndexVec`].
pub trait Position: Copy {
    /// The position with that many before it.
    fn new(position: usize) -> Self;
    /// How many are before it.
    fn get(self) -> usize;
}

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
#[derive(Clone, Debug)]
pub struct IndexVec<I, T> {
    all: Vec<T>,
    of: PhantomData<I>,
}

impl<I: Position, T> IndexVec<I, T> {
    /// Adds an element at the end.
    pub fn push(&mut self, element: T) {
        self.all.push(element);
    }

    /// Every position, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
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
