//! Leaves and spines over links of two addresses, with BGP or OSPF, over IPv4 or IPv6; or unnumbered. Links are missing, and
//! some leaves have one between them.

use super::net::{DEFAULT, Net, line, usual, vni, written};
use fastrand::Rng;
use std::fmt::Write as _;

const OUTSIDE: [u32; 6] = [1500, 1550, 1570, 1600, 9070, 9216];

#[derive(Clone, Copy, PartialEq)]
enum Underlay {
    Bgp,
    BgpV6,
    Ospf,
    Unnumbered,
}

/// A port: its name, its address with its length, the address at the other end, and the node there.
struct Port {
    name: String,
    mtu: Option<u32>,
    address: String,
    far: String,
    other: usize,
}

pub(crate) fn draw(rng: &mut Rng) -> Net {
    let underlay = [Underlay::Bgp, Underlay::BgpV6, Underlay::Ospf, Underlay::Unnumbered][rng.usize(..4)];
    let (leaves, spines) = (rng.usize(2..=4), rng.usize(1..=3));
    let count = leaves + spines;
    let is_v6 = underlay == Underlay::BgpV6;
    let mut net = Net { overhead: if is_v6 { 70 } else { 50 }, ..Net::default() };
    let name =
        |node: usize| if node < leaves { format!("leaf{}", node + 1) } else { format!("spine{}", node - leaves + 1) };
    net.nodes = (0..count).map(name).collect();
    let mut ports: Vec<Vec<Port>> = (0..count).map(|_| vec![]).collect();
    let base = written(rng, &OUTSIDE);
    let whole = underlay == Underlay::Unnumbered;
    let mut pairs: Vec<(usize, usize)> = vec![];
    for leaf in 0..leaves {
        pairs.extend((leaves..count).filter(|_| whole || rng.u8(..7) > 0).map(|spine| (leaf, spine)));
    }
    if !whole && rng.u8(..3) == 0 {
        pairs.push((0, 1));
    }
    for (at, (one, other)) in pairs.into_iter().enumerate() {
        let mut ends = [(one, 0), (other, 0)];
        let addresses = if is_v6 {
            [format!("2001:db8:{at:x}::"), format!("2001:db8:{at:x}::1")]
        } else {
            [format!("198.51.100.{}", at * 2), format!("198.51.100.{}", at * 2 + 1)]
        };
        let both = if rng.u8(..4) == 0 { written(rng, &OUTSIDE) } else { base };
        for end in 0..2 {
            let mtu = if rng.u8(..10) == 0 { written(rng, &OUTSIDE) } else { both };
            let node = ends[end].0;
            ends[end].1 = mtu.unwrap_or(DEFAULT);
            let name = format!("eth{}", ports[node].len() + 1);
            ports[node].push(Port {
                name,
                mtu,
                address: format!("{}/{}", addresses[end], if is_v6 { 127 } else { 31 }),
                far: addresses[1 - end].clone(),
                other: ends[1 - end].0,
            });
        }
        net.links.push(ends);
    }
    let loopback =
        |node: usize| if is_v6 { format!("2001:db8:ffff::{:x}", node + 1) } else { format!("192.0.2.{}", node + 1) };
    let vnis: Vec<(u32, [Option<u32>; 2])> = (0..rng.u32(1..=2)).map(|at| (100 + at, usual(rng))).collect();
    for (node, own) in ports.iter().enumerate() {
        let length = if is_v6 { 128 } else { 32 };
        let mut text = format!("auto lo\niface lo inet loopback\n    address {}/{length}\n\n", loopback(node));
        for port in own {
            let address = if whole { String::new() } else { format!("    address {}\n", port.address) };
            write!(text, "auto {0}\niface {0}\n{address}{1}\n", port.name, line(port.mtu)).unwrap();
        }
        // Now and then a spine is a VTEP too. Of unnumbered links, whoever is a VTEP tells the cabling.
        let is_vtep = node < leaves || !whole && rng.u8(..6) == 0;
        for (number, usual) in vnis.iter().filter(|_| is_vtep) {
            if whole || rng.u8(..6) > 0 {
                let inner = vni(rng, *number, &loopback(node), usual, &mut text);
                net.vnis.entry(*number).or_default().insert(node, inner);
            }
        }
        net.files.push((net.nodes[node].clone(), "etc/network/interfaces", text));
        let frr = frr(underlay, node, own, &loopback(node));
        net.files.push((net.nodes[node].clone(), "etc/frr/frr.conf", frr));
    }
    net.vnis.retain(|_, members| members.len() > 1);
    net
}

fn frr(underlay: Underlay, node: usize, ports: &[Port], loopback: &str) -> String {
    let mut text = String::new();
    let asn = |node: usize| if underlay == Underlay::Ospf { 65000 } else { 65001 + node };
    if underlay == Underlay::Ospf {
        text.push_str("interface lo\n ip ospf area 0\nexit\n");
        for port in ports {
            writeln!(
                text,
                "interface {}\n ip ospf area 0\n ip ospf network point-to-point\n ip ospf mtu-ignore\nexit",
                port.name
            )
            .unwrap();
        }
        text.push_str("router ospf\nexit\n");
    }
    write!(
        text,
        "router bgp {}\n bgp router-id 10.0.0.{}\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n \
         bgp bestpath as-path multipath-relax\n",
        asn(node),
        node + 1
    )
    .unwrap();
    let peers: Vec<&str> = match underlay {
        Underlay::Unnumbered => ports.iter().map(|port| port.name.as_str()).collect(),
        _ => ports.iter().map(|port| port.far.as_str()).collect(),
    };
    for (port, peer) in ports.iter().zip(&peers) {
        let interface = if underlay == Underlay::Unnumbered { " interface" } else { "" };
        writeln!(text, " neighbor {peer}{interface} remote-as {}", asn(port.other)).unwrap();
    }
    let (family, length) = if underlay == Underlay::BgpV6 { ("ipv6", 128) } else { ("ipv4", 32) };
    let activate = |text: &mut String| {
        peers.iter().for_each(|peer| writeln!(text, "  neighbor {peer} activate").unwrap());
    };
    if underlay != Underlay::Ospf {
        writeln!(text, " address-family {family} unicast\n  network {loopback}/{length}").unwrap();
        activate(&mut text);
        text.push_str(" exit-address-family\n");
    }
    text.push_str(" address-family l2vpn evpn\n");
    activate(&mut text);
    text.push_str("  advertise-all-vni\n exit-address-family\nexit\n");
    text
}
