//! Whether tunnels fit the underlay: for each VNI and each pair of its VTEPs, the largest packet that one sends against the
//! smallest MTU on all equal-cost ways to the other.
//!
//! A thousand VTEPs with a thousand VNIs each make a thousand million pairs, but a thousand addresses: the ways to each are
//! walked once, whoever sends what there.

use super::{
    ports::{Hop, PortIndex, Ports},
    ribs::Ribs,
};
use crate::fabric::{Fabric, NodeIndex, mtu::Need};
use evpnlint_core::model::Vni;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// All budgets.
pub struct Budgets<'m> {
    /// The ports of the underlay.
    pub ports: Ports<'m>,
    /// By node, what it puts into its tunnels, the largest first.
    pub(super) needs: Vec<Vec<Need>>,
    /// Who has which VNI.
    pub(super) members: BTreeMap<Vni, BTreeMap<NodeIndex, Tunnels>>,
    /// The VNIs of each VTEP address.
    pub(super) addresses: BTreeMap<IpAddr, BTreeSet<Vni>>,
    /// What the ways to each VTEP address come to, by node; none where they are not known.
    towards: BTreeMap<IpAddr, Vec<Option<Limit>>>,
}

/// The tunnels of a VNI on a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tunnels {
    /// The address of its tunnels.
    pub(super) address: Option<IpAddr>,
    /// What it puts into them; none where its MTU is not known.
    pub(super) need: Option<Need>,
}

/// What the ways from one node to an address come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The port with the smallest MTU, where any is known.
    pub port: Option<PortIndex>,
    /// Whether every port and every MTU on the ways is known.
    pub is_whole: bool,
}

/// The ports that a packet may cross, from each node towards an address, and the nodes in an order in which each comes
/// after all that its packets pass.
pub(super) struct Walk {
    pub(super) hops: Vec<Vec<(NodeIndex, Hop)>>,
    pub(super) order: Vec<NodeIndex>,
}

/// The tunnels of a VNI from one VTEP to another.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// How large its packets get.
    pub need: Need,
    /// Who sends.
    pub from: NodeIndex,
    /// Who receives.
    pub to: NodeIndex,
    /// What the ways between them come to; none where they are not known.
    pub limit: Option<Limit>,
}

/// Whether the largest packets arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// On every way.
    Fits,
    /// Not on all.
    TooSmall,
    /// Not every MTU on the ways is known, and the known ones suffice.
    Unknown,
}

impl<'m> Budgets<'m> {
    /// Walks all ways.
    pub fn new(fabric: &Fabric<'m>, ribs: &Ribs<'m>) -> Self {
        let mut budgets = Self::unwalked(fabric);
        let limits = |address: &IpAddr| (*address, budgets.limits(&budgets.walk(fabric, ribs, *address)));
        budgets.towards = budgets.addresses.keys().map(limits).collect();
        budgets
    }

    pub(super) fn unwalked(fabric: &Fabric<'m>) -> Self {
        let members = members(fabric);
        let mut needs: Vec<Vec<Need>> = vec![vec![]; fabric.devices.len()];
        let mut addresses: BTreeMap<IpAddr, BTreeSet<Vni>> = BTreeMap::new();
        for (vni, all) in &members {
            for (node, member) in all {
                needs[*node].extend(member.need);
                member.address.into_iter().for_each(|address| _ = addresses.entry(address).or_default().insert(*vni));
            }
        }
        needs.iter_mut().for_each(|own| own.sort_by_key(Need::rank));
        Self { ports: Ports::new(fabric), needs, members, addresses, towards: BTreeMap::new() }
    }

    /// Every VNI and ordered pair of nodes that have it, in order.
    pub fn all(&self) -> impl Iterator<Item = Budget> + '_ {
        self.members.values().flat_map(move |members| {
            let senders = members.iter().filter_map(|(from, own)| Some((*from, own.need?)));
            senders.flat_map(move |(from, need)| {
                let others = members.iter().filter(move |(to, _)| **to != from);
                others.map(move |(to, own)| Budget { need, from, to: *to, limit: self.limit(from, own.address) })
            })
        })
    }

    fn limit(&self, from: NodeIndex, address: Option<IpAddr>) -> Option<Limit> {
        self.towards.get(&address?)?[from]
    }

    /// The smallest MTU on the ways, in bytes, where one is known.
    pub fn least(&self, limit: Option<Limit>) -> Option<u32> {
        self.mtu(limit?.port?)
    }

    /// Whether the largest packets of a tunnel arrive.
    pub fn fit(&self, budget: &Budget) -> Fit {
        match (self.least(budget.limit), budget.limit) {
            (Some(least), _) if least < budget.need.bytes() => Fit::TooSmall,
            (_, Some(Limit { is_whole: true, .. })) => Fit::Fits,
            _ => Fit::Unknown,
        }
    }

    fn mtu(&self, port: PortIndex) -> Option<u32> {
        self.ports.all[port as usize].mtu.as_ref().map(|mtu| mtu.bytes)
    }

    pub(super) fn walk(&self, fabric: &Fabric<'m>, ribs: &Ribs<'m>, address: IpAddr) -> Walk {
        let ways = ribs.ways(fabric, address);
        let count = ways.next.len();
        let mut hops: Vec<Vec<(NodeIndex, Hop)>> = vec![vec![]; count];
        let mut back: Vec<Vec<NodeIndex>> = vec![vec![]; count];
        // What a node waits for; one whose next step is not known waits for ever.
        let mut waits = vec![0usize; count];
        for (node, next) in ways.next.iter().enumerate().filter(|(node, _)| !ways.owners.contains(node)) {
            for next in next {
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

    fn limits(&self, walk: &Walk) -> Vec<Option<Limit>> {
        let mut limits: Vec<Option<Limit>> = vec![None; walk.hops.len()];
        for node in &walk.order {
            let mut own = Limit { port: None, is_whole: true };
            let mut narrow = |port: Option<PortIndex>, is_whole: bool| {
                let smaller = |port: &PortIndex| own.port.is_none_or(|known| self.mtu(*port) < self.mtu(known));
                own.is_whole &= is_whole;
                own.port = port.filter(smaller).or(own.port);
            };
            for (next, hop) in &walk.hops[*node] {
                for port in [hop.out, hop.into] {
                    let is_known = self.mtu(port).is_some();
                    narrow(Some(port).filter(|_| is_known), is_known && hop.is_known);
                }
                if let Some(beyond) = limits[*next] {
                    narrow(beyond.port, beyond.is_whole);
                }
            }
            limits[*node] = Some(own);
        }
        limits
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
        for member in members.iter().filter(|member| member.segment.layer3.is_some() || !routed.contains(vni)) {
            let address = member.segment.source.map(|source| source.value);
            let need = Need::of(&fabric.devices[member.node], &member.segment);
            all.entry(*vni).or_default().insert(member.node, Tunnels { address, need });
        }
    }
    all
}
