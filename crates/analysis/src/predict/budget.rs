//! Whether tunnels fit the underlay: for each VNI and each pair of its VTEPs, the largest packet that one sends against
//! the smallest MTU on all equal-cost ways to the other.
//!
//! A thousand VTEPs with a thousand VNIs each make a thousand million pairs, but a thousand addresses: the ways to each
//! are walked once, whoever sends what there.

use super::{
    demand::{Demand, Walk},
    ports::PortIndex,
    ribs::Ribs,
};
use crate::{
    fabric::{Fabric, mtu::TunnelPacket},
    index::{ByNode, NodeIndex},
};
use evpnlint_core::model::Vni;
use std::{collections::BTreeMap, net::IpAddr};

/// All budgets.
pub struct Budgets<'p, 'm> {
    /// What tunnels ask of the underlay.
    demand: &'p Demand<'m>,
    /// What the ways to each VTEP address come to, by node; none where they are not known.
    towards: BTreeMap<IpAddr, ByNode<Option<Limit>>>,
}

/// What the ways from one node to an address come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The port with the smallest MTU, where any is known.
    pub port: Option<PortIndex>,
    /// Whether every port and every MTU on the ways is known.
    pub is_whole: bool,
}

/// The tunnels of a VNI from one VTEP to another.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// How large its packets get.
    pub need: TunnelPacket,
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

impl<'p, 'm> Budgets<'p, 'm> {
    /// Walks all ways.
    pub fn new(fabric: &Fabric<'m>, ribs: &Ribs<'m>, demand: &'p Demand<'m>) -> Self {
        let mut budgets = Self { demand, towards: BTreeMap::new() };
        let limits = |address: &IpAddr| (*address, budgets.limits(&demand.walk(fabric, ribs, *address)));
        budgets.towards = demand.addresses.keys().map(limits).collect();
        budgets
    }

    /// Every VNI and ordered pair of nodes that have it, in order.
    pub fn all(&self) -> impl Iterator<Item = Budget> + '_ {
        self.demand.members.values().flat_map(move |members| {
            let senders = members.iter().filter_map(|(from, own)| Some((*from, own.need?)));
            senders.flat_map(move |(from, need)| {
                let others = members.iter().filter(move |(to, _)| **to != from);
                others.map(move |(to, own)| Budget { need, from, to: *to, limit: self.limit(from, own.address) })
            })
        })
    }

    /// The tightest way of each sender in each VNI, of one sender or of all; what is not known behind what is.
    pub fn tightest(&self, node: Option<NodeIndex>) -> BTreeMap<(Vni, NodeIndex), Budget> {
        let mut tightest: BTreeMap<(Vni, NodeIndex), Budget> = BTreeMap::new();
        let rank = |budget: &Budget| self.least(budget.limit).unwrap_or(u32::MAX);
        for budget in self.all().filter(|budget| node.is_none_or(|node| budget.from == node)) {
            let known = tightest.entry((budget.need.vni, budget.from)).or_insert(budget);
            if rank(&budget) < rank(known) {
                *known = budget;
            }
        }
        tightest
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
        self.demand.ports.all[port as usize].mtu.as_ref().map(|mtu| mtu.bytes)
    }

    fn limits(&self, walk: &Walk) -> ByNode<Option<Limit>> {
        let mut limits: ByNode<Option<Limit>> = ByNode::filled(None, walk.hops.len());
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
