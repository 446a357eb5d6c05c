use crate::{fabric::Fabric, finding::Out};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
        let Some(frr) = &device.node.frr else { continue };
        if device.node.interfaces.is_none() || device.segments.is_empty() {
            continue;
        }
        for (vrf, _, vni) in frr.l3vnis() {
            let is_made = device.hooks_mention(&vni.to_string());
            if is_made || !vrf.is_empty() && !device.may_have_vrf(vrf) || device.segments.iter().any(|own| own.vni == vni.value) {
                continue;
            }
            let name = fabric.name(node);
            let shown = if vrf.is_empty() { "default" } else { vrf };
            // The device that was meant: in the same VRF, with no address, and no other VRF's.
            let meant = device.segments.iter().find(|segment| {
                segment.layer3.is_none()
                    && segment.svi.is_some_and(|svi| svi.addresses.is_empty() && svi.virtuals.is_empty())
                    && segment.vrf().is_some_and(|own| own.value == vrf)
            });
            let help = match meant {
                Some(segment) => format!("write `vni {}` in `vrf {shown}`, or `vxlan-id {vni}` under {}", segment.vni, segment.link.name),
                None => format!("add a VXLAN device for vni {vni} in a bridge in VRF {shown}, or a `bridge-vlan-vni-map` pair for it"),
            };
            let draft = out
                .report(format!("{name} has vni {vni} for VRF {shown} in frr.conf, but no VXLAN device carries it"))
                .about(format!("{name} vrf {shown}"))
                .at(vni.span(), "the L3VNI");
            let draft = match meant {
                Some(segment) => draft.at(segment.span, format!("{} in the same VRF carries vni {}", segment.link.name, segment.vni)),
                None => draft.also(device.segments.iter().take(20).map(|own| (own.span, format!("carries vni {}", own.vni)))),
            };
            draft.help(help).done();
        }
    }
}
