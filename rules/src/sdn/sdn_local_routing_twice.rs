use crate::{finding::Out, plan::Plan, shared::shared};
use evpnlint_core::{
    model::{intent::Zone, is_on},
    words::join_names,
};
use std::collections::BTreeMap;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let zones = plan.sdn.zones.iter().filter(|zone| is_on(&zone.exit_local_routing));
    let exits = zones.flat_map(|zone| zone.exit_nodes.iter().map(move |node| (node.as_str(), zone)));
    let mut groups: BTreeMap<Vec<&str>, (Vec<&str>, Vec<&Zone>)> = BTreeMap::new();
    for (node, zones) in shared(exits) {
        let ids = zones.iter().map(|zone| zone.id.as_str()).collect();
        groups.entry(ids).or_insert((vec![], zones)).0.push(node);
    }
    for (ids, (nodes, zones)) in groups {
        out.report(format!(
            "zones {} have local routing on {}, each over 10.255.255.0/30: packets for one zone leave into another",
            join_names(&ids),
            join_names(&nodes)
        ))
        .about(plan.about(format_args!("zones {}", ids.join(" "))))
        .also(zones.iter().map(|zone| {
            let place = zone.exit_local_routing.as_ref().and_then(|switch| switch.span());
            (place, format!("zone {}", zone.id))
        }))
        .help("keep `exitnodes-local-routing` in one of them, or give them different exit nodes")
        .done();
    }
}
