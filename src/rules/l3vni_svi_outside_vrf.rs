use crate::{fabric::Fabric, finding::Out};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
        for segment in &device.segments {
            let (Some(vrf), Some(svi)) = (segment.layer3, segment.svi) else { continue };
            let own = svi.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
            if own == vrf || !vrf.is_empty() && !device.may_have_vrf(vrf) || device.hooks_mention(&svi.name) {
                continue;
            }
            let (name, vni) = (fabric.name(node), segment.vni);
            let shown = if vrf.is_empty() { "the default VRF".to_owned() } else { format!("VRF {vrf}") };
            let place = if own.is_empty() { "is in no VRF".to_owned() } else { format!("is in VRF {own}") };
            let told = device.node.frr.as_ref().and_then(|frr| frr.vrfs.get(vrf)).and_then(|vrf| vrf.vni.as_ref());
            out.report(format!("{} on {name}, the interface of L3VNI {vni}, {place} instead of {shown}", svi.name))
                .about(format!("{name} vni {vni}"))
                .at(svi.vrf.as_ref().and_then(|vrf| vrf.span()).or(Some(svi.place())), place)
                .at(told.and_then(|vni| vni.span()), format!("the L3VNI of {shown}"))
                .at(svi.hwaddress.as_ref().and_then(|mac| mac.span()), "its router MAC")
                .at(svi.mtu.as_ref().and_then(|mtu| mtu.span()), "its stanza goes on here")
                .help(format!("write `vrf {vrf}` under {}", svi.name))
                .done();
        }
    }
}
