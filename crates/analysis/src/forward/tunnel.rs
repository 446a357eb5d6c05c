//! A packet of a tunnel on its way through the underlay, over every equal way.
//!
//! Linux gives the outer header no DF bit (`vxlan_xmit_one`, drivers/net/vxlan), so that the VTEP and every router
//! fragment it, and the VTEP at the other end puts it together again. What a bridge or a receiving port is too small for is
//! dropped, and nobody is told (`is_skb_forwardable`, net/core/dev.c, which leaves room for a VLAN tag).

use super::{
    Forwarding,
    loss::{Doubt, Fate, Loss, all},
};
use crate::fabric::{NodeIndex, device::LocalVni, overhead::overhead};
use crate::predict::{
    ports::{Hop, PortIndex},
    ribs::Ways,
};
use evpnlint_core::model::link::LinkKind;
use std::{collections::BTreeMap, net::IpAddr, rc::Rc};

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

/// The nodes that a packet arrives at, or what becomes of it.
pub(super) type Arrived<'m> = Result<Vec<NodeIndex>, Fate<'m>>;

/// The TTL of a tunnel's packets (`ip4_dst_hoplimit` where none is given).
pub(super) fn ttl(local_vni: &LocalVni) -> u8 {
    local_vni.vxlan.ttl.as_ref().map_or(64, |ttl| ttl.value)
}

impl<'m> Forwarding<'_, 'm> {
    /// Takes a packet through a tunnel: the nodes that it arrives at by one of the equal ways, or what becomes of it.
    pub(super) fn tunnel(&self, from: NodeIndex, packet: Tunnelled) -> Arrived<'m> {
        if let Some(known) = self.crossed.borrow().get(&(from, packet)) {
            return known.clone();
        }
        let arrived = self.cross(from, packet);
        self.crossed.borrow_mut().insert((from, packet), arrived.clone());
        arrived
    }

    fn cross(&self, from: NodeIndex, packet: Tunnelled) -> Arrived<'m> {
        if let Some(source) = packet.source
            && self.machines[from].owns("", source).is_none()
        {
            return Err(Fate::Lost(Loss::SourceNotLocal(from, source)));
        }
        let outer = packet.size + overhead(packet.vtep);
        let ways = self.ways(packet.vtep);
        let mut known = BTreeMap::new();
        let ends = self.passes(from, &ways, packet, outer, 0, &mut known);
        let (arrived, lost): (Vec<_>, Vec<_>) = ends.into_iter().partition(|end| end.is_ok());
        let lost: Vec<Fate> = lost.into_iter().filter_map(Result::err).collect();
        if arrived.is_empty() || !lost.is_empty() {
            let mut fates = lost;
            fates.extend(arrived.iter().flatten().map(|node| Fate::Outside(*node)));
            return Err(all(fates).unwrap_or(Fate::Lost(Loss::NoWay(from, packet.vtep))));
        }
        let mut nodes: Vec<NodeIndex> = arrived.into_iter().flatten().collect();
        nodes.sort_unstable();
        nodes.dedup();
        Ok(nodes)
    }

    /// What becomes of an outer packet of that size at a node.
    fn passes(
        &self,
        at: NodeIndex,
        ways: &Rc<Ways>,
        packet: Tunnelled,
        size: u32,
        hops: u8,
        known: &mut BTreeMap<(NodeIndex, u32), Vec<Result<NodeIndex, Fate<'m>>>>,
    ) -> Vec<Result<NodeIndex, Fate<'m>>> {
        if let Some(known) = known.get(&(at, size)) {
            return known.clone();
        }
        if ways.owners.contains(&at) {
            return vec![Ok(at)];
        }
        if self.is_swallowed(at, packet.vtep) {
            return vec![Err(Fate::Lost(Loss::Swallowed(at, packet.vtep)))];
        }
        if hops > 0 && hops >= packet.ttl {
            return vec![Err(Fate::Lost(Loss::Ttl(at)))];
        }
        if hops > 0 && !self.forwards(at) {
            return vec![Err(Fate::Lost(Loss::NotForwarding(at)))];
        }
        if hops > 0 && usize::from(hops) > self.machines.len() {
            return vec![Err(Fate::Lost(Loss::Loop(at)))];
        }
        let mut ends = vec![];
        for next in &ways.next[at] {
            let ports = self.ports.between(at, *next);
            if ports.is_empty() {
                ends.push(Err(Fate::Unknown(Doubt::Assumed(at))));
            }
            for hop in ports {
                match self.crosses(at, hop, packet, size, hops == 0) {
                    Ok(size) => ends.extend(self.passes(next.node, ways, packet, size, hops + 1, known)),
                    Err(fate) => ends.push(Err(fate)),
                }
            }
        }
        if ends.is_empty() {
            let is_assumed = self.reach(packet.vtep).ways[at] == crate::predict::ribs::Way::Assumed;
            ends.push(Err(if is_assumed {
                Fate::Unknown(Doubt::Assumed(at))
            } else {
                Fate::Lost(Loss::NoWay(at, packet.vtep))
            }));
        }
        ends.dedup();
        known.insert((at, size), ends.clone());
        ends
    }

    /// The size of the largest piece of a packet behind one link. `first` is whether `at` may be told that it is too large.
    pub(super) fn crosses(
        &self,
        at: NodeIndex,
        hop: Hop,
        packet: Tunnelled,
        size: u32,
        first: bool,
    ) -> Result<u32, Fate<'m>> {
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
