use crate::{finding::Out, plan::Plan};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for subnet in &plan.sdn.subnets {
        let Some(vnet) = subnet.vnet.as_ref().and_then(|id| plan.sdn.vnet(id)) else { continue };
        let (Some(own), Some(zone)) = (&subnet.zone, &vnet.zone) else { continue };
        if *own == zone.value {
            continue;
        }
        out.report(format!(
            "subnet {} is of zone {own} by its id, but its vnet {} is in zone {zone}",
            subnet.id, vnet.id
        ))
        .about(plan.about(format_args!("subnet {}", subnet.id)))
        .at(subnet.id.span(), format!("zone {own}"))
        .at(subnet.vnet.as_ref().and_then(|vnet| vnet.span()), format!("in zone {zone}"))
        .at(zone.span(), "the zone of the vnet")
        .help(format!("delete the subnet, and make it anew as `{zone}-…`"))
        .done();
    }
}
