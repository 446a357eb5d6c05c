use crate::{finding::Out, view::View};
use evpnlint_analysis::fabric::device::LocalVni;
use evpnlint_core::{model::link::Link, words::join_names};

pub(super) fn check(view: View, out: &mut Out) {
    let (device, Some(frr)) = (view.device(), view.frr()) else { return };
    if view.is_misread() {
        return;
    }
    // The gateways that all nodes share by a MAC of their own, and that are in no VRF.
    let is_outside = |own: &&LocalVni| {
        let is_shared = |svi: &Link| svi.hwaddress.is_some() || !svi.virtuals.is_empty();
        own.layer3.is_none()
            && own.svi.is_some_and(|svi| svi.vrf.is_none() && !svi.addresses.is_empty() && is_shared(svi))
    };
    let outside: Vec<&LocalVni> = device.local_vnis.iter().filter(is_outside).collect();
    let has_subnet = |vrf: &str| view.links().any(|link| link.vrf_name() == vrf && !link.addresses.is_empty());
    let speaks = |vrf: &str| frr.instance(Some(vrf)).is_none_or(|instance| !instance.neighbors.is_empty());
    let mut empty = device.local_vnis.iter().filter_map(|own| own.layer3);
    let Some(vrf) = empty.find(|vrf| !vrf.is_empty() && !has_subnet(vrf) && !speaks(vrf)) else { return };
    let Some(first) = outside.first() else { return };
    let (name, vnis) = (view.name(), join_names(outside.iter().map(|own| own.vni)));
    let links = || outside.iter().filter_map(|own| own.svi);
    out.report(format!(
        "{} of {name}, the gateway of VNI {vnis}, is in no VRF, and VRF {vrf}, which has an L3VNI there, has no subnet: \
         hosts behind it reach nothing of the VRF",
        join_names(links().map(|link| &link.name))
    ))
    .about(format!("{name} vni {} vrf", first.vni))
    .also(links().map(|link| (link.place(), "in no VRF")))
    .also(frr.vrfs.get(vrf).and_then(|own| own.span).map(|span| (span, "its L3VNI")))
    .also(view.links().filter(|link| link.vrf_name() == vrf).take(1).map(|link| (link.place(), "alone in the VRF")))
    .help(format!("add `vrf {vrf}` to its stanza, if its hosts belong there"))
    .done();
}
