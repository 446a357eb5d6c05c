//! A packet on its way: from wire to wire over bridges and tunnels, and from node to node over routes.

use super::{
    Forwarding,
    host::{HostIndex, Step},
    loss::{Doubt, Fate, Loss, all, any},
    mac::Mac,
    machine::{Routed, RoutedIndex},
    table::Target,
    tunnel::{TAG, Tunnelled},
    wiring::Segment,
};
use crate::fabric::{NodeIndex, device::LocalVni};
use evpnlint_core::model::{
    is_on,
    link::{Link, LinkKind},
};
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

/// The VRFs of nodes that a packet has been in. One that comes back goes round until its TTL ends.
#[derive(Default)]
pub(super) struct Path<'m>(Vec<(NodeIndex, &'m str)>);

/// Bytes of an ARP packet, which fits everything.
const ARP: u32 = 28;

/// Who sends a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    Host(HostIndex),
    Node(NodeIndex, RoutedIndex),
}

/// Who takes a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Taker {
    Host(HostIndex),
    Node(NodeIndex, RoutedIndex),
}

/// A frame on its way through a broadcast domain.
#[derive(Clone, Copy)]
struct Frame<'m> {
    mac: Mac<'m>,
    size: u32,
    df: bool,
}

/// By which VXLAN device of which node a frame came in: it does not go back into it.
type Horizon<'m> = Option<(NodeIndex, &'m str)>;

impl<'m> Forwarding<'_, 'm> {
    /// What becomes of a packet of a host.
    pub fn from_host(&self, host: HostIndex, packet: Packet) -> Fate<'m> {
        let mut path = Path::default();
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
                    if let Some(mtu) = own.port_mtu.filter(|mtu| packet.size > mtu + TAG) {
                        return self.port_drops(host, mtu);
                    }
                    self.on_wire(segment, Sender::Host(host), via, packet, &mut path)
                }
                None => Fate::Lost(Loss::Detached(host)),
            },
        }
    }

    fn port_drops(&self, host: HostIndex, mtu: u32) -> Fate<'m> {
        match self.hosts[host].node {
            Some(node) => Fate::Lost(Loss::Silent(node, self.hosts[host].name, mtu)),
            None => Fate::Lost(Loss::Switch(0, mtu)),
        }
    }

    /// What becomes of a packet that a node has, in a VRF.
    pub(super) fn at_node(&self, node: NodeIndex, vrf: &'m str, packet: Packet, path: &mut Path<'m>) -> Fate<'m> {
        if path.0.contains(&(node, vrf)) {
            return Fate::Lost(Loss::Loop(node));
        }
        path.0.push((node, vrf));
        let fate = self.sent_on(node, vrf, packet, path);
        path.0.pop();
        fate
    }

    fn sent_on(&self, node: NodeIndex, vrf: &'m str, packet: Packet, path: &mut Path<'m>) -> Fate<'m> {
        let Some(route) = self.route(node, vrf, packet.to) else { return Fate::Lost(Loss::NoRoute(node, vrf)) };
        match route.target {
            Target::Own => Fate::Node(node, vrf),
            Target::Dropped => Fate::Lost(Loss::Refused(node, vrf)),
            Target::Outside => Fate::Outside(node),
            Target::Wire(out, via) => {
                let packet = match self.leaves(node, out, packet) {
                    Ok(packet) => packet,
                    Err(fate) => return fate,
                };
                match self.machines[node].routed[out].domain {
                    Some(domain) => {
                        let fate =
                            self.on_wire(Segment::Domain(node, domain), Sender::Node(node, out), via, packet, path);
                        if matches!(fate, Fate::Lost(Loss::NoAnswer(..))) && route.length == 0 {
                            return Fate::Outside(node);
                        }
                        fate
                    }
                    None => Fate::Lost(Loss::NoAnswer(via, None)),
                }
            }
            Target::Tunnel(local_vni, vteps) => {
                let fates = vteps.iter().map(|(far, vtep)| self.routed(node, &local_vni, *far, *vtep, packet, path));
                all(fates.collect()).unwrap_or(Fate::Lost(Loss::NoRoute(node, vrf)))
            }
            Target::Underlay(next) => {
                let fates = next.iter().map(|next| {
                    let ports = self.ports.between(node, *next);
                    let Some(hop) = ports.first() else { return Fate::Unknown(Doubt::Assumed(node)) };
                    let into = &self.ports.all[hop.into as usize];
                    let mut all = self.machines[next.node].routed.iter();
                    match all.find(|own| std::ptr::eq(own.link, into.link)) {
                        Some(own) => self.received(next.node, own, packet, path),
                        None => Fate::Unknown(Doubt::Assumed(node)),
                    }
                });
                all(fates.collect()).unwrap_or(Fate::Lost(Loss::NoRoute(node, vrf)))
            }
        }
    }

    /// What becomes of a packet that a node receives from another machine: it passes it on, if it forwards.
    fn received(&self, node: NodeIndex, into: &Routed<'m>, packet: Packet, path: &mut Path<'m>) -> Fate<'m> {
        let fate = self.at_node(node, into.vrf, packet, path);
        let is_for_itself = matches!(fate, Fate::Node(own, vrf) if own == node && vrf == into.vrf);
        let forwards = || self.forwards(node) && self.passes_on(node, into, packet.to.is_ipv4());
        if is_for_itself || forwards() { fate } else { Fate::Lost(Loss::NotForwarding(node)) }
    }

    /// Whether an interface forwards: ifupdown2 switches it off on a bridge that has neither an address nor anything above
    /// it, a VRF included (`_set_bridge_forwarding`, addons/address.py), and elsewhere where that is written.
    fn passes_on(&self, node: NodeIndex, into: &Routed<'m>, is_v4: bool) -> bool {
        let link = into.link;
        if !matches!(link.kind, LinkKind::Bridge { .. }) {
            return if is_v4 { &link.ip_forward } else { &link.ip6_forward }.as_ref().is_none_or(|on| on.value);
        }
        let above =
            |other: &Link| matches!(&other.kind, LinkKind::Vlan { raw: Some(raw), .. } if raw.value == link.name);
        !into.vrf.is_empty() || !link.addresses.is_empty() || self.fabric().node(node).links.values().any(above)
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
        path: &mut Path<'m>,
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
        let source = local_vni.source.map(|source| source.value);
        let tunnelled = Tunnelled { ttl: ttl(local_vni), source, vtep, size: packet.size, df: packet.df };
        let arrived = match self.tunnel(node, tunnelled) {
            Ok(nodes) => nodes,
            Err(fate) => return fate,
        };
        let mac = self.router_mac(far, local_vni.vni);
        let fates = arrived.into_iter().map(|end| {
            let Some((domain, theirs)) = self.machines[end].of_vni(local_vni.vni, None) else {
                return Fate::Lost(Loss::NoVni(end, local_vni.vni));
            };
            if theirs.vxlan.udp_port() != local_vni.vxlan.udp_port() {
                return Fate::Lost(Loss::Port(end, local_vni.vni));
            }
            let machine = &self.machines[end];
            let takes = |own: &&RoutedIndex| mac.is_none_or(|mac| machine.routed[**own].macs.contains(&mac));
            match machine.domains[domain].routed.iter().find(takes) {
                Some(own) => self.received(end, &machine.routed[*own], packet, path),
                None => Fate::Lost(Loss::RouterMac(end, local_vni.vni)),
            }
        });
        all(fates.collect()).unwrap_or(Fate::Lost(Loss::NoVni(far, local_vni.vni)))
    }

    /// What becomes of a packet on a wire, for a next hop on it.
    fn on_wire(&self, segment: Segment, sender: Sender, via: IpAddr, packet: Packet, path: &mut Path<'m>) -> Fate<'m> {
        let mac = match self.resolve(segment, sender, via) {
            Ok(mac) => mac,
            Err(Some(Fate::Unknown(doubt))) => return Fate::Unknown(doubt),
            Err(Some(Fate::Lost(why))) => return Fate::Lost(Loss::NoAnswer(via, Some(Box::new(why)))),
            Err(_) => return Fate::Lost(Loss::NoAnswer(via, None)),
        };
        self.wakes(sender, mac);
        let frame = Frame { mac, size: packet.size, df: packet.df };
        let mut seen = BTreeSet::new();
        let arrivals = self.carry(segment, None, Some(sender), frame, &mut seen);
        let fates = arrivals.into_iter().map(|arrival| match arrival {
            Ok(Taker::Host(host)) if self.hosts[host].answers(packet.to) => Fate::Host(host),
            Ok(Taker::Host(host)) => Fate::Lost(Loss::NotForHost(host)),
            Ok(Taker::Node(node, own)) => self.received(node, &self.machines[node].routed[own], packet, path),
            Err(fate) => fate,
        });
        any(fates.collect()).unwrap_or(Fate::Lost(Loss::NobodyTakes(via)))
    }

    /// Notes that a host's own node has met it: the node has asked for it, or it has asked the node.
    fn wakes(&self, sender: Sender, mac: Mac<'m>) {
        let host = match (sender, mac) {
            (Sender::Node(node, _), Mac::Host(host)) if self.homes(host).iter().any(|(own, _)| *own == node) => host,
            (Sender::Host(host), Mac::Written(_) | Mac::Interface(..)) => host,
            _ => return,
        };
        self.awake.borrow_mut().insert(host);
    }

    /// The MAC that answers on a wire for an address, and whose answer comes back: the nearest.
    ///
    /// # Errors
    /// What keeps the first question or answer back that is lost.
    fn resolve(&self, segment: Segment, sender: Sender, ip: IpAddr) -> Result<Mac<'m>, Option<Fate<'m>>> {
        let known = match (sender, segment) {
            (Sender::Node(node, own), Segment::Domain(_, domain)) => {
                self.neighbour(node, domain, ip).or_else(|| self.asked_by(node, own, segment, ip))
            }
            (Sender::Host(_), Segment::Domain(node, domain)) if self.suppresses(node, domain) => {
                self.neighbour(node, domain, ip)
            }
            _ => None,
        };
        if let Some(host) = known {
            return Ok(Mac::Host(host));
        }
        let frame = |mac| Frame { mac, size: ARP, df: false };
        let asker = match sender {
            Sender::Host(host) => Mac::Host(host),
            Sender::Node(node, own) => *self.machines[node].routed[own].macs.first().ok_or(None)?,
        };
        let hears = |taker: Taker| match (taker, sender) {
            (Taker::Host(one), Sender::Host(other)) => one == other,
            (Taker::Node(node, own), Sender::Node(other, theirs)) => node == other && own == theirs,
            _ => false,
        };
        let (reached, mut lost) = self.floods(segment);
        for there in reached {
            for (taker, mac) in self.answering(there, ip) {
                if hears(taker) {
                    continue;
                }
                let answerer = match taker {
                    Taker::Host(host) => Sender::Host(host),
                    Taker::Node(node, own) => Sender::Node(node, own),
                };
                let back = self.carry(there, None, Some(answerer), frame(asker), &mut BTreeSet::new());
                for end in back {
                    match end {
                        Ok(taker) if hears(taker) => return Ok(mac),
                        Err(fate) => lost = Some(fate),
                        _ => {}
                    }
                }
            }
        }
        Err(lost)
    }

    /// The host with an address that has asked a node's interface for its gateway: whoever receives a request for an
    /// address of its own keeps who sent it (RFC 826; of neighbour solicitations, RFC 4861 section 7.2.3).
    fn asked_by(&self, node: NodeIndex, own: RoutedIndex, segment: Segment, ip: IpAddr) -> Option<HostIndex> {
        let own = &self.machines[node].routed[own];
        let asks = |host: &HostIndex| {
            let from = &self.hosts[*host];
            let owns = own.addresses.iter().any(|(own, _)| from.asks(own.ip));
            // A bridge that answers for EVPN's neighbours keeps questions for its own addresses (`br_is_local_ip`).
            let is_kept = self.homes(*host).iter().any(|(home, domain)| {
                let machine = &self.machines[*home];
                let has = |at: &RoutedIndex| machine.routed[*at].addresses.iter().any(|(ip, _)| from.asks(ip.ip));
                *home != node && self.suppresses(*home, *domain) && machine.domains[*domain].routed.iter().any(has)
            });
            let reaches = || from.segment.is_some_and(|start| self.floods(start).0.contains(&segment));
            owns && !is_kept && self.is_awake(*host) && reaches()
        };
        self.owners(ip).find(asks)
    }

    /// The hosts that have an address.
    fn owners(&self, ip: IpAddr) -> impl Iterator<Item = HostIndex> + '_ {
        self.hosts.iter().enumerate().filter(move |(_, host)| host.owns(ip)).map(|(at, _)| at)
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
            let is_told = self.announced(*host, false).into_iter().any(|(far, _)| far != node);
            is_told && tunnels.iter().any(|own| self.learnt_mac(node, own, Mac::Host(*host)).is_some())
        };
        self.owners(ip).find(known)
    }

    /// Who on a segment answers for an address, and with which MAC. Linux answers on every interface of the VRF that has
    /// the address (`arp_ignore` 0); to neighbour solicitations on its own alone.
    fn answering(&self, segment: Segment, ip: IpAddr) -> Vec<(Taker, Mac<'m>)> {
        let mut found: Vec<(Taker, Mac<'m>)> = vec![];
        if let Segment::Domain(node, domain) = segment {
            let machine = &self.machines[node];
            for at in &machine.domains[domain].routed {
                let own = &machine.routed[*at];
                match own.addresses.iter().rev().find(|(own, _)| own.ip == ip) {
                    Some((_, mac)) => found.push((Taker::Node(node, *at), *mac)),
                    None if ip.is_ipv4() && machine.owns(own.vrf, ip).is_some() => {
                        found.extend(own.macs.first().map(|mac| (Taker::Node(node, *at), *mac)));
                    }
                    None => {}
                }
            }
        }
        let near = self.hosts.iter().enumerate().filter(|(_, host)| host.segment == Some(segment) && host.owns(ip));
        found.extend(near.map(|(at, _)| (Taker::Host(at), Mac::Host(at))));
        found
    }

    /// The segments that a broadcast reaches, the nearest first.
    fn floods(&self, start: Segment) -> (Vec<Segment>, Option<Fate<'m>>) {
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
        let source = tunnel.source.map(|source| source.value);
        let ends = self.tunnel(node, Tunnelled { ttl: ttl(tunnel), source, vtep, size, df })?;
        let mut found = vec![];
        for end in ends {
            let Some((domain, theirs)) = self.machines[end].of_vni(tunnel.vni, tag) else {
                return Err(Fate::Lost(Loss::NoVni(end, tunnel.vni)));
            };
            if theirs.vxlan.udp_port() != tunnel.vxlan.udp_port() {
                return Err(Fate::Lost(Loss::Port(end, tunnel.vni)));
            }
            found.push((Segment::Domain(end, domain), Some((end, theirs.link.name.as_str()))));
        }
        Ok(found)
    }

    /// Carries a frame through a broadcast domain to whoever takes it. Where nobody knows the way it is flooded, and there
    /// may be several copies.
    fn carry(
        &self,
        segment: Segment,
        horizon: Horizon<'m>,
        sender: Option<Sender>,
        frame: Frame<'m>,
        seen: &mut BTreeSet<Segment>,
    ) -> Vec<Result<Taker, Fate<'m>>> {
        if !seen.insert(segment) {
            return vec![];
        }
        if let Segment::Domain(node, domain) = segment {
            let machine = &self.machines[node];
            let takes = |own: &&RoutedIndex| machine.routed[**own].macs.contains(&frame.mac);
            if let Some(own) = machine.domains[domain].routed.iter().find(takes) {
                return match sender {
                    Some(Sender::Node(from, out)) if from == node && out == *own => vec![],
                    _ => vec![Ok(Taker::Node(node, *own))],
                };
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
            return vec![Ok(Taker::Host(host))];
        }
        let mut found = vec![];
        for next in self.wiring.beside(&self.machines, segment) {
            if let Some(loss) = self.cable_drops(segment, frame.size) {
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
        let open = || domain.tunnels.iter().filter(|own| horizon != Some((node, own.link.name.as_str())));
        let known = open().find_map(|own| Some((own, self.learnt_mac(node, own, frame.mac)?)));
        let ways: Vec<(&LocalVni<'m>, IpAddr)> = match known {
            Some((own, vtep)) => vec![(own, vtep)],
            None => {
                open().flat_map(|own| self.flood_list(node, own).into_iter().map(move |vtep| (own, vtep))).collect()
            }
        };
        for (own, vtep) in ways {
            match self.arrives(node, own, domain.inner_tag(), vtep, frame.size, frame.df) {
                Ok(ends) => {
                    for (next, via) in ends {
                        found.extend(self.carry(next, via, None, frame, seen));
                    }
                }
                Err(fate) => found.push(Err(fate)),
            }
        }
        found
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
            theirs.filter_map(|own| Some((own.vni, own.source?.value))).find_map(|(vni, vtep)| {
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
                (0..self.machines.len()).filter(|far| *far != node).find_map(|far| {
                    let frr = self.fabric().node(far).frr.as_ref()?;
                    let evpn = &frr.evpn()?.evpn;
                    if !is_on(&evpn.advertise_default_gw) && !is_on(&evpn.advertise_svi_ip) {
                        return None;
                    }
                    let machine = &self.machines[far];
                    let has = |own: &RoutedIndex| machine.routed[*own].macs.contains(&mac);
                    let domain = machine.domains.iter().position(|domain| domain.routed.iter().any(has))?;
                    tells(far, domain)
                })
            }
        }
    }
}

/// The TTL of a tunnel's packets (`ip4_dst_hoplimit` where none is given).
fn ttl(local_vni: &LocalVni) -> u8 {
    local_vni.vxlan.ttl.as_ref().map_or(64, |ttl| ttl.value)
}
