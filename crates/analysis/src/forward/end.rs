//! Who is meant by a name: a host, a guest, a node, an address, a place, or what lies outside.

use super::{
    Forwarding,
    host::HostIndex,
    loss::Fate,
    machine::{Domain, DomainIndex},
    ping::{Probe, Sender},
    table::Target,
};
use crate::fabric::NodeIndex;
use evpnlint_core::model::link::{Link, LinkKind};
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// What stands for the addresses behind the way out: one of TEST-NET-2 (RFC 5737), and one of IPv6's for documentation
/// (RFC 3849).
pub const OUTSIDE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1))];

/// An end of a ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A host, a guest or a place.
    Host(HostIndex),
    /// A node itself, in its default VRF.
    Node(NodeIndex),
    /// An address, whoever has it.
    Address(IpAddr),
    /// Whatever lies behind the way out.
    Outside,
}

impl<'m> Forwarding<'_, 'm> {
    /// Who goes by a name. A place is made for who asks.
    pub fn end(&mut self, name: &str) -> Option<End> {
        if name == "outside" {
            return Some(End::Outside);
        }
        if let Some(host) = self.hosts.iter().position(|host| !host.is_place() && host.is_called(name)) {
            return Some(End::Host(host));
        }
        if let Ok(ip) = name.parse() {
            return Some(End::Address(ip));
        }
        if let Some(node) = self.fabric().index(name) {
            return Some(End::Node(node));
        }
        let (node, place) = name.split_once(':')?;
        let node = self.fabric().index(node)?;
        let domain = self.domain(node, place)?;
        Some(End::Host(self.add_place(node, domain)))
    }

    /// The names that there are, those of addresses aside.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let hosts = self.hosts.iter().filter(|host| !host.is_place()).map(|host| host.name.to_string());
        let nodes = self.fabric().nodes().map(|node| self.fabric().name(node).to_owned());
        let places = self.machines.iter_enumerated().flat_map(move |(node, machine)| {
            let domains = machine.domains.iter().enumerate();
            let bridges = domains.filter(|(_, domain)| matches!(domain.base.kind, LinkKind::Bridge { .. }));
            bridges.map(move |(domain, _)| self.place_name(node, domain)).collect::<Vec<_>>()
        });
        hosts.chain(nodes).chain(places).chain(["outside".to_owned()])
    }

    /// The domain of a node that is meant by a bridge, by `vlan10`, or by a port or an interface in it. Of several with
    /// that VLAN it is the first that a VNI carries.
    fn domain(&self, node: NodeIndex, place: &str) -> Option<DomainIndex> {
        let machine = &self.machines[node];
        let base = self.fabric().devices[node].link(place);
        let untagged = |link: &Link| link.is_vlan_aware().then(|| link.pvid());
        let bridge = || machine.on(place, base.and_then(untagged));
        let vlan: Option<u16> = place.strip_prefix("vlan").and_then(|vlan| vlan.parse().ok());
        let tagged = |carried: bool| {
            let has = |own: &Domain| own.vlan == vlan || own.outs.iter().any(|(_, tag)| *tag == vlan);
            machine.domains.iter().position(|own| has(own) && own.tunnels.is_empty() != carried)
        };
        let routed = || machine.routed.iter().find(|own| own.link.name == place)?.domain;
        let by_vlan = || vlan.and_then(|_| tagged(true).or_else(|| tagged(false)));
        bridge().or_else(by_vlan).or_else(routed).or_else(|| machine.behind(place, None))
    }

    /// The address of a family that an end answers to.
    pub fn address(&self, end: End, is_v4: bool) -> Option<IpAddr> {
        match end {
            End::Host(host) => self.hosts[host].address(is_v4),
            End::Node(node) => self.node_address(node, is_v4),
            End::Address(ip) => Some(ip).filter(|ip| ip.is_ipv4() == is_v4),
            End::Outside => OUTSIDE.into_iter().find(|ip| ip.is_ipv4() == is_v4),
        }
    }

    /// The address that a node is known by: that of its VTEP, else of its loopback, else the first outside VRFs.
    fn node_address(&self, node: NodeIndex, is_v4: bool) -> Option<IpAddr> {
        let vteps = self.fabric().devices[node].vteps().into_keys();
        let own = self.machines[node].routed.iter().filter(|own| own.vrf.is_empty());
        let (loops, others): (Vec<_>, Vec<_>) = own.partition(|own| own.domain.is_none());
        let all = loops.into_iter().chain(others).flat_map(|own| own.addresses.iter().map(|(own, _)| own.ip));
        let is_global = |ip: &IpAddr| match ip {
            IpAddr::V4(ip) => !ip.is_loopback(),
            IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
        };
        vteps.chain(all).filter(is_global).find(|ip| ip.is_ipv4() == is_v4)
    }

    /// Who sends where an end asks an address. From outside it is the node by which replies leave.
    pub fn sender(&self, from: End, to: End, ip: IpAddr) -> Option<Sender<'m>> {
        let is_v4 = ip.is_ipv4();
        match from {
            End::Host(host) => Some(Sender::Host(host)),
            End::Node(node) => Some(Sender::Node(node, "", self.source(node, "", ip)?)),
            End::Address(own) => self.owner(own),
            End::Outside => {
                let outside = self.address(End::Outside, is_v4)?;
                let back = match to {
                    End::Outside => return None,
                    to => self.sender(to, from, outside).or_else(|| self.owner(ip))?,
                };
                match self.ping(Probe { from: back, to: outside, size: super::SMALL, df: false }).there {
                    Fate::Outside(node) => Some(Sender::Outside(node, outside)),
                    _ => None,
                }
            }
        }
    }

    /// The host that has an address, or the interface of a node.
    fn owner(&self, ip: IpAddr) -> Option<Sender<'m>> {
        let host = self.hosts.iter().position(|host| host.answers(ip));
        let node = || self.addresses.get(&ip)?.first();
        let sender = |(node, own): &(NodeIndex, usize)| Sender::Node(*node, self.machines[*node].routed[*own].vrf, ip);
        host.map(Sender::Host).or_else(|| node().map(sender))
    }

    /// The address that a node sends from: that of the interface by which the packet leaves, else the one it is known by.
    fn source(&self, node: NodeIndex, vrf: &'m str, to: IpAddr) -> Option<IpAddr> {
        let is_v4 = to.is_ipv4();
        let out = |link: &Link| {
            let own = link.addresses.iter().map(|own| own.ip).filter(|ip| ip.is_ipv4() == is_v4);
            own.into_iter().find(|ip| !matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local()))
        };
        let found = match self.route(node, vrf, to)?.target {
            Target::Wire(at, _) => out(self.machines[node].routed[at].link),
            Target::Underlay(next) => {
                let hops = next.first().map(|next| self.ports.between(node, *next)).unwrap_or_default();
                hops.first().and_then(|hop| out(self.ports.all[hop.out as usize].link))
            }
            Target::Own => Some(to),
            Target::Tunnel(..) | Target::Dropped => None,
        };
        found.or_else(|| self.node_address(node, is_v4))
    }

    /// Whether the VRF of a host's gateway has a default route of a family on some node.
    pub fn may_leave(&self, host: HostIndex, is_v4: bool) -> bool {
        let outside = OUTSIDE[usize::from(!is_v4)];
        let mut gateways = self.hosts[host].gateways.iter().filter(|ip| ip.is_ipv4() == is_v4);
        gateways.any(|gateway| {
            let owners = self.addresses.get(gateway).into_iter().flatten();
            let vrfs: BTreeSet<&'m str> = owners.map(|(node, own)| self.machines[*node].routed[*own].vrf).collect();
            let leads = |node: NodeIndex, vrf: &'m str| {
                let has_vrf = self.machines[node].routed.iter().any(|own| own.vrf == vrf);
                let route = || self.route(node, vrf, outside);
                has_vrf && route().is_some_and(|route| !matches!(route.target, Target::Dropped))
            };
            vrfs.into_iter().any(|vrf| self.fabric().nodes().any(|node| leads(node, vrf)))
        })
    }
}
