//! Who a frame is for.

use crate::index::NodeIndex;
use evpnlint_core::model::MacAddress;

/// A MAC address, as far as files tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mac<'m> {
    /// That is written.
    Written(MacAddress),
    /// That of an interface of a node, whatever it is.
    Interface(NodeIndex, &'m str),
    /// That of a host, by its position among the hosts.
    Host(usize),
}
