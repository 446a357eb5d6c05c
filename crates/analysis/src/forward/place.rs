//! Guests, and places: access points of a node's bridge that nobody is known to be at. Where no file tells an address,
//! one is made up.

use super::{
    Forwarding,
    host::{ETHERNET, Host, HostIndex, on_bridge},
    machine::{Domain, DomainIndex},
    wiring::Segment,
};
use crate::fabric::{NodeIndex, gateway::is_link_local, guests::Port};
use evpnlint_core::model::{InterfaceAddress, Prefix, Vni, link::Link};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// The subnet of places whose VNI has no gateway anywhere (TEST-NET-1, RFC 5737).
const DOCUMENTATION: (IpAddr, u8) = (IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0)), 24);

/// Addresses that are made up where no file tells any.
pub(super) struct Spare {
    /// Every address that somebody has.
    taken: BTreeSet<IpAddr>,
    /// By subnet, how far from its first address the next one to try is.
    next: BTreeMap<Prefix, u128>,
}

impl<'m> Forwarding<'_, 'm> {
    /// Adds every device of every guest on a node whose interfaces were read.
    pub(super) fn add_guests(&mut self) {
        let fabric = self.fabric();
        let mut names: BTreeSet<String> = self.hosts.iter().map(|host| host.name.to_string()).collect();
        let mut known = BTreeSet::new();
        let mut spare = self.spare();
        for port in &fabric.guests {
            let Some((node, segment)) = self.behind(port) else { continue };
            let id = port.guest.id;
            let called = port.guest.name.as_ref().map(|name| name.value.clone());
            let first = called.filter(|name| !names.contains(name)).unwrap_or_else(|| id.to_string());
            let is_first = known.insert((node, id));
            let name = if is_first { first } else { format!("{id}:{}", *port.nic.key) };
            names.insert(name.clone());
            let device = &fabric.devices[node];
            let bridge = device.link(port.bridge).and_then(|link| device.mtu(link)).map(|mtu| mtu.bytes);
            let own = port.nic.mtu.as_ref().filter(|mtu| mtu.value > 1 && port.nic.takes_mtu(port.guest.kind));
            let mut host = Host {
                name: Cow::Owned(name),
                guest: Some((id, &port.nic.key)),
                is_made_up: port.nic.addresses.is_empty(),
                segment,
                node: Some(node),
                port_mtu: bridge,
                addresses: port.nic.addresses.iter().map(|own| own.value).collect(),
                gateways: port.nic.gateways.iter().map(|own| own.value).collect(),
                routes: vec![],
                mtu: own.map(|own| own.value).or(bridge).unwrap_or(ETHERNET),
                is_unplugged: false,
                silent: false,
                span: port.place(),
            };
            if host.is_made_up {
                (host.addresses, host.gateways) = self.made_up(segment, &mut spare);
            }
            self.hosts.add(host);
        }
    }

    /// The node that a guest's device is on, and its segment; none of a segment where its bridge is not there or the
    /// device is unplugged. Nothing where no file tells.
    fn behind(&self, port: &Port<'m>) -> Option<(NodeIndex, Option<Segment>)> {
        let node = port.node?;
        let device = &self.fabric().devices[node];
        device.node.interfaces.as_ref()?;
        let link = device.link(port.bridge);
        if port.nic.link_down || link.is_none() {
            return Some((node, None));
        }
        let tag = port.nic.tag.as_ref().map(|tag| tag.value);
        let segment = on_bridge(self.fabric(), &self.machines[node], node, port.bridge, tag);
        // With a tag on a bridge that keeps no VLANs apart, Proxmox makes another bridge, which is in no file.
        segment.map(|segment| (node, Some(segment)))
    }

    /// Adds a place in a broadcast domain of a node.
    pub fn add_place(&mut self, node: NodeIndex, domain: DomainIndex) -> HostIndex {
        let place = self.put_place(node, domain, &mut self.spare());
        self.wake();
        place
    }

    /// The same, where nobody is asleep.
    pub(super) fn put_place(&mut self, node: NodeIndex, domain: DomainIndex, spare: &mut Spare) -> HostIndex {
        let segment = Some(Segment::Domain(node, domain));
        let (addresses, gateways) = self.made_up(segment, spare);
        let device = &self.fabric().devices[node];
        let base: &'m Link = self.machines[node].domains[domain].base;
        let port_mtu = device.mtu(base).map(|mtu| mtu.bytes);
        self.hosts.add(Host {
            name: Cow::Owned(self.place_name(node, domain)),
            guest: None,
            is_made_up: true,
            segment,
            node: Some(node),
            port_mtu,
            addresses,
            gateways,
            routes: vec![],
            mtu: port_mtu.unwrap_or(ETHERNET),
            is_unplugged: false,
            silent: false,
            span: Some(base.place()),
        })
    }

    /// Adds a place for each node and L2VNI, up to a bound; how many there would be without it.
    pub fn add_places(&mut self, most: usize) -> usize {
        let is_bridged = |domain: &Domain| domain.tunnels.iter().any(|own| own.layer3.is_none());
        let nodes = self.machines.iter_enumerated();
        let all: Vec<(NodeIndex, DomainIndex)> = nodes
            .flat_map(|(node, machine)| {
                let domains = machine.domains.iter().enumerate().filter(|(_, domain)| is_bridged(domain));
                domains.map(move |(domain, _)| (node, domain))
            })
            .collect();
        let mut spare = self.spare();
        all.iter().take(most).for_each(|(node, domain)| _ = self.put_place(*node, *domain, &mut spare));
        self.wake();
        all.len()
    }

    /// What to call a place: `pve1:vnet1`, or `leaf1:vlan10` where the bridge keeps VLANs apart.
    pub(super) fn place_name(&self, node: NodeIndex, domain: DomainIndex) -> String {
        let name = self.fabric().name(node);
        let domain = &self.machines[node].domains[domain];
        match domain.vlan {
            Some(vlan) if domain.base.is_vlan_aware() => format!("{name}:vlan{vlan}"),
            _ => format!("{name}:{}", domain.base.name),
        }
    }

    /// Addresses that neither a node nor a host has.
    pub(super) fn spare(&self) -> Spare {
        let nodes = self.fabric().devices.iter().flat_map(|device| device.node.links.values());
        let own = nodes.flat_map(|link| {
            let shared = link.virtuals.iter().flat_map(|own| &own.addresses).map(|own| own.ip);
            link.addresses.iter().map(|own| own.ip).chain(shared)
        });
        let hosts = self
            .hosts
            .iter()
            .flat_map(|host| host.addresses.iter().map(|own| own.ip).chain(host.gateways.iter().copied()));
        Spare { taken: own.chain(hosts).collect(), next: BTreeMap::new() }
    }

    /// Addresses for somebody in a segment, and its gateways: of each family in the subnet of the gateway there, else of
    /// that on another node with the VNI; none where that subnet is full. Without any gateway it is one of the subnet for
    /// documentation.
    fn made_up(&self, segment: Option<Segment>, spare: &mut Spare) -> (Vec<InterfaceAddress>, Vec<IpAddr>) {
        let (mut addresses, mut gateways) = (vec![], vec![]);
        let found = [true, false].map(|is_v4| segment.and_then(|segment| self.gateway_of(segment, is_v4)));
        for gateway in found.into_iter().flatten() {
            if let Some(ip) = spare.take(gateway.prefix()) {
                addresses.push(InterfaceAddress::new(ip, gateway.length));
                gateways.push(gateway.ip);
            }
        }
        if found.iter().all(Option::is_none) {
            let (network, length) = DOCUMENTATION;
            let ip = spare.take(Prefix::new(network, length));
            addresses.extend(ip.map(|ip| InterfaceAddress::new(ip, length)));
        }
        (addresses, gateways)
    }

    /// The address that hosts of a segment use as their gateway: that of the node there, else of another with the VNI.
    fn gateway_of(&self, segment: Segment, is_v4: bool) -> Option<InterfaceAddress> {
        let Segment::Domain(node, domain) = segment else { return None };
        let domain_there = &self.machines[node].domains[domain];
        let tag = domain_there.inner_tag();
        let elsewhere = |vni: Vni| {
            let find = || {
                let mut machines = self.machines.iter_enumerated();
                machines.find_map(|(node, machine)| self.own_gateway(node, machine.of_vni(vni, tag)?.0, is_v4))
            };
            *self.gateways.borrow_mut().entry((vni, tag, is_v4)).or_insert_with(find)
        };
        let mut vnis = domain_there.tunnels.iter().map(|own| own.vni);
        self.own_gateway(node, domain, is_v4).or_else(|| vnis.find_map(elsewhere))
    }

    /// The address of a node itself that hosts of a domain may use as their gateway.
    pub(super) fn own_gateway(&self, node: NodeIndex, domain: DomainIndex, is_v4: bool) -> Option<InterfaceAddress> {
        let machine = &self.machines[node];
        let routed = machine.domains[domain].routed.iter().map(|own| &machine.routed[*own]);
        let serves = |own: &InterfaceAddress| own.ip.is_ipv4() == is_v4 && !own.is_host() && !is_link_local(own.ip);
        // Virtual addresses stand last.
        routed.flat_map(|own| own.addresses.iter().rev()).map(|(own, _)| *own).find(serves)
    }
}

impl Spare {
    /// The highest address of a subnet that nobody has, which is taken from now on. The last address of a subnet is left
    /// out, for in IPv4 it is that of broadcasts, and so is its first.
    fn take(&mut self, subnet: Prefix) -> Option<IpAddr> {
        let (first, width): (u128, u8) = match subnet.network() {
            IpAddr::V4(ip) => (u32::from(ip).into(), 32),
            IpAddr::V6(ip) => (ip.into(), 128),
        };
        let hosts = match width - subnet.length() {
            128 => u128::MAX,
            bits => (1 << bits) - 1,
        };
        let address = |number: u128| match u32::try_from(number) {
            Ok(number) if width == 32 => IpAddr::V4(Ipv4Addr::from(number)),
            _ => IpAddr::V6(Ipv6Addr::from(number)),
        };
        // Of two addresses both are for hosts (RFC 3021).
        let (lowest, highest) = if hosts > 1 { (1, hosts - 1) } else { (0, hosts) };
        let next = self.next.entry(subnet).or_insert(highest + 1);
        while *next > lowest {
            *next -= 1;
            let ip = address(first + *next);
            if self.taken.insert(ip) {
                return Some(ip);
            }
        }
        None
    }
}
