//! Whether tunnels fit the underlay, for fabrics drawn at random: each verdict is that of a search over all shortest ways
//! through what was drawn, which knows nothing of configuration.

mod clos;
mod net;
mod proxmox;

use crate::support::files;
use evpnlint::{
    fabric::device::Device,
    lang,
    options::Completeness,
    predict,
    predict::budget::{Budget, Fit},
};
use fastrand::Rng;
use net::Net;
use std::collections::BTreeMap;

const FABRICS: u64 = 1000;

/// Interfaces, and the MTU that each gets: on the left what nobody or somebody wrote, on the right what comes of it.
#[test]
fn what_nobody_wrote_is_derived_as_tools_and_the_kernel_do() {
    let vxlan = "iface vxlan1\n    vxlan-id 1\n    vxlan-local-tunnelip 192.0.2.1\n    vxlan-physdev eth0\n";
    let jumbo = "iface eth0\n    mtu 9000\n";
    let cases = [
        (format!("{jumbo}auto eth0.5\niface eth0.5\n    vrf red\n"), "eth0.5", 9000),
        (format!("{jumbo}auto eth0.5\niface eth0.5\n    vrf red\n    mtu 9100\n"), "eth0.5", 9000),
        (format!("{jumbo}iface br0\n    bridge-ports eth0\n    bridge-vlan-aware yes\n"), "br0", 1500),
        (
            format!("{jumbo}iface br0 inet manual\n    bridge_ports eth0\n    bridge_maxwait 0\n    pre-up true\n"),
            "br0",
            1500,
        ),
        (format!("{jumbo}iface eth0 inet manual\niface br0\n    use bridge\n    bridge-ports eth0\n"), "br0", 9000),
        (
            format!("iface bond0\n    bond-slaves eth0 eth1\n    mtu 9000\n{}", "iface eth0\n    mtu 1400\n"),
            "eth0",
            9000,
        ),
        (format!("iface eth0\n{vxlan}"), "vxlan1", 1450),
        (format!("iface eth0\n{vxlan}    mtu 1500\n"), "vxlan1", 1450),
        (format!("iface eth0\n{vxlan}    mtu 1400\n"), "vxlan1", 1400),
        (format!("{jumbo}{vxlan}"), "vxlan1", 1500),
        (format!("{jumbo}{}", vxlan.replace("    vxlan-physdev eth0\n", "")), "vxlan1", 1500),
    ];
    for (text, name, bytes) in cases {
        let cluster = lang::read(&files::sources([("n", "etc/network/interfaces", &text)]), &Default::default());
        let device = Device::new(&cluster.nodes[0]);
        let mtu = device.mtu(device.link(name).unwrap()).unwrap();
        assert_eq!(mtu.bytes, bytes, "{name} of:\n{text}");
    }
}

/// Verdicts by VNI, sender and receiver.
type Verdicts = BTreeMap<(u32, String, String), Option<bool>>;

#[test]
fn every_verdict_is_that_of_a_search_over_all_ways() {
    let (mut verdicts, mut lost, mut fabrics) = (0, 0, 0);
    for seed in 0..FABRICS {
        let mut rng = Rng::with_seed(seed);
        let net = if rng.bool() { clos::draw(&mut rng) } else { proxmox::draw(&mut rng) };
        let expected = searched(&net);
        let found = predicted(&net);
        assert_eq!(found, expected, "seed {seed}:\n{}", net.text());
        fabrics += 1;
        verdicts += found.len();
        lost += found.values().filter(|fits| **fits == Some(false)).count();
    }
    // A test of verdicts that all are the same would say little.
    assert!(fabrics == FABRICS && lost * 10 > verdicts && lost * 10 < verdicts * 9, "{lost} of {verdicts} do not fit");
}

fn searched(net: &Net) -> Verdicts {
    let mut verdicts = Verdicts::new();
    for (vni, members) in &net.vnis {
        for (from, inner) in members {
            for to in members.keys().filter(|to| *to != from) {
                let least = net.least(*from, *to);
                let fits = least.map(|least| inner + net.overhead <= least);
                verdicts.insert((*vni, net.nodes[*from].clone(), net.nodes[*to].clone()), fits);
            }
        }
    }
    verdicts
}

fn predicted(net: &Net) -> Verdicts {
    let mut sources = files::sources(net.files.iter().map(|(node, inner, text)| (node, inner, text)));
    predict(&mut sources, &Completeness::Complete.into(), |prediction, _| {
        let name = |node| prediction.fabric.name(node).to_owned();
        let budgets = prediction.budgets();
        let verdict = |budget: &Budget| match budgets.fit(budget) {
            Fit::Fits => Some(true),
            Fit::TooSmall => Some(false),
            Fit::Unknown => None,
        };
        let all = budgets.all();
        all.map(|own| ((own.need.vni.number(), name(own.from), name(own.to)), verdict(&own))).collect()
    })
}
