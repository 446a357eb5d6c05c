//! Whether tunnels fit the underlay, for fabrics drawn at random: each verdict is that of a search over all shortest ways
//! through what was drawn, which knows nothing of configuration.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod clos;
mod net;
mod proxmox;

use evpnlint::{
    predict,
    predict::budget::{Budget, Budgets, Fit},
    settle::Completeness,
    source::{File, Sources},
};
use fastrand::Rng;
use net::Net;
use std::collections::BTreeMap;

const FABRICS: u64 = 1000;

/// Verdicts by VNI, sender and receiver.
type Verdicts = BTreeMap<(u32, String, String), Option<bool>>;

#[test]
fn every_verdict_is_that_of_a_search_over_all_ways() {
    let (mut verdicts, mut lost, mut fabrics) = (0, 0, 0);
    for seed in 0..FABRICS {
        let mut rng = Rng::with_seed(seed);
        let net = if rng.bool() { clos::draw(&mut rng) } else { proxmox::draw(&mut rng) };
        let expected = searched(&net);
        let found = predicted(&net);
        assert_eq!(found, expected, "seed {seed}:\n{}", net.text());
        fabrics += 1;
        verdicts += found.len();
        lost += found.values().filter(|fits| **fits == Some(false)).count();
    }
    // A test of verdicts that all are the same would say little.
    assert!(fabrics == FABRICS && lost * 10 > verdicts && lost * 10 < verdicts * 9, "{lost} of {verdicts} do not fit");
}

fn searched(net: &Net) -> Verdicts {
    let mut verdicts = Verdicts::new();
    for (vni, members) in &net.vnis {
        for (from, inner) in members {
            for to in members.keys().filter(|to| *to != from) {
                let least = net.least(*from, *to);
                let fits = least.map(|least| inner + net.overhead <= least);
                verdicts.insert((*vni, net.nodes[*from].clone(), net.nodes[*to].clone()), fits);
            }
        }
    }
    verdicts
}

fn predicted(net: &Net) -> Verdicts {
    let mut sources = Sources::default();
    for (node, inner, text) in &net.files {
        sources.add(File::new(format!("{node}/{inner}"), node.clone(), *inner, text));
    }
    predict(&mut sources, Completeness::Complete, |prediction, _| {
        let name = |node| prediction.fabric.name(node).to_owned();
        let budgets = Budgets::new(prediction);
        let verdict = |budget: &Budget| match budgets.fit(budget) {
            Fit::Fits => Some(true),
            Fit::TooSmall => Some(false),
            Fit::Unknown => None,
        };
        let all = budgets.all();
        all.map(|own| ((own.need.vni.number(), name(own.from), name(own.to)), verdict(&own))).collect()
    })
}
