//! `interfaces.d/sdn`: the interfaces of zones and vnets, then those of fabrics.

use super::{Drafts, seat::Seat};

/// Writes the file for a node.
pub(super) fn write(_seat: &Seat, _into: &mut Drafts) {}
