use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    device::{Device, LocalVni},
    gateway::Gateway,
};
use evpnlint_core::{model::link::Link, words::join_names};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let gateways = || fabric.overlay.gateways.values().flatten().filter(|own| !own.addresses.is_empty());
    let (inside, outside): (Vec<&Gateway>, Vec<&Gateway>) = gateways().partition(|own| own.svi.vrf.is_some());
    let Some(first) = outside.first() else { return };
    let is_odd = |own: &&Gateway| {
        let is_sole = fabric.overlay.gateways.get(&own.vni).is_some_and(|all| all.len() == 1);
        own.node == first.node && is_sole && is_shared(own.svi)
    };
    if !outside.iter().all(is_odd) || fabric.is_misread(first.node) {
        return;
    }
    let device = &fabric.devices[first.node];
    let mut vrfs: Vec<&str> = device.local_vnis.iter().filter_map(|own: &LocalVni| own.layer3).collect();
    vrfs.dedup();
    let [vrf] = vrfs.as_slice() else { return };
    if vrf.is_empty() || inside.len() < 2 && !is_empty(fabric, device, first.node, vrf) {
        return;
    }
    let name = fabric.name(first.node);
    out.group(&outside, |own| Member::new(name, format_args!("vni {} vrf", own.vni), own.svi.place()), |outside, out| {
    out.report(format!(
        "{} of {name}, the gateway of VNI {}, is in no VRF: hosts behind it reach nothing of VRF {vrf}, whose L3VNI is on \
         {name}",
        join_names(outside.iter().map(|own| &own.svi.name)),
        join_names(outside.iter().map(|own| own.vni)),
    ))
    .also(outside.iter().map(|own| (own.svi.place(), "in no VRF")))
    .also(
        fabric.node(first.node).frr.iter().filter_map(|frr| frr.vrfs.get(*vrf)?.span).map(|span| (span, "the VRF of its L3VNI")),
    )
    .help(format!("add `vrf {vrf}` to its stanza, if its hosts belong there"))
    .done();
});
}

/// Whether the nodes of its VNI share a gateway by a MAC address of its own.
fn is_shared(svi: &Link) -> bool {
    svi.hwaddress.is_some() || !svi.virtuals.is_empty()
}

/// Whether a VRF has no subnet, no route and no neighbour on a node.
fn is_empty(fabric: &Fabric, device: &Device, node: NodeIndex, vrf: &str) -> bool {
    let has_subnet = device.node.links.values().any(|link| link.vrf_name() == vrf && !link.addresses.is_empty());
    let frr = fabric.node(node).frr.as_ref();
    let has_route = frr.is_some_and(|frr| {
        let brings = frr.instance(Some(vrf)).is_some_and(|own| {
            !own.neighbors.is_empty() || own.families.values().any(|family| !family.import_vrf.is_empty())
        });
        brings || frr.statics.iter().any(|route| route.vrf.as_deref() == Some(vrf))
    });
    !has_subnet && !has_route
}
