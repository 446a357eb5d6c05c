use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::is_on;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let Some(members) = plan.members() else { return };
    for zone in plan.sdn.zones.iter().filter(|zone| is_on(&zone.advertise_subnets)) {
        let is_exit = |name: &str| zone.exit_nodes.iter().any(|node| node.value == name);
        let mut nodes = members.iter().filter(|name| zone.is_on(name)).peekable();
        if nodes.peek().is_none() || !nodes.all(|name| is_exit(name)) {
            continue;
        }
        out.report(format!(
            "zone {} is to advertise its subnets, but all its nodes are exit nodes, which do not",
            zone.id
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .at(zone.advertise_subnets.as_ref().and_then(|switch| switch.span()), "without effect")
        .also(zone.exit_nodes.iter().map(|node| (node.span(), "an exit node")))
        .help("take `advertise-subnets` out, or let some node of the zone be no exit node")
        .done();
    }
}
