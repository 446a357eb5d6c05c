//! What several tests want.

pub(crate) mod bless;
pub(crate) mod corpus;
pub(crate) mod files;
pub(crate) mod markdown;
pub(crate) mod prediction;
pub(crate) mod run;
pub(crate) mod tree;
#[cfg(target_os = "linux")]
pub(crate) mod vty;

use fastrand::Rng;
use std::env;

/// The number that an environment variable holds, if it is set.
pub(crate) fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{variable} is no number: {value}")))
}

/// One of several.
pub(crate) fn one_of<'a, T: ?Sized>(rng: &mut Rng, several: &[&'a T]) -> &'a T {
    several[rng.usize(..several.len())]
}
