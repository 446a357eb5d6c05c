use crate::{finding::Out, plan::Plan, shared::shared};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let tags = plan.sdn.vnets.iter().filter_map(|vnet| {
        let zone = plan.sdn.zone_of(vnet).filter(|zone| zone.is_overlay())?;
        Some((vnet.tag.as_ref()?.value, (vnet, zone)))
    });
    for (tag, vnets) in shared(tags) {
        out.report(format!("vnets {} share the tag {tag}", join_names(vnets.iter().map(|(vnet, _)| &vnet.id))))
            .about(plan.about(format_args!("tag {tag}")))
            .also(vnets.iter().map(|(vnet, zone)| {
                let place = vnet.tag.as_ref().and_then(|tag| tag.span());
                (place, format!("vnet {} of zone {}", vnet.id, zone.id))
            }))
            .help("give each vnet of an evpn or vxlan zone a tag of its own")
            .done();
    }
}
