use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::model::Vni;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let reported: BTreeMap<Vni, (&str, NodeIndex, _)> = fabric
        .overlay
        .told_l3vnis()
        .filter(|(vni, (vrf, node, _))| {
            let device = &fabric.devices[*node];
            device.may_have_vrf(vrf) && device.local_vnis.iter().any(|own| own.vni == *vni)
        })
        .collect();
    for (node, device) in fabric.devices.iter_enumerated() {
        let Some(frr) = device.node.frr.as_ref().filter(|frr| !frr.bgp.is_empty()) else { continue };
        for local_vni in device.local_vnis.iter().filter(|local_vni| local_vni.layer3.is_none()) {
            let (Some(svi), Some((vrf, other, span))) = (local_vni.svi, reported.get(&local_vni.vni)) else { continue };
            let Some(own) = local_vni
                .vrf()
                .filter(|_| svi.addresses.is_empty() && svi.virtuals.iter().all(|v| v.addresses.is_empty()))
            else {
                continue;
            };
            // Another L3VNI of that VRF is another fault.
            if frr.vrfs.get(&own.value).is_some_and(|vrf| vrf.vni.is_some()) {
                continue;
            }
            let (name, vni) = (fabric.name(node), local_vni.vni);
            let block = frr.vrfs.get(&own.value).and_then(|vrf| vrf.span);
            out.report(format!(
                "frr.conf of {name} does not make vni {vni} the L3VNI of VRF {}, as {} does",
                own.value,
                fabric.name(*other)
            ))
            .about(format!("{name} vrf {}", own.value))
            .at(
                block.or(frr.bgp.first().map(|bgp| bgp.span)),
                format!("no `vni {vni}` for VRF {} on {name}", own.value),
            )
            .at(local_vni.span, format!("{} carries vni {vni}", local_vni.link.name))
            .at(own.span(), format!("{} is in VRF {}", svi.name, own.value))
            .at(*span, format!("the L3VNI of VRF {vrf} on {}", fabric.name(*other)))
            .help(format!("write `vrf {}` with `vni {vni}` in frr.conf", own.value))
            .done();
        }
    }
}
