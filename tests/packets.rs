//! Whether hosts reach each other, for fabrics drawn at random: each verdict is that of a simulator of what was drawn,
//! which knows nothing of configuration, and asks pair by pair.

mod net;

use crate::support::{files, run::in_sight};
use evpnlint::forward::{
    Forwarding, SMALL,
    ping::{Probe, Verdict},
};
use evpnlint::{config::Config, fabric::Fabric, lang, options::Completeness, predict::Prediction};
use fastrand::Rng;
use net::Net;
use rayon::prelude::*;
use std::{collections::BTreeMap, path::Path};

const FABRICS: u64 = 1000;

/// By sender and receiver, what becomes of a small ping, and of one of 1,500 bytes that must not be fragmented.
type Verdicts = BTreeMap<(String, String), [Verdict; 2]>;

#[test]
fn every_ping_is_that_of_a_simulator() {
    let counts = |seed: u64| {
        let net = net::draw(&mut Rng::with_seed(seed));
        let expected = net.simulated();
        let found = predicted(&net);
        assert_eq!(found, expected, "seed {seed}:\n{}", net.text());
        (found.len() * 2, found.values().flatten().filter(|verdict| **verdict != Verdict::Ok).count())
    };
    let add = |one: (usize, usize), other: (usize, usize)| (one.0 + other.0, one.1 + other.1);
    let (pings, lost) = in_sight(|| (0..FABRICS).into_par_iter().map(counts).reduce(|| (0, 0), add));
    println!("{pings} pings of {FABRICS} fabrics, {lost} of them lost");
    // A test of verdicts that all are the same would say little.
    assert!(lost * 10 > pings && lost * 10 < pings * 9, "{lost} of {pings} are lost");
}

fn predicted(net: &Net) -> Verdicts {
    let files: Vec<(&str, &str, &str)> =
        net.files.iter().map(|(node, path, text)| (node.as_str(), *path, text.as_str())).collect();
    let mut sources = files::sources(files);
    let config = Config::parse(Path::new("evpnlint.toml"), &net.toml).unwrap();
    let options = config.options(&mut sources);
    let cluster = lang::read(&sources, &options);
    let fabric = Fabric::new(&cluster, Completeness::Complete);
    let prediction = Prediction::new(&fabric);
    let forwarding = Forwarding::new(&prediction);
    let mut verdicts = Verdicts::new();
    for (from, sender) in forwarding.hosts.iter().enumerate() {
        for receiver in forwarding.hosts.iter().filter(|receiver| receiver.name != sender.name) {
            let to = receiver.address(true).unwrap();
            let ask = |size, df| forwarding.ping(Probe { from: from.into(), to, size, df }).verdict();
            let pair = (sender.name.to_string(), receiver.name.to_string());
            verdicts.insert(pair, [ask(SMALL, false), ask(1500, true)]);
        }
    }
    verdicts
}
