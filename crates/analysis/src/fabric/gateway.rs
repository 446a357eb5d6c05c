//! The routed interfaces of L2VNIs: which addresses they answer for, with which MAC.

use super::device::LocalVni;
use crate::index::NodeIndex;
use evpnlint_core::{
    model::{MacAddress, Prefix, Vni, link::Link},
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A node's routed interface in an L2VNI.
#[derive(Clone)]
pub struct Gateway<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The VNI.
    pub vni: Vni,
    /// The bridge, or the VLAN on top of one.
    pub svi: &'m Link,
    /// What hosts may use as their gateway: the virtual addresses where there are some, else the interface's own.
    /// Link-local and host addresses are left out.
    pub addresses: Vec<GatewayAddress>,
    /// Every subnet that is connected through it.
    pub prefixes: BTreeSet<Prefix>,
}

/// An address that hosts may use as their gateway.
#[derive(Clone, Copy, Debug)]
pub struct GatewayAddress {
    /// The address.
    pub ip: IpAddr,
    /// The length of its prefix.
    pub length: u8,
    /// Where it is written.
    pub span: Option<Span>,
    /// The MAC address that answers for it, if one is written.
    pub mac: Option<MacAddress>,
    /// Where the MAC address is written.
    pub mac_span: Option<Span>,
    /// Whether it is a virtual address beside the interface's own (VRR).
    pub is_virtual: bool,
}

impl GatewayAddress {
    /// The subnet around it.
    pub fn prefix(&self) -> Prefix {
        Prefix::new(self.ip, self.length)
    }
}

impl<'m> Gateway<'m> {
    /// The routed interface of a VNI that is no L3VNI, if it has one.
    pub fn of(node: NodeIndex, local_vni: &LocalVni<'m>) -> Option<Self> {
        let svi = local_vni.svi.filter(|_| local_vni.layer3.is_none())?;
        let addresses = addresses(svi, local_vni.bridge);
        let own = svi.addresses.iter().filter(|own| !own.is_host() && !is_link_local(own.ip)).map(|own| own.prefix());
        let prefixes = own.chain(addresses.iter().map(GatewayAddress::prefix)).collect();
        Some(Self { node, vni: local_vni.vni, svi, addresses, prefixes })
    }

    /// The VRF it is in.
    pub fn vrf(&self) -> Option<&'m str> {
        self.svi.vrf.as_ref().map(|vrf| vrf.value.as_str())
    }

    /// The place that says which subnet it is.
    pub fn place(&self) -> Span {
        self.addresses.iter().find_map(|address| address.span).unwrap_or(self.svi.place())
    }
}

/// What hosts behind an interface may use as their gateway. A VLAN without a MAC address of its own has that of the
/// interface below (`vlan_dev_init`, net/8021q/vlan_dev.c).
pub fn addresses(svi: &Link, below: Option<&Link>) -> Vec<GatewayAddress> {
    let mac = svi.hwaddress.as_ref().or(below.and_then(|below| below.hwaddress.as_ref()));
    let mut found = vec![];
    for shared in &svi.virtuals {
        found.extend(shared.addresses.iter().map(|address| GatewayAddress {
            ip: address.ip,
            length: address.length,
            span: shared.span(),
            mac: Some(shared.mac),
            mac_span: shared.span(),
            is_virtual: true,
        }));
    }
    found.retain(|address| !is_link_local(address.ip));
    if found.is_empty() {
        let own = svi.addresses.iter().filter(|own| !own.is_host() && !is_link_local(own.ip));
        found.extend(own.map(|own| GatewayAddress {
            ip: own.ip,
            length: own.length,
            span: own.span(),
            mac: mac.map(|mac| mac.value),
            mac_span: mac.and_then(|mac| mac.span()),
            is_virtual: false,
        }));
    }
    found
}

/// The gateway addresses that several nodes of a VNI have, each with who has it: anycast gateways.
pub fn anycast<'g, 'm>(gateways: &'g [Gateway<'m>]) -> BTreeMap<IpAddr, Vec<(&'g Gateway<'m>, &'g GatewayAddress)>> {
    let mut owners: BTreeMap<IpAddr, Vec<(&Gateway, &GatewayAddress)>> = BTreeMap::new();
    for gateway in gateways {
        for address in &gateway.addresses {
            let owners = owners.entry(address.ip).or_default();
            // Gateways come in order of their nodes.
            if owners.last().is_none_or(|(known, _)| known.node != gateway.node) {
                owners.push((gateway, address));
            }
        }
    }
    owners.retain(|_, owners| owners.len() > 1);
    owners
}

/// Whether an address is meaningful on its own link only: 169.254.0.0/16 or fe80::/10.
pub fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.segments()[0] & 0xffc0 == 0xfe80,
    }
}
