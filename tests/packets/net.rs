//! What was drawn: nodes on one LAN that peer with each other, VNIs with hosts, one VRF; the text that says the same; and
//! what a packet makes of it.

use super::Verdicts;
use evpnlint::forward::ping::Verdict;
use fastrand::Rng;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// A node, by its position.
type Node = usize;

/// What a tunnel adds to a packet, in bytes.
const OVERHEAD: u32 = 50;

/// A fabric.
#[derive(Default)]
pub(crate) struct Net {
    count: usize,
    /// The pairs of nodes that peer with each other, the lower first.
    peers: BTreeSet<(Node, Node)>,
    /// The nodes that tell of their VNIs.
    speaks: BTreeSet<Node>,
    /// The nodes that have the VRF, and with it a gateway in each of their VNIs.
    routes: BTreeSet<Node>,
    /// By VNI and node, the route target that is exported and imported.
    vnis: BTreeMap<u32, BTreeMap<Node, u32>>,
    /// Whether bridges answer for what EVPN has told them.
    suppresses: bool,
    /// What the underlay takes, in bytes.
    underlay: u32,
    /// Node, path below it, text.
    pub(crate) files: Vec<(String, &'static str, String)>,
    /// The hosts, in `evpnlint.toml`.
    pub(crate) toml: String,
}

/// What becomes of a packet on one way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Arrives,
    Lost,
    /// Of several equal ways some lose it.
    Partial,
}

pub(crate) fn draw(rng: &mut Rng) -> Net {
    let count = rng.usize(2..=5);
    let mut net = Net { count, suppresses: rng.bool(), ..Net::default() };
    net.underlay = [1500, 1549, 1550, 1600, 9000][rng.usize(..5)];
    let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
    net.peers = pairs.filter(|_| rng.u8(..8) > 0).collect();
    net.speaks = (0..count).filter(|_| rng.u8(..12) > 0).collect();
    net.routes = (0..count).filter(|_| rng.u8(..5) > 0).collect();
    for vni in 1..=rng.u32(1..=3) {
        let members = (0..count).filter(|_| rng.u8(..5) > 0).collect::<Vec<_>>();
        let target = |rng: &mut Rng| if rng.u8(..10) == 0 { 900 + vni } else { vni };
        net.vnis.insert(vni, members.into_iter().map(|node| (node, target(rng))).collect());
    }
    net.write();
    net
}

impl Net {
    /// What becomes of every ping.
    pub(crate) fn simulated(&self) -> Verdicts {
        let hosts: Vec<(u32, Node)> =
            self.vnis.iter().flat_map(|(vni, members)| members.keys().map(|node| (*vni, *node))).collect();
        let mut verdicts = Verdicts::new();
        for from in &hosts {
            for to in hosts.iter().filter(|to| *to != from) {
                let small = verdict(self.way(*from, *to), self.way(*to, *from));
                // Within a node nothing is tunnelled.
                let fits = from.1 == to.1 || 1500 + OVERHEAD <= self.underlay;
                let large = if fits { small } else { Verdict::Lost };
                verdicts.insert((name(*from), name(*to)), [small, large]);
            }
        }
        verdicts
    }

    /// What becomes of a packet from one host to another.
    fn way(&self, from: (u32, Node), to: (u32, Node)) -> Way {
        let arrives = |yes: bool| if yes { Way::Arrives } else { Way::Lost };
        let ((vni, here), (far_vni, there)) = (from, to);
        if vni == far_vni {
            // Somebody has to answer: the other host, or the bridge for it, which knows addresses from gateways alone.
            let is_told = self.suppresses && self.routes.contains(&there) && self.hears(here, there, vni);
            let answers = self.hears(here, there, vni) && (is_told || self.hears(there, here, vni));
            return arrives(here == there || answers);
        }
        if !self.routes.contains(&here) {
            return Way::Lost;
        }
        self.routed(here, far_vni, there)
    }

    /// What a node with the VRF makes of a packet for a host.
    fn routed(&self, here: Node, vni: u32, there: Node) -> Way {
        let tells = |node: Node| self.knows(here, node) && self.routes.contains(&node);
        if here == there {
            return Way::Arrives;
        }
        // The route of the host itself, else the own subnet, else the subnet of others.
        if tells(there) {
            return self.routed(there, vni, there);
        }
        if self.vnis[&vni].contains_key(&here) {
            // The node asks on the wire, and the host's answer has to come back.
            let meets = self.hears(here, there, vni) && self.hears(there, here, vni);
            return if meets { Way::Arrives } else { Way::Lost };
        }
        let ways: Vec<Way> =
            self.vnis[&vni].keys().filter(|node| tells(**node)).map(|node| self.routed(*node, vni, there)).collect();
        match ways.split_first() {
            None => Way::Lost,
            Some((first, rest)) if rest.iter().all(|way| way == first) => *first,
            Some(_) => Way::Partial,
        }
    }

    /// Whether a node has the routes of another: no third one passes them on.
    fn knows(&self, here: Node, there: Node) -> bool {
        let both = self.speaks.contains(&here) && self.speaks.contains(&there);
        both && self.peers.contains(&(here.min(there), here.max(there)))
    }

    /// Whether a node sends into a VNI to another.
    fn hears(&self, here: Node, there: Node, vni: u32) -> bool {
        let targets = &self.vnis[&vni];
        self.knows(here, there) && targets[&here] == targets[&there]
    }

    fn write(&mut self) {
        for node in 0..self.count {
            let (frr, interfaces) = (self.frr(node), self.interfaces(node));
            self.files.push((format!("n{node}"), "etc/frr/frr.conf", frr));
            self.files.push((format!("n{node}"), "etc/network/interfaces", interfaces));
        }
        let mut toml = String::new();
        for (vni, members) in &self.vnis {
            for node in members.keys() {
                let host = name((*vni, *node));
                let gateway =
                    if self.routes.contains(node) { format!("gateway = \"10.{vni}.0.1\"\n") } else { String::new() };
                write!(
                    toml,
                    "[[host]]\nname = \"{host}\"\nnode = \"n{node}\"\nbridge = \"br{vni}\"\naddress = \"{}/24\"\n{gateway}",
                    address(*vni, *node)
                )
                .unwrap();
            }
        }
        self.toml = toml;
    }

    fn frr(&self, node: Node) -> String {
        let mut text = String::from("frr version 10.3\nfrr defaults datacenter\n");
        let is_routed = self.routes.contains(&node);
        if is_routed {
            text.push_str("vrf RED\n vni 5000\nexit-vrf\n");
        }
        write!(text, "router bgp 65000\n bgp router-id 192.0.2.{}\n no bgp default ipv4-unicast\n", node + 1).unwrap();
        let peers: Vec<Node> =
            (0..self.count).filter(|far| self.peers.contains(&(node.min(*far), node.max(*far)))).collect();
        for far in &peers {
            writeln!(text, " neighbor 192.0.2.{} remote-as 65000", far + 1).unwrap();
        }
        text.push_str(" address-family l2vpn evpn\n");
        for far in &peers {
            writeln!(text, "  neighbor 192.0.2.{} activate", far + 1).unwrap();
        }
        if self.speaks.contains(&node) {
            text.push_str("  advertise-all-vni\n");
        }
        for (vni, members) in &self.vnis {
            if let Some(target) = members.get(&node).filter(|target| *target != vni) {
                writeln!(text, "  vni {vni}\n   route-target both 65000:{target}\n  exit-vni").unwrap();
            }
        }
        text.push_str(" exit-address-family\nexit\n");
        if is_routed {
            text.push_str(
                "router bgp 65000 vrf RED\n address-family ipv4 unicast\n  redistribute connected\n exit-address-family\n \
                 address-family l2vpn evpn\n  advertise ipv4 unicast\n exit-address-family\nexit\n",
            );
        }
        text
    }

    fn interfaces(&self, node: Node) -> String {
        let mut text = format!(
            "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0\n    address 192.0.2.{}/24\n    mtu {}\n\n",
            node + 1,
            self.underlay
        );
        let vxlan = |text: &mut String, vni: u32| {
            let suppress = if self.suppresses { "    bridge-arp-nd-suppress on\n" } else { "" };
            write!(
                text,
                "auto vx{vni}\niface vx{vni}\n    vxlan-id {vni}\n    vxlan-local-tunnelip 192.0.2.{}\n    \
                 bridge-learning off\n{suppress}    mtu 1500\n\n",
                node + 1
            )
            .unwrap();
        };
        let is_routed = self.routes.contains(&node);
        if is_routed {
            text.push_str("auto RED\niface RED\n    vrf-table auto\n\n");
            vxlan(&mut text, 5000);
            write!(
                text,
                "auto br5000\niface br5000\n    bridge-ports vx5000\n    hwaddress 02:00:00:00:00:{:02x}\n    vrf RED\n    \
                 mtu 1500\n\n",
                node + 1
            )
            .unwrap();
        }
        for vni in self.vnis.iter().filter(|(_, members)| members.contains_key(&node)).map(|(vni, _)| *vni) {
            vxlan(&mut text, vni);
            let gateway = if is_routed {
                format!("    address 10.{vni}.0.1/24\n    hwaddress 02:00:00:00:ff:{vni:02x}\n    vrf RED\n")
            } else {
                String::new()
            };
            write!(text, "auto br{vni}\niface br{vni}\n    bridge-ports vx{vni}\n{gateway}    mtu 1500\n\n").unwrap();
        }
        text
    }

    /// All files, one after the other.
    pub(crate) fn text(&self) -> String {
        let files = self.files.iter().fold(String::new(), |mut all, (node, path, text)| {
            writeln!(all, "### {node}/{path}\n{text}").unwrap();
            all
        });
        format!("{files}### evpnlint.toml\n{}", self.toml)
    }
}

fn verdict(there: Way, back: Way) -> Verdict {
    match (there, back) {
        (Way::Lost, _) => Verdict::Lost,
        (Way::Partial, _) | (_, Way::Partial) => Verdict::Partial,
        (Way::Arrives, Way::Arrives) => Verdict::Ok,
        (Way::Arrives, Way::Lost) => Verdict::OneWay,
    }
}

fn name((vni, node): (u32, Node)) -> String {
    format!("h{vni}n{node}")
}

fn address(vni: u32, node: Node) -> String {
    format!("10.{vni}.0.{}", 10 + node)
}
