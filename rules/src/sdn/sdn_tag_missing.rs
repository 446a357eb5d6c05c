use crate::{finding::Out, plan::Plan};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for vnet in plan.sdn.vnets.iter().filter(|vnet| vnet.tag.is_none() && !plan.sdn.is_lost(&vnet.id)) {
        let Some(zone) = plan.sdn.zone_of(vnet).filter(|zone| zone.is_overlay()) else { continue };
        out.report(format!("vnet {} of zone {} has no tag, and so no VNI: Proxmox skips it", vnet.id, zone.id))
            .about(plan.about(format_args!("vnet {}", vnet.id)))
            .at(vnet.id.span(), "no `tag`")
            .help("add `tag`, a VNI that nothing else has")
            .done();
    }
}
