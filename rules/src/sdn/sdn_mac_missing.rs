use crate::{
    finding::{Help, Out, Severity},
    plan::Plan,
    web,
};
use evpnlint_core::{model::intent::ZoneKind, words::join_names};
use std::{collections::BTreeSet, net::IpAddr};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let several = plan.has_several_nodes();
    let severity = if several { Severity::Warning } else { Severity::Info };
    for zone in plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Evpn && zone.mac.is_none()) {
        let subnets = plan.sdn.subnets_in(&zone.id);
        let gateways: BTreeSet<IpAddr> =
            subnets.filter_map(|subnet| subnet.gateway.as_ref()).map(|gateway| gateway.value).collect();
        if gateways.is_empty() || plan.sdn.is_lost(&zone.id) {
            continue;
        }
        out.report(format!(
            "zone {} has no MAC for its gateway{} {}: each node answers with another",
            zone.id,
            if gateways.len() == 1 { "" } else { "s" },
            join_names(&gateways)
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .at(zone.id.span(), "no `mac`")
        .help(Help::lasting(format!(
            "save zone {} with a VNet MAC Address in {}, and apply: Proxmox makes one up where none is given",
            zone.id,
            web::ZONES
        )))
        .cap_severity(severity)
        .done();
    }
}
