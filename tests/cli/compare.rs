//! `compare OLD NEW`: what one changed line takes away and brings.

use crate::support::tree::Tree;
use serde_json::Value;
use std::{fs, path::Path, process::Command};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");

/// A fabric of the corpus twice, in `old` and in `new`.
fn twice(fabric: &str) -> Tree {
    let mut tree = Tree::new();
    for file in walkdir::WalkDir::new(Path::new(CORPUS).join(fabric)) {
        let file = file.unwrap();
        if file.file_type().is_file() {
            let inner = file.path().strip_prefix(Path::new(CORPUS).join(fabric)).unwrap();
            let text = fs::read(file.path()).unwrap();
            tree = tree.with(Path::new("old").join(inner), &text).with(Path::new("new").join(inner), &text);
        }
    }
    tree
}

/// Replaces text of a file, which has it.
fn edit(tree: &Tree, path: &str, from: &str, to: &str) {
    let text = fs::read_to_string(tree.at(path)).unwrap();
    assert!(text.contains(from), "{path} lacks {from:?}");
    fs::write(tree.at(path), text.replacen(from, to, 1)).unwrap();
}

fn json(tree: &Tree, code: i32, paths: [&str; 2]) -> Value {
    let ran = tree.run(&["compare", "-f", "json", paths[0], paths[1]]);
    serde_json::from_str(&ran.ends(code).out).unwrap_or_else(|error| panic!("{error}: {}", ran.err))
}

/// The kinds of which anything is lost, gained or unknown.
fn touched<'v>(report: &'v Value, change: &str) -> Vec<&'v str> {
    let kinds = report.as_object().unwrap().iter();
    let mut kinds: Vec<&str> = kinds
        .filter(|(_, section)| section[change].as_array().is_some_and(|rows| !rows.is_empty()))
        .map(|(kind, _)| kind.as_str())
        .collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn comments_change_nothing() {
    let tree = twice("leaf-spine");
    edit(&tree, "new/leaf1/etc/frr/frr.conf", "hostname", "! a comment\nhostname");
    assert_eq!(tree.run(&["compare", "old", "new"]).ends(0).out, "nothing changed\n");
    let report = json(&tree, 0, ["old", "new"]);
    assert_eq!((&report["version"], &report["lost"]), (&Value::from(1), &Value::from(0)));
}

#[test]
fn a_broken_session_is_lost_with_its_lines() {
    let tree = twice("proxmox-cluster");
    edit(&tree, "new/pve2/etc/frr/frr.conf", "remote-as 65000", "remote-as 65001");
    let report = json(&tree, 1, ["old", "new"]);
    assert_eq!(touched(&report, "lost"), ["flood_lists", "sessions"]);
    let session = &report["sessions"]["lost"][0];
    assert_eq!((&session["node"], &session["with"]), (&Value::from("pve1"), &Value::from("pve2")));
    assert_eq!(session["place"]["path"], "old/pve1/etc/frr/frr.conf");
    assert_eq!(session["because"]["path"], "new/pve2/etc/frr/frr.conf");
    let text = tree.run(&["compare", "old", "new"]).ends(1).out.clone();
    assert!(text.starts_with("2 sessions down: pve1–pve2 and pve2–pve3\n"), "{text}");
    // The other way round the same is gained.
    let back = json(&tree, 0, ["new", "old"]);
    assert_eq!(touched(&back, "gained"), ["flood_lists", "sessions"]);
    assert_eq!(back["sessions"]["gained"][0]["place"]["tree"], "new");
    assert_eq!(back["gained"], report["lost"]);
}

#[test]
fn a_vni_on_one_more_node_is_gained() {
    let tree = twice("leaf-spine");
    let path = "old/leaf3/etc/network/interfaces";
    edit(&tree, path, "auto vni10010\niface vni10010\n    vxlan-id 10010", "iface vni10010\n    vxlan-id 19999");
    let report = json(&tree, 1, ["old", "new"]);
    let gained: Vec<(u64, &str)> = report["vnis"]["gained"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["vni"].as_u64().unwrap(), own["node"].as_str().unwrap()))
        .collect();
    assert_eq!(gained, [(10010, "leaf3")]);
    let pairs = report["flood_lists"]["gained"].as_array().unwrap().iter().map(|own| own["pairs"].as_u64().unwrap());
    assert_eq!(pairs.sum::<u64>(), 4);
}

#[test]
fn another_route_target_loses_the_flood_list_alone() {
    let tree = twice("leaf-spine");
    let written = "  advertise-all-vni\n  vni 10010\n   route-target import 9:9\n  exit-vni\n";
    edit(&tree, "new/leaf1/etc/frr/frr.conf", "  advertise-all-vni\n", written);
    let report = json(&tree, 1, ["old", "new"]);
    assert_eq!((touched(&report, "lost"), touched(&report, "gained")), (vec!["flood_lists"], vec![]));
    let flood = &report["flood_lists"]["lost"][0];
    assert_eq!((&flood["senders"][0], &flood["pairs"]), (&Value::from("leaf1"), &Value::from(2)));
    assert_eq!(report["findings"]["new"][0]["rule"], "route-target-unmatched");
}

#[test]
fn a_lower_mtu_of_a_port_is_told_by_vnis() {
    let tree = twice("leaf-spine");
    edit(&tree, "new/leaf1/etc/network/interfaces", "mtu 9216", "mtu 1500");
    let report = json(&tree, 1, ["old", "new"]);
    assert_eq!(touched(&report, "lost"), ["mtus"]);
    let own = &report["mtus"]["lost"][0];
    assert_eq!((&own["old"], &own["new"]), (&Value::from(1500), &Value::from(1450)));
    assert_eq!(own["place"]["path"], "new/leaf1/etc/network/interfaces");
}

#[test]
fn default_originate_that_goes_is_a_way_out_less() {
    let tree = twice("lab/bases/pve-exit");
    edit(&tree, "new/pve3/etc/frr/frr.conf", "  default-originate ipv4\n", "");
    let report = json(&tree, 1, ["old", "new"]);
    assert_eq!(touched(&report, "lost"), ["default_routes"]);
    let own = &report["default_routes"]["lost"][0];
    assert_eq!((&own["prefixes"][0], &own["originators"][0]), (&Value::from("0.0.0.0/0"), &Value::from("pve3")));
}

/// Whoever is left keeps its sessions, though fewer ports no longer tell the cables.
#[test]
fn a_node_that_goes_takes_its_sessions_alone() {
    let tree = twice("leaf-spine");
    fs::remove_dir_all(tree.at("new/leaf3")).unwrap();
    let report = json(&tree, 1, ["old", "new"]);
    assert_eq!(report["nodes"]["lost"][0]["node"], "leaf3");
    let sessions: Vec<&str> =
        report["sessions"]["lost"].as_array().unwrap().iter().map(|own| own["node"].as_str().unwrap()).collect();
    assert_eq!(sessions, ["leaf3", "leaf3"]);
    assert_eq!(touched(&report, "gained"), Vec::<&str>::new());
}

/// A session with a node that was not read is neither lost nor equal.
#[test]
fn what_nobody_can_predict_is_said_to_be_unknown() {
    let tree = twice("proxmox-cluster");
    for side in ["old", "new"] {
        fs::remove_dir_all(tree.at(format!("{side}/pve3"))).unwrap();
    }
    let report = json(&tree, 0, ["old", "new"]);
    let unknown = report["sessions"]["unknown"].as_array().unwrap();
    assert_eq!(unknown.len(), 2, "{report}");
    assert_eq!(unknown[0]["peer"], "192.168.0.3");
    let text = tree.run(&["compare", "old", "new"]).ends(0).out.clone();
    assert!(text.ends_with("nothing lost and nothing gained of what is known\n"), "{text}");
}

#[test]
fn a_revision_is_a_tree_and_what_is_none_cannot_be_read() {
    let tree = twice("leaf-spine");
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "one"]] {
        let mut command = Command::new("git");
        command.current_dir(tree.path()).args(["-c", "user.name=x", "-c", "user.email=x@example.net"]);
        assert!(command.args(arguments).output().unwrap().status.success());
    }
    edit(&tree, "new/leaf1/etc/network/interfaces", "mtu 9216", "mtu 1500");
    let report = json(&tree, 1, ["HEAD", "new"]);
    assert_eq!(touched(&report, "lost"), ["mtus"]);
    let back = json(&tree, 0, ["new", "HEAD"]);
    assert_eq!(back["mtus"]["gained"][0]["place"]["path"], "HEAD:new/leaf1/etc/network/interfaces");
    tree.run(&["compare", "nonsense", "new"]).ends(2).says("git: ");
    tree.run(&["compare", "old", "--output=stolen"]).ends(2);
    fs::create_dir(tree.path().join("empty")).unwrap();
    tree.run(&["compare", "old", "empty"]).ends(2).says("found nothing to read");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let tree = twice("leaf-spine");
    fs::remove_dir_all(tree.at("new/leaf3")).unwrap();
    let run = |threads: &str| {
        let mut command = tree.command(&["compare", "-f", "json", "old", "new"]);
        command.env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
    };
    assert_eq!(run("1"), run("7"));
}
