//! What is told of pairs, step by step, and the flood lists: two ways to the same answer, which must agree.

use super::{
    LAB,
    case::{self, Case},
    tree,
};
use crate::support::{files, run::in_sight};
use evpnlint::{
    index::NodeIndex,
    options::Completeness,
    predict::{Prediction, why::Question},
    source::Sources,
};
use rayon::prelude::*;
use std::{collections::BTreeMap, path::Path};

#[test]
fn a_walk_arrives_where_routes_are_kept() {
    let lab = Path::new(LAB);
    let walk = |case: &Case| {
        let tree = tree::of(case, lab);
        let mut sources = files::load(tree.path());
        let check = |prediction: &mut Prediction, _: &Sources| compare(prediction, &case.name);
        evpnlint::predict(&mut sources, &Completeness::Complete.into(), check)
    };
    let walked: usize = in_sight(|| case::all(lab).par_iter().map(walk).sum());
    println!("{walked} pairs of nodes with a VNI in common");
    assert!(walked > 2000, "{walked}");
}

fn compare(prediction: &mut Prediction, case: &str) -> usize {
    let mut asked: BTreeMap<(NodeIndex, NodeIndex, String), (Question, bool)> = BTreeMap::new();
    let floods = &prediction.floods;
    for (vni, members) in &floods.vnis {
        for hearer in members {
            for teller in members.iter().filter(|teller| teller.origin.node != hearer.origin.node) {
                let key = (hearer.origin.node, teller.origin.node, vni.to_string());
                asked.insert(key, (Question::Vni(*vni), floods.floods_to(hearer, teller)));
            }
        }
    }
    let count = asked.len();
    for ((hearer, teller, vni), (question, keeps)) in asked {
        let walk = prediction.why(hearer, teller, &question);
        // A walk asks besides whether packets get there.
        let lost = walk.steps.last().unwrap().what.contains("packets are dropped");
        let name = |node| prediction.fabric.name(node);
        let (hearer, teller) = (name(hearer), name(teller));
        assert!(walk.arrives() == keeps || keeps && lost, "{case}: {hearer} of {teller} in {vni}: {keeps}, {walk:#?}");
    }
    count
}
