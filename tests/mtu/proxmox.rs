//! Proxmox nodes in one subnet: the address on a bond, on a VLAN above it, on a bridge, or on a VLAN of a bridge.

use super::net::{DEFAULT, Net, line, usual, vni, written};
use fastrand::Rng;
use std::fmt::Write as _;

const OUTSIDE: [u32; 5] = [1500, 1550, 1600, 9000, 9216];

pub(crate) fn draw(rng: &mut Rng) -> Net {
    let count = rng.usize(2..=4);
    let is_v6 = rng.u8(..4) == 0;
    let mut net = Net { overhead: if is_v6 { 70 } else { 50 }, ..Net::default() };
    let address = |node: usize| if is_v6 { format!("2001:db8::{}", node + 1) } else { format!("192.0.2.{}", node + 1) };
    let length = if is_v6 { 64 } else { 24 };
    let base = written(rng, &OUTSIDE);
    let kinds: Vec<u8> = if rng.bool() { vec![rng.u8(..4); count] } else { (0..count).map(|_| rng.u8(..4)).collect() };
    let vnis: Vec<(u32, [Option<u32>; 2])> = (0..rng.u32(1..=2)).map(|at| (100 + at, usual(rng))).collect();
    let mut takes = vec![];
    for (node, kind) in kinds.into_iter().enumerate() {
        let name = format!("pve{}", node + 1);
        let mtu = |rng: &mut Rng| if rng.u8(..5) == 0 { written(rng, &OUTSIDE) } else { base };
        let mut text =
            String::from("auto lo\niface lo inet loopback\n\niface eno1 inet manual\n\niface eno2 inet manual\n\n");
        let address = format!("    address {}/{length}\n", address(node));
        let bond = mtu(rng);
        let mut least = bond.unwrap_or(DEFAULT);
        let on_bond = if kind == 0 { address.as_str() } else { "" };
        write!(
            text,
            "auto bond0\niface bond0\n{on_bond}    bond-slaves eno1 eno2\n    bond-mode active-backup\n{}\n",
            line(bond)
        )
        .unwrap();
        // A VLAN has what lies below it, or what is written, if that is not more.
        let vlan = |below: u32, written: Option<u32>| written.map_or(below, |own| own.min(below));
        match kind {
            0 => {}
            1 => {
                let own = mtu(rng);
                write!(text, "auto bond0.100\niface bond0.100\n{address}{}\n", line(own)).unwrap();
                least = vlan(least, own);
            }
            2 => {
                let own = mtu(rng);
                write!(
                    text,
                    "auto vmbr0\niface vmbr0\n{address}    bridge-ports bond0\n    bridge-stp off\n{}\n",
                    line(own)
                )
                .unwrap();
                least = least.min(own.unwrap_or(DEFAULT));
            }
            _ => {
                let (bridge, own) = (mtu(rng), mtu(rng));
                write!(
                    text,
                    "auto vmbr0\niface vmbr0\n    bridge-ports bond0\n    bridge-stp off\n    bridge-vlan-aware yes\n    \
                     bridge-vids 2-4094\n{}\nauto vmbr0.100\niface vmbr0.100\n{address}{}\n",
                    line(bridge),
                    line(own)
                )
                .unwrap();
                least = least.min(vlan(bridge.unwrap_or(DEFAULT), own));
            }
        }
        takes.push(least);
        net.nodes.push(name.clone());
        for (number, usual) in &vnis {
            if rng.u8(..6) > 0 {
                let source = address.trim().trim_start_matches("address ").split('/').next().unwrap();
                let inner = vni(rng, *number, source, usual, &mut text);
                net.vnis.entry(*number).or_default().insert(node, inner);
            }
        }
        net.files.push((name, "etc/network/interfaces", text));
    }
    for node in 0..count {
        let mut text = format!("router bgp 65000\n bgp router-id 10.0.0.{}\n no bgp default ipv4-unicast\n", node + 1);
        let others = || (0..count).filter(|other| *other != node).map(address);
        others().for_each(|other| writeln!(text, " neighbor {other} remote-as 65000").unwrap());
        text.push_str(" !\n address-family l2vpn evpn\n");
        others().for_each(|other| writeln!(text, "  neighbor {other} activate").unwrap());
        text.push_str("  advertise-all-vni\n exit-address-family\nexit\n");
        net.files.push((net.nodes[node].clone(), "etc/frr/frr.conf", text));
        for other in 0..node {
            net.links.push([(node, takes[node]), (other, takes[other])]);
        }
    }
    net.vnis.retain(|_, members| members.len() > 1);
    net
}
