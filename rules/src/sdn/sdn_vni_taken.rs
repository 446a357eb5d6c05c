use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{Sourced, intent::ZoneKind},
    words::join_names,
};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let vnets = plan.sdn.vnets.iter().filter_map(|vnet| {
        let zone = plan.sdn.zone_of(vnet).filter(|zone| zone.is_overlay())?;
        Some((
            format!("vnet {}", vnet.id),
            format!("vxlan_{}", vnet.id),
            zone,
            vnet.tag.as_ref()?.value,
            vnet.tag.as_ref()?.span(),
        ))
    });
    let evpn = plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Evpn);
    let zones = evpn.filter_map(|zone| {
        let vni: &Sourced<_> = zone.vrf_vxlan.as_ref()?;
        Some((format!("zone {}", zone.id), format!("vrfvx_{}", zone.id), zone, vni.number(), vni.span()))
    });
    for (object, device_name, zone, vni, place) in vnets.chain(zones) {
        let taken: Vec<_> = (plan.devices())
            .filter(|device| zone.is_on(&device.node.name))
            .flat_map(|device| device.local_vnis.iter().map(move |local_vni| (device, local_vni)))
            .filter(|(device, local_vni)| {
                local_vni.vni.number() == vni
                    && local_vni.link.name != device_name
                    && !device.is_generated(local_vni.link)
            })
            .collect();
        let [(_, first), ..] = taken.as_slice() else { continue };
        out.report(format!(
            "{object} has the VNI {vni}, which {} of {} has already: the kernel refuses a second device",
            first.link.name,
            join_names(taken.iter().map(|(device, _)| &device.node.name))
        ))
        .about(plan.about(&object))
        .at(place, "the VNI")
        .also(taken.iter().map(|(device, local_vni)| (local_vni.span, format!("taken on {}", device.node.name))))
        .help("give one of them another VNI")
        .done();
    }
}
