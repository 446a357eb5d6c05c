//! Router-ids, written or chosen.

use crate::{
    fabric::Fabric,
    index::{ByNode, NodeIndex},
};
use evpnlint_core::model::{bgp::BgpInstance, frr::Frr, link::LinkKind};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

/// The router-id of every BGP instance.
pub struct Speakers {
    chosen: ByNode<BTreeMap<String, Ipv4Addr>>,
}

impl Speakers {
    /// Asks every node.
    pub fn new(fabric: &Fabric) -> Self {
        let chosen = fabric.nodes().map(|node| {
            let frr = fabric.node(node).frr.as_ref();
            let instances = frr.into_iter().flat_map(|frr| frr.bgp.iter().map(move |instance| (frr, instance)));
            instances.filter_map(|(frr, own)| Some((vrf(own).to_owned(), router_id(fabric, node, frr, own)?))).collect()
        });
        Self { chosen: chosen.collect() }
    }

    /// The router-id of a node's instance; `None` where it has no address to take one from, and sends 0.0.0.0, which
    /// every peer refuses (RFC 4271 section 6.2).
    pub fn router_id(&self, node: NodeIndex, instance: &BgpInstance) -> Option<Ipv4Addr> {
        self.chosen[node].get(vrf(instance)).copied()
    }
}

fn vrf(instance: &BgpInstance) -> &str {
    instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str())
}

/// `bgp router-id`; else zebra's: the one that is written, else the highest address of the VRF's loopback, else the
/// highest of its interfaces (`router_id_get`, zebra/router-id.c).
pub fn router_id(fabric: &Fabric, node: NodeIndex, frr: &Frr, instance: &BgpInstance) -> Option<Ipv4Addr> {
    if let Some(id) = &instance.router_id {
        return Some(id.value);
    }
    if let Some(id) = frr.router_id.as_ref().filter(|_| instance.vrf.is_none()) {
        return Some(id.value);
    }
    let name = vrf(instance);
    let own = fabric.node(node).links.values().filter(|link| link.vrf_name() == name || link.name == name);
    let addresses = own.flat_map(|link| {
        let is_loopback = matches!(link.kind, LinkKind::Loopback | LinkKind::Vrf { .. });
        link.addresses.iter().filter_map(move |own| match own.ip {
            IpAddr::V4(ip) if !ip.is_loopback() => Some((is_loopback, ip)),
            _ => None,
        })
    });
    addresses.max().map(|(_, ip)| ip)
}
