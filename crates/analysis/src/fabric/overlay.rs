//! Which node carries which VNI and which VRF: the memberships, from either side.

use super::{
    device::{Device, LocalVni},
    gateway::Gateway,
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{Sourced, Vni},
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The overlay.
pub struct Overlay<'m> {
    /// The members of each VNI, in order of the nodes.
    pub vnis: BTreeMap<Vni, Vec<VniMember<'m>>>,
    /// The routed interfaces of each L2VNI, in order of the nodes.
    pub gateways: BTreeMap<Vni, Vec<Gateway<'m>>>,
    /// The L3VNIs that FRR is told, by VRF, in order of the nodes; the default VRF under the empty name.
    pub l3vnis: BTreeMap<&'m str, Vec<(NodeIndex, &'m Sourced<Vni>)>>,
    /// Where each VTEP address stands on an interface, in order of the nodes.
    owners: BTreeMap<IpAddr, Vec<(NodeIndex, Option<Span>)>>,
    /// The users of each VTEP address, in order of the nodes.
    pub vteps: BTreeMap<IpAddr, Vec<(NodeIndex, &'m Sourced<IpAddr>)>>,
}

/// A node's part in a VNI.
#[derive(Clone)]
pub struct VniMember<'m> {
    /// The node.
    pub node: NodeIndex,
    /// How it carries it.
    pub local_vni: LocalVni<'m>,
}

impl<'m> Overlay<'m> {
    /// Collects the memberships of all nodes.
    pub fn new(devices: &ByNode<Device<'m>>) -> Self {
        let mut overlay = Self {
            vnis: BTreeMap::new(),
            gateways: BTreeMap::new(),
            l3vnis: BTreeMap::new(),
            vteps: BTreeMap::new(),
            owners: BTreeMap::new(),
        };
        for (node, device) in devices.iter_enumerated() {
            for local_vni in &device.local_vnis {
                overlay.vnis.entry(local_vni.vni).or_default().push(VniMember { node, local_vni: local_vni.clone() });
                if let Some(gateway) = Gateway::of(node, local_vni) {
                    overlay.gateways.entry(local_vni.vni).or_default().push(gateway);
                }
            }
            for (vrf, _, vni) in device.node.frr.iter().flat_map(|frr| frr.l3vnis()) {
                overlay.l3vnis.entry(vrf).or_default().push((node, vni));
            }
            for (address, place) in device.vteps() {
                overlay.vteps.entry(address).or_default().push((node, place));
            }
        }
        for (node, device) in devices.iter_enumerated() {
            for own in device.node.links.values().filter(|link| link.vrf.is_none()).flat_map(|link| &link.addresses) {
                if overlay.vteps.contains_key(&own.ip) {
                    overlay.owners.entry(own.ip).or_default().push((node, own.span()));
                }
            }
        }
        overlay
    }

    /// The VNIs that nodes are told to be a VRF's, each with the VRF, the node and the place.
    pub fn told_l3vnis(&self) -> impl Iterator<Item = (Vni, (&'m str, NodeIndex, Option<Span>))> {
        let listed = self.l3vnis.iter().flat_map(|(vrf, nodes)| nodes.iter().map(move |entry| (*vrf, entry)));
        listed.map(|(vrf, (node, vni))| (vni.value, (vrf, *node, vni.span())))
    }

    /// Who has a VTEP address on an interface outside VRFs, and where.
    pub fn owners(&self, vtep: IpAddr) -> impl Iterator<Item = (NodeIndex, Option<Span>)> + '_ {
        self.owners.get(&vtep).into_iter().flatten().copied()
    }

    /// Whether an address is the VTEP address of another node.
    pub fn is_taken(&self, address: IpAddr, by_other_than: NodeIndex) -> bool {
        self.vteps.get(&address).is_some_and(|users| users.iter().any(|(node, _)| *node != by_other_than))
    }
}

/// What the most nodes say, and what the others say: `groups` holds who says what. Where two are equally common, that
/// of the first node counts as the common one.
pub fn majority<K: Ord>(groups: BTreeMap<K, BTreeSet<NodeIndex>>) -> Option<(K, BTreeSet<NodeIndex>, Groups<K>)> {
    let mut groups: Groups<K> = groups.into_iter().collect();
    let first = |nodes: &BTreeSet<NodeIndex>| nodes.first().copied();
    groups.sort_by_key(|(_, nodes)| (std::cmp::Reverse(nodes.len()), first(nodes)));
    let mut groups = groups.into_iter();
    let (common, nodes) = groups.next()?;
    Some((common, nodes, groups.collect()))
}

/// Values, each with the nodes that have it.
pub type Groups<K> = Vec<(K, BTreeSet<NodeIndex>)>;
