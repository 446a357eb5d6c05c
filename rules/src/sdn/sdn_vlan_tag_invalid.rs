use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::ZoneKind;

/// The largest VLAN (IEEE 802.1Q, 9.6; 4095 is reserved).
const LARGEST: u32 = 4094;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let tagged = |kind| matches!(kind, ZoneKind::Vlan | ZoneKind::Qinq);
    let zones = plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Qinq);
    let vnets = plan.sdn.vnets.iter().filter(|vnet| plan.sdn.zone_of(vnet).is_some_and(|zone| tagged(zone.kind)));
    let tags = zones
        .map(|zone| ("zone", &zone.id, &zone.tag))
        .chain(vnets.map(|vnet| ("vnet", &vnet.id, &vnet.tag)))
        .filter_map(|(what, id, tag)| Some((what, id, tag.as_ref()?)));
    for (what, id, tag) in tags.filter(|(.., tag)| tag.value > LARGEST) {
        out.report(format!("{what} {id} has the VLAN {tag}, and there is none above {LARGEST}"))
            .about(plan.about(format_args!("{what} {id}")))
            .at(tag.span(), "no VLAN")
            .help(format!("write one from 1 to {LARGEST}"))
            .done();
    }
}
