//! `evpnlint diff`: how it ends, and what it says where there is nothing to compare.

use crate::support::tree::{Ran, Tree};

const STORE: &str =
    r#"{"version":3,"zones":{"ids":{"lone":{"type":"simple"}}},"vnets":{"ids":{"lan":{"type":"vnet","zone":"lone"}}}}"#;
const INTERFACES: &str = "auto lo\niface lo inet loopback\n\nsource /etc/network/interfaces.d/*\n";
const SDN: &str = "#version:3\n\nauto lan\niface lan\n\tbridge_ports none\n\tbridge_stp off\n\tbridge_fd 0\n";

fn node(tree: Tree, name: &str, sdn: &str) -> Tree {
    tree.with(format!("{name}/etc/pve/sdn/.running-config"), STORE)
        .with(format!("{name}/etc/network/interfaces"), INTERFACES)
        .with(format!("{name}/etc/network/interfaces.d/sdn"), sdn)
}

fn diff(tree: &Tree, arguments: &[&str]) -> Ran {
    tree.run(&[&["diff"], arguments].concat())
}

#[test]
fn the_exit_code_says_whether_there_is_a_difference() {
    let tree = node(Tree::new(), "pve1", SDN);
    let tree = node(tree, "pve2", &SDN.replace("\tbridge_fd 0\n", "\tbridge_fd 15\n\tmtu 9000\n"));
    let same = diff(&tree, &["pve1"]);
    assert_eq!(same.ends(0).out, "interfaces.d/sdn: as Proxmox generates it from version 3\n");
    let other = diff(&tree, &["pve2", "."]);
    let lines: Vec<&str> = other.ends(1).out.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "@@ iface lan @@",
            "-  bridge-fd 0  (./pve1/etc/pve/sdn/.running-config:1)",
            "+  bridge-fd 15  (line 7)",
            "+  mtu 9000  (line 8)"
        ]
    );
    let json: serde_json::Value = serde_json::from_str(&diff(&tree, &["pve2", "-f", "json"]).ends(1).out).unwrap();
    assert_eq!(json["applied"], 3);
    assert_eq!(json["differences"][0]["expected"], "bridge-fd 0");
    assert_eq!(json["differences"][0]["actual"], "bridge-fd 15");
    assert_eq!(json["differences"].as_array().unwrap().len(), 2);
}

/// Two clusters in one tree are judged apart, each by its own version.
#[test]
fn each_cluster_has_its_own_version() {
    let corosync = |name: &str, node: &str| {
        format!("totem {{\n  cluster_name: {name}\n}}\nnodelist {{\n  node {{\n    name: {node}\n  }}\n}}\n")
    };
    let edited = SDN.replace("\tbridge_fd 0\n", "\tbridge_fd 15\n");
    let tree = node(Tree::new(), "pve1", &edited)
        .with("pve1/etc/pve/corosync.conf", corosync("one", "pve1"))
        .with("pve9/etc/pve/corosync.conf", corosync("two", "pve9"))
        .with("pve9/etc/pve/sdn/.running-config", STORE.replace("\"version\":3", "\"version\":8"))
        .with("pve9/etc/network/interfaces", INTERFACES)
        .with("pve9/etc/network/interfaces.d/sdn", edited.replace("#version:3", "#version:8"));
    let out = tree.run(&["-f", "concise", "--select", "sdn-interfaces-drift"]).ends(1).out.clone();
    assert!(out.contains("of pve1 is not what Proxmox generates from version 3"), "{out}");
    assert!(out.contains("of pve9 is not what Proxmox generates from version 8"), "{out}");
}

#[test]
fn where_nothing_can_be_derived_it_says_why() {
    let tree = Tree::broken();
    diff(&tree, &["leaf1"]).ends(2).says("nothing says what Proxmox makes of leaf1");
    diff(&tree, &["leaf3"]).ends(2).says("there is no node leaf3");
    diff(&tree, &["leaf1", "missing"]).ends(2).says("missing does not exist");
}
