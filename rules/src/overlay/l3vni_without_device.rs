use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        let Some(frr) = device.node.frr.as_ref().filter(|_| !device.local_vnis.is_empty()) else { continue };
        for (vrf, _, vni) in frr.l3vnis() {
            let is_known = vrf.is_empty() || device.may_have_vrf(vrf);
            let is_made =
                device.hooks_mention(&vni.to_string()) || device.local_vnis.iter().any(|own| own.vni == vni.value);
            // A device without a VNI is a fault of its own.
            if is_made || !is_known || device.without_vni().next().is_some() {
                continue;
            }
            // The device that was meant: in the same VRF, with no address, and no other VRF's.
            let meant = device.local_vnis.iter().find(|local_vni| {
                local_vni.layer3.is_none()
                    && local_vni.svi.is_some_and(|svi| svi.addresses.is_empty() && svi.virtuals.is_empty())
                    && local_vni.vrf().is_some_and(|own| own.value == vrf)
            });
            // Where nobody carries it, it is a leftover.
            if meant.is_some() || fabric.overlay.vnis.contains_key(&vni.value) {
                causes.entry((vrf, vni.value, meant.map(|own| own.vni))).or_default().push((node, vni, meant));
            }
        }
    }
    for ((vrf, vni, meant), found) in causes {
        out.group(
            &found,
            |(node, own, _)| {
                Member::new(
                    fabric.name(*node),
                    format_args!("vrf {}", if vrf.is_empty() { "default" } else { vrf }),
                    own.span(),
                )
            },
            |found, out| {
                let names = join_names(found.iter().map(|(node, ..)| fabric.name(*node)));
                let shown = if vrf.is_empty() { "default" } else { vrf };
                let others =
                    found.iter().take(shown::SOME).filter(|(.., meant)| meant.is_none()).flat_map(|(node, ..)| {
                        let own = fabric.devices[*node].local_vnis.iter().take(shown::PLACES);
                        own.map(|own| (own.span, format!("{} carries vni {}", fabric.name(*node), own.vni)))
                    });
                out.report(format!(
                    "frr.conf of {names} has vni {vni} for VRF {shown}, but no VXLAN device there carries it"
                ))
                .also(found.iter().map(|(node, vni, _)| (vni.span(), format!("the L3VNI on {}", fabric.name(*node)))))
                .also(found.iter().filter_map(|(node, _, meant)| Some((fabric.name(*node), (*meant)?))).map(
                    |(name, own)| {
                        (own.span, format!("{} of {name}, in the same VRF, carries vni {}", own.link.name, own.vni))
                    },
                ))
                .also(others)
                .help(match meant {
                    Some(meant) => {
                        format!("write `vni {meant}` in `vrf {shown}`, or `vxlan-id {vni}` under the device")
                    }
                    None => format!(
                        "add a VXLAN device for vni {vni} in a bridge in VRF {shown}, or a \
                    `bridge-vlan-vni-map` pair for it"
                    ),
                })
                .done();
            },
        );
    }
}
