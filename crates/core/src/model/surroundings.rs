//! What stands around the nodes and in no file of theirs: hosts, cables, switches, and what must work between them. The
//! user says it once, in `evpnlint.toml` or where cabling is written down for other programs.

use super::{InterfaceAddress, Prefix, Sourced, allow::Pattern};
use std::net::IpAddr;

/// What stands around the nodes.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Hosts behind the fabric, in order of the file.
    pub hosts: Vec<Host>,
    /// Cables.
    pub cables: Vec<Cable>,
    /// Switches between the nodes that are not read. Each is one segment.
    pub switches: Vec<Switch>,
    /// What must work, or must not.
    pub expectations: Vec<Expectation>,
}

impl Surroundings {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.cables.is_empty() && self.switches.is_empty() && self.expectations.is_empty()
    }
}

/// A host behind the fabric.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name, which no other host has.
    pub name: Sourced<String>,
    /// The node, or the switch, that it is attached to.
    pub node: Sourced<String>,
    /// Where it is attached there; nothing on a switch, which is one segment.
    pub attachment: Option<Attachment>,
    /// The VLAN of its frames, 1 to 4094; untagged without one.
    pub vlan: Option<Sourced<u16>>,
    /// Its addresses, with the lengths of their subnets.
    pub addresses: Vec<Sourced<InterfaceAddress>>,
    /// Its default gateways, at most one of each family.
    pub gateways: Vec<Sourced<IpAddr>>,
    /// Its MTU in bytes; 1500 unless written.
    pub mtu: Option<Sourced<u32>>,
    /// Whether it never speaks first.
    pub silent: bool,
    /// Routes of its own.
    pub routes: Vec<Sourced<HostRoute>>,
}

/// Where a host is attached to a node.
#[derive(Clone, Debug)]
pub enum Attachment {
    /// An interface of the node that its files name.
    Port(Sourced<String>),
    /// A bridge or vnet, where ports are made when guests start.
    Bridge(Sourced<String>),
}

/// A route of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostRoute {
    /// `PREFIX via GATEWAY`.
    Via(Prefix, IpAddr),
    /// `local PREFIX`: the host answers for these addresses itself.
    Local(Prefix),
}

/// A cable between two ports.
#[derive(Clone, Debug)]
pub struct Cable {
    /// One end.
    pub a: CableEnd,
    /// The other.
    pub b: CableEnd,
}

/// An end of a cable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CableEnd {
    /// The node, or the switch.
    pub device: String,
    /// The port.
    pub port: String,
}

/// A switch that is not read: one segment.
#[derive(Clone, Debug)]
pub struct Switch {
    /// Its name, which no node has.
    pub name: Sourced<String>,
    /// Its MTU in bytes; without one no packet is too large for it.
    pub mtu: Option<Sourced<u32>>,
}

/// What must work, or must not.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Who sends.
    pub from: Sourced<Selector>,
    /// Who answers.
    pub to: Sourced<Selector>,
    /// Bytes of the whole packet, which is not fragmented; a small one without it.
    pub size: Option<u32>,
    /// Whether it must not work.
    pub deny: bool,
    /// Under which failure it is asked.
    pub without: Option<Without>,
}

/// Some hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Hosts and guests by name; `*` stands for any text.
    Named(Pattern),
    /// All that are attached to a VRF (`vrf:RED`).
    Vrf(String),
    /// Whatever lies behind the way out of the fabric (`outside`).
    Outside,
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// Each node in turn, those aside that the two hosts are attached to.
    AnyNode,
    /// That node.
    Node(String),
}
