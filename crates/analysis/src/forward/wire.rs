//! A frame in a broadcast domain: who answers for an address, who takes a frame, and over which tunnels it gets there.

use super::{
    Forwarding,
    host::HostIndex,
    loss::{Fate, Loss},
    mac::Mac,
    machine::{DomainIndex, RoutedIndex},
    tunnel::{TAG, Tunnelled, ttl},
    wiring::Segment,
};
use crate::fabric::{NodeIndex, device::LocalVni};
use evpnlint_core::model::{Vni, is_on};
use std::{collections::BTreeSet, net::IpAddr, rc::Rc};

/// Bytes of an ARP packet, which fits everything.
const ARP: u32 = 28;

/// Somebody who sends or takes frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Station {
    /// A host.
    Host(HostIndex),
    /// An interface of a node.
    Node(NodeIndex, RoutedIndex),
}

/// A frame on its way through a broadcast domain.
#[derive(Clone, Copy)]
pub(super) struct Frame<'m> {
    pub(super) mac: Mac<'m>,
    pub(super) size: u32,
    pub(super) df: bool,
}

/// A tunnel that a frame has come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing {
    /// Who sends into it.
    pub from: NodeIndex,
    /// The VNI.
    pub vni: Vni,
    /// The VTEP it is sent to.
    pub vtep: IpAddr,
    /// Whether the VTEP is known to have the MAC address; else the frame is flooded.
    pub is_known: bool,
}

/// Somebody whom a frame gets to.
pub(super) struct Arrival {
    /// Who takes it.
    pub(super) taker: Station,
    /// The tunnels that it came through, in order, each with the node that it came out at.
    pub(super) through: Vec<(Crossing, NodeIndex)>,
}

impl Arrival {
    fn at(taker: Station) -> Self {
        Self { taker, through: vec![] }
    }

    fn after(mut self, crossing: Crossing, end: NodeIndex) -> Self {
        self.through.insert(0, (crossing, end));
        self
    }
}

/// The segments that a broadcast reaches, the nearest first, and the first copy of it that is lost.
pub(super) type Flooded<'m> = (Vec<Segment>, Option<Fate<'m>>);

/// By which VXLAN device of which node a frame came in: it does not go back into it.
type Horizon<'m> = Option<(NodeIndex, &'m str)>;

impl<'m> Forwarding<'_, 'm> {
    /// The MAC that answers on a wire for an address, and whose answer comes back: the nearest.
    ///
    /// # Errors
    /// What keeps the first question or answer back that is lost.
    pub(super) fn resolve(&self, segment: Segment, sender: Station, ip: IpAddr) -> Result<Mac<'m>, Option<Fate<'m>>> {
        let known = match (sender, segment) {
            (Station::Node(node, own), Segment::Domain(_, domain)) => {
                self.neighbour(node, domain, ip).or_else(|| self.asked_by(node, own, segment, ip))
            }
            (Station::Host(_), Segment::Domain(node, domain)) if self.suppresses(node, domain) => {
                self.neighbour(node, domain, ip)
            }
            _ => None,
        };
        if let Some(host) = known {
            return Ok(Mac::Host(host));
        }
        let frame = |mac| Frame { mac, size: ARP, df: false };
        let asker = match sender {
            Station::Host(host) => Mac::Host(host),
            Station::Node(node, own) => *self.machines[node].routed[own].macs.first().ok_or(None)?,
        };
        let mut lost = None;
        let mut asks = |there: Segment| {
            let answering = self.answering(there, ip).into_iter().filter(|(taker, _)| *taker != sender);
            for (taker, mac) in answering {
                for end in self.carry(there, None, Some(taker), frame(asker), &mut BTreeSet::new()) {
                    match end {
                        Ok(arrival) if arrival.taker == sender => return Some(mac),
                        Err(fate) => lost = Some(fate),
                        _ => {}
                    }
                }
            }
            None
        };
        // The nearest answers first, and whoever is the only one that may: so the whole flood is needed where it fails.
        let only = self.only_owner(ip).filter(|there| self.leads_directly(segment, *there));
        if let Some(mac) = [Some(segment), only].into_iter().flatten().find_map(&mut asks) {
            return Ok(mac);
        }
        let flooded = self.floods(segment);
        match flooded.0.iter().skip(1).copied().find_map(asks) {
            Some(mac) => Ok(mac),
            None => Err(lost.or_else(|| flooded.1.clone())),
        }
    }

    /// The segment of the only host that has an address, if no node has it.
    fn only_owner(&self, ip: IpAddr) -> Option<Segment> {
        let mut owners = self.hosts.owners(ip);
        let only = owners.next().filter(|_| owners.next().is_none() && !self.addresses.contains_key(&ip))?;
        self.hosts[only].segment
    }

    /// Whether a broadcast out of a segment gets to another.
    fn reaches(&self, start: Segment, end: Segment) -> bool {
        start == end || self.leads_directly(start, end) || self.floods(start).0.contains(&end)
    }

    /// Whether a tunnel floods what is sent in a segment into another.
    fn leads_directly(&self, start: Segment, end: Segment) -> bool {
        let (Segment::Domain(node, domain), Segment::Domain(far, there)) = (start, end) else { return false };
        let domain = &self.machines[node].domains[domain];
        let floods = |tunnel: &LocalVni<'m>, vtep: IpAddr| {
            let member = self.member(node, tunnel.vni);
            let by_evpn = |member| self.prediction.floods.floods_at(member, far, vtep);
            member.is_some_and(by_evpn) || tunnel.vxlan.remotes.iter().any(|own| own.value == vtep)
        };
        let arrives = |tunnel: &LocalVni<'m>, vtep: IpAddr| {
            let ends = self.arrives(node, tunnel, domain.inner_tag(), vtep, ARP, false);
            ends.is_ok_and(|ends| ends.iter().any(|(segment, _)| *segment == end))
        };
        domain.tunnels.iter().any(|tunnel| {
            let theirs = self.machines[far].domains[there].tunnels.iter().filter(|own| own.vni == tunnel.vni);
            let mut vteps = theirs.filter_map(|own| self.vtep(far, own));
            vteps.any(|vtep| self.vtep(node, tunnel) != Some(vtep) && floods(tunnel, vtep) && arrives(tunnel, vtep))
        })
    }

    /// The host with an address that has asked a node's interface for its gateway: whoever receives a request for an
    /// address of its own keeps who sent it (RFC 826; of neighbour solicitations, RFC 4861 section 7.2.3).
    fn asked_by(&self, node: NodeIndex, own: RoutedIndex, segment: Segment, ip: IpAddr) -> Option<HostIndex> {
        let own = &self.machines[node].routed[own];
        let asks = |host: &HostIndex| {
            let from = &self.hosts[*host];
            let owns = own.addresses.iter().any(|(own, _)| own.ip.is_ipv4() == ip.is_ipv4() && from.asks(own.ip));
            // A bridge that answers for EVPN's neighbours keeps questions for its own addresses (`br_is_local_ip`).
            let is_kept = self.homes(*host).iter().any(|(home, domain)| {
                let machine = &self.machines[*home];
                let has = |at: &RoutedIndex| {
                    machine.routed[*at]
                        .addresses
                        .iter()
                        .any(|(own, _)| own.ip.is_ipv4() == ip.is_ipv4() && from.asks(own.ip))
                };
                *home != node && self.suppresses(*home, *domain) && machine.domains[*domain].routed.iter().any(has)
            });
            let reaches = || from.segment.is_some_and(|start| self.reaches(start, segment));
            owns && !is_kept && self.is_awake(*host) && reaches()
        };
        self.hosts.owners(ip).find(asks)
    }

    /// Whether a bridge answers ARP and neighbour solicitations out of the neighbour table (`bridge-arp-nd-suppress`).
    fn suppresses(&self, node: NodeIndex, domain: usize) -> bool {
        self.machines[node].domains[domain].tunnels.iter().any(|own| is_on(&own.link.port.suppress))
    }

    /// The host that EVPN has put into the neighbour table of a domain's interface for an address
    /// (`zebra_evpn_rem_neigh_install`): a type-2 route with both addresses is kept.
    fn neighbour(&self, node: NodeIndex, domain: usize, ip: IpAddr) -> Option<HostIndex> {
        let tunnels = &self.machines[node].domains[domain].tunnels;
        let known = |host: &HostIndex| {
            let is_told = self.announced(*host, ip, false).into_iter().any(|(far, _)| far != node);
            is_told && tunnels.iter().any(|own| self.learnt_mac(node, own, Mac::Host(*host)).is_some())
        };
        self.hosts.owners(ip).find(known)
    }

    /// Who on a segment answers for an address, and with which MAC. Linux answers on every interface of the VRF that has
    /// the address (`arp_ignore` 0); to neighbour solicitations on its own alone.
    fn answering(&self, segment: Segment, ip: IpAddr) -> Vec<(Station, Mac<'m>)> {
        let mut found: Vec<(Station, Mac<'m>)> = vec![];
        if let Segment::Domain(node, domain) = segment {
            let machine = &self.machines[node];
            for at in &machine.domains[domain].routed {
                let own = &machine.routed[*at];
                match own.addresses.iter().rev().find(|(own, _)| own.ip == ip) {
                    Some((_, mac)) => found.push((Station::Node(node, *at), *mac)),
                    None if ip.is_ipv4() && machine.owns(own.vrf, ip).is_some() => {
                        found.extend(own.macs.first().map(|mac| (Station::Node(node, *at), *mac)));
                    }
                    None => {}
                }
            }
        }
        let near = self.hosts.owners(ip).filter(|host| self.hosts[*host].segment == Some(segment));
        found.extend(near.map(|at| (Station::Host(at), Mac::Host(at))));
        found
    }

    /// The segments that a broadcast reaches, the nearest first.
    fn floods(&self, start: Segment) -> Rc<Flooded<'m>> {
        if let Some(known) = self.flooded.borrow().get(&start) {
            return known.clone();
        }
        let flooded = Rc::new(self.flood(start));
        self.flood_work.update(|work| work + flooded.0.len());
        self.flooded.borrow_mut().insert(start, flooded.clone());
        flooded
    }

    fn flood(&self, start: Segment) -> Flooded<'m> {
        let mut lost = None;
        let mut order = vec![start];
        let mut from: Vec<Horizon<'m>> = vec![None];
        let mut seen: BTreeSet<Segment> = [start].into();
        let mut at = 0;
        while at < order.len() {
            let (segment, horizon) = (order[at], from[at]);
            at += 1;
            for next in self.wiring.beside(&self.machines, segment) {
                if seen.insert(next) {
                    order.push(next);
                    from.push(None);
                }
            }
            let Segment::Domain(node, domain) = segment else { continue };
            let domain = &self.machines[node].domains[domain];
            for tunnel in domain.tunnels.iter().filter(|own| horizon != Some((node, &own.link.name))) {
                for vtep in self.flood_list(node, tunnel) {
                    let ends = self.arrives(node, tunnel, domain.inner_tag(), vtep, ARP, false);
                    if let Err(fate) = &ends {
                        lost.get_or_insert_with(|| fate.clone());
                    }
                    for (next, via) in ends.into_iter().flatten() {
                        if seen.insert(next) {
                            order.push(next);
                            from.push(via);
                        }
                    }
                }
            }
        }
        (order, lost)
    }

    /// The segment that a packet of a VNI arrives in, and the device that it comes out of.
    fn arrives(
        &self,
        node: NodeIndex,
        tunnel: &LocalVni<'m>,
        tag: Option<u16>,
        vtep: IpAddr,
        size: u32,
        df: bool,
    ) -> Result<Vec<(Segment, Horizon<'m>)>, Fate<'m>> {
        let device = &self.fabric().devices[node];
        if let Some(mtu) = device.mtu(tunnel.link).filter(|mtu| size > mtu.bytes + TAG) {
            return Err(Fate::Lost(Loss::Silent(node, &tunnel.link.name, mtu.bytes)));
        }
        let source = tunnel.tunnel_address().map(|source| source.value);
        let ends = self.tunnel(node, Tunnelled { ttl: ttl(tunnel), source, vtep, size, df })?;
        let mut found = vec![];
        let mut lost = None;
        for end in ends {
            match self.comes_out(end, tunnel, tag) {
                Ok((domain, theirs)) => {
                    found.push((Segment::Domain(end, domain), Some((end, theirs.link.name.as_str()))));
                }
                Err(fate) => lost = lost.or(Some(fate)),
            }
        }
        match lost {
            Some(fate) if found.is_empty() || !self.follows_one.get() => Err(fate),
            _ => Ok(found),
        }
    }

    /// The domain of a node that the packets of a tunnel come out in.
    pub(super) fn comes_out(
        &self,
        end: NodeIndex,
        tunnel: &LocalVni<'m>,
        tag: Option<u16>,
    ) -> Result<(DomainIndex, &LocalVni<'m>), Fate<'m>> {
        let Some((domain, theirs)) = self.machines[end].of_vni(tunnel.vni, tag) else {
            return Err(Fate::Lost(Loss::NoVni(end, tunnel.vni)));
        };
        match theirs.vxlan.udp_port() == tunnel.vxlan.udp_port() {
            true => Ok((domain, theirs)),
            false => Err(Fate::Lost(Loss::Port(end, tunnel.vni))),
        }
    }

    /// Carries a frame through a broadcast domain to whoever takes it. Where nobody knows the way it is flooded, and there
    /// may be several copies.
    pub(super) fn carry(
        &self,
        segment: Segment,
        horizon: Horizon<'m>,
        sender: Option<Station>,
        frame: Frame<'m>,
        seen: &mut BTreeSet<Segment>,
    ) -> Vec<Result<Arrival, Fate<'m>>> {
        if !seen.insert(segment) {
            return vec![];
        }
        if let Segment::Domain(node, domain) = segment {
            let machine = &self.machines[node];
            let takes = |own: &&RoutedIndex| machine.routed[**own].macs.contains(&frame.mac);
            if let Some(own) = machine.domains[domain].routed.iter().find(takes) {
                let taker = Station::Node(node, *own);
                return if sender == Some(taker) { vec![] } else { vec![Ok(Arrival::at(taker))] };
            }
        }
        if let Mac::Host(host) = frame.mac
            && self.hosts[host].segment == Some(segment)
        {
            let own = &self.hosts[host];
            let is_small = |mtu: u32| frame.size <= mtu + TAG;
            if !own.port_mtu.is_none_or(is_small) || !is_small(own.mtu) {
                return vec![Err(self.port_drops(host, own.port_mtu.unwrap_or(own.mtu).min(own.mtu)))];
            }
            return vec![Ok(Arrival::at(Station::Host(host)))];
        }
        let open = || {
            let (at, tunnels) = match segment {
                Segment::Domain(node, domain) => (Some(node), self.machines[node].domains[domain].tunnels.as_slice()),
                Segment::Switch(..) => (None, &[][..]),
            };
            let came_in = move |own: &LocalVni<'m>| {
                horizon.is_some_and(|(node, device)| Some(node) == at && device == own.link.name)
            };
            tunnels.iter().filter(move |own| !came_in(own))
        };
        let known = match segment {
            Segment::Domain(node, _) => open().find_map(|own| Some((own, self.learnt_mac(node, own, frame.mac)?))),
            Segment::Switch(..) => None,
        };
        // A bridge that has the MAC of a host from another node sends no copy elsewhere.
        let is_elsewhere = match (segment, frame.mac) {
            (Segment::Domain(node, _), Mac::Host(host)) => {
                known.is_some() && self.homes(host).iter().all(|(home, _)| *home != node)
            }
            _ => false,
        };
        let mut found = vec![];
        let beside = if is_elsewhere { vec![] } else { self.wiring.beside(&self.machines, segment) };
        for next in beside {
            if let Some(loss) = self.cable_drops(segment, frame.size).or_else(|| self.port_refuses(next, frame.size)) {
                found.push(Err(loss));
                continue;
            }
            found.extend(self.carry(next, None, None, frame, seen));
        }
        if found.iter().any(Result::is_ok) {
            return found;
        }
        let Segment::Domain(node, domain) = segment else { return found };
        let domain = &self.machines[node].domains[domain];
        let ways: Vec<(&LocalVni<'m>, IpAddr)> = match known {
            Some((own, vtep)) => vec![(own, vtep)],
            None => {
                open().flat_map(|own| self.flood_list(node, own).into_iter().map(move |vtep| (own, vtep))).collect()
            }
        };
        for (own, vtep) in ways {
            match self.arrives(node, own, domain.inner_tag(), vtep, frame.size, frame.df) {
                Ok(ends) => {
                    let crossing = Crossing { from: node, vni: own.vni, vtep, is_known: known.is_some() };
                    for (next, via) in ends {
                        let there = self.carry(next, via, None, frame, seen).into_iter();
                        let end = via.map_or(node, |(end, _)| end);
                        found.extend(there.map(|own| own.map(|own| own.after(crossing, end))));
                    }
                }
                Err(fate) => found.push(Err(fate)),
            }
        }
        found
    }

    /// What drops a frame of that size on its way into a domain over a cable, where but one port leads there.
    fn port_refuses(&self, segment: Segment, size: u32) -> Option<Fate<'m>> {
        let Segment::Domain(node, domain) = segment else { return None };
        let [(port, _)] = self.machines[node].domains[domain].outs.as_slice() else { return None };
        let device = &self.fabric().devices[node];
        let link = device.link(port)?;
        let mtu = device.underlay_mtu(link)?.bytes;
        (size > mtu + TAG).then(|| Fate::Lost(Loss::Silent(node, &link.name, mtu)))
    }

    /// What drops a frame of that size on its way out of a segment over a cable.
    fn cable_drops(&self, segment: Segment, size: u32) -> Option<Fate<'m>> {
        match segment {
            Segment::Domain(node, domain) => {
                let device = &self.fabric().devices[node];
                let outs = self.machines[node].domains[domain].outs.iter();
                let small = outs.filter_map(|(port, _)| device.link(port)).find_map(|link| {
                    let mtu = device.mtu(link)?.bytes;
                    (size > mtu + TAG && !std::ptr::eq(link, self.machines[node].domains[domain].base))
                        .then_some((link, mtu))
                });
                small.map(|(link, mtu)| Fate::Lost(Loss::Silent(node, &link.name, mtu)))
            }
            Segment::Switch(at, _) => {
                let mtu = self.wiring.switches[at].mtu.as_ref()?.value;
                (size > mtu + TAG).then_some(Fate::Lost(Loss::Switch(at, mtu)))
            }
        }
    }

    /// The VTEP that a node has a MAC from, in a VNI: of type-2 routes that it keeps.
    fn learnt_mac(&self, node: NodeIndex, tunnel: &LocalVni<'m>, mac: Mac<'m>) -> Option<IpAddr> {
        let floods = &self.prediction.floods;
        let member = self.member(node, tunnel.vni)?;
        let tells = |far: NodeIndex, domain: usize| -> Option<IpAddr> {
            let theirs = self.machines[far].domains[domain].tunnels.iter();
            theirs.filter_map(|own| Some((own.vni, self.vtep(far, own)?))).find_map(|(vni, vtep)| {
                (self.imports(node, tunnel.vni, far, vni) && floods.takes_host(member, far, vtep)).then_some(vtep)
            })
        };
        match mac {
            Mac::Host(host) => self
                .homes(host)
                .into_iter()
                .filter(|(far, _)| *far != node)
                .find_map(|(far, domain)| tells(far, domain)),
            Mac::Written(_) | Mac::Interface(..) => {
                self.mac_tellers.iter().copied().filter(|far| *far != node).find_map(|far| {
                    let machine = &self.machines[far];
                    let has = |own: &RoutedIndex| machine.routed[*own].macs.contains(&mac);
                    let domain = machine.domains.iter().position(|domain| domain.routed.iter().any(has))?;
                    tells(far, domain)
                })
            }
        }
    }
}
