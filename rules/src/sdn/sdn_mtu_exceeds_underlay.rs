use crate::{
    finding::{Help, Out},
    plan::Plan,
    web,
};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| zone.is_overlay()) {
        let Some(bytes) = zone.effective_mtu() else { continue };
        let controller = zone.controller.as_ref().and_then(|id| plan.sdn.controller(id));
        let peers = controller.map_or(&zone.peers, |controller| &controller.peers);
        let narrow: Vec<_> = (plan.fabric.devices.iter())
            .filter(|device| zone.is_on(&device.node.name))
            .filter_map(|device| {
                let (peer, link) = peers.iter().find_map(|peer| Some((peer, device.owner(peer.value)?)))?;
                let mtu = device.mtu(link)?;
                let overhead = evpnlint_analysis::fabric::overhead::overhead(peer.value);
                (bytes + overhead > mtu.bytes).then_some((device, link, mtu, overhead))
            })
            .collect();
        let Some((_, link, mtu, overhead)) = narrow.first() else { continue };
        let wanted = bytes + overhead;
        let names = join_names(narrow.iter().map(|(device, ..)| &device.node.name));
        let place = zone.mtu.as_ref().and_then(|mtu| mtu.span()).or(zone.id.span());
        let text = if zone.mtu.is_some() { "written here" } else { "1450 unless written" };
        out.report(format!(
            "zone {} has an MTU of {bytes}, which makes packets of {wanted}, and {} of {names} takes {}",
            zone.id, link.name, mtu.bytes
        ))
        .about(plan.about(format_args!("zone {} mtu", zone.id)))
        .at(place, text)
        .also(narrow.iter().map(|(device, link, mtu, _)| {
            (mtu.span, format!("{} of {} takes {}", link.name, device.node.name, mtu.bytes))
        }))
        .help(Help::lasting(format!(
            "set MTU of zone {} to {} in {}, and apply, or give the underlay at least {wanted}; until then larger packets with \
             DF set are lost",
            zone.id,
            mtu.bytes.saturating_sub(*overhead),
            web::ZONES
        )))
        .done();
    }
}
