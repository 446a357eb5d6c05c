//! Fabrics beside one that could be sites of one with it.

use evpnlint_core::{model::Vni, source::Span};

/// Another fabric that this one has BGP sessions with, none of which carries EVPN, though both have the same VNIs in
/// the same subnets.
pub struct Beside {
    /// The nodes here that have such sessions.
    pub here: String,
    /// Those at the other ends.
    pub there: String,
    /// The lines of the sessions.
    pub sessions: Vec<Option<Span>>,
    /// The VNIs, each with the gateways here and there.
    pub vnis: Vec<(Vni, [Option<Span>; 2])>,
}
