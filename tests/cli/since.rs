//! `check --since REV`: what a change brings, and what it mends.

use crate::support::tree::{LEAF1, LEAF2, Tree};
use serde_json::Value;
use std::{fs, process::Command};

fn git(tree: &Tree, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(tree.path()).args(["-c", "user.name=x", "-c", "user.email=x@example.net"]).args(arguments);
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// Two nodes in the folder `fabric` of a repository, which agree; leaf2 has an unknown line.
fn repository() -> Tree {
    let tree = Tree::new()
        .with("fabric/leaf1/etc/frr/frr.conf", LEAF1.replace("65009", "65002"))
        .with("fabric/leaf2/etc/frr/frr.conf", format!("{LEAF2}some command of the future\n"))
        .with("kept", "nobody reads this\n");
    git(&tree, &["init", "-q"]);
    git(&tree, &["add", "."]);
    git(&tree, &["commit", "-q", "-m", "one"]);
    git(&tree, &["tag", "before"]);
    tree
}

fn report(tree: &Tree, arguments: &[&str]) -> Value {
    let ran = tree.run(&[&["check", "-f", "json", "--fail-on", "never"], arguments].concat());
    serde_json::from_str(&ran.ends(0).out).unwrap_or_else(|error| panic!("{error}: {}", ran.err))
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|own| own["rule"].as_str().unwrap()).collect()
}

#[test]
fn only_what_a_change_brings_is_told() {
    let tree = repository();
    let same = report(&tree, &["--since", "before", "fabric"]);
    assert_eq!((rules(&same), &same["summary"]["mended"]), (vec![], &Value::from(Vec::<Value>::new())));
    assert_eq!(rules(&report(&tree, &["fabric"])), ["line-unknown"]);

    // leaf2 changes its AS, which leaf1 does not expect: the finding of leaf1 opens with the line of leaf2. The unknown line goes.
    fs::write(tree.at("fabric/leaf2/etc/frr/frr.conf"), LEAF2.replace("bgp 65002", "bgp 65003")).unwrap();
    let changed = report(&tree, &["--since", "before", "fabric"]);
    assert_eq!(rules(&changed), ["asn-mismatch"]);
    assert_eq!(changed["findings"][0]["place"]["path"], "fabric/leaf2/etc/frr/frr.conf");
    assert_eq!(changed["findings"][0]["place"]["line"], 5);
    assert_eq!(changed["summary"]["mended"][0]["rule"], "line-unknown");
    let ran = tree.run(&["check", "--since", "before", "fabric"]);
    ran.ends(1).says("mended: line-unknown: leaf2 some command of the future\n");

    // A commit changes nothing of that, nor does the folder in which it runs, and nothing is left in the repository.
    git(&tree, &["commit", "-q", "-a", "-m", "two"]);
    assert_eq!(rules(&report(&tree, &["--since", "HEAD~1", "."])), ["asn-mismatch"]);
    assert_eq!(rules(&report(&tree, &["--since", "HEAD", "."])), Vec::<&str>::new());
    let state = Command::new("git").current_dir(tree.path()).args(["status", "--porcelain"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&state.stdout), "");

    // A new node is new, and one that was there is not.
    let tree = tree.with("fabric/leaf3/etc/frr/frr.conf", "hostname leaf3\nsome command of the future\n");
    let new = report(&tree, &["--since", "HEAD", "fabric"]);
    assert_eq!((rules(&new), &new["findings"][0]["place"]["node"]), (vec!["line-unknown"], &Value::from("leaf3")));
    // Where nothing was, all is new.
    assert_eq!(rules(&report(&tree, &["--since", "HEAD", "fabric/leaf3"])), ["line-unknown"]);
}

#[test]
fn a_revision_that_is_none_is_told() {
    let tree = repository();
    tree.run(&["check", "--since", "nonsense", "fabric"]).ends(2).says("git: ");
    tree.run(&["check", "--since", "--output=stolen", "fabric"]).ends(2);
    tree.run(&["check", "--since=--output=stolen", "fabric"]).ends(2).says("git: ");
    assert!(!tree.path().join("stolen").exists());
    let outside = Tree::broken();
    let path = outside.path().to_str().unwrap();
    tree.run(&["check", "--since", "before", "fabric", path])
        .ends(2)
        .says("is not in the repository of the first path");
    outside.run(&["check", "--since", "HEAD", "."]).ends(2).says("git: ");
}
