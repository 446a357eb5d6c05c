//! The sections of a file, and which rule of the grammar is a line of each.

use evpnlint_grammar::wireguard::Rule;

/// A section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// `[Interface]`.
    Interface,
    /// `[Peer]`.
    Peer,
    /// None has begun, or one that nobody knows.
    Outside,
}

impl Mode {
    /// The rule of its lines. Outside there is nothing but the first line of a section.
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::Interface => Rule::interface,
            Self::Peer | Self::Outside => Rule::peer,
        }
    }

    /// The section that a line begins.
    pub(super) fn begun(rule: Rule) -> Option<Self> {
        match rule {
            Rule::interface_head => Some(Self::Interface),
            Rule::peer_head => Some(Self::Peer),
            Rule::other_head => Some(Self::Outside),
            _ => None,
        }
    }
}
