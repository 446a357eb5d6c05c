//! Addresses that others expect on a node and none of its interfaces has.

use super::{Fabric, device::Device};
use crate::index::NodeIndex;
use evpnlint_core::model::{
    bgp::{Neighbor, UpdateSource},
    link::{Link, LinkKind},
};
use std::{collections::BTreeSet, net::IpAddr};

/// The interface of a node that an address was meant for: one without an address of that family, that is the source of
/// sessions, or is called as those of other nodes are that have addresses in the same subnet; for an address of no subnet,
/// the loopback; else the only port that nothing uses.
pub fn home<'m>(fabric: &Fabric<'m>, node: NodeIndex, ip: IpAddr) -> Option<&'m Link> {
    let device = &fabric.devices[node];
    let bare: Vec<&'m Link> = device.node.links.values().filter(|link| is_bare(device, link, ip)).collect();
    let sources: BTreeSet<&str> = fabric.sessions.of(node).iter().filter_map(|end| source(end.neighbor)).collect();
    let in_subnet =
        fabric.underlay.subnets.iter().filter(|(prefix, _)| prefix.contains(ip)).flat_map(|(_, ports)| ports);
    let names: BTreeSet<&str> = in_subnet.map(|port| port.link.name.as_str()).collect();
    let of = |names: &BTreeSet<&str>| bare.iter().copied().find(|link| names.contains(link.name.as_str()));
    let loopback = || bare.iter().copied().find(|link| names.is_empty() && matches!(link.kind, LinkKind::Loopback));
    let unused = || {
        let mut ports = device.unused_ports();
        ports.next().filter(|_| ports.next().is_none() && !names.is_empty())
    };
    of(&sources).or_else(|| of(&names)).or_else(loopback).or_else(unused)
}

fn source(neighbor: &Neighbor) -> Option<&str> {
    match &neighbor.update_source.as_ref()?.value {
        UpdateSource::Interface(name) => Some(name),
        UpdateSource::Address(_) => None,
    }
}

fn is_bare(device: &Device, link: &Link, ip: IpAddr) -> bool {
    let has = link.addresses.iter().any(|own| own.ip.is_ipv4() == ip.is_ipv4() && !own.ip.is_loopback());
    link.is_described()
        && link.vrf.is_none()
        && !link.dynamic
        && !has
        && device.bridge_of(&link.name).is_none()
        && device.bond_of(&link.name).is_none()
}
