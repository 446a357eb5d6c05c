use crate::{finding::Out, plan::Plan};
use evpnlint_core::{model::is_on, words::join_names};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in &plan.sdn.zones {
        if zone.exit_nodes.len() < 2 || zone.exit_primary.is_some() {
            continue;
        }
        let subnets = plan.sdn.subnets_in(&zone.id);
        let snat: Vec<_> = subnets.filter(|subnet| is_on(&subnet.snat)).collect();
        if snat.is_empty() {
            continue;
        }
        out.report(format!(
            "zone {} translates addresses on {} at once: a reply, or the next packet, \
                    meets a node that does not know the connection",
            zone.id,
            join_names(&zone.exit_nodes)
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .also(zone.exit_nodes.iter().map(|node| (node.span(), "an exit node")))
        .also(snat.iter().map(|subnet| (subnet.snat.as_ref().and_then(|snat| snat.span()), "translated")))
        .help(format!("add `exitnodes-primary {}`", zone.exit_nodes[0]))
        .done();
    }
}
