//! What tunnels ask of the underlay: who sends how large a packet to which address, and over which ports it may run.

use super::{
    ports::{Hop, Ports},
    ribs::Ribs,
};
use crate::{
    fabric::{Fabric, mtu::TunnelPacket},
    index::{ByNode, NodeIndex},
};
use evpnlint_core::model::Vni;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What tunnels ask of the underlay.
pub struct Demand<'m> {
    /// The ports of the underlay.
    pub ports: Ports<'m>,
    /// By node, what it puts into its tunnels, the largest first.
    pub(super) needs: ByNode<Vec<TunnelPacket>>,
    /// Who has which VNI.
    pub(super) members: BTreeMap<Vni, BTreeMap<NodeIndex, Tunnels>>,
    /// The VNIs of each VTEP address.
    pub(super) addresses: BTreeMap<IpAddr, BTreeSet<Vni>>,
}

/// The tunnels of a VNI on a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tunnels {
    /// The address of its tunnels.
    pub(super) address: Option<IpAddr>,
    /// What it puts into them; none where its MTU is not known.
    pub(super) need: Option<TunnelPacket>,
}

/// The ports that a packet may cross, from each node towards an address, and the nodes in an order in which each comes
/// after all that its packets pass.
pub(super) struct Walk {
    pub(super) hops: ByNode<Vec<(NodeIndex, Hop)>>,
    pub(super) order: Vec<NodeIndex>,
}

impl<'m> Demand<'m> {
    /// Collects it.
    pub fn new(fabric: &Fabric<'m>) -> Self {
        let members = members(fabric);
        let mut needs: ByNode<Vec<TunnelPacket>> = ByNode::filled(vec![], fabric.devices.len());
        let mut addresses: BTreeMap<IpAddr, BTreeSet<Vni>> = BTreeMap::new();
        for (vni, all) in &members {
            for (node, member) in all {
                needs[*node].extend(member.need);
                member.address.into_iter().for_each(|address| _ = addresses.entry(address).or_default().insert(*vni));
            }
        }
        needs.iter_mut().for_each(|own| own.sort_by_key(TunnelPacket::rank));
        Self { ports: Ports::new(fabric), needs, members, addresses }
    }

    pub(super) fn walk(&self, fabric: &Fabric<'m>, ribs: &Ribs<'m>, address: IpAddr) -> Walk {
        let ways = ribs.ways(fabric, address);
        let count = fabric.devices.len();
        let mut hops: ByNode<Vec<(NodeIndex, Hop)>> = ByNode::filled(vec![], count);
        let mut back: ByNode<Vec<NodeIndex>> = ByNode::filled(vec![], count);
        // What a node waits for; one whose next step is not known waits for ever.
        let mut waits: ByNode<usize> = ByNode::filled(0, count);
        for node in fabric.nodes().filter(|node| !ways.owners.contains(node)) {
            for next in ways.next(node).iter() {
                let ports = self.ports.between(node, *next);
                waits[node] += if ports.is_empty() { usize::MAX / 2 } else { 1 };
                hops[node].extend(ports.into_iter().map(|hop| (next.node, hop)));
                back[next.node].push(node);
            }
        }
        let mut order: Vec<NodeIndex> = ways.owners.into_iter().collect();
        let mut at = 0;
        while let Some(node) = order.get(at).copied() {
            at += 1;
            for before in &back[node] {
                waits[*before] -= 1;
                if waits[*before] == 0 {
                    order.push(*before);
                }
            }
        }
        Walk { hops, order }
    }
}

/// The members of each VNI that leads anywhere.
fn members(fabric: &Fabric) -> BTreeMap<Vni, BTreeMap<NodeIndex, Tunnels>> {
    let mut all: BTreeMap<Vni, BTreeMap<NodeIndex, Tunnels>> = BTreeMap::new();
    let routed: BTreeSet<Vni> = fabric.overlay.l3vnis.values().flatten().map(|(_, vni)| vni.value).collect();
    for (vni, members) in &fabric.overlay.vnis {
        if fabric.closed && members.iter().all(|member| member.node == members[0].node) {
            continue;
        }
        // Where FRR is not told of an L3VNI, nothing is routed into it.
        for member in members.iter().filter(|member| member.local_vni.layer3.is_some() || !routed.contains(vni)) {
            let address = member.local_vni.tunnel_address().map(|source| source.value);
            let need = TunnelPacket::of(&fabric.devices[member.node], &member.local_vni);
            all.entry(*vni).or_default().insert(member.node, Tunnels { address, need });
        }
    }
    all
}
