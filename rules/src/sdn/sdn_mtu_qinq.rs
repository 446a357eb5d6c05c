use crate::{finding::Out, plan::Plan};
use evpnlint_core::{model::intent::ZoneKind, words::join_names};

/// What a second VLAN tag takes, in bytes (IEEE 802.1ad).
const TAG: u32 = 4;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Qinq) {
        let (Some(mtu), Some(bridge)) = (&zone.mtu, &zone.bridge) else { continue };
        let narrow: Vec<_> = (plan.devices())
            .filter(|device| zone.is_on(&device.node.name))
            .filter_map(|device| Some((device, device.mtu(device.link(bridge)?)?)))
            .filter(|(_, below)| mtu.value.saturating_add(TAG) > below.bytes)
            .collect();
        let [(_, below), ..] = narrow.as_slice() else { continue };
        out.report(format!(
            "zone {} has an MTU of {mtu}, and {bridge} of {} takes {}: with two tags its packets are too large",
            zone.id,
            join_names(narrow.iter().map(|(device, _)| &device.node.name)),
            below.bytes
        ))
        .about(plan.about(format_args!("zone {} mtu", zone.id)))
        .at(mtu.span(), "the zone")
        .also(narrow.iter().map(|(device, below)| (below.span, format!("{} on {}", below.bytes, device.node.name))))
        .help(format!("write `mtu {}` for the zone, or give {bridge} a larger one", below.bytes.saturating_sub(TAG)))
        .done();
    }
}
