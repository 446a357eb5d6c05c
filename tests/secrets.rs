//! A marker in each place that may hold a secret, and every command and format: it comes out of none.

mod planted;

use crate::{
    collect::{
        local::{collect, stand_in},
        run,
    },
    report::everywhere,
    support::{
        files,
        run::{check, everything, render},
        tree::{LEAF2, Ran, Tree},
    },
};
use clap::ValueEnum as _;
use evpnlint::{
    options::Completeness,
    report::{Format, Style},
    source::{File, Sources},
};
use planted::{MARKERS, PLANTED, Place, STRUCTURED};
use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt as _, path::Path};

/// The files of leaf1 that hold what is planted, each with its parts in order.
fn planted_files() -> BTreeMap<&'static str, String> {
    let mut files = BTreeMap::<&str, String>::new();
    for Place { file, text } in PLANTED.iter().chain(&STRUCTURED) {
        files.entry(file).or_default().push_str(text);
    }
    files
}

/// Texts that no search for secrets can read: each is a node's frr.conf.
fn unreadable() -> [(&'static str, Vec<u8>); 4] {
    let text = "hostname odd\nrouter bgp 65001\n neighbor 10.0.0.9 password HUNTER\n neighbour x pas HUNTER\n";
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    [
        ("utf16le", [b"\xff\xfe".to_vec(), wide(u16::to_le_bytes)].concat()),
        ("utf16be", [b"\xfe\xff".to_vec(), wide(u16::to_be_bytes)].concat()),
        ("utf16bare", wide(u16::to_le_bytes)),
        ("nul", text.replace("pas ", "pa\0s ").replace("password", "pass\0word").into_bytes()),
    ]
}

fn tree() -> Tree {
    let mut tree = Tree::new().with("leaf2/etc/frr/frr.conf", LEAF2);
    for (file, text) in planted_files() {
        tree = tree.with(format!("leaf1/{file}"), text);
    }
    for (node, bytes) in unreadable() {
        tree = tree.with(format!("{node}/etc/frr/frr.conf"), bytes);
    }
    tree
}

/// The first line that shows a marker, even where characters stand between its letters.
#[track_caller]
fn shows_none(what: &str, text: &str) {
    for line in text.lines() {
        let close: String = line.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        for marker in MARKERS {
            assert!(!line.contains(marker) && !close.contains(marker), "{what} shows {marker}: {line}");
        }
    }
}

#[track_caller]
fn silent(ran: &Ran, arguments: &[&str]) {
    shows_none(&arguments.join(" "), &ran.out);
    shows_none(&arguments.join(" "), &ran.err);
}

#[test]
fn no_command_shows_a_planted_secret() {
    let tree = tree();
    let mut runs: Vec<Vec<&str>> = vec![];
    for format in crate::cli::FORMATS {
        runs.push(vec![".", "-f", format, "--select", "all"]);
    }
    for format in ["human", "concise", "json"] {
        runs.push(vec![".", "-f", format, "--select", "all", "--statistics"]);
    }
    runs.push(vec![".", "--files"]);
    runs.push(vec![".", "--verbose"]);
    let nodes = ["leaf1", "leaf2", "utf16le", "nul"];
    for format in ["text", "json"] {
        for form in ["sessions", "vnis", "routes", "mtu", "tenants", "resilience", "reach"] {
            runs.push(vec!["show", "--as", form, "-f", format, "."]);
        }
        for node in nodes {
            runs.push(vec!["show", "--as", "effective", "--node", node, "-f", format, "."]);
        }
        runs.push(vec!["diff", "leaf1", "-f", format, "."]);
        runs.push(vec!["why", "leaf1", "leaf2", "--vni", "100", "-f", format, "."]);
        runs.push(vec!["ping", "leaf1", "leaf2", "-f", format, "."]);
        runs.push(vec!["ping", "leaf1", "outside", "-f", format, "."]);
        runs.push(vec!["why", "leaf1", "leaf2", "--vrf", "token", "-f", format, "."]);
    }
    for arguments in runs {
        silent(&tree.run(&arguments), &arguments);
    }
    let found = tree.run(&[".", "-f", "concise", "--select", "bytes-odd"]);
    for (node, what) in [
        ("utf16le", "text in UTF-16"),
        ("utf16be", "text in UTF-16"),
        ("utf16bare", "a NUL byte"),
        ("nul", "a NUL byte"),
    ] {
        assert!(found.out.contains(&format!("a file of {node} holds {what}")), "{}", found.out);
    }
    let differences = tree.run(&["diff", "leaf1", "."]);
    assert!(differences.ends(1).out.contains("******"), "nothing planted was compared:\n{}", differences.out);
}

/// Every line of every file, as the place of a finding.
#[test]
fn no_format_quotes_a_planted_secret() {
    let planted = planted_files();
    let read = planted.iter().map(|(file, text)| ("leaf1", *file, text.as_bytes().to_vec()));
    let odd = unreadable().map(|(node, bytes)| (node, "etc/frr/frr.conf", bytes));
    let mut sources = files::sources(read.chain(odd));
    let mut outcome = check(&mut sources, &everything(), &Completeness::Complete.into());
    outcome.findings.extend(everywhere(&sources));
    for format in Format::value_variants().iter().copied() {
        let text = render(format, &outcome, &sources, Style::default());
        shows_none(&format!("{format:?}"), &text);
    }
}

/// Gathers nodes whose roots lie in a folder, and keeps what they send.
fn gather(tree: &Tree, roots: &Path, nodes: &[&str]) -> (Ran, String) {
    let (ssh, stream, tee) = (stand_in(tree, roots), tree.at("stream"), tree.at("tee"));
    fs::write(&tee, format!("#!/bin/sh\n{ssh} \"$@\" | tee -a {}\n", stream.display())).unwrap();
    fs::set_permissions(&tee, fs::Permissions::from_mode(0o700)).unwrap();
    let tee = tee.display().to_string();
    let ran = run(&mut collect(tree, &[&["--ssh", &tee, "-o", "got"], nodes].concat()));
    (ran, fs::read_to_string(stream).unwrap())
}

/// What a node sends, before this side masks anything, and what is written here.
#[test]
fn nothing_that_is_gathered_holds_a_planted_secret() {
    let tree = tree();
    let nodes = ["leaf1", "leaf2", "utf16le", "utf16be", "utf16bare", "nul"];
    let (ran, sent) = gather(&tree, tree.path(), &nodes);
    ran.ends(1).says("not got: etc/frr/frr.conf: it has NUL bytes or is in UTF-16");
    silent(&ran, &["collect"]);
    shows_none("what was sent", &sent);
    let mut count = 0;
    for entry in walkdir::WalkDir::new(tree.path().join("got")).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            shows_none(&entry.path().display().to_string(), &fs::read_to_string(entry.path()).unwrap());
            count += 1;
        }
    }
    assert_eq!(count, planted_files().len() + 2, "a file of leaf1 did not come");
}

/// Each part by itself: the script's sed hides the marker, and so does what masks texts here without reading them.
#[test]
fn both_lists_hide_each_planted_secret() {
    let mut tree = Tree::new();
    for (number, place) in PLANTED.iter().enumerate() {
        tree = tree.with(format!("roots/n{number}/{}", place.file), place.text);
        let mut sources = Sources::default();
        let file = sources.add(File::new(place.file, "n", place.file, place.text));
        sources.mask(&[]);
        shows_none("masking", &sources[file].text);
        assert_eq!(sources[file].text.lines().count(), place.text.lines().count());
        assert_eq!(sources[file].text.len(), place.text.len());
    }
    let names: Vec<String> = (0..PLANTED.len()).map(|number| format!("n{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (ran, sent) = gather(&tree, &tree.path().join("roots"), &names);
    ran.ends(0);
    shows_none("sed", &sent);
    for (number, place) in PLANTED.iter().enumerate() {
        let got = fs::read_to_string(tree.path().join(format!("got/n{number}/{}", place.file))).unwrap();
        assert_eq!(got.lines().count(), place.text.lines().count(), "{}\n{got}", place.text);
    }
}

/// What only looks like a secret is what it was.
#[test]
fn names_are_left_alone_by_both() {
    let mut tree = Tree::new();
    for (file, text) in planted::NAMES {
        tree = tree.with(format!("roots/leaf1/{file}"), text);
        let mut sources = Sources::default();
        let id = sources.add(File::new(file, "n", file, text));
        sources.mask(&[]);
        assert_eq!(sources[id].text, text);
    }
    let ssh = stand_in(&tree, &tree.path().join("roots"));
    run(&mut collect(&tree, &["--ssh", &ssh, "-o", "got", "leaf1"])).ends(0);
    for (file, text) in planted::NAMES {
        assert_eq!(fs::read_to_string(tree.path().join("got/leaf1").join(file)).unwrap(), text);
    }
}
