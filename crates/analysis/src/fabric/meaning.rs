//! Nodes that mean different things by one VNI, or one thing by different VNIs.

use super::{
    Fabric,
    device::{Device, LocalVni},
    gateway::{self, Gateway},
    overlay::{Groups, majority},
};
use crate::index::NodeIndex;
use evpnlint_core::{
    model::{Prefix, Vni, link::Link, link::LinkKind},
    source::Span,
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What some nodes mean differently from the most.
pub struct Conflict {
    /// The nodes in the minority.
    pub odd: BTreeSet<NodeIndex>,
    /// The VNIs it is about, as the minority numbers them.
    pub vnis: BTreeSet<Vni>,
    /// In words, one for each thing that differs.
    pub what: Vec<String>,
    /// Where it is written, the minority's places first.
    pub places: Vec<(Option<Span>, String)>,
    rank: Rank,
}

/// The evidence, the strongest first: one fault shows in several ways.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Subnet,
    Address,
    Vrf,
    Layer,
    Name,
}

/// The gateways of a VRF by address, and by the VNI they are on.
pub type ByAddress<'a, 'm> = BTreeMap<(&'m str, IpAddr), BTreeMap<Vni, Vec<&'a Gateway<'m>>>>;

/// Indexes the gateways of the fabric; the default VRF has the empty name.
pub fn by_address<'a, 'm>(fabric: &'a Fabric<'m>) -> ByAddress<'a, 'm> {
    let mut index = ByAddress::new();
    for gateway in fabric.overlay.gateways.values().flatten() {
        for address in &gateway.addresses {
            let vnis = index.entry((gateway.vrf().unwrap_or(""), address.ip)).or_default();
            vnis.entry(gateway.vni).or_default().push(gateway);
        }
    }
    index
}

/// The subnets that two routed bridges or VLANs of one VRF of a node have, each with its interfaces.
pub fn doubles<'m>(device: &Device<'m>) -> BTreeMap<(&'m str, Prefix), Vec<&'m Link>> {
    let mut found: BTreeMap<(&str, Prefix), Vec<&Link>> = BTreeMap::new();
    for link in device.node.links.values() {
        if !matches!(link.kind, LinkKind::Bridge { .. } | LinkKind::Vlan { .. }) {
            continue;
        }
        let vrf = link.vrf_name();
        for own in link.addresses.iter().filter(|own| !own.is_host() && !gateway::is_link_local(own.ip)) {
            let links = found.entry((vrf, own.prefix())).or_default();
            if links.iter().all(|known| known.name != link.name) {
                links.push(link);
            }
        }
    }
    found.retain(|_, links| links.len() > 1);
    found
}

/// Every disagreement, one for each set of nodes in the minority.
pub fn conflicts(fabric: &Fabric) -> Vec<Conflict> {
    let mut all = vec![];
    let doubled: BTreeSet<(NodeIndex, &str)> = fabric
        .devices
        .iter_enumerated()
        .flat_map(|(node, device)| doubles(device).into_values().flatten().map(move |link| (node, link.name.as_str())))
        .collect();
    for (vni, gateways) in &fabric.overlay.gateways {
        let mut count: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for gateway in gateways {
            *count.entry(gateway.node).or_default() += 1;
        }
        let sound = |gateway: &&Gateway| {
            count.get(&gateway.node) == Some(&1)
                && !gateway.prefixes.is_empty()
                && !doubled.contains(&(gateway.node, gateway.svi.name.as_str()))
        };
        let gateways: Vec<&Gateway> = gateways.iter().filter(sound).collect();
        subnets(fabric, *vni, &gateways, &mut all);
        vrfs(fabric, *vni, &gateways, &mut all);
    }
    addresses(fabric, &doubled, &mut all);
    layers(fabric, &mut all);
    names(fabric, &mut all);
    let mut merged: BTreeMap<BTreeSet<NodeIndex>, Conflict> = BTreeMap::new();
    all.sort_by_key(|conflict: &Conflict| conflict.rank);
    for conflict in all {
        match merged.get_mut(&conflict.odd) {
            None => {
                merged.insert(conflict.odd.clone(), conflict);
            }
            Some(known) if known.rank == conflict.rank => {
                known.vnis.extend(conflict.vnis);
                known.what.extend(conflict.what);
                known.places.extend(conflict.places);
            }
            Some(_) => {}
        }
    }
    merged.into_values().collect()
}

fn names_of(fabric: &Fabric, nodes: &BTreeSet<NodeIndex>) -> String {
    join_names(nodes.iter().map(|node| fabric.name(*node)))
}

fn subnets(fabric: &Fabric, vni: Vni, gateways: &[&Gateway], all: &mut Vec<Conflict>) {
    for is_v4 in [true, false] {
        let own = |gateway: &Gateway| -> BTreeSet<Prefix> {
            gateway.prefixes.iter().copied().filter(|prefix| prefix.network().is_ipv4() == is_v4).collect()
        };
        let mut groups: BTreeMap<BTreeSet<Prefix>, BTreeSet<NodeIndex>> = BTreeMap::new();
        for gateway in gateways {
            let prefixes = own(gateway);
            if !prefixes.is_empty() {
                groups.entry(prefixes).or_default().insert(gateway.node);
            }
        }
        let Some((common, usual, others)) = majority(groups) else { continue };
        for (prefixes, odd) in others {
            if prefixes.iter().any(|own| common.iter().any(|common| own.overlaps(*common))) {
                continue;
            }
            let (theirs, ours) = (join_names(&prefixes), join_names(&common));
            let place = |gateway: &&Gateway| {
                let words = if odd.contains(&gateway.node) { &theirs } else { &ours };
                (Some(gateway.place()), format!("{words} on vni {vni} of {}", fabric.name(gateway.node)))
            };
            let (first, rest): (Vec<&Gateway>, Vec<&Gateway>) = gateways
                .iter()
                .filter(|gateway| odd.contains(&gateway.node) || usual.contains(&gateway.node))
                .partition(|gateway| odd.contains(&gateway.node));
            let mut places: Vec<_> = first.iter().map(place).collect();
            places.extend(first.iter().flat_map(|gateway| carrier(fabric, gateway)));
            places.extend(rest.iter().take(3).map(place));
            all.push(Conflict {
                what: vec![format!(
                    "vni {vni} is {theirs} on {}, but {ours} on {}",
                    names_of(fabric, &odd),
                    names_of(fabric, &usual)
                )],
                vnis: [vni].into(),
                places,
                odd,
                rank: Rank::Subnet,
            });
        }
    }
}

/// Where a node says which VNI a gateway is on: the port of the bridge, the VLAN of the device, the VNI itself.
fn carrier(fabric: &Fabric, gateway: &Gateway) -> Vec<(Option<Span>, String)> {
    let device = &fabric.devices[gateway.node];
    let Some(local_vni) = device.local_vnis.iter().find(|local_vni| local_vni.vni == gateway.vni) else {
        return vec![];
    };
    wiring(device, local_vni)
        .into_iter()
        .map(|(span, words)| (span, format!("{words} {}", fabric.name(gateway.node))))
        .collect()
}

fn wiring(device: &Device, local_vni: &LocalVni) -> Vec<(Option<Span>, String)> {
    let port = local_vni.bridge.and_then(|bridge| device.port_span(&bridge.name, &local_vni.link.name));
    let mut places = vec![(local_vni.span, format!("vni {} of", local_vni.vni))];
    match &local_vni.vlan {
        Some(vlan) => places.push((vlan.span(), format!("vlan {} of", vlan.value))),
        None => places.push((port, format!("{} is a port here on", local_vni.link.name))),
    }
    places
}

fn vrfs(fabric: &Fabric, vni: Vni, gateways: &[&Gateway], all: &mut Vec<Conflict>) {
    let mut groups: BTreeMap<Option<&str>, BTreeSet<NodeIndex>> = BTreeMap::new();
    for gateway in gateways.iter().filter(|gateway| !gateway.addresses.is_empty()) {
        groups.entry(gateway.vrf()).or_default().insert(gateway.node);
    }
    let words = |vrf: &Option<&str>| vrf.map_or("outside any VRF".to_owned(), |vrf| format!("in VRF {vrf}"));
    let Some((common, usual, others)) = majority(groups) else { return };
    let l3vnis = |nodes: &BTreeSet<NodeIndex>, vrf: Option<&str>| -> BTreeSet<Vni> {
        let configured = vrf.and_then(|vrf| fabric.overlay.l3vnis.get(vrf)).into_iter().flatten();
        configured.filter(|(node, _)| nodes.contains(node)).map(|(_, vni)| vni.value).collect()
    };
    let addresses = |nodes: &BTreeSet<NodeIndex>| -> BTreeSet<IpAddr> {
        let own = gateways.iter().filter(|gateway| nodes.contains(&gateway.node));
        own.flat_map(|gateway| &gateway.addresses).map(|address| address.ip).collect()
    };
    for (vrf, odd) in others {
        // The name of a VRF is the node's own affair; its L3VNI is not. A node outside any VRF may be a mere host.
        let is_same = !l3vnis(&odd, vrf).is_disjoint(&l3vnis(&usual, common));
        let is_host = (vrf.is_none() || common.is_none()) && addresses(&odd).is_disjoint(&addresses(&usual));
        if is_same || is_host {
            continue;
        }
        let mut places = vec![];
        for (nodes, words) in [(&odd, words(&vrf)), (&usual, words(&common))] {
            for gateway in gateways.iter().filter(|gateway| nodes.contains(&gateway.node)).take(3) {
                let span = gateway.svi.vrf.as_ref().and_then(|vrf| vrf.span()).unwrap_or(gateway.svi.place());
                places.push((Some(span), format!("{} of {} is {words}", gateway.svi.name, fabric.name(gateway.node))));
            }
        }
        all.push(Conflict {
            what: vec![format!(
                "the gateway of vni {vni} is {} on {}, but {} on {}",
                words(&vrf),
                names_of(fabric, &odd),
                words(&common),
                names_of(fabric, &usual)
            )],
            vnis: [vni].into(),
            places,
            odd,
            rank: Rank::Vrf,
        });
    }
}

fn addresses(fabric: &Fabric, doubled: &BTreeSet<(NodeIndex, &str)>, all: &mut Vec<Conflict>) {
    for ((_, ip), vnis) in by_address(fabric) {
        if vnis.len() < 2 {
            continue;
        }
        let mut groups: BTreeMap<Vni, BTreeSet<NodeIndex>> = BTreeMap::new();
        for (vni, gateways) in &vnis {
            let sound = gateways.iter().filter(|gateway| !doubled.contains(&(gateway.node, gateway.svi.name.as_str())));
            groups.entry(*vni).or_default().extend(sound.map(|gateway| gateway.node));
        }
        groups.retain(|_, nodes| !nodes.is_empty());
        let Some((common, usual, others)) = majority(groups) else { continue };
        for (vni, odd) in others {
            if !odd.is_disjoint(&usual) {
                continue;
            }
            let mut places = vec![];
            for (vni, nodes) in [(vni, &odd), (common, &usual)] {
                let gateways = vnis[&vni].iter().filter(|gateway| nodes.contains(&gateway.node));
                for gateway in gateways.take(if vni == common { 3 } else { 20 }) {
                    places.push((Some(gateway.place()), format!("{ip} on vni {vni} of {}", fabric.name(gateway.node))));
                    places.extend(carrier(fabric, gateway).into_iter().filter(|_| vni != common));
                }
            }
            all.push(Conflict {
                what: vec![format!(
                    "gateway {ip} is on vni {vni} on {}, but on vni {common} on {}",
                    names_of(fabric, &odd),
                    names_of(fabric, &usual)
                )],
                vnis: [vni].into(),
                places,
                odd,
                rank: Rank::Address,
            });
        }
    }
}

fn layers(fabric: &Fabric, all: &mut Vec<Conflict>) {
    let routed: BTreeMap<Vni, (&str, NodeIndex, Option<Span>)> = fabric.overlay.told_l3vnis().collect();
    for (vni, (vrf, router, span)) in routed {
        let bridged = fabric.overlay.gateways.get(&vni).into_iter().flatten();
        for gateway in bridged.filter(|gateway| !gateway.addresses.is_empty() && gateway.node != router) {
            all.push(Conflict {
                what: vec![format!(
                    "vni {vni} is a bridged segment with {} on {}, but the L3VNI of VRF {} on {}",
                    join_names(&gateway.prefixes),
                    fabric.name(gateway.node),
                    if vrf.is_empty() { "default" } else { vrf },
                    fabric.name(router)
                )],
                vnis: [vni].into(),
                places: vec![
                    (Some(gateway.place()), format!("bridged here on {}", fabric.name(gateway.node))),
                    (span, format!("routed here on {}", fabric.name(router))),
                ],
                odd: [gateway.node].into(),
                rank: Rank::Layer,
            });
        }
    }
}

/// Names are weak evidence. A bridge or device of one name on several nodes is one segment only if the name bears the
/// VNI's last digits, or if Proxmox gave it, for which a name is one vnet in the whole cluster.
fn names(fabric: &Fabric, all: &mut Vec<Conflict>) {
    let mut index: BTreeMap<&str, BTreeMap<Vni, BTreeSet<NodeIndex>>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        for local_vni in
            device.local_vnis.iter().filter(|local_vni| local_vni.vxlan.vni.is_some() && local_vni.layer3.is_none())
        {
            let bridge = local_vni.bridge.filter(|bridge| !bridge.is_vlan_aware());
            for link in bridge.into_iter().chain([local_vni.link]) {
                index.entry(&link.name).or_default().entry(local_vni.vni).or_default().insert(node);
            }
        }
    }
    for (name, groups) in index {
        if groups.len() < 2 {
            continue;
        }
        let Some((common, usual, others)) = majority::<Vni>(groups) else { continue };
        let others: Groups<Vni> = others;
        for (vni, odd) in others {
            let alone = fabric.overlay.vnis.get(&vni).is_some_and(|all| all.iter().all(|m| odd.contains(&m.node)));
            let carries = |node: &NodeIndex| {
                fabric.overlay.vnis.get(&common).is_some_and(|all| all.iter().any(|m| m.node == *node))
            };
            let is_named = is_named_after(name, common) && !is_named_after(name, vni);
            let generated = odd.iter().chain(&usual).all(|node| {
                let device = &fabric.devices[*node];
                device.link(name).is_some_and(|link| device.is_generated(link))
            });
            if !alone || odd.iter().any(carries) || !(is_named || generated) || !odd.is_disjoint(&usual) {
                continue;
            }
            let place = |node: &NodeIndex, vni: Vni| {
                let local_vnis = fabric.devices[*node].local_vnis.iter();
                let span = local_vnis.filter(|local_vni| local_vni.vni == vni).find_map(|local_vni| local_vni.span);
                (span, format!("vni {vni} on {}", fabric.name(*node)))
            };
            let mut places: Vec<_> = odd.iter().map(|node| place(node, vni)).collect();
            places.extend(usual.iter().take(3).map(|node| place(node, common)));
            all.push(Conflict {
                what: vec![format!(
                    "{name} carries vni {vni} on {}, but vni {common} on {}",
                    names_of(fabric, &odd),
                    names_of(fabric, &usual)
                )],
                vnis: [vni].into(),
                places,
                odd,
                rank: Rank::Name,
            });
        }
    }
}

fn is_named_after(name: &str, vni: Vni) -> bool {
    let vni = vni.to_string();
    name.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits == vni || (digits.len() > 1 && digits.len() < vni.len() && vni.ends_with(digits)))
}
