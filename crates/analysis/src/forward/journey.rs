//! What a packet meets on its way, step by step.

use super::{
    host::HostIndex,
    loss::{self, Fate},
    tunnel::Tunnelled,
    wire::Crossing,
};
use crate::fabric::NodeIndex;
use evpnlint_core::{model::Prefix, source::Span};
use std::{collections::BTreeMap, net::IpAddr};

/// Where a route comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// An address of the node itself.
    Own,
    /// A subnet of an interface.
    Connected,
    /// A type-2 route of EVPN.
    Host,
    /// A type-5 route of EVPN.
    Prefix,
    /// A static route of FRR.
    Static,
    /// A command in a hook.
    Hook,
    /// A default gateway of an interface.
    Gateway,
    /// Another VRF of the node (`import vrf`).
    Leak,
    /// The underlay's protocols.
    Underlay,
    /// ifupdown2, which ends every VRF's table with it.
    Unreachable,
}

/// Something that happens to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event<'m> {
    /// A host sends it to that next hop, or to its destination on the wire.
    Sends(HostIndex, IpAddr),
    /// A node's interface takes it, which answers for that next hop.
    Takes(NodeIndex, &'m str, IpAddr),
    /// A node routes it in a VRF.
    Routes(NodeIndex, &'m str, Prefix, Origin),
    /// It goes through a tunnel.
    Crosses(Crossing),
    /// A node of the underlay sends it to the next one, by that port where files tell it.
    Hops(NodeIndex, Option<&'m str>, NodeIndex),
}

/// A step, with the line that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leg<'m> {
    /// What happens.
    pub event: Event<'m>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// A packet that was sent.
#[derive(Clone, Copy)]
pub struct Sent<'a, 'm> {
    /// What it met.
    pub legs: &'a [Leg<'m>],
    /// Whom it is for.
    pub to: IpAddr,
    /// Its bytes, IP header included.
    pub size: u32,
}

/// A packet's steps through a tunnel, and the node it comes out at or what becomes of it.
pub(super) type OneWay<'m> = (Vec<Leg<'m>>, Result<NodeIndex, Fate<'m>>);

/// Which of the equal ways a packet takes at each branch, in the order in which it meets them.
#[derive(Clone, Debug, Default)]
pub(super) struct Picks<'m> {
    /// At each branch what is taken, and of how many.
    branches: Vec<(usize, usize)>,
    /// How many branches the packet has met.
    met: usize,
    /// The tunnels that it has crossed: all copies of one packet take the same way.
    pub(super) crossed: BTreeMap<(NodeIndex, Tunnelled), OneWay<'m>>,
}

impl Picks<'_> {
    /// The one of so many equal ways that is taken at the branch that the packet meets now.
    pub(super) fn pick(&mut self, of: usize) -> usize {
        if of < 2 {
            return 0;
        }
        if self.met == self.branches.len() {
            self.branches.push((0, of));
        }
        let (taken, _) = self.branches[self.met];
        self.met += 1;
        taken.min(of - 1)
    }

    /// The picks of the next way; none after the last one.
    pub(super) fn next(mut self) -> Option<Self> {
        self.branches.truncate(self.met);
        while let Some((taken, of)) = self.branches.pop() {
            if taken + 1 < of {
                self.branches.push((taken + 1, of));
                return Some(Self { branches: self.branches, ..Self::default() });
            }
        }
        None
    }
}

/// A packet's way so far.
#[derive(Clone, Debug, Default)]
pub struct Journey<'m> {
    /// The steps, in order.
    pub legs: Vec<Leg<'m>>,
    /// The VRFs of nodes that the packet is in. One that comes back goes round until its TTL ends.
    inside: Vec<(NodeIndex, &'m str)>,
    /// Which of several equal ways is taken, where one alone is followed.
    pub(super) picks: Option<Picks<'m>>,
}

impl<'m> Journey<'m> {
    /// A packet that takes one of several equal ways alone.
    pub(super) fn following(picks: Picks<'m>) -> Self {
        Self { picks: Some(picks), ..Self::default() }
    }

    pub(super) fn add(&mut self, event: Event<'m>, span: Option<Span>) {
        self.legs.push(Leg { event, span });
    }

    /// Enters a VRF of a node, unless the packet is in it already.
    pub(super) fn enter(&mut self, node: NodeIndex, vrf: &'m str) -> bool {
        let is_new = !self.inside.contains(&(node, vrf));
        if is_new {
            self.inside.push((node, vrf));
        }
        is_new
    }

    pub(super) fn leave(&mut self) {
        self.inside.pop();
    }

    /// One fate of several equal ways, of which a hash picks one. The steps are those of the way that decides. Where one way alone is followed, it is that one's fate.
    pub(super) fn all<W>(
        &mut self,
        mut ways: Vec<W>,
        mut take: impl FnMut(W, &mut Self) -> Fate<'m>,
    ) -> Option<Fate<'m>> {
        if let Some(picks) = &mut self.picks {
            let way = (!ways.is_empty()).then(|| ways.swap_remove(picks.pick(ways.len())))?;
            return Some(take(way, self));
        }
        let (fates, mut legs): (Vec<_>, Vec<_>) = self.take(ways, take).into_iter().unzip();
        let (at, fate) = loss::all(&fates)?;
        self.legs.append(&mut legs[at]);
        Some(fate)
    }

    /// One fate of several copies: the best.
    pub(super) fn any<W>(&mut self, ways: Vec<W>, take: impl FnMut(W, &mut Self) -> Fate<'m>) -> Option<Fate<'m>> {
        let rank = |fate: &Fate| match fate {
            Fate::Host(_) | Fate::Node(..) | Fate::Outside(_) => 0,
            Fate::Partial(_) => 1,
            Fate::Unknown(_) => 2,
            Fate::Lost(_) => 3,
        };
        let (fate, legs) = self.take(ways, take).into_iter().min_by_key(|(fate, _)| rank(fate))?;
        self.legs.extend(legs);
        Some(fate)
    }

    /// Every way by itself, with the steps on it.
    fn take<W>(
        &mut self,
        ways: Vec<W>,
        mut take: impl FnMut(W, &mut Self) -> Fate<'m>,
    ) -> Vec<(Fate<'m>, Vec<Leg<'m>>)> {
        let start = self.legs.len();
        let mut taken = vec![];
        for way in ways {
            let fate = take(way, self);
            taken.push((fate, self.legs.split_off(start)));
        }
        taken
    }
}
