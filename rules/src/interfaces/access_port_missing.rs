use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{
        Vni,
        bgp::PeerName,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who has a port, in which bridge.
type Users<'m> = Vec<(NodeIndex, &'m str, Option<Span>)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // Who has which port in which bridge of which VNI.
    let mut index: BTreeMap<(Vni, &str), Users> = BTreeMap::new();
    for (vni, members) in &fabric.overlay.vnis {
        for member in members {
            let Some(bridge) = member.local_vni.bridge.filter(|bridge| !bridge.is_vlan_aware()) else { continue };
            for port in bridge.ports() {
                index.entry((*vni, &port.value)).or_default().push((member.node, &bridge.name, port.span()));
            }
        }
    }
    for (node, device) in fabric.devices.iter().enumerate().filter(|(_, device)| !device.local_vnis.is_empty()) {
        let idle: Vec<&Link> = idle(fabric, node);
        for local_vni in device.local_vnis.iter().filter(|_| !idle.is_empty()) {
            let Some(bridge) =
                local_vni.bridge.filter(|bridge| bridge.ports().len() == 1 && local_vni.layer3.is_none())
            else {
                continue;
            };
            for link in &idle {
                let others = index.get(&(local_vni.vni, link.name.as_str())).map_or(&[][..], Vec::as_slice);
                let Some((other, theirs, span)) =
                    others.iter().find(|(other, theirs, _)| *other != node && *theirs == bridge.name)
                else {
                    continue;
                };
                let name = fabric.name(node);
                out.report(format!(
                    "{} of {name} is in no bridge; on {} it is a port of {theirs} with vni {}",
                    link.name,
                    fabric.name(*other),
                    local_vni.vni
                ))
                .about(format!("{name} {}", link.name))
                .at(
                    bridge.ports().first().and_then(|port| port.span()),
                    format!("{} has no port but the tunnel", bridge.name),
                )
                .at(link.place(), "serves nothing")
                .at(*span, format!("{theirs} of {}", fabric.name(*other)))
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
