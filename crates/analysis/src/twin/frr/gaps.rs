//! Notes of what could not be derived.

use evpnlint_core::{
    model::twin::{FRR, Gap},
    source::Span,
};

/// Adds a note, unless the same is there already.
pub(super) fn gap(gaps: &mut Vec<Gap>, about: &str, why: impl Into<String>, span: Option<Span>) {
    let (about, why) = (about.to_owned(), why.into());
    if !gaps.iter().any(|known| known.about == about && known.why == why) {
        gaps.push(Gap { file: FRR, about, why, span });
    }
}
