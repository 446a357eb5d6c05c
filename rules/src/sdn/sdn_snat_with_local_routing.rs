use crate::{
    finding::{Help, Out},
    plan::Plan,
    web,
};
use evpnlint_core::{
    model::{
        intent::{Subnet, ZoneKind},
        is_on,
    },
    words::join_names,
};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Evpn && !zone.exit_nodes.is_empty()) {
        let snat: Vec<&Subnet> = plan.sdn.subnets_in(&zone.id).filter(|subnet| is_on(&subnet.snat)).collect();
        if snat.is_empty() || !is_on(&zone.exit_local_routing) {
            continue;
        }
        out.report(format!(
            "{} of zone {} is to be translated, and the zone has local routing on its exit nodes: the first packet of a \
             connection passes the node twice, and is not translated the second time",
            join_names(snat.iter().map(|subnet| &subnet.id)),
            zone.id
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .at(zone.exit_local_routing.as_ref().and_then(|on| on.span()), "local routing")
        .also(snat.iter().map(|subnet| (subnet.snat.as_ref().and_then(|snat| snat.span()), "SNAT")))
        .help(Help::lasting(format!(
            "clear Exit Nodes Local Routing of zone {} in {}, and apply; or let the router before the nodes translate, and \
             clear SNAT of the subnet in {}",
            zone.id,
            web::ZONES,
            web::VNETS
        )))
        .done();
    }
}
