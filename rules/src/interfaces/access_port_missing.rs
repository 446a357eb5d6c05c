use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, NodeIndex, overlay::VniMember};
use evpnlint_core::{
    model::{
        bgp::PeerName,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where each port of a bridge is written.
type Ports<'m> = BTreeMap<&'m str, Option<Span>>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // By the name of a bridge, its ports on each node. What they are in each VNI would grow with the square.
    let mut bridges: BTreeMap<&str, BTreeMap<NodeIndex, Ports>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        for bridge in device.local_vnis.iter().filter_map(|local_vni| local_vni.bridge) {
            let ports = || bridge.ports().iter().rev().map(|port| (port.as_str(), port.span())).collect();
            if !bridge.is_vlan_aware() {
                bridges.entry(&bridge.name).or_default().entry(node).or_insert_with(ports);
            }
        }
    }
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (bridge, nodes) in &bridges {
        names.entry(*bridge).or_default().extend(nodes.values().flat_map(|ports| ports.keys().copied()));
    }
    for (node, device) in fabric.devices.iter_enumerated().filter(|(_, device)| !device.local_vnis.is_empty()) {
        let idle: Vec<&Link> = idle(fabric, node);
        let idle_names: BTreeMap<&str, usize> =
            idle.iter().enumerate().map(|(at, link)| (link.name.as_str(), at)).collect();
        let idle_set: BTreeSet<&str> = idle_names.keys().copied().collect();
        for local_vni in device.local_vnis.iter().filter(|_| !idle.is_empty()) {
            let Some(bridge) =
                local_vni.bridge.filter(|bridge| bridge.ports().len() == 1 && local_vni.layer3.is_none())
            else {
                continue;
            };
            let (Some(there), Some(nodes)) = (names.get(bridge.name.as_str()), bridges.get(bridge.name.as_str()))
            else {
                continue;
            };
            let mut alike: Vec<usize> =
                idle_set.intersection(there).filter_map(|name| idle_names.get(name).copied()).collect();
            alike.sort_unstable();
            let members = fabric.overlay.vnis.get(&local_vni.vni).map_or(&[][..], Vec::as_slice);
            for link in alike.into_iter().map(|at| idle[at]) {
                let has = |member: &VniMember| {
                    member.local_vni.bridge.filter(|own| own.name == bridge.name && !own.is_vlan_aware())?;
                    let span = nodes.get(&member.node)?.get(link.name.as_str())?;
                    (member.node != node).then_some((member.node, *span))
                };
                let Some((other, span)) = members.iter().find_map(has) else { continue };
                let (name, theirs) = (fabric.name(node), &bridge.name);
                out.report(format!(
                    "{} of {name} is in no bridge; on {} it is a port of {theirs} with vni {}",
                    link.name,
                    fabric.name(other),
                    local_vni.vni
                ))
                .about(format!("{name} {}", link.name))
                .at(
                    bridge.ports().first().and_then(|port| port.span()),
                    format!("{} has no port but the tunnel", bridge.name),
                )
                .at(link.place(), "serves nothing")
                .at(span, format!("{theirs} of {}", fabric.name(other)))
                .help(format!("write `bridge-ports {} {}` under {}", link.name, local_vni.link.name, bridge.name))
                .done();
            }
        }
    }
}

/// Ports that are described and serve nothing.
fn idle<'m>(fabric: &Fabric<'m>, node: NodeIndex) -> Vec<&'m Link> {
    let device = &fabric.devices[node];
    let mut used: BTreeSet<&str> = BTreeSet::new();
    if let Some(frr) = &device.node.frr {
        used.extend(frr.links.keys().map(String::as_str));
        for peer in frr.bgp.iter().flat_map(|bgp| bgp.neighbors.values()) {
            if let PeerName::Interface(name) = &peer.name.value {
                used.insert(name);
            }
        }
    }
    for link in device.node.links.values() {
        if let LinkKind::Vlan { raw: Some(raw), .. } = &link.kind {
            used.insert(raw);
        }
    }
    let is_idle = |link: &&Link| {
        link.is_described()
            && link.auto.is_some()
            && matches!(link.kind, LinkKind::Physical)
            && link.addresses.is_empty()
            && !link.dynamic
            && link.vrf.is_none()
            && link.clag.is_none()
            && !used.contains(link.name.as_str())
            && device.bridge_of(&link.name).is_none()
            && device.bond_of(&link.name).is_none()
            && !device.hooks_mention(&link.name)
    };
    device.node.links.values().filter(is_idle).collect()
}
