//! What a line belongs to: an `iface` stanza, a block of another tool's that ifupdown2 does not have, or nothing.
//!
//! Every statement ends the block before it, `source` too: ifupdown2 does not take a stanza up again.

use evpnlint_grammar::interfaces::Rule;

/// What the next attribute belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// To nothing: ifupdown2 reports the line and drops it.
    Outside,
    /// To the last stanza.
    Stanza,
    /// To a `mapping`, or to a stanza whose name a template engine would write.
    Other,
}

impl Mode {
    /// The mode behind a statement.
    pub(super) fn after(statement: Rule) -> Self {
        match statement {
            Rule::iface | Rule::interface | Rule::vlan | Rule::template => Self::Stanza,
            Rule::mapping => Self::Other,
            _ => Self::Outside,
        }
    }
}
