use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{
    model::bgp::{Family, Neighbor},
    words::join_names,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter_enumerated().filter(|(node, _)| !fabric.is_misread(*node)) {
        let Some(frr) = device.node.frr.as_ref().filter(|frr| frr.evpn().is_none() && frr.runs("bgpd")) else {
            continue;
        };
        let is_speaker = |peer: &Neighbor| peer.is_active(Family::Evpn);
        let Some(bgp) = frr.bgp.iter().find(|bgp| bgp.neighbors.values().any(is_speaker)) else { continue };
        let lost: Vec<_> = device
            .local_vnis
            .iter()
            .filter(|local_vni| !local_vni.is_static())
            .filter(|local_vni| {
                fabric.overlay.vnis.get(&local_vni.vni).is_some_and(|members| {
                    members.iter().any(|member| member.node != node && fabric.devices[member.node].runs_evpn())
                })
            })
            .collect();
        let Some(first) = lost.first() else { continue };
        let name = fabric.name(node);
        out.report(format!(
            "{name} has VXLAN devices for vni {}, which others share, but no `advertise-all-vni`",
            join_names(lost.iter().map(|local_vni| local_vni.vni))
        ))
        .about(format!("{name} evpn"))
        .at(bgp.evpn.span.or(Some(bgp.span)), "nothing here makes bgpd advertise VNIs")
        .also(
            bgp.neighbors
                .values()
                .filter_map(|peer| peer.family(Family::Evpn))
                .filter_map(|family| family.active.as_ref())
                .map(|active| (active.span(), "activated here, with nothing to say")),
        )
        .at(first.span, format!("{} carries vni {}", first.link.name, first.vni))
        .help("write `advertise-all-vni` in `address-family l2vpn evpn`")
        .done();
    }
}
