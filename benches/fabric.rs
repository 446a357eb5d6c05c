//! A benchmark to come.
fn main() {}
