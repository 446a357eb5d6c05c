use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{intent::ZoneKind, is_on},
    words::join_names,
};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| zone.exit_nodes.is_empty()) {
        let (why, label, help) = match zone.kind {
            ZoneKind::Simple | ZoneKind::Faucet => continue,
            ZoneKind::Evpn => (
                "the zone has no exit node to do it",
                "no `exitnodes`",
                "name the node that leads out as `exitnodes` of the zone",
            ),
            _ => (
                "Proxmox translates in simple and evpn zones alone",
                "neither simple nor evpn",
                "let the router of that network translate, and take `snat` out",
            ),
        };
        let subnets = plan.sdn.subnets_in(&zone.id);
        let snat: Vec<_> = subnets.filter(|subnet| is_on(&subnet.snat)).collect();
        if snat.is_empty() || plan.sdn.is_lost(&zone.id) {
            continue;
        }
        out.report(format!(
            "{} of zone {} asks for SNAT, and {why}",
            join_names(snat.iter().map(|subnet| &subnet.id)),
            zone.id
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .also(snat.iter().map(|subnet| (subnet.snat.as_ref().and_then(|snat| snat.span()), "without effect")))
        .at(zone.id.span(), label)
        .help(help)
        .done();
    }
}
