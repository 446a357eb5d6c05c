//! Why a vnet is left out.

use evpnlint_core::source::Span;

/// Why a vnet is left out.
#[derive(Clone)]
pub(super) struct Skip {
    /// Why, in words that end a sentence which begins with its name.
    pub why: String,
    /// Where that is written.
    pub span: Option<Span>,
}

impl Skip {
    pub(super) fn new(why: impl Into<String>, span: Option<Span>) -> Self {
        Self { why: why.into(), span }
    }
}
