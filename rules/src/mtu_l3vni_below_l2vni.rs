use evpnlint_analysis::{
    fabric::{Fabric, device::Mtu, join_names},
    finding::Out,
};
use evpnlint_core::source::Span;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    type Found<'a> = Vec<(usize, Vec<(Span, String)>, (Span, String))>;
    let mut causes: BTreeMap<(&str, u32, u32), Found> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let mut largest: BTreeMap<&str, (Mtu, &str)> = BTreeMap::new();
        for segment in device.segments.iter().filter(|segment| segment.layer3.is_none()) {
            let (Some(svi), Some(vrf)) = (segment.svi, segment.vrf()) else { continue };
            let Some(mtu) = device.mtu(svi).filter(|_| svi.addresses.iter().any(|own| !own.is_host())) else {
                continue;
            };
            let known = largest.entry(vrf.value.as_str()).or_insert_with(|| (mtu.clone(), svi.name.as_str()));
            if mtu.bytes > known.0.bytes {
                *known = (mtu, svi.name.as_str());
            }
        }
        for segment in &device.segments {
            let Some((vrf, (tenant, svi))) = segment.layer3.and_then(|vrf| Some((vrf, largest.get(vrf)?))) else {
                continue;
            };
            // A bridge that filters VLANs is no part of the way: its VLANs have MTUs of their own.
            let links = [segment.svi, Some(segment.link)].into_iter().flatten();
            let own: Vec<_> = links.filter_map(|link| Some((link, device.mtu(link)?))).collect();
            let Some(smallest) = own.iter().map(|(_, mtu)| mtu.bytes).min().filter(|own| *own < tenant.bytes) else {
                continue;
            };
            let name = fabric.name(node);
            let small = own.iter().filter(|(_, mtu)| mtu.bytes == smallest);
            causes.entry((vrf, smallest, tenant.bytes)).or_default().push((
                node,
                small.map(|(link, mtu)| (mtu.span, format!("{} of {name}: mtu {}", link.name, mtu.bytes))).collect(),
                (tenant.span, format!("{svi} of {name}: mtu {}", tenant.bytes)),
            ));
        }
    }
    for ((vrf, bytes, tenant), found) in causes {
        let names = join_names(found.iter().map(|(node, ..)| fabric.name(*node)));
        out.report(format!(
            "the L3VNI of VRF {vrf} has mtu {bytes} on {names}, below {tenant} of the tenant's \
            own gateways"
        ))
        .about(format!("{} vrf {vrf}", fabric.name(found[0].0)))
        .also(found.iter().take(50).flat_map(|(_, small, _)| small.clone()))
        .also(found.iter().take(50).map(|(.., tenant)| tenant.clone()))
        .help(format!("write `mtu {tenant}` under the L3VNI's VXLAN device and its bridge or VLAN"))
        .done();
    }
}
