use crate::finding::Out;
use evpnlint_analysis::predict::{Prediction, resilience::Task};
use evpnlint_core::words::join_names;
use std::collections::BTreeMap;

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let mut exits: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for sole in &prediction.resilience().soles {
        if let Task::Exit(vrf) = sole.task
            && sole.of > 2
        {
            exits.entry(sole.node).or_default().push(vrf);
        }
    }
    let Some((first, _)) = exits.first_key_value() else { return };
    let reported = exits.iter().map(|(node, vrfs)| format!("{} of {}", fabric.name(*node), join_names(vrfs)));
    let instances = exits.iter().flat_map(|(node, vrfs)| {
        let frr = fabric.node(*node).frr.as_ref();
        vrfs.iter().filter_map(move |vrf| Some((frr?.instance(Some(vrf))?.span, format!("the only way out of {vrf}"))))
    });
    out.report(format!("one node is the only way out: {}; when it fails, the others have none", join_names(reported)))
        .about(format!("{} exit", fabric.name(*first)))
        .also(instances)
        .help("let a second node of the VRF lead out, and prefer one of them")
        .done();
}
