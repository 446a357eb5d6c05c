//! What a fabric has besides its nodes: MTUs, and hosts behind its VNIs.

use super::fabric::{Device, Fabric, Kind, Node};
use fastrand::Rng;
use std::fmt::Write as _;

/// A host behind a bridge of a node, as a guest is: nothing in the node's files tells of its port.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) name: String,
    /// The node's position.
    pub(crate) node: usize,
    pub(crate) bridge: String,
    /// Without the length of the prefix, which is [`LENGTH`].
    pub(crate) address: String,
    pub(crate) mac: String,
    /// In bytes.
    pub(crate) mtu: u32,
}

/// Of the prefix that the hosts of a VNI share.
pub(crate) const LENGTH: u8 = 24;

/// Gives a fabric its MTUs, one of them odd once in a while, and a host to each bridge with a VNI.
pub(crate) fn dress(fabric: &mut Fabric, rng: &mut Rng) {
    let under = [None, None, Some(1550), Some(1600), Some(9000)][rng.usize(..5)];
    let over = [None, None, None, Some(1450), Some(1500), Some(8950)][rng.usize(..6)];
    let of_hosts = [1500, 1500, 1500, 1450, 9000][rng.usize(..5)];
    for device in fabric.nodes.iter_mut().flat_map(|node| &mut node.devices) {
        device.mtu = match &device.kind {
            Kind::Loopback => None,
            Kind::Port => under,
            Kind::Bridge { .. } if !is_of_hosts(device) => under,
            Kind::Bridge { .. } | Kind::Vxlan { .. } => over,
        };
    }
    fabric.hosts = fabric.nodes.iter().enumerate().flat_map(|(at, node)| hosts(at, node, of_hosts)).collect();
    if rng.usize(..4) > 0 {
        return;
    }
    let at = rng.usize(..fabric.nodes.len());
    let devices = &mut fabric.nodes[at].devices;
    let which = rng.usize(1..devices.len());
    devices[which].mtu = Some([1400, 1500, 1546, 1549, 9000][rng.usize(..5)]);
}

/// Whether a device is a bridge that has a VNI and no port that leads out.
fn is_of_hosts(device: &Device) -> bool {
    matches!(&device.kind, Kind::Bridge { ports } if ports.iter().all(|port| port.starts_with("vxlan")))
}

fn hosts(at: usize, node: &Node, mtu: u32) -> Vec<Host> {
    let bridges = node.devices.iter().filter(|device| is_of_hosts(device));
    let host = |(which, bridge): (usize, &Device)| {
        let number = at + 1;
        // The subnets are those of the VNIs: 100, 200 and 5000.
        let subnet = match bridge.name.as_str() {
            "br100" => 100,
            "br200" => 200,
            _ => 50,
        };
        Host {
            name: format!("host-{}-{}", node.name, bridge.name),
            node: at,
            bridge: bridge.name.clone(),
            address: format!("10.{subnet}.0.{number}"),
            mac: format!("02:00:00:00:{number:02x}:{which:02x}"),
            mtu,
        }
    };
    bridges.enumerate().map(host).collect()
}

impl Fabric {
    /// The hosts, as `evpnlint.toml` has them.
    pub(crate) fn told_hosts(&self) -> String {
        let mut text = String::new();
        for Host { name, node, bridge, address, mtu, .. } in &self.hosts {
            let node = &self.nodes[*node].name;
            writeln!(text, "[[host]]\nname = \"{name}\"\nnode = \"{node}\"\nbridge = \"{bridge}\"").unwrap();
            writeln!(text, "address = \"{address}/{LENGTH}\"\nmtu = {mtu}\n").unwrap();
        }
        text
    }

    /// The cables and the switch, as `evpnlint.toml` has them.
    pub(crate) fn told_cables(&self) -> String {
        let mut text = String::new();
        let name = |node: usize| &self.nodes[node].name;
        if !self.switch.is_empty() {
            text += "[[switch]]\nname = \"switch\"\n\n";
        }
        for (at, (node, port)) in self.switch.iter().enumerate() {
            writeln!(text, "[[link]]\na = \"{}:{port}\"\nb = \"switch:p{at}\"\n", name(*node)).unwrap();
        }
        for [(one, port), (other, its)] in &self.wires {
            writeln!(text, "[[link]]\na = \"{}:{port}\"\nb = \"{}:{its}\"\n", name(*one), name(*other)).unwrap();
        }
        text
    }
}
