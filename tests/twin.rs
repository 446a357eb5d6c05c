//! What is derived for a node equals what Proxmox's own tests expect of its generator.

mod mutation;

use crate::support::{corpus, files};
use evpnlint::{
    check, lang,
    model::twin::{Pair, Said, Twin},
    options::Completeness,
    settle::Selection,
    source::{File, Sources},
    twin::drift,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every case of Proxmox's, by name: its folder holds a node with the store, `interfaces` and what is expected.
fn cases() -> Vec<(String, PathBuf)> {
    let Some(corpus) = corpus::others() else { return vec![] };
    let mut cases = vec![];
    for family in ["pve-network", "proxmox-ve-rs-fabrics"] {
        for entry in fs::read_dir(corpus.join("dev").join(family)).unwrap() {
            let path = entry.unwrap().path();
            cases.push((format!("{family}/{}", path.file_name().unwrap().to_string_lossy()), path));
        }
    }
    cases.sort();
    cases
}

/// The nodes of a case by name. One that has nothing applied is read as if what is pending were.
fn twins(path: &Path) -> Vec<(String, Twin)> {
    let mut sources = files::load(path);
    let running = |file: &&File| file.inner == "etc/pve/sdn/.running-config";
    if !sources.iter().any(|(_, file)| running(&file)) {
        let fabrics = sources.iter().filter(|(_, file)| file.inner == "etc/pve/sdn/fabrics.cfg");
        let applied: Vec<File> = fabrics.map(|(_, file)| applied(file)).collect();
        for file in applied {
            sources.add(file);
        }
    }
    let mut cluster = lang::read(&sources, &Default::default());
    evpnlint::twin::attach(&mut cluster, &sources);
    cluster.nodes.into_iter().filter_map(|node| Some((node.name, node.twin?))).collect()
}

/// The `.running-config` that applying `fabrics.cfg` alone makes.
fn applied(fabrics: &File) -> File {
    let mut objects = vec![];
    for section in fabrics.text.split("\n\n").filter(|section| !section.trim().is_empty()) {
        let mut lines = section.trim().lines();
        let (kind, id) = lines.next().unwrap().split_once(": ").unwrap();
        let mut object = vec![format!("\"type\":\"{kind}\",\"id\":\"{id}\"")];
        let properties: Vec<_> = lines.filter_map(|line| line.trim().split_once(' ')).collect();
        let (lists, others): (Vec<_>, Vec<_>) = properties.iter().partition(|(key, _)| *key == "interfaces");
        object.extend(others.iter().map(|(key, value)| format!("\"{key}\":\"{value}\"")));
        let lists: Vec<_> = lists.iter().map(|(_, value)| format!("\"{value}\"")).collect();
        object.push(format!("\"interfaces\":[{}]", lists.join(",")));
        objects.push(format!("\"{id}\":{{{}}}", object.join(",")));
    }
    let text = format!("{{\"version\":1,\"fabrics\":{{\"ids\":{{{}}}}}}}", objects.join(","));
    let inner = "etc/pve/sdn/.running-config";
    File::new(format!("{}/{inner}", fabrics.node), &fabrics.node, inner, text)
}

/// What begins and ends every generated file. Where a case shows only what is between, it is no part of that.
const FRAME: [&str; 6] =
    ["frr version", "frr defaults", "hostname", "log syslog", "service integrated-vtysh-config", "line vty"];

fn without_frame(pair: &Pair) -> Pair {
    let mut pair = pair.clone();
    let is_frame = |said: &Said| said.block.is_empty() && FRAME.iter().any(|line| said.text.starts_with(line));
    if pair.actual.as_ref().is_some_and(|actual| !actual.said.iter().any(is_frame)) {
        pair.expected.said.retain(|said| !is_frame(said));
    }
    pair
}

/// Compares one file of all cases, and tells how many are equal.
fn compare(of: &str, pick: impl Fn(&Twin) -> Option<&Pair>, only: impl Fn(&str) -> bool) -> (usize, usize) {
    let (mut equal, mut all) = (0, 0);
    for (name, path) in cases() {
        for (node, twin) in twins(&path) {
            let is_there = path.join(node).join(of).exists();
            let Some(pair) = pick(&twin).filter(|pair| pair.actual.is_some()).map(without_frame) else {
                if is_there && only(&name) {
                    all += 1;
                    eprintln!("{name}: {of}: nothing is derived");
                }
                continue;
            };
            if !only(&name) {
                continue;
            }
            all += 1;
            let found = drift(&pair);
            equal += usize::from(found.is_empty());
            for drift in found {
                let show = |said: &Said| format!("{} > {}", said.block.join(" > "), said.text);
                let (expected, actual) = (drift.expected.map(show), drift.actual.map(show));
                eprintln!("{name}: should be {expected:?}, is {actual:?} (+{})", drift.inside);
            }
        }
    }
    eprintln!("{of}: {equal} of {all}");
    (equal, all)
}

/// A tree with two clusters is split into two fabrics; each keeps what is applied in it.
#[test]
fn every_cluster_of_a_tree_is_compared() {
    let fabric = files::load("tests/corpus/proxmox-twin-broken");
    let mut sources = Sources::default();
    let changes = [("10.9.0.", "10.8.0."), ("pve1", "n1"), ("pve2", "n2"), ("pve3", "n3"), ("office", "lab")];
    let changes = changes.into_iter().chain([("version\":12", "version\":40"), ("#version:12", "#version:40")]);
    let other = |text: &str| changes.clone().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    for (_, file) in fabric.iter() {
        sources.add(File::new(&file.path, &file.node, &file.inner, &file.text));
        sources.add(File::new(other(&file.path), other(&file.node), other(&file.inner), other(&file.text)));
    }
    let selection = Selection { select: vec!["sdn-frr-drift".parse().unwrap()], ..Selection::default() };
    let outcome = check(&mut sources, &selection, &Completeness::Inferred.into());
    let said: Vec<&str> = outcome.findings.iter().map(|finding| finding.message.as_str()).collect();
    let of = |node: &str, version| format!("frr.conf of {node} is not what Proxmox generates from version {version}: ");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().any(|said| said.starts_with(&of("pve3", 12))), "{said:?}");
    assert!(said.iter().any(|said| said.starts_with(&of("n3", 40))), "{said:?}");
}

#[test]
fn interfaces() {
    let (equal, all) = compare("etc/network/interfaces.d/sdn", |twin| twin.interfaces.as_ref(), |_| true);
    assert!(equal * 100 >= all * 97, "{equal} of {all}");
}

#[test]
fn frr() {
    let (equal, all) = compare("etc/frr/frr.conf", |twin| twin.frr.as_ref(), |_| true);
    assert!(equal * 100 >= all * 97, "{equal} of {all}");
}
