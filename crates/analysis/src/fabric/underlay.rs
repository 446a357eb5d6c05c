//! Which nodes share a link, by the subnets of their interfaces.
//! Unnumbered links show nothing here; the BGP sessions over them are [`super::sessions`]' business.

use super::device::Device;
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{InterfaceAddress, Prefix, Sourced, link::Link};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// An address on an interface of a node.
#[derive(Clone, Copy)]
pub struct Port<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The interface.
    pub link: &'m Link,
    /// The address.
    pub address: &'m Sourced<InterfaceAddress>,
}

/// The underlay.
pub struct Underlay<'m> {
    /// Who has an address in which subnet of the default VRF, tenants' gateways and host addresses aside.
    pub subnets: BTreeMap<Prefix, Vec<Port<'m>>>,
    /// Which nodes have an address in which subnet, in whatever VRF.
    pub members: BTreeMap<Prefix, BTreeSet<NodeIndex>>,
    /// Who owns which address. Tenants' gateways are left out: they are the same on every node on purpose.
    owners: BTreeMap<IpAddr, Vec<Port<'m>>>,
    /// The nodes with a point-to-point subnet that no other node is in, where those of several nodes all lead to routers that
    /// were not read: none of them is the other end of another.
    pub outward: BTreeSet<NodeIndex>,
}

impl<'m> Underlay<'m> {
    /// Collects the addresses of all nodes.
    pub fn new(devices: &ByNode<Device<'m>>) -> Self {
        let mut underlay = Self {
            subnets: BTreeMap::new(),
            members: BTreeMap::new(),
            owners: BTreeMap::new(),
            outward: BTreeSet::new(),
        };
        for (node, device) in devices.iter_enumerated() {
            let tenants: BTreeSet<&str> = device
                .local_vnis
                .iter()
                .filter_map(|local_vni| local_vni.svi.or(local_vni.bridge))
                .map(|svi| svi.name.as_str())
                .collect();
            for link in device.node.links.values().filter(|link| !tenants.contains(link.name.as_str())) {
                for address in &link.addresses {
                    let port = Port { node, link, address };
                    underlay.members.entry(address.prefix()).or_default().insert(node);
                    underlay.owners.entry(address.ip).or_default().push(port);
                    if link.vrf.is_none() && !address.is_host() && !address.ip.is_loopback() {
                        underlay.subnets.entry(address.prefix()).or_default().push(port);
                    }
                }
            }
        }
        underlay.outward = underlay.outward();
        underlay
    }

    fn outward(&self) -> BTreeSet<NodeIndex> {
        let is_alone = |port: &&Port| self.members.get(&port.address.prefix()).is_some_and(|nodes| nodes.len() == 1);
        let ports: Vec<&Port> =
            self.subnets.values().flatten().filter(is_alone).filter(|port| half(port).is_some()).collect();
        let nodes: BTreeSet<NodeIndex> = ports.iter().map(|port| port.node).collect();
        if nodes.len() < 2 || may_meet(&ports) { BTreeSet::new() } else { nodes }
    }

    /// Who owns an address in a VRF; the default one is the empty name.
    pub fn owners<'a>(&'a self, vrf: &'a str, ip: IpAddr) -> impl Iterator<Item = &'a Port<'m>> {
        let in_vrf = move |port: &&Port| port.link.vrf_name() == vrf;
        self.owners.get(&ip).into_iter().flatten().filter(in_vrf)
    }
}

/// Which of the two addresses of a point-to-point subnet a port has: whether it is the upper one. `None` where the subnet is
/// larger, or the address is that of the subnet.
fn half(port: &Port) -> Option<bool> {
    let (last, unused) = match port.address.ip {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()), 32 - u32::from(port.address.length.min(32))),
        IpAddr::V6(ip) => (ip.to_bits(), 128 - u32::from(port.address.length.min(128))),
    };
    match (unused, last & 3) {
        (1, last) => Some(last & 1 == 1),
        (2, 1) => Some(false),
        (2, 2) => Some(true),
        _ => None,
    }
}

/// Whether some of these ports may be the two ends of a link, although their subnets differ: one end has the lower address of
/// its subnet then, and the other the upper one.
pub fn may_meet(ports: &[&Port]) -> bool {
    let halves: BTreeSet<bool> = ports.iter().filter_map(|port| half(port)).collect();
    halves.len() != 1
}
