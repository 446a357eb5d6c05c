use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::ZoneKind;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for subnet in &plan.sdn.subnets {
        let Some(range) = subnet.dhcp_ranges.first() else { continue };
        let vnet = subnet.vnet.as_ref().and_then(|id| plan.sdn.vnet(id));
        let Some(zone) = vnet.and_then(|vnet| plan.sdn.zone_of(vnet)) else { continue };
        let (why, help) = match (zone.kind, &zone.dhcp) {
            (ZoneKind::Simple, Some(_)) => continue,
            (ZoneKind::Simple, None) => ("has no DHCP server", "add `dhcp dnsmasq` to the zone"),
            _ => ("is no simple zone, the only kind that Proxmox serves", "run a DHCP server in the vnet"),
        };
        out.report(format!("subnet {} has a DHCP range, but zone {} {why}", subnet.id, zone.id))
            .about(plan.about(format_args!("subnet {}", subnet.id)))
            .at(*range, "nobody hands these out")
            .at(zone.id.span(), "the zone")
            .help(help)
            .done();
    }
}
