//! `evpnlint init` and `evpnlint config`.

use crate::support::tree::Tree;

const FRR: &str = "router bgp 65000\n bgp router-id 10.0.0.1\nexit\n";

#[test]
fn what_init_writes_holds_and_config_says_where() {
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", FRR).with("leaf \"2\"/etc/frr/frr.conf", FRR);
    tree.run(&["config"]).ends(0);
    assert!(tree.run(&["config"]).out.starts_with("file: there is none\n"));
    tree.run(&["init"]).ends(0);
    let text = std::fs::read_to_string(tree.at("evpnlint.toml")).unwrap();
    assert!(text.contains("complete = true\n") && text.contains("    \"leaf1\",\n"), "{text}");
    let said = tree.run(&["config", "--partial"]).ends(0).out.clone();
    let row = |key: &str| said.lines().find(|line| line.split_whitespace().next() == Some(key)).unwrap_or_default();
    assert!(row("fabric.complete").contains("command line") && row("fabric.complete").ends_with("false"), "{said}");
    assert!(row("fabric.nodes").contains("evpnlint.toml:"), "{said}");
    assert!(row("lint.select").contains("default"), "{said}");
    // It is never written over, and a node that goes is a finding.
    tree.run(&["init"]).ends(2).says("is there already");
    std::fs::remove_dir_all(tree.at("leaf1")).unwrap();
    assert!(tree.run(&["-f", "concise", "."]).out.contains("leaf1"));
}
