use crate::{
    finding::{Member, Out, Severity},
    shown,
    view::{Nodes, View, names},
};
use evpnlint_analysis::fabric::device::{Device, LocalVni, Mtu};
use evpnlint_core::{
    model::link::{Link, LinkKind},
    source::Span,
};
use std::collections::BTreeSet;

/// Who sends, and how much; through which port, and how much that takes; and whether packets are surely lost.
type Cause<'m> = (&'m str, u32, &'m str, u32, bool);

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    for ((bridge, bytes, port, small, is_sure), found) in nodes.by_cause(narrow) {
        out.group(
            &found,
            |(view, places)| {
                Member::new(view.name(), format_args!("{bridge} port {port}"), places.first().map(|(span, _)| *span))
            },
            |found, out| {
                let draft = out
            .report(format!(
                "{bridge} on {} has mtu {bytes}, but its port {port} only {small}: larger frames vanish without a word",
                names(found)
            ))
            .also(found.iter().take(shown::MANY).flat_map(|(_, places)| places.clone()))
            .help(format!("write `mtu {bytes}` under {port}, or `mtu {small}` under {bridge}"));
                if is_sure { draft.done() } else { draft.cap_severity(Severity::Info).done() }
            },
        );
    }
}

/// What a node sends into a smaller port.
fn narrow<'m>(view: View<'_, 'm>) -> Vec<(Cause<'m>, Vec<(Span, String)>)> {
    let (name, device) = (view.name(), view.device());
    let mut found = vec![];
    let holders: BTreeSet<&str> =
        device.vteps().into_keys().filter_map(|ip| device.owner(ip)).map(|owner| owner.name.as_str()).collect();
    for bridge in view.links().filter(|link| matches!(link.kind, LinkKind::Bridge { .. })) {
        let Some(large) = device.mtu(bridge) else { continue };
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
            .filter_map(|port| Some((port, device.mtu(port).filter(|mtu| mtu.bytes < large.bytes)?)))
            .collect();
        let Some((port, mtu)) = small.iter().min_by_key(|(_, mtu)| mtu.bytes) else { continue };
        // Nobody asked for the bridge's default, and hosts may have been told a smaller MTU.
        let routes = bridge.addresses.iter().any(|address| !address.is_host());
        let is_sure = large.default.is_none() || is_below || routes;
        let mut places = vec![(large.span, format!("{} of {name}: {}", bridge.name, words(&large)))];
        places.extend(small.iter().map(|(port, mtu)| (mtu.span, format!("{} of {name}: {}", port.name, words(mtu)))));
        let cause = (bridge.name.as_str(), large.bytes, port.name.as_str(), mtu.bytes, is_sure);
        found.push((cause, places));
    }
    for (svi, large, port, mtu) in device.local_vnis.iter().filter_map(|local_vni| routed(device, local_vni)) {
        let places = [(svi, &large), (port, &mtu)].map(|(link, mtu)| {
            let words = words(mtu);
            (mtu.span, format!("{} of {name}: {words}", link.name))
        });
        let cause = (svi.name.as_str(), large.bytes, port.name.as_str(), mtu.bytes, true);
        found.push((cause, places.to_vec()));
    }
    found
}

/// The SVI of a VLAN-aware bridge that routes, and the smaller VXLAN device of its VLAN. What policies set on a switch is
/// not known.
fn routed<'m>(device: &Device<'m>, local_vni: &LocalVni<'m>) -> Option<(&'m Link, Mtu, &'m Link, Mtu)> {
    let svi = local_vni
        .svi
        .filter(|svi| local_vni.vlan.is_some() && svi.addresses.iter().any(|address| !address.is_host()))?;
    let known = |link: &'m Link| device.mtu(link).filter(|mtu| mtu.default.is_none() || !device.is_switch);
    let (large, mtu) = (known(svi)?, known(local_vni.link)?);
    (mtu.bytes < large.bytes).then_some((svi, large, local_vni.link, mtu))
}

fn words(mtu: &Mtu) -> String {
    match mtu.default {
        None => format!("mtu {}", mtu.bytes),
        Some(whose) => format!("mtu {}, {whose} default", mtu.bytes),
    }
}
