use crate::{finding::Out, plan::Plan};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in &plan.sdn.zones {
        let Some(l3vni) = &zone.vrf_vxlan else { continue };
        for vnet in &plan.sdn.vnets {
            let Some(tag) = vnet.tag.as_ref().filter(|tag| tag.value == l3vni.number()) else { continue };
            let Some(own) = plan.sdn.zone_of(vnet).filter(|own| own.is_overlay()) else { continue };
            out.report(format!(
                "vnet {} of zone {} has the tag {tag}, which is the L3VNI of zone {}",
                vnet.id, own.id, zone.id
            ))
            .about(plan.about(format_args!("vnet {}", vnet.id)))
            .at(tag.span(), "the VNI of a layer 2 segment")
            .at(l3vni.span(), "the VNI of a VRF")
            .help("give the vnet a tag that no zone has as `vrf-vxlan`")
            .done();
        }
    }
}
