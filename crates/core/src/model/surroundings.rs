//! What stands around the nodes and in no file of theirs: hosts, cables, switches, and what must work between them. The
//! user says it once, in `evpnlint.toml` or where cabling is written down for other programs.

use super::{InterfaceAddress, Prefix, Sourced, allow::Pattern};
use crate::source::{FileId, Span};
use std::{collections::BTreeSet, fmt, net::IpAddr, str::FromStr};

/// What stands around the nodes.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Hosts behind the fabric, in order of the file.
    pub hosts: Vec<Host>,
    /// Cables, each once: those of `evpnlint.toml`, then those of other files.
    pub cables: Vec<Cable>,
    /// Switches between the nodes that are not read. Each is one segment.
    pub switches: Vec<Switch>,
    /// What must work, or must not.
    pub expectations: Vec<Expectation>,
    /// `evpnlint.toml`, where it tells something of all this.
    pub file: Option<FileId>,
}

impl Surroundings {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.cables.is_empty() && self.switches.is_empty() && self.expectations.is_empty()
    }

    /// Takes cables in that are not there yet.
    pub fn lay(&mut self, cables: Vec<Cable>) {
        let mut known: BTreeSet<(CableEnd, CableEnd)> = BTreeSet::new();
        let all = std::mem::take(&mut self.cables).into_iter().chain(cables);
        self.cables = all.filter(|cable| known.insert(cable.ends())).collect();
    }

    /// Whether a place is in `evpnlint.toml`, and so written for evpnlint; other files have other readers.
    pub fn is_own(&self, span: Span) -> bool {
        self.file == Some(span.file)
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

impl FromStr for HostRoute {
    type Err = &'static str;

    /// `10.0.0.0/16 via 192.168.0.3`, `default via 192.168.0.1`, `local 198.51.100.1`, also with `dev lo` behind.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = "a route is like \"10.0.0.0/16 via 192.168.0.3\" or \"local 198.51.100.1\"";
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let words = match words.as_slice() {
            [rest @ .., "dev", _] => rest,
            all => all,
        };
        match words {
            ["local", prefix] => prefix.parse().map(Self::Local).map_err(|_| wanted),
            [prefix, "via", gateway] => {
                let gateway: IpAddr = gateway.parse().map_err(|_| wanted)?;
                let prefix = match (*prefix, gateway) {
                    ("default", IpAddr::V4(_)) => Prefix::new(IpAddr::from([0; 4]), 0),
                    ("default", IpAddr::V6(_)) => Prefix::new(IpAddr::from([0; 16]), 0),
                    (prefix, _) => prefix.parse().map_err(|_| wanted)?,
                };
                match prefix.network().is_ipv4() == gateway.is_ipv4() {
                    true => Ok(Self::Via(prefix, gateway)),
                    false => Err("the prefix and the gateway of a route are of one family"),
                }
            }
            _ => Err(wanted),
        }
    }
}

/// A cable between two ports.
#[derive(Clone, Debug)]
pub struct Cable {
    /// One end.
    pub a: CableEnd,
    /// The other.
    pub b: CableEnd,
    /// Where it is written.
    pub span: Option<Span>,
}

impl Cable {
    /// Its ends in order: the same whichever was written first.
    pub fn ends(&self) -> (CableEnd, CableEnd) {
        let (a, b) = (self.a.clone(), self.b.clone());
        if a <= b { (a, b) } else { (b, a) }
    }
}

/// An end of a cable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CableEnd {
    /// The node, or the switch.
    pub device: String,
    /// The port.
    pub port: String,
}

impl FromStr for CableEnd {
    type Err = &'static str;

    /// `leaf1:swp1`; a port may have colons of its own.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((device, port)) if is_word(device) && is_word(port) => {
                Ok(Self { device: device.to_owned(), port: port.to_owned() })
            }
            _ => Err("an end of a cable is a device and its port, like \"leaf1:swp1\""),
        }
    }
}

impl fmt::Display for CableEnd {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.device, self.port)
    }
}

/// Whether a text is one word, and so may be a name.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
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

impl FromStr for Selector {
    type Err = &'static str;

    /// `outside`, `vrf:RED`, or a name in which `*` stands for any text.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            _ if text == "outside" => Ok(Self::Outside),
            Some(("vrf", name)) if is_word(name) => Ok(Self::Vrf(name.to_owned())),
            None if is_word(text) => Ok(Self::Named(Pattern(text.to_owned()))),
            _ => Err("hosts are chosen by name, like \"web*\", by VRF, like \"vrf:RED\", or as \"outside\""),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Named(pattern) => f.write_str(&pattern.0),
            Self::Vrf(name) => write!(f, "vrf:{name}"),
            Self::Outside => f.write_str("outside"),
        }
    }
}

/// Names what fails: `any-node`, or the name of a node.
impl FromStr for Without {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "any-node" => Ok(Self::AnyNode),
            name if is_word(name) => Ok(Self::Node(name.to_owned())),
            _ => Err("what fails is \"any-node\" or a node's name"),
        }
    }
}

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Without {
    /// Each node in turn, those aside that the two hosts are attached to.
    AnyNode,
    /// That node.
    Node(String),
}
