//! What needs no server: a script stands in for ssh, and takes a node's root from a folder of its name.

use super::run;
use crate::support::{
    corpus,
    tree::{LEAF1, LEAF2, Tree},
};
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

/// A script that notes how it was called and runs what it was told to, with a folder of `roots` as the root.
pub(crate) fn stand_in(tree: &Tree, roots: &Path) -> String {
    let script = format!(
        "#!/bin/sh\necho \"$*\" >>{0}/calls\nwhile [ \"$1\" != -- ]; do shift; done\n\
         EVPNLINT_ROOT=\"{1}/${{2##*@}}\" exec sh -c \"$3\"\n",
        tree.path().display(),
        roots.display()
    );
    let path = tree.at("stand-in");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path.display().to_string()
}

pub(crate) fn collect(tree: &Tree, arguments: &[&str]) -> Command {
    let mut command = tree.command(&[&["collect"], arguments].concat());
    command.env("EVPNLINT_ROOT", tree.at("here/x").parent().unwrap());
    command
}

/// The fabrics of the corpus: what is said of what was gathered is what is said of the originals.
#[test]
fn what_is_gathered_is_judged_as_what_it_was_gathered_from() {
    let mut fabrics = corpus::folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join(corpus::OURS));
    fabrics.retain(|path| !path.ends_with("lab"));
    assert!(fabrics.len() > 5, "{fabrics:?}");
    for fabric in fabrics {
        let tree = Tree::new();
        let ssh = stand_in(&tree, &fabric);
        let nodes = corpus::folders(&fabric);
        let nodes: Vec<&str> = nodes.iter().map(|node| node.file_name().unwrap().to_str().unwrap()).collect();
        run(&mut collect(&tree, &[&["--ssh", &ssh, "-o", "got"], &nodes[..]].concat())).ends(0);
        let said = |root: &Path| {
            let ran = run(tree.command(&["-f", "concise", "--fail-on", "never"]).arg(root));
            ran.ends(0).out.replace(&format!("{}/", root.display()), "")
        };
        assert_eq!(said(&tree.path().join("got")), said(&fabric), "{}", fabric.display());
    }
}

#[test]
fn ssh_asks_nobody_and_is_given_what_the_user_gave_first() {
    let tree = Tree::new().with("roots/leaf1/etc/frr/frr.conf", LEAF1);
    let ssh = stand_in(&tree, &tree.path().join("roots"));
    run(&mut collect(&tree, &["--ssh", &format!("{ssh} -J bastion"), "--timeout", "5", "admin@leaf1"])).ends(0);
    let calls = fs::read_to_string(tree.path().join("calls")).unwrap();
    assert!(calls.starts_with("-J bastion -a -x -o BatchMode=yes -o ConnectTimeout=5 -o "), "{calls}");
    assert!(calls.ends_with(" -- admin@leaf1 sh -s\n"), "{calls}");
}

#[test]
fn a_name_is_never_an_option_a_path_or_a_command() {
    let tree = Tree::new();
    let ssh = stand_in(&tree, tree.path());
    for name in ["-oProxyCommand=touch pwned", "a;touch pwned", "$(touch pwned)", "../x", "a/b", "", "\u{1b}[31m"] {
        let ran = run(&mut collect(&tree, &["--ssh", &ssh, "--", name]));
        ran.ends(2).says("error: ");
        assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    }
    assert!(!tree.path().join("pwned").exists() && !tree.path().join("calls").exists());
}

#[test]
fn this_node_is_one_of_them_if_it_has_a_part_in_the_fabric() {
    let tree = Tree::new().with("roots/leaf1/etc/frr/frr.conf", LEAF1).with("here/etc/hostname", "leaf2.example.net\n");
    let ssh = stand_in(&tree, &tree.path().join("roots"));
    // A machine of the administrator's has links as well.
    let tree = tree.with("here/etc/network/interfaces", "auto lo\niface lo inet loopback\n");
    run(&mut collect(&tree, &["--ssh", &ssh, "-o", "a", "leaf1"])).ends(0).says("a: 1 file of 1 node; now: evpnlint a");
    assert!(!tree.path().join("a/leaf2").exists());
    run(&mut collect(&tree, &["--ssh", &ssh, "-o", "b", "leaf1", "leaf2"])).ends(0).says("leaf2: 2 files (here)");
    let tree = tree.with("here/etc/frr/frr.conf", LEAF2);
    run(&mut collect(&tree, &["--ssh", &ssh, "-o", "c", "leaf1"])).ends(0).says("leaf2: 3 files (here)\nleaf1: 1 file");
    tree.run(&["c", "--select", "asn-mismatch"]).ends(1).says("4 files of 2 nodes");
    run(&mut collect(&tree, &["-o", "d"])).ends(0).says("only this node: it is in no Proxmox cluster");
    // Under one name there is one node: the second is called as it was asked.
    let tree = tree.with("roots/10.0.0.1/etc/frr/frr.conf", LEAF1).with("roots/10.0.0.1/etc/hostname", "leaf1\n");
    let ran = run(&mut collect(&tree, &["--ssh", &ssh, "-o", "e", "leaf1", "10.0.0.1"]));
    ran.ends(0).says("leaf1: 1 file (leaf1)").says("10.0.0.1: 2 files (10.0.0.1)");
    ran.says("  it calls itself leaf1, as another node is called; its folder is named as it was reached\n");
    let ran = run(&mut collect(&tree, &["--ssh", &ssh, "-o", "f", "10.0.0.1", "leaf1"]));
    ran.ends(0).says("leaf1: 1 file (leaf1)").says("10.0.0.1: 2 files (10.0.0.1)");
    assert!(fs::read_to_string(tree.path().join("f/manifest.json")).unwrap().contains("\"calls_itself\": \"leaf1\""));
    // Nor can it have the name of the node from which it is asked.
    let tree = tree.with("roots/10.0.0.1/etc/hostname", "leaf2\n");
    let ran = run(&mut collect(&tree, &["--ssh", &ssh, "-o", "g", "10.0.0.1"]));
    ran.ends(0).says("leaf2: 3 files (here)\n10.0.0.1: 2 files (10.0.0.1)").says("it calls itself leaf2");
}

/// A node that sends thousands of files that nobody asked for, and one file where another has a folder: each costs a
/// bounded number of lines, and the other node is whole.
#[test]
fn a_flood_of_files_is_a_line_and_loses_no_other_node() {
    let tree = Tree::new().with("roots/leaf1/etc/frr/frr.conf", LEAF1);
    let script = "#!/bin/sh\ncase \"$*\" in *flood*) ;; *) exec ROOTS \"$@\" ;; esac\n\
        printf '@evpnlint 1\\n@host flood\\n>etc/network/a\\n|x\\n<ok\\n>etc/network/a/b\\n|x\\n<ok\\n'\n\
        seq 6000 | sed 's#.*#!long etc/network/long&#; p; s#.*#!odd ../x#'\n\
        printf '>etc/frr/frr.conf\\n|hostname flood\\n\\n<ok\\n@end\\n'\n";
    let roots = stand_in(&tree, &tree.path().join("roots"));
    let tree = tree.with("flooding", script.replace("ROOTS", &roots));
    let ssh = tree.at("flooding");
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o700)).unwrap();
    let ran = run(&mut collect(&tree, &["--ssh", &ssh.display().to_string(), "-o", "got", "flood", "leaf1"]));
    ran.ends(1).says("flood: 2 files (flood)").says("leaf1: 1 file (leaf1)").says("3 files of 2 of 2 nodes");
    ran.says("  not got: 12001 files (6000: it is longer than 4 MiB; 6001: nobody asked for it); manifest.json names 100 of them\n");
    assert!(ran.err.lines().count() < 8, "{}", ran.err);
    assert!(tree.path().join("got/flood/etc/network/a").is_file());
    let manifest = fs::read_to_string(tree.path().join("got/manifest.json")).unwrap();
    assert!(manifest.contains("\"missing_unlisted\": 11901"), "{}", &manifest[..1000]);
}

#[test]
fn an_archive_is_the_same_bytes_each_time_and_unpacks_to_the_tree() {
    let tree = Tree::new().with("roots/leaf1/etc/frr/frr.conf", LEAF1).with("roots/leaf2/etc/frr/frr.conf", LEAF2);
    let ssh = stand_in(&tree, &tree.path().join("roots"));
    let mut archives = vec![];
    for folder in ["a", "b"] {
        fs::create_dir(tree.path().join(folder)).unwrap();
        let path = format!("{folder}/fabric.tar.gz");
        let ran = run(&mut collect(&tree, &["--ssh", &ssh, "-o", &path, "leaf1", "leaf2"]));
        ran.ends(0).says(&format!("2 files of 2 of 2 nodes; now: tar xzf {path} && evpnlint fabric\n"));
        archives.push(fs::read(tree.path().join(path)).unwrap());
    }
    assert_eq!(archives[0], archives[1]);
    assert!(Command::new("tar").args(["xzf", "a/fabric.tar.gz"]).current_dir(tree.path()).status().unwrap().success());
    tree.run(&["fabric", "--select", "asn-mismatch"]).ends(1).says("2 files of 2 nodes");
    run(&mut collect(&tree, &["--ssh", &ssh, "-o", "a/fabric.tar.gz", "leaf1"])).ends(2).says("is there already");
}

#[test]
fn nothing_at_all_is_no_success() {
    let tree = Tree::new();
    run(&mut collect(&tree, &[])).ends(2).says("no node gave anything, and nothing was written").says("name the nodes");
    let ran = run(&mut collect(&tree, &["--ssh", "./no-such-program", "leaf1"]));
    ran.ends(2).says("leaf1: nothing (leaf1): cannot run ./no-such-program: No such file or directory");
    run(&mut collect(&tree, &["-o", "no/such/folder", "leaf1"])).ends(2).says("cannot write no/such/folder");
    run(&mut collect(&tree, &["--ssh", " ", "leaf1"])).ends(2).says("--ssh names no program");
    run(&mut collect(&tree, &["--timeout", "0", "leaf1"])).ends(2);
    assert!(!tree.path().join("evpnlint-collected").exists());
}
