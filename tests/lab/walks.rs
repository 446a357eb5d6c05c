//! What is told of pairs, step by step, and the flood lists: two ways to the same answer, which must agree.

use super::{LAB, case, tree::Tree};
use evpnlint::{
    discover,
    options::Completeness,
    predict::{Prediction, why::Question},
    source::Sources,
};
use rayon::prelude::*;
use std::{collections::BTreeMap, path::Path};

#[test]
fn a_walk_arrives_where_routes_are_kept() {
    let lab = Path::new(LAB);
    let walked: usize = case::all(lab)
        .par_iter()
        .map(|case| {
            let tree = Tree::of(case, lab);
            let found = discover::find(&[tree.path().to_owned()]).unwrap();
            let mut sources = discover::load(&found).unwrap();
            let check = |prediction: &mut Prediction, _: &Sources| compare(prediction, &case.name);
            evpnlint::predict(&mut sources, &Completeness::Complete.into(), check)
        })
        .sum();
    println!("{walked} pairs of nodes with a VNI in common");
    assert!(walked > 2000, "{walked}");
}

fn compare(prediction: &mut Prediction, case: &str) -> usize {
    let mut asked: BTreeMap<(usize, usize, String), (Question, bool)> = BTreeMap::new();
    let floods = &prediction.floods;
    for (vni, members) in &floods.vnis {
        for receiver in members {
            for originator in members.iter().filter(|originator| originator.origin.node != receiver.origin.node) {
                let key = (receiver.origin.node, originator.origin.node, vni.to_string());
                asked.insert(key, (Question::Vni(*vni), floods.floods_to(receiver, originator)));
            }
        }
    }
    let count = asked.len();
    for ((receiver, originator, vni), (question, keeps)) in asked {
        let walk = prediction.why(receiver, originator, &question);
        // A walk asks besides whether packets get there.
        let lost = walk.steps.last().unwrap().what.contains("packets are dropped");
        let name = |node| prediction.fabric.name(node);
        let (receiver, originator) = (name(receiver), name(originator));
        assert!(
            walk.arrives() == keeps || keeps && lost,
            "{case}: {receiver} of {originator} in {vni}: {keeps}, {walk:#?}"
        );
    }
    count
}
