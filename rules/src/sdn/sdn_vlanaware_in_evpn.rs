use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::{intent::ZoneKind, is_on};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for vnet in plan.sdn.vnets.iter().filter(|vnet| is_on(&vnet.vlan_aware)) {
        let Some(zone) = plan.sdn.zone_of(vnet).filter(|zone| zone.kind == ZoneKind::Evpn) else { continue };
        out.report(format!("vnet {} of the evpn zone {} is vlanaware, which Proxmox ignores there", vnet.id, zone.id))
            .about(plan.about(format_args!("vnet {}", vnet.id)))
            .at(vnet.vlan_aware.as_ref().and_then(|aware| aware.span()), "without effect")
            .help("take it out, and make a vnet for each VLAN")
            .done();
    }
}
