use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::{intent::ZoneKind, is_on};
use std::net::IpAddr;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for subnet in plan.sdn.subnets.iter().filter(|subnet| is_on(&subnet.snat) && subnet.gateway.is_none()) {
        let Some(prefix) = subnet.prefix().filter(|prefix| matches!(prefix.network(), IpAddr::V6(_))) else {
            continue;
        };
        let vnet = subnet.vnet.as_ref().and_then(|id| plan.sdn.vnet(id));
        let Some(zone) = vnet.and_then(|vnet| plan.sdn.zone_of(vnet)) else { continue };
        let translates = match zone.kind {
            ZoneKind::Simple => true,
            ZoneKind::Evpn => !zone.exit_nodes.is_empty(),
            _ => false,
        };
        if !translates || plan.sdn.is_lost(&subnet.id) {
            continue;
        }
        out.report(format!(
            "subnet {} asks for SNAT of {prefix} and has no gateway: Proxmox takes it for IPv4, and iptables \
                refuses the rule",
            subnet.id
        ))
        .about(plan.about(format_args!("subnet {}", subnet.id)))
        .at(subnet.snat.as_ref().and_then(|snat| snat.span()), "without effect")
        .at(subnet.id.span(), "no `gateway`")
        .help("add `gateway`, an IPv6 address of the subnet")
        .done();
    }
}
