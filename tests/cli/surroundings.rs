//! What stands around the nodes: `evpnlint.toml`, and files of cables.

use crate::support::tree::{LEAF1, LEAF2, Tree};
use std::fs;

const DOT: &str =
    "graph G {\n  \"leaf1\":\"eth0\" -- \"laef2\":\"eth0\"\n  \"leaf1\":\"swp9\" -- \"server01\":\"eth0\"\n}\n";
const LAB: &str =
    "topology:\n  links:\n    - endpoints: [\"leaf1:eth0\", \"laef2:eth0\"]\n    - endpoints: [\"leaf1:x\"]\n";
const LO: &str = "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0\n    address 10.0.0.1/24\n";

fn tree() -> Tree {
    Tree::new().with("leaf1/etc/frr/frr.conf", LEAF1).with("leaf2/etc/frr/frr.conf", LEAF2)
}

#[test]
fn a_topology_of_cumulus_is_read_of_each_node() {
    let tree = tree().with("leaf1/etc/ptm.d/topology.dot", DOT).with("leaf2/etc/ptm.d/topology.dot", DOT);
    let ran = tree.run(&["-f", "concise", "--complete", "--select", "link-unknown-end"]);
    ran.ends(1).says("of 2 nodes");
    let said = "leaf1/etc/ptm.d/topology.dot:2:3: warning[link-unknown-end] a cable ends at laef2";
    assert!(ran.out.contains(said) && ran.out.lines().count() == 1, "{}", ran.out);
    tree.run(&["-f", "concise", "--partial", "--select", "link-unknown-end"]).ends(0);
    let files = tree.run(&["--files"]).ends(0).out.clone();
    assert!(files.contains("leaf1/etc/ptm.d/topology.dot → ptm → leaf1\n"), "{files}");
    fs::write(tree.at("leaf2/etc/ptm.d/topology.dot"), "graph G {\nleaf1:eth0 -- leaf2\n}\n").unwrap();
    let out = tree.run(&["-f", "concise", "--select", "cable-not-read"]).ends(1).out.clone();
    assert!(out.starts_with("./leaf2/etc/ptm.d/topology.dot:2:1: warning[cable-not-read]"), "{out}");
}

#[test]
fn a_topology_of_containerlab_is_read_beside_the_nodes() {
    let tree = tree().with("lab.clab.yml", LAB);
    for path in [".", "lab.clab.yml"] {
        let out = tree.run(&["-f", "concise", "--complete", path, "leaf1", "leaf2"]).says("of 2 nodes").out.clone();
        assert!(out.contains("lab.clab.yml:3:19: warning[link-unknown-end] a cable ends at laef2"), "{out}");
        assert!(out.contains("lab.clab.yml:4:7: warning[cable-not-read]"), "{out}");
    }
    let files = tree.run(&["--files"]).ends(0).out.clone();
    assert!(files.contains("lab.clab.yml → containerlab → (all nodes)\n"), "{files}");
    tree.run(&["lab.clab.yml"]).ends(2).says("found nothing to read");
}

#[test]
fn what_the_user_tells_is_held_against_the_nodes() {
    let host = |port: &str| format!("[[host]]\nname = \"web1\"\nnode = \"leaf1\"\nport = \"{port}\"\n");
    let tree = tree().with("leaf1/etc/network/interfaces", LO).with("evpnlint.toml", host("eth1"));
    let select = ["-f", "concise", "--select", "host-unknown-place"];
    let out = tree.run(&select).ends(1).out.clone();
    assert!(
        out.starts_with("evpnlint.toml:4:8: warning[host-unknown-place] web1 is attached to eth1 of leaf1"),
        "{out}"
    );
    fs::write(tree.at("evpnlint.toml"), host("eth0")).unwrap();
    tree.run(&select).ends(0);
    fs::write(tree.at("evpnlint.toml"), host("eth0") + "vlan = 5000\n").unwrap();
    tree.run(&select).ends(2).says("evpnlint.toml: ").says("vlan = 5000").says("^^^^").says("from 1 to 4094");
}
