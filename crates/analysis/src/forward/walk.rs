//! A packet on its way from node to node, over routes.

use super::{
    Forwarding,
    host::{HostIndex, Step},
    journey::{Event, Journey},
    loss::{Doubt, Fate, Loss},
    mac::Mac,
    machine::{Routed, RoutedIndex},
    table::Target,
    tunnel::{TAG, Tunnelled, ttl},
    wire::{Arrival, Crossing, Frame, Station},
    wiring::Segment,
};
use crate::fabric::{NodeIndex, device::LocalVni, forwarding};
use std::{collections::BTreeSet, net::IpAddr};

/// A packet.
#[derive(Clone, Copy, Debug)]
pub struct Packet {
    /// Whom it is for.
    pub to: IpAddr,
    /// Its bytes, IP header included. Once it is in pieces, those of the largest.
    pub size: u32,
    /// Whether it must not be fragmented.
    pub df: bool,
}

impl<'m> Forwarding<'_, 'm> {
    /// What becomes of a packet of a host.
    pub(super) fn sent_by(&self, host: HostIndex, packet: Packet, journey: &mut Journey<'m>) -> Fate<'m> {
        let own = &self.hosts[host];
        if packet.size > own.mtu && packet.df {
            return Fate::Lost(Loss::HostMtu(host));
        }
        let packet = Packet { size: packet.size.min(own.mtu), ..packet };
        match own.step(packet.to) {
            Step::Own => Fate::Host(host),
            Step::None => Fate::Lost(Loss::HostRoute(host)),
            Step::Wire(via) => match own.segment {
                Some(segment) => {
                    journey.add(Event::Sends(host, via), own.span);
                    if let Some(mtu) = own.port_mtu.filter(|mtu| packet.size > mtu + TAG) {
                        return self.port_drops(host, mtu);
                    }
                    self.on_wire(segment, Station::Host(host), via, packet, journey)
                }
                None => Fate::Lost(Loss::Detached(host)),
            },
        }
    }

    pub(super) fn port_drops(&self, host: HostIndex, mtu: u32) -> Fate<'m> {
        match self.hosts[host].segment {
            Some(Segment::Switch(at, _)) => Fate::Lost(Loss::Switch(at, mtu)),
            _ => Fate::Lost(Loss::HostPort(host, mtu)),
        }
    }

    /// What becomes of a packet that a node has, in a VRF.
    pub(super) fn at_node(&self, node: NodeIndex, vrf: &'m str, packet: Packet, journey: &mut Journey<'m>) -> Fate<'m> {
        if !journey.enter(node, vrf) {
            return Fate::Lost(Loss::Loop(node));
        }
        let fate = self.sent_on(node, vrf, packet, journey);
        journey.leave();
        fate
    }

    fn sent_on(&self, node: NodeIndex, vrf: &'m str, packet: Packet, journey: &mut Journey<'m>) -> Fate<'m> {
        let Some(route) = self.route(node, vrf, packet.to) else { return Fate::Lost(Loss::NoRoute(node, vrf)) };
        if !matches!(route.target, Target::Own) {
            journey.add(Event::Routes(node, vrf, route.prefix, route.origin), route.span);
        }
        match route.target {
            Target::Own => Fate::Node(node, vrf),
            Target::Dropped => Fate::Lost(Loss::Refused(node, vrf)),
            Target::Wire(out, via) => {
                let packet = match self.leaves(node, out, packet) {
                    Ok(packet) => packet,
                    Err(fate) => return fate,
                };
                match self.machines[node].routed[out].domain {
                    Some(domain) => {
                        let fate =
                            self.on_wire(Segment::Domain(node, domain), Station::Node(node, out), via, packet, journey);
                        if matches!(fate, Fate::Lost(Loss::NoAnswer(..))) && route.prefix.length() == 0 {
                            return Fate::Outside(node);
                        }
                        fate
                    }
                    None => Fate::Lost(Loss::NoAnswer(via, None)),
                }
            }
            Target::Tunnel(local_vni, vteps) => {
                let fate = journey.all(vteps, |(far, vtep), journey| {
                    let crossing = Crossing { from: node, vni: local_vni.vni, vtep, is_known: true };
                    journey.add(Event::Crosses(crossing), local_vni.span);
                    self.routed(node, &local_vni, far, vtep, packet, journey)
                });
                fate.unwrap_or(Fate::Lost(Loss::NoRoute(node, vrf)))
            }
            Target::Underlay(next) => {
                let onward = next.iter().flat_map(|next| self.onward(node, *next)).collect();
                let fate = journey.all(onward, |onward, journey| {
                    let Some(hop) = onward.hops.first() else { return Fate::Unknown(Doubt::Assumed(node)) };
                    let Packet { to, size, df } = packet;
                    let outer = Tunnelled { ttl: u8::MAX, source: None, vtep: to, size, df };
                    let packet = match self.hops(node, &onward, outer, size, true, journey) {
                        Ok(size) => Packet { size, ..packet },
                        Err(fate) => return fate,
                    };
                    let into = &self.ports.all[hop.into as usize];
                    let mut all = self.machines[onward.node].routed.iter();
                    match all.find(|own| std::ptr::eq(own.link, into.link)) {
                        Some(own) => self.received(onward.node, own, packet, journey),
                        None => Fate::Unknown(Doubt::Assumed(node)),
                    }
                });
                fate.unwrap_or(Fate::Lost(Loss::NoRoute(node, vrf)))
            }
        }
    }

    /// What becomes of a packet that a node receives from another machine: it passes it on, if it forwards.
    fn received(&self, node: NodeIndex, into: &Routed<'m>, packet: Packet, journey: &mut Journey<'m>) -> Fate<'m> {
        let before = journey.legs.len();
        let fate = self.at_node(node, into.vrf, packet, journey);
        let is_for_itself = matches!(fate, Fate::Node(own, vrf) if own == node && vrf == into.vrf);
        let off = || forwarding::off(&self.fabric().devices[node], into.link, packet.to.is_ipv4());
        match if is_for_itself { None } else { off() } {
            None => fate,
            Some(off) => {
                journey.legs.truncate(before);
                Fate::Lost(Loss::NotForwarding(node, off))
            }
        }
    }

    /// The packet as it leaves by an interface: whole or in pieces.
    fn leaves(&self, node: NodeIndex, out: RoutedIndex, packet: Packet) -> Result<Packet, Fate<'m>> {
        let link = self.machines[node].routed[out].link;
        match self.fabric().devices[node].mtu(link).map(|mtu| mtu.bytes) {
            Some(mtu) if packet.size > mtu => {
                if packet.df {
                    return Err(Fate::Lost(Loss::TooBig(node, &link.name, mtu)));
                }
                Ok(Packet { size: mtu, ..packet })
            }
            _ => Ok(packet),
        }
    }

    /// What becomes of a packet that a node routes through an L3VNI.
    fn routed(
        &self,
        node: NodeIndex,
        local_vni: &LocalVni<'m>,
        far: NodeIndex,
        vtep: IpAddr,
        packet: Packet,
        journey: &mut Journey<'m>,
    ) -> Fate<'m> {
        let device = &self.fabric().devices[node];
        let mut packet = packet;
        let svi = local_vni.svi.and_then(|svi| Some((svi, device.mtu(svi)?.bytes)));
        if let Some((svi, mtu)) = svi.filter(|(_, mtu)| packet.size > *mtu) {
            if packet.df {
                return Fate::Lost(Loss::TooBig(node, &svi.name, mtu));
            }
            packet.size = mtu;
        }
        if let Some(mtu) = device.mtu(local_vni.link).filter(|mtu| packet.size > mtu.bytes + TAG) {
            return Fate::Lost(Loss::Silent(node, &local_vni.link.name, mtu.bytes));
        }
        let source = local_vni.tunnel_address().map(|source| source.value);
        let tunnelled = Tunnelled { ttl: ttl(local_vni), source, vtep, size: packet.size, df: packet.df };
        let arrived = match journey.picks {
            Some(_) => self.one_way(node, tunnelled, journey).map(|end| vec![end]),
            None => self.tunnel(node, tunnelled),
        };
        let arrived = match arrived {
            Ok(nodes) => nodes,
            Err(fate) => return fate,
        };
        let mac = self.router_mac(far, local_vni.vni, vtep);
        let fate = journey.all(arrived, |end, journey| {
            let domain = match self.comes_out(end, local_vni, None) {
                Ok((domain, _)) => domain,
                Err(fate) => return fate,
            };
            let machine = &self.machines[end];
            let takes = |own: &&RoutedIndex| mac.is_none_or(|mac| machine.routed[**own].macs.contains(&mac));
            match machine.domains[domain].routed.iter().find(takes) {
                Some(own) => self.received(end, &machine.routed[*own], packet, journey),
                None => Fate::Lost(Loss::RouterMac(end, local_vni.vni)),
            }
        });
        fate.unwrap_or(Fate::Lost(Loss::NoVni(far, local_vni.vni)))
    }

    /// What becomes of a packet on a wire, for a next hop on it.
    fn on_wire(
        &self,
        segment: Segment,
        sender: Station,
        via: IpAddr,
        packet: Packet,
        journey: &mut Journey<'m>,
    ) -> Fate<'m> {
        let mac = match self.resolve(segment, sender, via) {
            Ok(mac) => mac,
            Err(Some(Fate::Unknown(doubt))) => return Fate::Unknown(doubt),
            Err(Some(Fate::Partial(why))) => return Fate::Partial(Loss::NoAnswer(via, Some(Box::new(why)))),
            Err(Some(Fate::Lost(why))) => return Fate::Lost(Loss::NoAnswer(via, Some(Box::new(why)))),
            Err(_) => return Fate::Lost(Loss::NoAnswer(via, None)),
        };
        self.wakes(sender, mac);
        let frame = Frame { mac, size: packet.size, df: packet.df };
        let mut seen = BTreeSet::new();
        let arrivals = self.carry(segment, None, Some(sender), frame, &mut seen);
        let fate = journey.any(arrivals, |arrival, journey| {
            let Arrival { taker, through } = match arrival {
                Ok(arrival) => arrival,
                Err(fate) => return fate,
            };
            for (crossing, end) in through {
                journey.add(Event::Crosses(crossing), self.place_of(crossing.from, crossing.vni));
                if let Err(fate) = self.comes_through(crossing, end, frame, journey) {
                    return fate.unwrap_or(Fate::Lost(Loss::NobodyTakes(via)));
                }
            }
            match taker {
                Station::Host(host) if self.hosts[host].answers(packet.to) => Fate::Host(host),
                Station::Host(host) => Fate::Lost(Loss::NotForHost(host)),
                Station::Node(node, own) => {
                    let own = &self.machines[node].routed[own];
                    journey.add(Event::Takes(node, &own.link.name, via), Some(own.link.place()));
                    self.received(node, own, packet, journey)
                }
            }
        });
        fate.unwrap_or(Fate::Lost(Loss::NobodyTakes(via)))
    }

    /// Takes a frame through a tunnel, where one of the equal ways alone is followed.
    ///
    /// # Errors
    /// What becomes of it on a way that does not lead to that end; nothing where it comes out at another.
    fn comes_through(
        &self,
        crossing: Crossing,
        end: NodeIndex,
        frame: Frame<'m>,
        journey: &mut Journey<'m>,
    ) -> Result<(), Option<Fate<'m>>> {
        let mut tunnels = self.fabric().devices[crossing.from].local_vnis.iter();
        let Some(tunnel) = tunnels.find(|own| own.vni == crossing.vni).filter(|_| journey.picks.is_some()) else {
            return Ok(());
        };
        let (source, vtep) = (tunnel.tunnel_address().map(|source| source.value), crossing.vtep);
        let tunnelled = Tunnelled { ttl: ttl(tunnel), source, vtep, size: frame.size, df: frame.df };
        match self.one_way(crossing.from, tunnelled, journey) {
            Ok(own) if own == end => Ok(()),
            Ok(own) => Err(self.comes_out(own, tunnel, None).err()),
            Err(fate) => Err(Some(fate)),
        }
    }

    /// Notes that a host's own node has met it: the node has asked for it, or it has asked the node.
    fn wakes(&self, sender: Station, mac: Mac<'m>) {
        let host = match (sender, mac) {
            (Station::Node(node, _), Mac::Host(host)) if self.homes(host).iter().any(|(own, _)| *own == node) => host,
            (Station::Host(host), Mac::Written(_) | Mac::Interface(..)) => host,
            _ => return,
        };
        self.awake.borrow_mut().insert(host);
    }
}
