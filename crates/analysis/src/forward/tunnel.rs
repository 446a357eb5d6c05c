//! A packet of a tunnel on its way through the underlay, over every equal way.
//!
//! Linux gives the outer header no DF bit (`vxlan_xmit_one`, drivers/net/vxlan), so that the VTEP and every router
//! fragment it, and the VTEP at the other end puts it together again. What a bridge or a receiving port is too small for is
//! dropped, and nobody is told (`is_skb_forwardable`, net/core/dev.c, which leaves room for a VLAN tag).

use super::{
    Forwarding,
    journey::{Event, Journey},
    loss::{Doubt, Fate, Loss, all},
};
use crate::fabric::{NodeIndex, device::LocalVni, overhead::overhead};
use crate::predict::{
    ports::{Hop, PortIndex},
    ribs::{Next, Way, Ways},
};
use evpnlint_core::model::link::LinkKind;
use std::{collections::BTreeMap, net::IpAddr};

/// Room that the kernel leaves for a VLAN tag where it compares a frame with an MTU (`is_skb_forwardable`).
pub(super) const TAG: u32 = 4;

/// The largest packet that is taken to fit an interface whose MTU is in no file: Ethernet's.
const CERTAIN: u32 = 1500;

/// What is sent through a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tunnelled {
    /// How many routers the outer packet passes at most.
    pub(super) ttl: u8,
    /// The tunnel's source address.
    pub(super) source: Option<IpAddr>,
    /// The VTEP it is for.
    pub(super) vtep: IpAddr,
    /// Bytes of the inner IP packet.
    pub(super) size: u32,
    /// Whether it must not be fragmented.
    pub(super) df: bool,
}

/// What becomes of a packet over all equal ways.
#[derive(Clone)]
pub(super) struct Crossed<'m> {
    /// The nodes that it arrives at on some way.
    nodes: Vec<NodeIndex>,
    /// What becomes of it, unless it arrives on every way.
    lost: Option<Fate<'m>>,
}

/// The links to a next node of which a hash picks one.
pub(super) struct Onward {
    /// The next node.
    pub(super) node: NodeIndex,
    /// The link that files tell; else all that it could be. None where no file tells any.
    pub(super) hops: Vec<Hop>,
}

/// The TTL of a tunnel's packets (`ip4_dst_hoplimit` where none is given).
pub(super) fn ttl(local_vni: &LocalVni) -> u8 {
    local_vni.vxlan.ttl.as_ref().map_or(64, |ttl| ttl.value)
}

impl<'m> Forwarding<'_, 'm> {
    /// Takes a packet through a tunnel: the nodes that it arrives at by one of the equal ways.
    ///
    /// # Errors
    /// What becomes of it, unless it arrives on every way; where one way alone is followed, unless it does on some way.
    pub(super) fn tunnel(&self, from: NodeIndex, packet: Tunnelled) -> Result<Vec<NodeIndex>, Fate<'m>> {
        let known = self.crossed.borrow().get(&(from, packet)).cloned();
        let Crossed { nodes, lost } = known.unwrap_or_else(|| {
            let crossed = self.cross(from, packet);
            self.crossed.borrow_mut().insert((from, packet), crossed.clone());
            crossed
        });
        match lost {
            Some(fate) if nodes.is_empty() || !self.follows_one.get() => Err(fate),
            _ => Ok(nodes),
        }
    }

    fn cross(&self, from: NodeIndex, packet: Tunnelled) -> Crossed<'m> {
        if let Some(lost) = self.has_no_source(from, packet) {
            return Crossed { nodes: vec![], lost: Some(lost) };
        }
        let outer = packet.size + overhead(packet.vtep);
        let ways = self.ways(packet.vtep);
        let mut known = BTreeMap::new();
        let ends = self.passes(from, &ways, packet, outer, 0, &mut known);
        let (arrived, lost): (Vec<_>, Vec<_>) = ends.into_iter().partition(|end| end.is_ok());
        let mut fates: Vec<Fate> = lost.into_iter().filter_map(Result::err).collect();
        let is_lost = arrived.is_empty() || !fates.is_empty();
        let mut nodes: Vec<NodeIndex> = arrived.into_iter().flatten().collect();
        fates.extend(nodes.iter().map(|node| Fate::Outside(*node)));
        nodes.sort_unstable();
        nodes.dedup();
        let lost = || all(&fates).map(|(_, fate)| fate).unwrap_or(Fate::Lost(Loss::NoWay(from, packet.vtep)));
        Crossed { nodes, lost: is_lost.then(lost) }
    }

    /// Takes a packet through a tunnel by the one way that the journey picks, node by node.
    ///
    /// # Errors
    /// What becomes of it on this way, unless it arrives.
    pub(super) fn one_way(
        &self,
        from: NodeIndex,
        packet: Tunnelled,
        journey: &mut Journey<'m>,
    ) -> Result<NodeIndex, Fate<'m>> {
        let known = journey.picks.as_ref().and_then(|picks| picks.crossed.get(&(from, packet)).cloned());
        let (legs, end) = known.unwrap_or_else(|| {
            let before = journey.legs.len();
            let end = self.follow(from, packet, journey);
            let taken = (journey.legs.split_off(before), end);
            if let Some(picks) = &mut journey.picks {
                picks.crossed.insert((from, packet), taken.clone());
            }
            taken
        });
        journey.legs.extend(legs);
        end
    }

    fn follow(&self, from: NodeIndex, packet: Tunnelled, journey: &mut Journey<'m>) -> Result<NodeIndex, Fate<'m>> {
        if let Some(lost) = self.has_no_source(from, packet) {
            return Err(lost);
        }
        let ways = self.ways(packet.vtep);
        let (mut at, mut size, mut hops) = (from, packet.size + overhead(packet.vtep), 0);
        loop {
            if let Some(end) = self.ends_at(at, &ways, packet, hops) {
                return end;
            }
            let mut onward: Vec<Onward> = ways.next(at).iter().flat_map(|next| self.onward(at, *next)).collect();
            if onward.is_empty() {
                return Err(self.strands(at, packet.vtep));
            }
            let picked = journey.picks.as_mut().map_or(0, |picks| picks.pick(onward.len()));
            let picked = onward.swap_remove(picked);
            size = self.hops(at, &picked, packet, size, hops == 0, journey)?;
            (at, hops) = (picked.node, hops.saturating_add(1));
        }
    }

    /// The size of the largest piece of a packet behind the link to a next node. Where one way alone is followed, the step
    /// is noted, unless the packet does not even leave.
    pub(super) fn hops(
        &self,
        at: NodeIndex,
        onward: &Onward,
        packet: Tunnelled,
        size: u32,
        first: bool,
        journey: &mut Journey<'m>,
    ) -> Result<u32, Fate<'m>> {
        let crossed = self.crosses(at, onward, packet, size, first);
        let leaves = match &crossed {
            Err(Fate::Lost(Loss::Silent(node, ..))) => *node != at,
            crossed => crossed.is_ok(),
        };
        if leaves && journey.picks.is_some() {
            let known = onward.hops.first().filter(|hop| hop.is_known).map(|hop| self.ports.all[hop.out as usize].link);
            let event = Event::Hops(at, known.map(|link| link.name.as_str()), onward.node);
            journey.add(event, known.map(|link| link.place()));
        }
        crossed
    }

    /// The links to a next node, of which each that files tell is a way by itself.
    pub(super) fn onward(&self, at: NodeIndex, next: Next) -> Vec<Onward> {
        let (known, guessed): (Vec<Hop>, Vec<Hop>) =
            self.ports.between(at, next).into_iter().partition(|hop| hop.is_known);
        let is_guess = known.is_empty();
        let known = known.into_iter().map(|hop| Onward { node: next.node, hops: vec![hop] });
        known.chain(is_guess.then_some(Onward { node: next.node, hops: guessed })).collect()
    }

    fn has_no_source(&self, from: NodeIndex, packet: Tunnelled) -> Option<Fate<'m>> {
        let source = packet.source.filter(|source| self.machines[from].owns("", *source).is_none())?;
        Some(Fate::Lost(Loss::SourceNotLocal(from, source)))
    }

    /// How the way of a packet ends at a node, unless it goes on there.
    fn ends_at(
        &self,
        at: NodeIndex,
        ways: &Ways<'_, '_>,
        packet: Tunnelled,
        hops: u8,
    ) -> Option<Result<NodeIndex, Fate<'m>>> {
        if ways.owners.contains(&at) {
            return Some(Ok(at));
        }
        let loss = if self.machines[at].swallows(packet.vtep) {
            Loss::Swallowed(at, packet.vtep)
        } else if hops > 0 && hops >= packet.ttl {
            Loss::Ttl(at)
        } else if let Some(off) = self.prediction.ribs.off(at, packet.vtep.is_ipv4()).filter(|_| hops > 0) {
            Loss::NotForwarding(at, off)
        } else if usize::from(hops) > self.machines.len() {
            Loss::Loop(at)
        } else {
            return None;
        };
        Some(Err(Fate::Lost(loss)))
    }

    /// What becomes of a packet at a node that knows no next one.
    fn strands(&self, at: NodeIndex, vtep: IpAddr) -> Fate<'m> {
        match self.reach(vtep).ways[at] {
            Way::Assumed => Fate::Unknown(Doubt::Assumed(at)),
            Way::Hops(_) | Way::None => Fate::Lost(Loss::NoWay(at, vtep)),
        }
    }

    /// What becomes of an outer packet of that size at a node.
    fn passes(
        &self,
        at: NodeIndex,
        ways: &Ways<'_, '_>,
        packet: Tunnelled,
        size: u32,
        hops: u8,
        known: &mut BTreeMap<(NodeIndex, u32), Vec<Result<NodeIndex, Fate<'m>>>>,
    ) -> Vec<Result<NodeIndex, Fate<'m>>> {
        if let Some(known) = known.get(&(at, size)) {
            return known.clone();
        }
        if let Some(end) = self.ends_at(at, ways, packet, hops) {
            return vec![end];
        }
        let mut ends = vec![];
        for onward in ways.next(at).iter().flat_map(|next| self.onward(at, *next)) {
            match self.crosses(at, &onward, packet, size, hops == 0) {
                Ok(size) => ends.extend(self.passes(onward.node, ways, packet, size, hops + 1, known)),
                Err(fate) => ends.push(Err(fate)),
            }
        }
        if ends.is_empty() {
            ends.push(Err(self.strands(at, packet.vtep)));
        }
        ends.dedup();
        known.insert((at, size), ends.clone());
        ends
    }

    /// The size of the largest piece of a packet behind the link to a next node. `first` is whether `at` may be told that
    /// it is too large.
    fn crosses(
        &self,
        at: NodeIndex,
        onward: &Onward,
        packet: Tunnelled,
        size: u32,
        first: bool,
    ) -> Result<u32, Fate<'m>> {
        let (mut largest, mut lost) = (None, None);
        for hop in &onward.hops {
            match self.passes_link(at, *hop, packet, size, first) {
                Ok(size) => largest = largest.max(Some(size)),
                Err(fate) => lost = lost.or(Some(fate)),
            }
        }
        match (largest, lost) {
            (Some(size), None) => Ok(size),
            (None, Some(fate)) => Err(fate),
            // Of links that could be meant, some are too small.
            (Some(_), Some(_)) => Err(Fate::Unknown(Doubt::Link(at))),
            (None, None) => Err(Fate::Unknown(Doubt::Assumed(at))),
        }
    }

    fn passes_link(&self, at: NodeIndex, hop: Hop, packet: Tunnelled, size: u32, first: bool) -> Result<u32, Fate<'m>> {
        let (out, into) = (&self.ports.all[hop.out as usize], &self.ports.all[hop.into as usize]);
        let device = &self.fabric().devices[at];
        let own = device.underlay_mtu(out.link).map(|mtu| mtu.bytes);
        let mut size = size;
        match own {
            Some(mtu) if size > mtu => {
                if first && packet.df {
                    return Err(Fate::Lost(Loss::TooBig(at, &out.link.name, mtu.saturating_sub(size - packet.size))));
                }
                size = mtu;
            }
            None if size > CERTAIN => return Err(Fate::Unknown(Doubt::Mtu(at))),
            _ => {}
        }
        if let Some(mtu) = out.mtu.as_ref().filter(|mtu| size > mtu.bytes + TAG) {
            return Err(Fate::Lost(Loss::Silent(at, &out.link.name, mtu.bytes)));
        }
        match self.takes(hop.into) {
            Some(mtu) if size > mtu + TAG => Err(Fate::Lost(Loss::Silent(into.node, &into.link.name, mtu))),
            None if size > CERTAIN => Err(Fate::Unknown(Doubt::Mtu(into.node))),
            _ => Ok(size),
        }
    }

    /// The largest packet that a port receives: what a bridge's own MTU is, is no matter to what its ports take in.
    fn takes(&self, port: PortIndex) -> Option<u32> {
        let port = &self.ports.all[port as usize];
        let device = &self.fabric().devices[port.node];
        if !matches!(port.link.kind, LinkKind::Bridge { .. }) {
            return port.mtu.as_ref().map(|mtu| mtu.bytes);
        }
        let ports = port.link.ports().iter().filter_map(|name| device.link(name));
        let leads_out = ports.filter(|port| port.vxlan().is_none());
        let mtus = leads_out.filter_map(|port| device.mtu_through(port)).map(|mtu| mtu.bytes);
        mtus.min().or(port.mtu.as_ref().map(|mtu| mtu.bytes))
    }
}
