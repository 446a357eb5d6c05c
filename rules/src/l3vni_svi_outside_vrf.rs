use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        for segment in &device.segments {
            let (Some(vrf), Some(svi), Some(frr)) = (segment.layer3, segment.svi, &device.node.frr) else { continue };
            let own = svi.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
            let is_known = vrf.is_empty() || device.may_have_vrf(vrf);
            // Two VRFs with one L3VNI are another fault.
            let is_only = frr.l3vnis().filter(|(_, _, vni)| vni.value == segment.vni).count() == 1;
            if own != vrf && is_known && is_only && !device.hooks_mention(&svi.name) {
                let reported = frr.vrfs.get(vrf).and_then(|vrf| vrf.vni.as_ref());
                causes.entry((segment.vni, vrf, &svi.name, own)).or_default().push((node, svi, reported));
            }
        }
    }
    for ((vni, vrf, svi, own), found) in causes {
        let names = join_names(found.iter().map(|(node, ..)| fabric.name(*node)));
        let wanted = if vrf.is_empty() { "the default VRF".to_owned() } else { format!("VRF {vrf}") };
        let place = if own.is_empty() { "is in no VRF".to_owned() } else { format!("is in VRF {own}") };
        out.report(format!("{svi} on {names}, the interface of L3VNI {vni}, {place} instead of {wanted}"))
            .about(format!("{} vni {vni}", fabric.name(found[0].0)))
            .also(found.iter().map(|(node, svi, _)| {
                let span = svi.vrf.as_ref().and_then(|vrf| vrf.span()).unwrap_or(svi.place());
                (span, format!("{} of {} {place}", svi.name, fabric.name(*node)))
            }))
            .also(found.iter().flat_map(|(_, svi, _)| &svi.mtu).map(|mtu| (mtu.span(), "its stanza goes on here")))
            .also(found.iter().map(|(node, _, reported)| {
                (reported.and_then(|vni| vni.span()), format!("the L3VNI of {wanted} on {}", fabric.name(*node)))
            }))
            .help(format!("write `vrf {vrf}` under {svi}"))
            .done();
    }
}
