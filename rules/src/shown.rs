//! How many places a finding shows, at most: each list of places has one of these bounds.

/// Places that show what is usual.
pub(crate) const EXAMPLES: usize = 3;

/// Places of a kind of which a few tell enough: what the first ones disagree with, guests, lines of one node.
pub(crate) const SOME: usize = 10;

/// Places of what is wrong, where a node may have many.
pub(crate) const PLACES: usize = 20;

/// Places of what is wrong, where it is to be changed at each.
pub(crate) const MANY: usize = 50;
