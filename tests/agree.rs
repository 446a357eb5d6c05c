//! `show`, `ping`, `why` and `check` do not contradict each other: a session that is predicted to stay down, a VNI that is
//! predicted to be split, and a ping that is predicted to be lost are in an error or a warning that names one of the nodes
//! concerned or on the way, or stand in `tests/agree/excused.txt` with a reason.
//!
//! All fabrics of the corpus are asked, and some of the lab's cases; `EVPNLINT_AGREE=1` asks all of those.

use crate::{
    lab::{LAB, case, excuses, tree},
    support::{
        self,
        corpus::{self, OURS},
        prediction,
        run::in_sight,
        tree::{Tree, program},
    },
};
use evpnlint::{
    options::Completeness,
    predict::{Prediction, fate::State, flood::FloodMember},
    source::Sources,
};
use rayon::prelude::*;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every so many of the lab's cases are asked.
const STEP: usize = 6;

/// Something that is predicted to be lost: what, in words, and the nodes of which one must be named.
type Loss = (String, BTreeSet<String>);

/// A fabric on disk; a case of the lab is one as long as its tree is there.
struct Fabric {
    name: String,
    path: PathBuf,
    _tree: Option<Tree>,
}

#[test]
fn what_is_predicted_to_be_lost_is_told() {
    let lab = Path::new(LAB);
    let plain = corpus::fabrics(Path::new(OURS)).into_iter();
    let plain =
        plain.map(|path| Fabric { name: path.strip_prefix(OURS).unwrap().display().to_string(), path, _tree: None });
    let step = if support::number("EVPNLINT_AGREE").is_some() { 1 } else { STEP };
    let cases = case::all(lab).into_iter().step_by(step).map(|case| {
        let tree = tree::of(&case, lab);
        Fabric { name: case.name, path: tree.path().to_owned(), _tree: Some(tree) }
    });
    let fabrics: Vec<Fabric> = plain.chain(cases).collect();
    let asked: Vec<(&Fabric, Vec<Loss>, BTreeSet<String>)> =
        in_sight(|| fabrics.par_iter().map(|fabric| (fabric, losses(&fabric.path), named(&fabric.path))).collect());

    let count: usize = asked.iter().map(|(_, losses, _)| losses.len()).sum();
    println!("{} fabrics asked, of which {count} losses are predicted", fabrics.len());
    let excused = excuses::read(Path::new("tests/agree/excused.txt"));
    let mut wrong: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (fabric, losses, named) in &asked {
        for (what, _) in losses.iter().filter(|(_, nodes)| nodes.is_disjoint(named)) {
            if !excused.contains(fabric.name.as_str()) {
                wrong.entry(&fabric.name).or_default().push(what);
            }
        }
    }
    assert!(count > 300, "{count}");
    assert!(wrong.is_empty(), "{} fabrics: {wrong:#?}", wrong.len());
}

/// The nodes in whose files an error or a warning has a place.
fn named(fabric: &Path) -> BTreeSet<String> {
    let ran = program().args(["--format", "json", "--fail-on", "never", "-q"]).arg(fabric).output().unwrap();
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let loud = report["findings"].as_array().unwrap().iter().filter(|found| found["severity"] != "info");
    let places = loud.flat_map(|found| {
        let related = found["related"].as_array().unwrap().iter().map(|related| &related["place"]);
        related.chain([&found["place"]])
    });
    places.map(|place| place["node"].as_str().unwrap().to_owned()).collect()
}

fn losses(fabric: &Path) -> Vec<Loss> {
    let mut sources = support::files::load(fabric);
    let of = |prediction: &mut Prediction, _: &Sources| {
        let devices = prediction.fabric.devices.iter().filter(|device| device.local_vnis.is_empty());
        let between: BTreeSet<String> = devices.map(|device| device.node.name.clone()).collect();
        (sessions(prediction), split(prediction), between)
    };
    let (mut all, far, between) = evpnlint::predict(&mut sources, &Completeness::Inferred.into(), of);
    // What gets lost on the way may be told of a spine or a reflector.
    let on_the_way = |(what, nodes): Loss| (what, &nodes | &between);
    all.extend(far.into_iter().chain(pings(fabric)).map(on_the_way));
    all
}

/// Sessions that stay down without being meant to, between nodes that were read.
fn sessions(prediction: &Prediction) -> Vec<Loss> {
    let fabric = prediction.fabric;
    let ends = fabric.sessions.ends.iter().zip(&prediction.sessions);
    let down =
        ends.filter(|(_, fate)| fate.state == State::Down && fate.cause.as_ref().is_none_or(|own| !own.is_meant));
    let of = |(end, fate): (&evpnlint::fabric::sessions::SessionEnd, &evpnlint::predict::fate::SessionFate)| {
        let with = fate.with.or(end.peer())?;
        let names = [end.node, with].map(|node| fabric.name(node).to_owned());
        Some((format!("session {}–{}", names[0], names[1]), names.into()))
    };
    down.filter_map(of).collect()
}

/// Pairs of nodes with a VNI of which one hears nothing of the other's, though that one tells.
fn split(prediction: &Prediction) -> Vec<Loss> {
    let (fabric, floods) = (prediction.fabric, &prediction.floods);
    let mut all = vec![];
    for (vni, members) in &floods.vnis {
        let live = |member: &&FloodMember| member.origin.lack.is_none();
        for hearer in members.iter().filter(live) {
            let others = members.iter().filter(live).filter(|teller| teller.origin.node != hearer.origin.node);
            // The two of an MLAG pair are one VTEP, and hear each other over the peer link.
            let others =
                others.filter(|teller| fabric.multihoming.peer(teller.origin.node) != Some(hearer.origin.node));
            for teller in others.filter(|teller| teller.origin.floods(fabric) && !floods.floods_to(hearer, teller)) {
                let names = [hearer, teller].map(|member| fabric.name(member.origin.node).to_owned());
                all.push((format!("VNI {vni}: {} hears nothing of {}", names[0], names[1]), names.into()));
            }
        }
    }
    all
}

/// Pings between hosts of the user, and guests, that are lost.
fn pings(fabric: &Path) -> Vec<Loss> {
    let config = fs::read_to_string(fabric.join("evpnlint.toml")).unwrap_or_default();
    let config: toml::Table = config.parse().unwrap();
    let hosts = config.get("host").and_then(toml::Value::as_array).into_iter().flatten();
    let word = |host: &toml::Value, key: &str| host.get(key)?.as_str().map(str::to_owned);
    let nodes: BTreeMap<String, String> =
        hosts.filter_map(|host| Some((word(host, "name")?, word(host, "node")?))).collect();
    let node = |end: &str| nodes.get(end).cloned().or_else(|| Some(end.split_once(':')?.0.to_owned()));
    let rows = prediction::reach_of(fabric).into_iter().filter(|row| row.small == "lost" || row.small == "one-way");
    rows.filter_map(|row| {
        let ends: BTreeSet<String> = [node(&row.from), node(&row.to)].into_iter().flatten().collect();
        let is_asked = row.to != "gateway" && row.to != "outside" && ends.len() > 1;
        is_asked.then(|| (format!("ping {} {}", row.from, row.to), ends))
    })
    .collect()
}
