use crate::{finding::Out, view::View};
use evpnlint_core::model::{bgp::Family, is_on};

pub(super) fn check(view: View, out: &mut Out) {
    let Some(frr) = view.frr() else { return };
    let speaks = |vrf: Option<&str>| {
        frr.instance(vrf).filter(|bgp| bgp.neighbors.values().any(|peer| peer.is_active(Family::Evpn)))
    };
    for bgp in frr.bgp.iter().filter(|bgp| is_on(&bgp.evpn.advertise_all_vni)) {
        let (Some(vrf), Some(default)) = (&bgp.vrf, speaks(None)) else { continue };
        if speaks(Some(&vrf.value)).is_some() {
            continue;
        }
        let name = view.name();
        let switch = bgp.evpn.advertise_all_vni.as_ref();
        out.report(format!(
            "{name} has `advertise-all-vni` in the BGP instance of VRF {vrf}, but its EVPN \
                peers in the default one"
        ))
        .about(format!("{name} evpn"))
        .at(switch.and_then(|switch| switch.span()), "EVPN runs here, without a peer")
        .at(default.evpn.span.or(Some(default.span)), "the EVPN peers are here")
        .also(
            default
                .neighbors
                .values()
                .filter_map(|peer| peer.family(Family::Evpn))
                .filter_map(|family| family.active.as_ref())
                .map(|active| (active.span(), "activated here")),
        )
        .help("move `advertise-all-vni` to `address-family l2vpn evpn` of the default instance")
        .done();
    }
}
