use crate::{finding::Out, reported::Reported};
use evpnlint_analysis::{
    fabric::{NodeIndex, connected},
    forward::expected::{self, Expected, Unmet},
    predict::Prediction,
};
use evpnlint_core::words::join_names;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(prediction: &mut Prediction, reported: &Reported, out: &mut Out) {
    let fabric = prediction.fabric;
    if (0..fabric.devices.len()).any(|node| reported.is_misread(fabric, node)) {
        return;
    }
    let mut kinds: BTreeMap<Vec<String>, Vec<(Vec<NodeIndex>, Unmet)>> = BTreeMap::new();
    for unmet in expected::ask(prediction).unmet {
        let Some(cause) = &unmet.cause else { continue };
        let [one, other] = unmet.nodes;
        if !reported.claims(fabric, cause, [&[one], &[other]]) {
            kinds.entry(cause.kind()).or_default().push((unmet.nodes.to_vec(), unmet));
        }
    }
    for group in kinds.into_values().flat_map(connected) {
        let Some(cause) = &group[0].cause else { continue };
        let nodes: BTreeSet<NodeIndex> = group.iter().flat_map(|unmet| unmet.nodes).collect();
        let names = join_names(nodes.iter().map(|node| fabric.name(*node)));
        let of = |unmet: &Unmet| match unmet.expected {
            Expected::Bridged(vni) => format!("VNI {vni}"),
            Expected::Gateway(vni) => format!("the gateway of VNI {vni}"),
            Expected::Routed(vrf) => format!("VRF {}", evpnlint_analysis::fabric::tenants::title(vrf)),
            Expected::Outside(vrf) => format!("VRF {} on the way out", evpnlint_analysis::fabric::tenants::title(vrf)),
        };
        let what: BTreeSet<String> = group.iter().map(of).collect();
        out.report(format!("packets between {names} are lost in {}: {}", join_names(what), cause.why))
            .about(format!("{names} {}", of(&group[0])))
            .also(group.iter().filter_map(|unmet| unmet.cause.as_ref()).flat_map(|cause| cause.places.clone()))
            .also(group.iter().flat_map(|unmet| {
                let ends = unmet.nodes.into_iter().zip(unmet.places);
                ends.map(|(node, place)| (place, format!("{} has it", fabric.name(node)))).collect::<Vec<_>>()
            }))
            .help(cause.remedy.clone())
            .done();
    }
}
