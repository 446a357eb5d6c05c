use crate::{finding::Out, plan::Plan};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| !zone.nodes.is_empty()) {
        let outside: Vec<_> = zone.exit_nodes.iter().filter(|node| !zone.is_on(node)).collect();
        if outside.is_empty() {
            continue;
        }
        let be = if outside.len() == 1 { "is an exit node" } else { "are exit nodes" };
        out.report(format!(
            "{} {be} of zone {} but not among its nodes: the default route leads to a node without the VRF",
            join_names(&outside),
            zone.id
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .also(outside.iter().map(|node| (node.span(), "an exit node")))
        .also(zone.nodes.iter().map(|node| (node.span(), "a node of the zone")))
        .help("add it to `nodes`, or take it out of `exitnodes`")
        .done();
    }
}
