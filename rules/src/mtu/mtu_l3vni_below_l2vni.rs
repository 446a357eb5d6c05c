use crate::{
    finding::{Member, Out},
    shown,
    view::{Nodes, View, names},
};
use evpnlint_analysis::fabric::device::Mtu;
use evpnlint_core::source::Span;
use std::collections::BTreeMap;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    for ((vrf, bytes, tenant), found) in nodes.by_cause(small) {
        out.group(
            &found,
            |(view, (small, _))| {
                Member::new(view.name(), format_args!("vrf {vrf}"), small.first().map(|(span, _)| *span))
            },
            |found, out| {
                out.report(format!(
                    "the L3VNI of VRF {vrf} has mtu {bytes} on {}, below {tenant} of the tenant's own gateways",
                    names(found)
                ))
                .also(found.iter().take(shown::MANY).flat_map(|(_, (small, _))| small.clone()))
                .also(found.iter().take(shown::MANY).map(|(_, (_, tenant))| tenant.clone()))
                .help(format!("write `mtu {tenant}` under the L3VNI's VXLAN device and its bridge or VLAN"))
                .done();
            },
        );
    }
}

/// A VRF, the MTU of its L3VNI, and that of its largest gateway.
type Cause<'m> = (&'m str, u32, u32);

/// Where an MTU is written, and of what.
type Place = (Span, String);

/// The L3VNIs of a node that are smaller than a gateway of their VRF: the places of the L3VNI, and that of the gateway.
fn small<'m>(view: View<'_, 'm>) -> Vec<(Cause<'m>, (Vec<Place>, Place))> {
    let (name, device) = (view.name(), view.device());
    let mut largest: BTreeMap<&str, (Mtu, &str)> = BTreeMap::new();
    for local_vni in device.local_vnis.iter().filter(|local_vni| local_vni.layer3.is_none()) {
        let (Some(svi), Some(vrf)) = (local_vni.svi, local_vni.vrf()) else { continue };
        let is_routed = svi.addresses.iter().any(|address| !address.is_host());
        let Some(mtu) = device.mtu(svi).filter(|_| is_routed) else { continue };
        let known = largest.entry(vrf.value.as_str()).or_insert_with(|| (mtu.clone(), svi.name.as_str()));
        if mtu.bytes > known.0.bytes {
            *known = (mtu, svi.name.as_str());
        }
    }
    let mut found = vec![];
    for local_vni in &device.local_vnis {
        let Some((vrf, (tenant, svi))) = local_vni.layer3.and_then(|vrf| Some((vrf, largest.get(vrf)?))) else {
            continue;
        };
        // A bridge that filters VLANs is no part of the way: its VLANs have MTUs of their own.
        let links = [local_vni.svi, Some(local_vni.link)].into_iter().flatten();
        let mtus: Vec<_> = links.filter_map(|link| Some((link, device.mtu(link)?))).collect();
        let smallest = mtus.iter().map(|(_, mtu)| mtu.bytes).min();
        let Some(smallest) = smallest.filter(|smallest| *smallest < tenant.bytes) else { continue };
        let place = |mtu: &Mtu, link: &str| (mtu.span, format!("{link} of {name}: mtu {}", mtu.bytes));
        let small = mtus.iter().filter(|(_, mtu)| mtu.bytes == smallest);
        let small = small.map(|(link, mtu)| place(mtu, &link.name)).collect();
        found.push(((vrf, smallest, tenant.bytes), (small, place(tenant, svi))));
    }
    found
}
