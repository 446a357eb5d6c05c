//! What a tunnel adds to a packet.

use std::net::IpAddr;

/// What a tunnel adds to an inner packet: Ethernet 14, VXLAN 8, UDP 8, and an outer header of 20 or 40 bytes (RFC
/// 7348).
pub fn overhead(source: IpAddr) -> u32 {
    if source.is_ipv4() { 50 } else { 70 }
}
