//! What is derived for a node equals what Proxmox's own tests expect of its generator.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

use evpnlint::{
    discover, lang,
    model::twin::{Pair, Twin},
    twin::drift,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Every case of Proxmox's, by name: its folder holds a node with the store, `interfaces` and what is expected.
fn cases() -> Vec<(String, PathBuf)> {
    let Some(corpus) = env::var_os("EVPNLINT_CORPUS") else { return vec![] };
    let mut cases = vec![];
    for family in ["pve-network", "proxmox-ve-rs-fabrics"] {
        for entry in fs::read_dir(Path::new(&corpus).join("dev").join(family)).unwrap() {
            let path = entry.unwrap().path();
            cases.push((format!("{family}/{}", path.file_name().unwrap().to_string_lossy()), path));
        }
    }
    cases.sort();
    cases
}

fn twins(path: &Path) -> Vec<Twin> {
    let found = discover::find(&[path.to_owned()]).unwrap();
    let cluster = lang::read(&discover::load(&found).unwrap());
    cluster.nodes.into_iter().filter_map(|node| node.twin).collect()
}

/// Compares one file of all cases, and tells how many are equal.
fn compare(of: &str, pick: impl Fn(&Twin) -> Option<&Pair>, only: impl Fn(&str) -> bool) -> (usize, usize) {
    let (mut equal, mut all) = (0, 0);
    for (name, path) in cases() {
        for twin in twins(&path) {
            let is_there = path.join("localhost").join(of).exists();
            let Some(pair) = pick(&twin).filter(|pair| pair.actual.is_some()) else {
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
            let found = drift(pair);
            equal += usize::from(found.is_empty());
            for drift in found {
                let show = |said: &evpnlint::model::twin::Said| format!("{} > {}", said.block.join(" > "), said.text);
                let (expected, actual) = (drift.expected.map(show), drift.actual.map(show));
                eprintln!("{name}: should be {expected:?}, is {actual:?} (+{})", drift.inside);
            }
        }
    }
    eprintln!("{of}: {equal} of {all}");
    (equal, all)
}

mod mutation;

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
