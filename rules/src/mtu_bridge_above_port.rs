use evpnlint_analysis::{
    fabric::{
        Fabric,
        device::{Device, Mtu, Segment},
        join_names,
    },
    finding::{Out, Severity},
};
use evpnlint_core::{
    model::link::{Link, LinkKind},
    source::Span,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who sends, and how much; through which port, and how much that takes; and whether packets are surely lost.
type Cause<'m> = (&'m str, u32, &'m str, u32, bool);
type Found = Vec<(usize, Vec<(Span, String)>)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<Cause, Found> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let holders: BTreeSet<&str> =
            device.vteps().into_keys().filter_map(|ip| device.owner(ip)).map(|owner| owner.name.as_str()).collect();
        for bridge in device.node.links.values().filter(|link| matches!(link.kind, LinkKind::Bridge { .. })) {
            let Some(own) = device.mtu(bridge) else { continue };
            let is_below = holders.contains(bridge.name.as_str());
            let small: Vec<_> = bridge
                .ports()
                .iter()
                .filter_map(|port| device.link(port))
                .filter(|port| {
                    // A bridge that filters VLANs serves others too, whose frames never meet this port.
                    port.vxlan().is_some() && !bridge.is_vlan_aware()
                        || is_below
                            && matches!(port.kind, LinkKind::Physical | LinkKind::Bond { .. } | LinkKind::Vlan { .. })
                })
                .filter_map(|port| Some((port, device.mtu(port).filter(|mtu| mtu.bytes < own.bytes)?)))
                .collect();
            let Some((port, mtu)) = small.iter().min_by_key(|(_, mtu)| mtu.bytes) else { continue };
            // Nobody asked for the bridge's default, and hosts may have been told a smaller MTU.
            let routes = bridge.addresses.iter().any(|own| !own.is_host());
            let severe = own.default.is_none() || is_below || routes;
            let name = fabric.name(node);
            let mut places = vec![(own.span, format!("{} of {name}: {}", bridge.name, words(&own)))];
            places
                .extend(small.iter().map(|(port, mtu)| (mtu.span, format!("{} of {name}: {}", port.name, words(mtu)))));
            let cause = (bridge.name.as_str(), own.bytes, port.name.as_str(), mtu.bytes, severe);
            causes.entry(cause).or_default().push((node, places));
        }
        for (svi, own, port, mtu) in device.segments.iter().filter_map(|segment| routed(device, segment)) {
            let name = fabric.name(node);
            let places = [(svi, &own), (port, &mtu)].map(|(link, mtu)| {
                let words = words(mtu);
                (mtu.span, format!("{} of {name}: {words}", link.name))
            });
            let cause = (svi.name.as_str(), own.bytes, port.name.as_str(), mtu.bytes, true);
            causes.entry(cause).or_default().push((node, places.to_vec()));
        }
    }
    for ((bridge, bytes, port, small, severe), found) in causes {
        let names = join_names(found.iter().map(|(node, _)| fabric.name(*node)));
        let draft = out
            .report(format!(
                "{bridge} on {names} has mtu {bytes}, but its port {port} only {small}: larger \
                frames vanish without a word"
            ))
            .about(format!("{} {bridge}", fabric.name(found[0].0)))
            .also(found.into_iter().take(50).flat_map(|(_, places)| places))
            .help(format!("write `mtu {bytes}` under {port}, or `mtu {small}` under {bridge}"));
        if severe { draft.done() } else { draft.cap_severity(Severity::Info).done() }
    }
}

/// The SVI of a VLAN-aware bridge that routes, and the smaller VXLAN device of its VLAN. What policies set on a switch is
/// not known.
fn routed<'m>(device: &Device<'m>, segment: &Segment<'m>) -> Option<(&'m Link, Mtu, &'m Link, Mtu)> {
    let svi = segment.svi.filter(|svi| segment.vlan.is_some() && svi.addresses.iter().any(|own| !own.is_host()))?;
    let known = |link: &'m Link| device.mtu(link).filter(|mtu| mtu.default.is_none() || !device.is_switch);
    let (own, mtu) = (known(svi)?, known(segment.link)?);
    (mtu.bytes < own.bytes).then_some((svi, own, segment.link, mtu))
}

fn words(mtu: &Mtu) -> String {
    match mtu.default {
        None => format!("mtu {}", mtu.bytes),
        Some(whose) => format!("mtu {}, {whose} default", mtu.bytes),
    }
}
