//! What was not read is not healthy: it is told in every form, nothing is concluded from it, and nobody takes the rest for
//! the whole.

use super::{LEAF1, LEAF2, Tree};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

const BASES: &str = "tests/corpus/lab/bases";

/// Puts something in the place of a file.
type Put<'p> = &'p dyn Fn(PathBuf);

/// A copy of a healthy fabric.
fn base(name: &str) -> Tree {
    let root = Path::new(BASES).join(name);
    let files = WalkDir::new(&root).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files.fold(Tree::new(), |tree, entry| {
        let text = fs::read(entry.path()).unwrap();
        tree.with(entry.path().strip_prefix(&root).unwrap(), text)
    })
}

/// The report of a check that may find warnings of what is not read, and nothing else.
#[track_caller]
fn told(tree: &Tree) -> Value {
    let ran = tree.run(&[".", "-f", "json", "--fail-on", "warning"]);
    ran.ends(1);
    let mut lines = ran.err.lines().rev();
    assert!(lines.next().is_some_and(|last| last.contains("; not ")), "{}", ran.err);
    assert!(lines.next().is_some_and(|line| line.starts_with("open: ") && line.contains("not")), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["summary"]["closed"], false);
    report
}

/// The rules of the errors and warnings.
fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|found| found["severity"] != "info").map(|found| found["rule"].as_str().unwrap()).collect()
}

/// Whether a path is among what is not read, with words of the reason.
#[track_caller]
fn lists(report: &Value, path: &str, why: &str) {
    let all = report["not_read"].as_array().unwrap();
    let is = |own: &Value| own["path"] == path && own["why"].as_str().unwrap().contains(why);
    assert!(all.iter().any(is), "{path}: {why}: {}", report["not_read"]);
}

#[test]
fn a_file_that_is_not_read_is_the_only_finding() {
    const FOREIGN: &str = "set system host-name x\nset protocols bgp group y\nset vlans z\n";
    for (fabric, place) in [
        ("rr-ospf", "leaf1/etc/frr/frr.conf"),
        ("rr-ospf", "leaf1/etc/network/interfaces"),
        ("clos-ebgp", "spine1/etc/frr/frr.conf"),
        ("pve-mesh", "pve1/etc/pve/sdn/zones.cfg"),
    ] {
        let folder = |path: PathBuf| fs::create_dir(path).unwrap();
        let link = |path: PathBuf| std::os::unix::fs::symlink("nowhere", path).unwrap();
        let foreign = |path: PathBuf| fs::write(path, FOREIGN).unwrap();
        let copy = |path: PathBuf| {
            let name = format!("{}.new", path.file_name().unwrap().to_str().unwrap());
            fs::copy(Path::new(BASES).join(fabric).join(place), path.with_file_name(name)).map(drop).unwrap();
        };
        let cases: [(Put, &str, &str); 4] = [
            (&folder, "", "it is a folder"),
            (&link, "", "it is a link that leads nowhere"),
            (&foreign, "", "3 of its 3 lines are not understood"),
            (&copy, ".new", "no daemon reads a file of that name"),
        ];
        for (put, end, why) in cases {
            let tree = base(fabric);
            let path = tree.at(place);
            fs::remove_file(&path).unwrap();
            put(path);
            let report = told(&tree);
            lists(&report, &format!("./{place}{end}"), why);
            assert_eq!(rules(&report), ["file-not-read"], "{place}: {why}: {}", report["findings"]);
        }
    }
}

#[test]
fn a_node_that_needs_frr_and_has_none_is_told() {
    let tree = base("rr-ospf");
    fs::remove_dir_all(tree.at("leaf1/etc/frr")).unwrap();
    let report = told(&tree);
    lists(&report, "./leaf1/etc/frr/frr.conf", "it is not there");
    assert_eq!(rules(&report), ["file-not-read"]);

    let tree = base("rr-ospf").with("rr1/etc/frr/daemons", "bgpd=yes\n");
    fs::remove_file(tree.at("rr1/etc/frr/frr.conf")).unwrap();
    let report = told(&tree);
    lists(&report, "./rr1/etc/frr/frr.conf", "it is not there");
    assert_eq!(rules(&report), ["file-not-read"]);

    // A switch beside the fabric that starts nothing, and tunnels whose ends are written down, need none.
    let vxlan = "auto vx1\niface vx1\n  vxlan-id 7\n  vxlan-local-tunnelip 10.9.0.1\n  vxlan-remoteip 10.9.0.2\n";
    let tree = base("rr-ospf")
        .with("other/etc/frr/daemons", "zebra=yes\nbgpd=no\n")
        .with("other/etc/network/interfaces", vxlan);
    tree.run(&["."]).ends(0).says("closed: every peer is here");
}

#[test]
fn another_name_counts_only_where_the_right_one_is_missing() {
    let text = fs::read(Path::new(BASES).join("rr-ospf/leaf1/etc/frr/frr.conf")).unwrap();
    for name in ["frr.conf.new", "frr.conf.sav", "leaf1-frr.conf", "frr.cfg"] {
        let tree = base("rr-ospf").with(format!("leaf1/etc/frr/{name}"), &text);
        tree.run(&["."]).ends(0).says("closed: every peer is here");
        fs::remove_file(tree.at("leaf1/etc/frr/frr.conf")).unwrap();
        lists(&told(&tree), &format!("./leaf1/etc/frr/{name}"), "no daemon reads a file of that name");
    }
    // In a folder where no daemon looks it is a repository's file of that node.
    let tree = base("rr-ospf").with("leaf1-frr.conf", &text);
    fs::remove_file(tree.at("leaf1/etc/frr/frr.conf")).unwrap();
    tree.run(&["."]).ends(0).says("closed: every peer is here");
}

#[test]
fn a_layout_says_whose_files_they_are_and_an_exclude_leaves_some_out() {
    let text = fs::read(Path::new(BASES).join("rr-ospf/leaf1/etc/frr/frr.conf")).unwrap();
    let tree = base("rr-ospf").with("routing/leaf1.txt", &text);
    fs::remove_file(tree.at("leaf1/etc/frr/frr.conf")).unwrap();
    tree.run(&["."]).ends(1);
    let tree = tree.with("evpnlint.toml", "[fabric]\nlayout = \"routing/{node}.txt\"\n");
    tree.run(&["."]).ends(0).says("closed: every peer is here");
    assert!(tree.run(&["--files"]).ends(0).out.contains("./routing/leaf1.txt → frr → leaf1\n"));
    // What a layout names and is neither language is not passed over.
    let tree = tree.with("routing/leaf9.txt", "hello\n");
    lists(&told(&tree), "./routing/leaf9.txt", "it is neither FRR's configuration nor interfaces");
    let layout = "exclude = [\"leaf9.*\", \"old/\"]\n[fabric]\nlayout = [\"routing/{node}.txt\"]\n";
    let tree = tree.with("evpnlint.toml", layout).with("old/leaf1/etc/frr/frr.conf", "router bgp 1\n");
    tree.run(&["."]).ends(0).says("closed: every peer is here");
    let files = tree.run(&["--files"]).ends(0).out.clone();
    assert!(files.contains("./old → left out\n") && files.contains("./routing/leaf9.txt → left out\n"), "{files}");
    let tree = tree.with("evpnlint.toml", "[fabric]\nlayout = \"routing/{node}.txt\"\n");
    tree.run(&["--exclude", "old", "--exclude", "routing/leaf9.txt", "."]).ends(0);
    tree.run(&["--exclude", "["]).ends(2).says("is not a pattern");
    tree.with("evpnlint.toml", "[fabric]\nlayout = \"frr.conf\"\n").run(&["."]).ends(2).says("with {node} in it");
}

#[test]
fn what_a_collection_lacks_is_told() {
    let manifest = |node: &str| format!("{{\"version\": 1, \"evpnlint\": \"0\", \"nodes\": [{node}]}}");
    let failed = manifest(r#"{"node": "leaf1", "failure": "connection refused", "missing": []}"#);
    let tree = base("rr-ospf").with("manifest.json", &failed);
    fs::remove_dir_all(tree.at("leaf1")).unwrap();
    let report = told(&tree);
    lists(&report, "./leaf1", "`evpnlint collect` could not get it");
    assert_eq!(rules(&report), ["file-not-read"]);

    let denied = r#"{"node": "leaf1", "missing": [{"path": "/etc/frr/frr.conf", "why": "permission denied"}]}"#;
    let tree = base("rr-ospf").with("manifest.json", manifest(denied));
    // It was put there since.
    tree.run(&["."]).ends(0).says("closed: every peer is here");
    fs::remove_file(tree.at("leaf1/etc/frr/frr.conf")).unwrap();
    let report = told(&tree);
    lists(&report, "./leaf1/etc/frr/frr.conf", "`evpnlint collect` could not get it");
    assert_eq!(rules(&report), ["file-not-read"]);

    // What leads out of the tree, and what another tool has written, says nothing.
    for manifest in [manifest(r#"{"node": "../x", "failure": "?"}"#), "{\"name\": \"web\"}".to_owned(), "[".to_owned()]
    {
        base("rr-ospf").with("manifest.json", manifest).run(&["."]).ends(0).says("closed: every peer is here");
    }
}

#[test]
fn a_block_without_its_first_line_is_one_finding() {
    for (fabric, node) in [("rr-ospf", "leaf1"), ("rr-ospf", "rr1"), ("clos-ebgp", "spine1"), ("pve-mesh", "pve2")] {
        let tree = base(fabric);
        let place = tree.at(format!("{node}/etc/frr/frr.conf"));
        let text = fs::read_to_string(&place).unwrap();
        let cut: Vec<&str> = text.lines().filter(|line| !line.starts_with("router bgp")).collect();
        fs::write(&place, cut.join("\n")).unwrap();
        let report = told(&tree);
        lists(&report, &format!("./{node}/etc/frr/frr.conf"), "lines are not understood");
        assert_eq!(rules(&report), ["line-unknown"], "{fabric} {node}: {}", report["findings"]);
        let help = report["findings"][0]["help"].as_str().unwrap();
        assert!(help.contains("router bgp"), "{help}");
    }
}

#[test]
fn who_is_named_and_absent_is_told() {
    let names = |names: &str| format!("[fabric]\nnodes = [{names}]\n");
    let tree = base("rr-ospf").with("evpnlint.toml", names(r#""leaf1", "leaf2", "leaf3", "rr1", "rr2""#));
    tree.run(&["."]).ends(0).says("closed: every peer is here");
    let tree = tree.with("evpnlint.toml", names(r#""leaf1", "leaf9""#));
    let report = told(&tree);
    lists(&report, "leaf9", "no file of a node of that name");
    assert_eq!(rules(&report), ["file-not-read"]);

    let member =
        |at: u8| format!("  node {{\n    name: pve{at}\n    nodeid: {at}\n    ring0_addr: 10.9.0.{at}\n  }}\n");
    let corosync = |most| {
        let members: String = (1..=most).map(member).collect();
        format!("totem {{\n  cluster_name: lab\n  version: 2\n}}\nnodelist {{\n{members}}}\n")
    };
    let cluster = |most| {
        let paths = (1..=3).map(|node| format!("pve{node}/etc/pve/corosync.conf"));
        paths.fold(base("pve-mesh"), |tree, path| tree.with(path, corosync(most)))
    };
    cluster(3).run(&["."]).ends(0).says("closed: every peer is here");
    let tree = cluster(4);
    assert_eq!(rules(&told(&tree)), ["sdn-member-not-read"]);
    // Whoever looks at one node does so on purpose.
    tree.run(&["pve1"]).ends(0).says("open: ").says("3 members of clusters are not here");

    let guest = |node: u8| (format!("pve1/etc/pve/nodes/pve{node}/qemu-server/10{node}.conf"), "memory: 512\n");
    let with = |nodes| (1..=nodes).map(guest).fold(base("pve-mesh"), |tree, (path, text)| tree.with(path, text));
    with(3).run(&["."]).ends(0).says("closed: every peer is here");
    assert_eq!(rules(&told(&with(4))), ["sdn-member-not-read"]);
}

#[test]
fn faults_of_other_nodes_are_told_all_the_same() {
    let tree = Tree::new().with("leaf1/etc/frr/frr.conf", LEAF1).with("leaf2/etc/frr/frr.conf", LEAF2);
    fs::create_dir_all(tree.at("leaf3/etc/frr/frr.conf")).unwrap();
    let report = told(&tree);
    lists(&report, "./leaf3/etc/frr/frr.conf", "it is a folder");
    assert!(rules(&report).contains(&"asn-mismatch"), "{}", report["findings"]);
}
