//! Further reports of one run: `-o FORMAT=PATH`.

use super::FORMATS;
use crate::support::tree::Tree;
use std::{fs, os::unix::fs::symlink};

#[test]
fn one_run_writes_every_format() {
    let tree = Tree::broken();
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("{format}=report.{format}")).collect();
    let arguments: Vec<&str> = outputs.iter().flat_map(|output| ["-o", output]).chain(["."]).collect();
    for _ in 0..2 {
        let ran = tree.run(&[&["-f", "github"], arguments.as_slice()].concat());
        assert!(ran.ends(1).out.starts_with("::error file=leaf1/etc/frr/frr.conf,line=7,"), "{}", ran.out);
        for format in FORMATS {
            let same = tree.run(&["-f", format, "."]).out.clone();
            assert_eq!(fs::read_to_string(tree.at(format!("report.{format}"))).unwrap(), same, "{format}");
        }
    }
    let names = fs::read_dir(tree.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.contains(".new")).count(), 0);
}

#[test]
fn nothing_is_written_where_no_report_belongs() {
    let (tree, outside) = (Tree::broken(), Tree::new().with("kept", "kept\n"));
    symlink(outside.path().join("kept"), tree.at("link.json")).unwrap();
    symlink(outside.path(), tree.at("out")).unwrap();
    fs::create_dir(tree.at("folder")).unwrap();
    for (output, why) in [
        ("json=link.json", "it is a link"),
        ("json=out/new.json", "a link leads out of the working directory"),
        ("json=folder", "it is no file"),
        ("json=/dev/null", "it is no file"),
        ("json=leaf1/etc/frr/frr.conf", "one of the files that are checked"),
        ("json=nowhere/report.json", "cannot write nowhere/report.json"),
        ("xml=report.xml", "the format must be one of human, concise, json"),
        ("report.json", "not FORMAT=PATH"),
        ("json=", "not FORMAT=PATH"),
    ] {
        let ran = tree.run(&["-o", output, "."]);
        assert_eq!(ran.ends(2).says(why).out, "", "{output}");
    }
    tree.run(&["-o", "json=a", "-o", "sarif=a", "."]).ends(2).says("two reports cannot go to a");
    assert_eq!(fs::read_to_string(outside.path().join("kept")).unwrap(), "kept\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(fs::read_to_string(tree.at("leaf1/etc/frr/frr.conf")).unwrap().starts_with("hostname"));
    tree.run(&["--statistics", "-f", "sarif", "."]).ends(2).says("--statistics is a table");
}

#[test]
fn the_last_line_says_what_was_read_and_what_was_not() {
    let tree = Tree::broken().with("leaf2/etc/network/interfaces", "iface eth9\n    bogus 1\n");
    fs::create_dir_all(tree.at("leaf3/etc/frr/frr.conf/x")).unwrap();
    let ran = tree.run(&["--partial", "--ignore", "asn-mismatch", "."]);
    let last = ran.err.lines().last().unwrap();
    assert!(last.starts_with("3 files of 2 nodes: 0 errors, "), "{}", ran.err);
    for part in ["; not read: 1; not judged: ", " rules and 1 line; not selected: 1"] {
        assert!(last.contains(part), "{part}: {last}");
    }
}

#[test]
fn the_list_of_rules_fits_a_terminal() {
    let out = Tree::new().run(&["rules"]).ends(0).out.clone();
    let widest = out.lines().max_by_key(|line| line.chars().count()).unwrap();
    assert!(widest.chars().count() <= 80, "{widest}");
    assert!(out.contains("\n    A node expects another AS than its peer runs\n"), "{out}");
}
