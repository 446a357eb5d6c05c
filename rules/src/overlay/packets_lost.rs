use crate::{
    finding::{Member, Out, Severity},
    reported::Reported,
};
use evpnlint_analysis::{
    fabric::{NodeIndex, connected, tenants},
    forward::expected::{self, Expected, Unmet},
    predict::Prediction,
};
use evpnlint_core::{source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// What losses have in common: whether some of several equal ways lose packets, and the cause.
type Kind = (bool, Vec<String>);

pub(super) fn check(prediction: &mut Prediction, reported: &Reported, out: &mut Out) {
    let fabric = prediction.fabric;
    let is_unsure = reported.is_transit_misread(fabric);
    let mut kinds: BTreeMap<Kind, Vec<(Vec<NodeIndex>, Unmet)>> = BTreeMap::new();
    let asked = expected::ask(prediction);
    if !is_unsure {
        report_skipped(&asked.skipped, out);
    }
    for unmet in asked.unmet {
        let Some(cause) = &unmet.cause else { continue };
        let [one, other] = unmet.nodes;
        if is_unsure && !reported.is_sure(cause) {
            continue;
        }
        if !reported.claims(fabric, cause, [&[one], &[other]]) {
            kinds.entry((unmet.is_partial, cause.kind())).or_default().push((unmet.nodes.to_vec(), unmet));
        }
    }
    for group in kinds.into_values().flat_map(connected) {
        let things: BTreeSet<NodeIndex> = group.iter().flat_map(|unmet| unmet.nodes).collect();
        let things: Vec<NodeIndex> = things.into_iter().collect();
        let first = title(group[0].expected);
        let place = |node: NodeIndex| {
            let ends = group.iter().flat_map(|unmet| unmet.nodes.into_iter().zip(unmet.places));
            ends.into_iter().find(|(own, _)| *own == node).and_then(|(_, place)| place)
        };
        let places: BTreeMap<NodeIndex, Option<Span>> = things.iter().map(|node| (*node, place(*node))).collect();
        out.group(
            &things,
            |node| Member::new(fabric.name(*node), &first, places[node]),
            |things, out| {
                let named: BTreeSet<NodeIndex> = things.iter().copied().collect();
                let group: Vec<&Unmet> =
                    group.iter().filter(|unmet| unmet.nodes.iter().any(|node| named.contains(node))).collect();
                let Some(cause) = &group[0].cause else { return };
                let nodes: BTreeSet<NodeIndex> = group.iter().flat_map(|unmet| unmet.nodes).collect();
                let names = join_names(nodes.iter().map(|node| fabric.name(*node)));
                let what: BTreeSet<String> = group.iter().map(|unmet| title(unmet.expected)).collect();
                let on = if group[0].is_partial { " on some of several equal ways" } else { "" };
                out.report(format!("packets between {names} are lost in {}{on}: {}", join_names(what), cause.why))
                    .also(group.iter().filter_map(|unmet| unmet.cause.as_ref()).flat_map(|cause| cause.places.clone()))
                    .also(group.iter().flat_map(|unmet| {
                        let ends = unmet.nodes.into_iter().zip(unmet.places);
                        ends.map(|(node, place)| (place, format!("{} has it", fabric.name(node)))).collect::<Vec<_>>()
                    }))
                    .help(cause.remedy.clone())
                    .done();
            },
        );
    }
}

fn title(expected: Expected) -> String {
    match expected {
        Expected::Bridged(vni) => format!("VNI {vni}"),
        Expected::Gateway(vni) => format!("the gateway of VNI {vni}"),
        Expected::Routed(vrf) => format!("VRF {}", tenants::title(vrf)),
        Expected::Outside(vrf) => format!("VRF {} on the way out", tenants::title(vrf)),
    }
}

/// Reports what was not asked: nobody may take it for healthy.
fn report_skipped(skipped: &BTreeMap<Expected, Option<Span>>, out: &mut Out) {
    if skipped.is_empty() {
        return;
    }
    let names = join_names(skipped.keys().map(|expected| title(*expected)));
    out.report(format!("packets in {names} were not followed on all nodes: too many others are lost in large VNIs"))
        .about("skipped")
        .also(skipped.values().map(|place| (*place, "not followed from here".to_owned())).take(1))
        .help("mend what else is reported and run evpnlint again, or give it fewer nodes at a time")
        .cap_severity(Severity::Warning)
        .done();
}
