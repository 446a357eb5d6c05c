use crate::{finding::Out, view::View};

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    for local_vni in &device.local_vnis {
        let (Some(vrf), Some(bridge), Some(vlan), None) =
            (local_vni.layer3, local_vni.bridge, &local_vni.vlan, local_vni.svi)
        else {
            continue;
        };
        if !bridge.is_vlan_aware() || device.hooks_mention(&vlan.to_string()) {
            continue;
        }
        let (name, vni, bridge) = (view.name(), local_vni.vni, &bridge.name);
        let reported = view.frr().and_then(|frr| frr.vrfs.get(vrf)).and_then(|vrf| vrf.vni.as_ref());
        out.report(format!(
            "vlan {vlan} of {bridge} on {name} carries vni {vni}, the L3VNI of VRF {vrf}, but \
                has no interface"
        ))
        .about(format!("{name} vrf {vrf}"))
        .at(vlan.span(), format!("vlan {vlan} is vni {vni}"))
        .at(local_vni.span, format!("vni {vni}"))
        .at(reported.and_then(|vni| vni.span()), format!("the L3VNI of VRF {vrf}"))
        .also(
            device
                .node
                .links
                .values()
                .rev()
                .find(|link| is_vlan(link))
                .map(|link| (link.place(), "the other VLANs' interfaces end here")),
        )
        .help(format!(
            "add `iface vlan{vlan}` with `vlan-id {vlan}`, `vlan-raw-device {bridge}` and \
                    `vrf {vrf}`"
        ))
        .done();
    }
}

fn is_vlan(link: &evpnlint_core::model::link::Link) -> bool {
    matches!(link.kind, evpnlint_core::model::link::LinkKind::Vlan { .. })
}
