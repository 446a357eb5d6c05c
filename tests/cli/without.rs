//! `--without`: a node, a link or a session that is taken to be down.

use super::ways::{fabric, large, nothing};
use crate::support::tree::{Ran, Tree};

const LEAF_SPINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/leaf-spine");

fn corpus(without: &[&str]) -> Ran {
    let without: Vec<&str> = without.iter().flat_map(|what| ["--without", what]).collect();
    Tree::new().run(&[&["ping", "--all-ways", "leaf1:br10", "leaf2:br10", LEAF_SPINE], &without[..]].concat())
}

/// The spines that a packet passes, by the steps that lead to one.
fn spines(ran: &Ran) -> Vec<&str> {
    let all = ran.out.lines().filter_map(|line| line.split_once(" to spine")?.1.split_whitespace().next());
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn a_node_a_link_and_a_session_of_unnumbered_links_leave_the_other_way() {
    assert_eq!(spines(corpus(&[]).ends(0)), ["1", "2"]);
    for what in ["spine1", "leaf1:swp1", "spine1:swp1", "leaf2:swp1", "leaf1~spine1", "spine1~leaf1", "leaf2~spine1"] {
        assert_eq!(spines(corpus(&[what]).ends(0)), ["2"], "{what}");
    }
    // A third leaf's links and sessions are no matter.
    for what in ["leaf3", "leaf3:swp1", "spine1:swp3", "leaf3~spine1"] {
        assert_eq!(spines(corpus(&[what]).ends(0)), ["1", "2"], "{what}");
    }
    for both in
        [["spine1", "spine2"], ["leaf1:swp1", "leaf1:swp2"], ["leaf1:swp1", "spine2:swp2"], ["leaf1~spine1", "spine2"]]
    {
        corpus(&both).ends(1);
    }
    let ran =
        Tree::new().run(&["show", "--as", "reach", LEAF_SPINE, "--without", "leaf1:swp1", "--without", "leaf1~spine2"]);
    let text = &ran.ends(0).out;
    let row = |from: &str, to: &str| text.lines().find(|line| line.starts_with(from) && line.contains(to)).unwrap();
    assert!(
        row("leaf1:br10", "  leaf2:br10").contains("lost") && row("leaf2:br10", "  leaf3:br10").contains("ok"),
        "{text}"
    );
}

#[test]
fn a_numbered_link_takes_its_far_end_down() {
    let tree = fabric(2, large, nothing);
    for what in ["leaf1:swp1", "spine1:swp1", "spine1:swp2", "spine1"] {
        let ran = tree.run(&["ping", "--all-ways", "leaf1:br10", "leaf2:br10", "--without", what]);
        assert_eq!(spines(ran.ends(0)), ["2"], "{what}");
    }
    tree.run(&["ping", "leaf1:br10", "leaf2:br10", "--without", "leaf1:swp1", "--without", "spine2:swp2"]).ends(1);
}

#[test]
fn a_bond_lives_as_long_as_one_of_its_members() {
    let node = |own: u8, far: u8| {
        format!(
            "auto lo\niface lo inet loopback\n\nauto bond0\niface bond0\n    bond-slaves eth0 eth1\n\nauto bond0.7\niface bond0.7\n    \
             address 10.0.0.{own}/24\n\nauto vxlan10\niface vxlan10\n    vxlan-id 10\n    vxlan-local-tunnelip 10.0.0.{own}\n    \
             vxlan-remoteip 10.0.0.{far}\n\nauto br10\niface br10\n    bridge-ports vxlan10\n"
        )
    };
    let cables =
        "[[link]]\na = \"leaf1:eth0\"\nb = \"leaf2:eth0\"\n\n[[link]]\na = \"leaf1:eth1\"\nb = \"leaf2:eth1\"\n";
    let tree = Tree::new()
        .with("leaf1/etc/network/interfaces", node(1, 2))
        .with("leaf2/etc/network/interfaces", node(2, 1))
        .with("evpnlint.toml", cables);
    let ask = |without: &[&str], code: i32| {
        let without: Vec<&str> = without.iter().flat_map(|what| ["--without", what]).collect();
        tree.run(&[&["ping", "leaf1:br10", "leaf2:br10"], &without[..]].concat()).ends(code);
    };
    ask(&[], 0);
    ask(&["leaf1:eth0"], 0);
    ask(&["leaf1:eth0", "leaf1:eth1"], 1);
    ask(&["leaf1:eth0", "leaf2:eth1"], 1);
    ask(&["leaf1:bond0"], 1);
    ask(&["leaf2:bond0.7"], 1);
}

#[test]
fn a_host_whose_cable_is_pulled_reaches_nobody() {
    let host = |name: &str, node: &str, port: &str, ip: &str| {
        format!(
            "[[host]]\nname = \"{name}\"\nnode = \"{node}\"\nport = \"{port}\"\naddress = \"{ip}/24\"\ngateway = \"10.1.10.1\"\n"
        )
    };
    let hosts = host("web1", "leaf1", "swp11", "10.1.10.11") + &host("web2", "leaf2", "swp11", "10.1.10.12");
    let mut tree = Tree::new().with("evpnlint.toml", hosts);
    for node in ["leaf1", "leaf2", "leaf3", "spine1", "spine2"] {
        for file in ["etc/frr/frr.conf", "etc/network/interfaces"] {
            let text = std::fs::read(format!("{LEAF_SPINE}/{node}/{file}")).unwrap();
            tree = tree.with(format!("{node}/{file}"), text);
        }
    }
    tree.run(&["ping", "web1", "web2"]).ends(0);
    let ran = tree.run(&["ping", "web1", "web2", "--without", "leaf1:swp11"]);
    assert!(ran.ends(1).out.contains("FAIL  the cable of web1 is pulled  ["), "{}", ran.out);
    assert!(ran.out.ends_with("help: plug web1 in again\n"), "{}", ran.out);
    let ran = tree.run(&["ping", "web1", "web2", "--without", "leaf2:swp11"]);
    assert!(ran.ends(1).out.contains("FAIL  nobody answers for 10.1.10.12"), "{}", ran.out);
    tree.run(&["ping", "web1", "10.1.10.1", "--without", "leaf2:swp11"]).ends(0);
}

#[test]
fn what_is_not_there_is_told_with_what_was_probably_meant() {
    let says = |what: &str, words: &str| _ = corpus(&[what]).ends(2).says(words);
    says("laef1", "there is no node laef1; did you mean leaf1?");
    says("laef1:swp1", "there is no node laef1; did you mean leaf1?");
    says("leaf1~spnie1", "there is no node spnie1; did you mean spine1?");
    says("leaf1:swp9", "leaf1 has no port swp9; did you mean leaf1:swp1?");
    says("leaf1:br10", "leaf1 has no port br10\n");
    says("leaf1:", "leaf1 has no port \n");
    says(
        "leaf1~leaf2",
        "no file tells of a BGP session between leaf1 and leaf2; leaf1 has some with spine1 and spine2\n",
    );
    says("leaf1~leaf1", "no file tells of a BGP session between leaf1 and leaf1");
}
