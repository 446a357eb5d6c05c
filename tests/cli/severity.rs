//! How severe findings are, where evpnlint.toml says so.

use crate::support::tree::Tree;

const LEAF: &str = "router bgp 65001\n neighbor 10.0.0.2 remote-as 65003\n bgp router-id 10.0.0.1\n";
const OTHER: &str = "router bgp 65002\n neighbor 10.0.0.1 remote-as 65001\n bgp router-id 10.0.0.2\n";

fn fabric(toml: &str) -> Tree {
    let link = |node: u8| format!("auto eth0\niface eth0\n  address 10.0.0.{node}/24\n");
    Tree::new()
        .with("leaf1/etc/frr/frr.conf", LEAF)
        .with("leaf1/etc/network/interfaces", link(1))
        .with("leaf2/etc/frr/frr.conf", OTHER)
        .with("leaf2/etc/network/interfaces", link(2))
        .with("evpnlint.toml", toml)
}

/// The first finding's severity, and the exit code.
fn severity(toml: &str, code: i32) -> String {
    let out = fabric(toml).run(&["-f", "concise", "--select", "asn-mismatch", "."]).ends(code).out.clone();
    assert_eq!(out.matches("[asn-mismatch]").count(), 1, "{out}");
    out.split_once("[asn-mismatch]").unwrap().0.rsplit_once(' ').unwrap().1.to_owned()
}

#[test]
fn a_rule_before_its_category_and_some_nodes_before_all() {
    for (toml, wanted, code) in [
        ("", "error", 1),
        ("[severity]\nasn-mismatch = \"info\"\n", "info", 0),
        ("[severity]\ncorrectness = \"info\"\nasn-mismatch = \"warning\"\n", "warning", 1),
        ("[[override]]\nnode = \"leaf*\"\nseverity = { all = \"info\" }\n", "info", 0),
        ("[[override]]\nnode = \"spine*\"\nseverity = { all = \"info\" }\n", "error", 1),
        ("[[override]]\npath = \"frr.conf\"\nseverity = { asn-mismatch = \"warning\" }\n", "warning", 1),
        (
            "[severity]\nall = \"info\"\n[[override]]\nnode = \"leaf1\"\nseverity = { asn-mismatch = \"error\" }\n",
            "error",
            1,
        ),
    ] {
        assert_eq!(severity(toml, code), wanted, "{toml}");
    }
}
