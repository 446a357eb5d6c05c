//! WireGuard's interfaces, as wg-quick(8) sets them up. Keys are no part of the model.

use super::{Prefix, Sourced};
use std::net::IpAddr;

/// What the file of an interface says beyond its addresses, its MTU and its hooks, which are the interface's own.
#[derive(Clone, Debug, Default)]
pub struct WireGuard {
    /// Where its peers are, as far as the file has addresses; a name is resolved when the interface comes up.
    pub endpoints: Vec<Sourced<IpAddr>>,
    /// The prefixes that its peers may send from and are sent to (`AllowedIPs`).
    pub allowed: Vec<Sourced<Prefix>>,
    /// Whether wg-quick makes no route for these in the main table (`Table`).
    pub is_without_routes: bool,
}

/// What a WireGuard interface has less than the interface that its packets leave by, in bytes (`set_mtu_up`, wg-quick).
pub const OVERHEAD: u32 = 80;
