//! `frr.conf`.

use super::{Draft, seat::Seat};
use crate::{model::twin::Gap, source::Span};

/// Writes the file for a node; `None` where the generator would leave it alone.
pub(super) fn write(_seat: &Seat, _local: Option<(Span, &str)>, _gaps: &mut Vec<Gap>) -> Option<Draft> {
    None
}
