use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::{Subnet, ZoneKind};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let is_v4 = |subnet: &Subnet| subnet.prefix().map(|prefix| prefix.network().is_ipv4());
    for subnet in &plan.sdn.subnets {
        let Some(range) = subnet.dhcp_ranges.first() else { continue };
        let Some(vnet) = subnet.vnet.as_ref().and_then(|id| plan.sdn.vnet(id)) else { continue };
        let serves = plan.sdn.zone_of(vnet).is_some_and(|zone| zone.kind == ZoneKind::Simple && zone.dhcp.is_some());
        let mut family = plan.sdn.subnets_of(&vnet.id).filter(|other| is_v4(other) == is_v4(subnet));
        if !serves || family.any(|other| other.gateway.is_some() || plan.sdn.is_lost(&other.id)) {
            continue;
        }
        out.report(format!(
            "subnet {} has a DHCP range and no gateway: {} has no address to answer from, and guests get none",
            subnet.id, vnet.id
        ))
        .about(plan.about(format_args!("subnet {}", subnet.id)))
        .at(*range, "nobody hands these out")
        .at(subnet.id.span(), "no `gateway`")
        .help("add `gateway`, an address of the subnet outside the range")
        .done();
    }
}
