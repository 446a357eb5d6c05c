//! Runs the checks as the program does, without starting it.

use evpnlint::{
    options::Options,
    report::{self, Format, Style},
    settle::{Outcome, Selection},
    source::Sources,
};
use std::panic::{self, AssertUnwindSafe};

/// Every rule, whatever it is about.
pub(crate) fn everything() -> Selection {
    Selection { select: vec!["all".parse().unwrap()], ..Selection::default() }
}

/// What is found.
pub(crate) fn check(sources: &mut Sources, selection: &Selection, options: &Options) -> Outcome {
    in_sight(|| evpnlint::check(sources, selection, options))
}

/// What is found, written down.
pub(crate) fn render(format: Format, outcome: &Outcome, sources: &Sources, style: Style) -> String {
    let mut out = vec![];
    report::write(format, outcome, sources, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Does what may panic on a thread of rayon's. Those threads are common to all tests, and what a panic says there is told
/// with the test that used them first; so it is said again here.
pub(crate) fn in_sight<T>(what: impl FnOnce() -> T) -> T {
    panic::catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|payload| panic!("{}", words(&*payload)))
}

/// What a panic said.
pub(crate) fn words(payload: &(dyn std::any::Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without words")
}
