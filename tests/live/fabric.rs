//! A fabric as it is drawn: nodes with their devices and files, and the wires between them.

use super::dress::Host;
use std::fmt::Write as _;

/// Nodes, and what is plugged where.
pub(crate) struct Fabric {
    pub(crate) nodes: Vec<Node>,
    /// A wire between a port of a node and one of another.
    pub(crate) wires: Vec<[End; 2]>,
    /// What is plugged into the one switch, which knows no VLANs.
    pub(crate) switch: Vec<End>,
    pub(crate) hosts: Vec<Host>,
}

/// A node's position, and its port.
pub(crate) type End = (usize, String);

/// What runs FRR.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) devices: Vec<Device>,
    /// Its `frr.conf`.
    pub(crate) config: String,
    /// The daemon of its interior protocol.
    pub(crate) igp: Option<&'static str>,
}

/// An interface.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// With the length of the prefix.
    pub(crate) addresses: Vec<String>,
    /// In bytes; what ifupdown2 sets unless it is written.
    pub(crate) mtu: Option<u32>,
}

/// The MTU that ifupdown2 sets where none is written, in bytes.
const DEFAULT_MTU: u32 = 1500;

/// What an interface is.
#[derive(Clone)]
pub(crate) enum Kind {
    /// `lo`.
    Loopback,
    /// The end of a wire, which is there before anything is configured.
    Port,
    /// A VXLAN device, with the address from which it sends.
    Vxlan { vni: u32, local: Option<String> },
    /// A bridge, with the names of its ports.
    Bridge { ports: Vec<String> },
}

impl Device {
    pub(crate) fn new(name: impl Into<String>, kind: Kind, addresses: &[&str]) -> Self {
        let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
        Self { name: name.into(), kind, addresses, mtu: None }
    }
}

impl Node {
    /// Its `/etc/frr/daemons`.
    pub(crate) fn enabled(&self) -> String {
        ["bgpd"].into_iter().chain(self.igp).map(|daemon| format!("{daemon}=yes\n")).collect()
    }

    /// Its `/etc/network/interfaces`, as ifupdown2 reads it.
    pub(crate) fn interfaces(&self) -> String {
        let mut text = String::new();
        for Device { name, kind, addresses, mtu } in &self.devices {
            let way = if matches!(kind, Kind::Loopback) { " inet loopback" } else { "" };
            let mut say = |line: &str| writeln!(text, "{line}").unwrap();
            say(&format!("auto {name}\niface {name}{way}"));
            addresses.iter().for_each(|address| say(&format!("    address {address}")));
            mtu.iter().for_each(|mtu| say(&format!("    mtu {mtu}")));
            match kind {
                Kind::Loopback | Kind::Port => {}
                Kind::Vxlan { vni, local } => {
                    say(&format!("    vxlan-id {vni}"));
                    local.iter().for_each(|local| say(&format!("    vxlan-local-tunnelip {local}")));
                    say("    vxlan-learning off\n    bridge-learning off");
                }
                Kind::Bridge { ports } => {
                    say(&format!("    bridge-ports {}\n    bridge-stp off\n    bridge-fd 0", ports.join(" ")));
                }
            }
            say("");
        }
        text
    }

    /// What `ip -batch` does to have the same.
    pub(crate) fn batch(&self) -> String {
        let mut text = String::new();
        let mut say = |line: String| writeln!(text, "{line}").unwrap();
        for Device { name, kind, addresses, .. } in &self.devices {
            match kind {
                Kind::Loopback | Kind::Port => {}
                Kind::Vxlan { vni, local } => {
                    let local = local.as_ref().map(|local| format!("local {local} ")).unwrap_or_default();
                    say(format!("link add {name} type vxlan id {vni} {local}dstport 4789 nolearning"));
                }
                Kind::Bridge { .. } => say(format!("link add {name} type bridge stp_state 0 forward_delay 0")),
            }
            addresses.iter().for_each(|address| say(format!("addr add {address} dev {name}")));
        }
        for Device { name, kind, mtu, .. } in &self.devices {
            if let Kind::Bridge { ports } = kind {
                let has = |port: &&String| self.devices.iter().any(|device| device.name == **port);
                ports.iter().filter(has).for_each(|port| say(format!("link set {port} master {name}")));
            }
            if !matches!(kind, Kind::Loopback) {
                say(format!("link set {name} mtu {}", mtu.unwrap_or(DEFAULT_MTU)));
            }
            say(format!("link set {name} up"));
        }
        text
    }
}
