use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::model::Vni;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(Vni, Vec<&str>), Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let mut vrfs: BTreeMap<Vni, Vec<_>> = BTreeMap::new();
        for (vrf, _, vni) in device.node.frr.iter().flat_map(|frr| frr.l3vnis()) {
            vrfs.entry(vni.value).or_default().push((if vrf.is_empty() { "default" } else { vrf }, vni));
        }
        for (vni, users) in vrfs.into_iter().filter(|(_, users)| users.len() > 1) {
            causes.entry((vni, users.iter().map(|(vrf, _)| *vrf).collect())).or_default().push((node, users));
        }
    }
    for ((vni, vrfs), found) in causes {
        let names = join_names(found.iter().map(|(node, _)| fabric.name(*node)));
        let carried = found.iter().flat_map(|(node, _)| {
            let own = fabric.devices[*node].segments.iter().filter(move |own| own.vni == vni);
            own.map(|own| (own.span, format!("{} of {} carries it", own.link.name, fabric.name(*node))))
        });
        out.report(format!("VRFs {} of {names} have one L3VNI, {vni}: only one of them gets it", join_names(&vrfs)))
            .about(format!("{} vni {vni}", fabric.name(found[0].0)))
            .also(found.iter().flat_map(|(node, users)| {
                users.iter().map(|(vrf, vni)| (vni.span(), format!("VRF {vrf} of {}", fabric.name(*node))))
            }))
            .also(carried.take(50))
            .help("give each VRF its own L3VNI, the same one on every node")
            .done();
    }
}
