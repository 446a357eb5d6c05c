use super::applied;
use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::model::intent::{Vnet, Zone};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let mut tags: BTreeMap<u32, Vec<(&Vnet, &Zone)>> = BTreeMap::new();
        for vnet in &plan.sdn.vnets {
            if let (Some(tag), Some(zone)) = (&vnet.tag, plan.sdn.zone_of(vnet))
                && zone.is_overlay()
            {
                tags.entry(tag.value).or_default().push((vnet, zone));
            }
        }
        for (tag, vnets) in tags.into_iter().filter(|(_, vnets)| vnets.len() > 1) {
            out.report(format!("vnets {} share the tag {tag}", join_names(vnets.iter().map(|(vnet, _)| &vnet.id))))
                .about(plan.about(format_args!("tag {tag}")))
                .also(vnets.iter().map(|(vnet, zone)| {
                    let place = vnet.tag.as_ref().and_then(|tag| tag.span());
                    (place, format!("vnet {} of zone {}", vnet.id, zone.id))
                }))
                .help("give each vnet of an evpn or vxlan zone a tag of its own")
                .done();
        }
    });
}
