//! Which interfaces tunnels run over, and how large a packet tunnels make.

use super::{
    device::{Device, LocalVni, Mtu},
    origination::{is_passive, ospf_area},
    overhead::overhead,
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{
        Prefix, Vni,
        bgp::{BgpInstance, Family, Neighbor, PeerName},
        frr::Frr,
        is_on,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The largest packet that a node puts into a VNI's tunnels: what the VXLAN device takes, and no more than the bridge
/// or another of its ports can send. A bridge that filters VLANs serves others too, and says nothing.
pub fn inner<'m>(device: &Device<'m>, local_vni: &LocalVni<'m>) -> Option<Mtu> {
    let own = device.mtu(local_vni.link)?;
    if let Some(vrf) = local_vni.layer3 {
        return routed(device, local_vni, vrf, own);
    }
    let Some(bridge) = local_vni.bridge.filter(|bridge| !bridge.is_vlan_aware()) else { return Some(own) };
    match device.sender(&bridge.name) {
        Some(sender) if sender.bytes < own.bytes => Some(sender.clone()),
        _ => Some(own),
    }
}

/// What is routed into an L3VNI came in through another interface of the VRF, and is no larger than that took.
fn routed<'m>(device: &Device<'m>, local_vni: &LocalVni<'m>, vrf: &str, own: Mtu) -> Option<Mtu> {
    let svi = local_vni.svi.or(local_vni.bridge).map(|svi| svi.name.as_str());
    let others = device.node.links.values().filter(|link| Some(link.name.as_str()) != svi && link.vrf_name() == vrf);
    let source = others.filter_map(|link| device.mtu(link)).max_by_key(|mtu| mtu.bytes)?;
    Some(if source.bytes < own.bytes { source } else { own })
}

/// The interfaces of each node over which it reaches other nodes outside VRFs: those of BGP sessions, OSPF, IS-IS and
/// OpenFabric. Interfaces that lead out of the fabric are left out as far as addresses tell; `closed` is whether every
/// node is here.
pub fn uplinks<'m>(devices: &ByNode<Device<'m>>, closed: bool) -> ByNode<Vec<&'m Link>> {
    let mut owned: BTreeSet<IpAddr> = BTreeSet::new();
    let mut subnets: BTreeMap<Prefix, BTreeSet<NodeIndex>> = BTreeMap::new();
    for (node, device) in devices.iter_enumerated() {
        for link in device.node.links.values().filter(|link| link.vrf.is_none()) {
            for address in &link.addresses {
                owned.insert(address.ip);
                subnets.entry(address.prefix()).or_default().insert(node);
            }
        }
    }
    let is_shared = |link: &Link| {
        let mut own = link.addresses.iter().filter(|own| own.ip.is_ipv4() && !own.is_host()).peekable();
        own.peek().is_none() || own.any(|own| subnets.get(&own.prefix()).is_some_and(|nodes| nodes.len() > 1))
    };
    devices
        .iter()
        .map(|device| {
            let Some(frr) = &device.node.frr else { return vec![] };
            let tenants = tenants(device);
            let mut names: BTreeSet<&str> = BTreeSet::new();
            if let Some(instance) = frr.instance(None) {
                let inside = inside(device, instance);
                for neighbor in instance.neighbors.values().filter(|neighbor| !is_on(&neighbor.shutdown)) {
                    match &neighbor.name.value {
                        PeerName::Interface(name) if inside(neighbor, name) => names.extend([name.as_str()]),
                        PeerName::Address(ip) if owned.contains(ip) => {
                            names.extend(device.connected(*ip).map(|link| link.name.as_str()));
                        }
                        _ => {}
                    }
                }
                for range in &instance.listen {
                    let calls = |link: &&Link| {
                        link.vrf.is_none()
                            && is_shared(link)
                            && link
                                .addresses
                                .iter()
                                .any(|own| !own.is_host() && own.prefix().overlaps(range.range.value))
                    };
                    names.extend(device.node.links.values().filter(calls).map(|link| link.name.as_str()));
                }
            }
            let interior =
                |link: &&Link| (runs_ospf(frr, link) || runs_isis(frr, link)) && (!closed || is_shared(link));
            names.extend(device.node.links.values().filter(interior).map(|link| link.name.as_str()));
            names.into_iter().filter_map(|name| device.link(name)).filter(|link| carries(link, &tenants)).collect()
        })
        .collect()
}

/// The interfaces of a node that belong to tenants.
pub fn tenants<'m>(device: &Device<'m>) -> BTreeSet<&'m str> {
    let own = device.local_vnis.iter().flat_map(|local_vni| [local_vni.svi, local_vni.bridge]);
    own.flatten().map(|link| link.name.as_str()).collect()
}

/// Whether tunnels may run over an interface: it leads out of the node, is no tenant's, and no link between MLAG peers.
pub fn carries(link: &Link, tenants: &BTreeSet<&str>) -> bool {
    let leads_out =
        !matches!(link.kind, LinkKind::Loopback | LinkKind::Dummy | LinkKind::Vxlan(_) | LinkKind::Vrf { .. });
    leads_out && link.vrf.is_none() && link.clag.is_none() && !tenants.contains(link.name.as_str())
}

/// Tells which unnumbered sessions are the fabric's. Where some of them carry EVPN, those without lead out of it; where
/// none does, those over VLANs do, as to a router that is told each tenant's routes apart.
fn inside(device: &Device, instance: &BgpInstance) -> impl Fn(&Neighbor, &str) -> bool {
    let speaks = |neighbor: &Neighbor| neighbor.is_active(Family::Evpn);
    let is_unnumbered = |neighbor: &&Neighbor| matches!(neighbor.name.value, PeerName::Interface(_));
    let some_speak = instance.neighbors.values().filter(is_unnumbered).any(speaks);
    move |neighbor, port| match some_speak {
        true => speaks(neighbor),
        false => !device.link(port).is_some_and(|link| matches!(link.kind, LinkKind::Vlan { .. })),
    }
}

/// Whether OSPF forms adjacencies over an interface.
pub fn runs_ospf(frr: &Frr, link: &Link) -> bool {
    let by_itself = frr.links.get(&link.name).is_some_and(|own| own.ospf.area.is_some());
    link.vrf.is_none()
        && !matches!(link.kind, LinkKind::Loopback)
        && (by_itself || link.addresses.iter().any(|own| ospf_area(frr, link, own.ip).is_some()))
        && is_passive(frr, link).is_some_and(|(passive, _)| !passive)
}

/// Whether IS-IS or OpenFabric forms adjacencies over an interface.
pub fn runs_isis(frr: &Frr, link: &Link) -> bool {
    link.vrf.is_none()
        && !matches!(link.kind, LinkKind::Loopback)
        && frr
            .links
            .get(&link.name)
            .is_some_and(|own| (own.isis.ipv4.is_some() || own.isis.ipv6.is_some()) && !is_on(&own.isis.passive))
}

/// How large a VNI's tunnel packets get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TunnelPacket {
    /// The VNI.
    pub vni: Vni,
    /// The inner packet, in bytes.
    pub inner: u32,
    /// What the tunnel adds, in bytes: [`overhead`], and 4 for a VLAN tag that hosts' frames keep in it.
    pub overhead: u32,
    /// Whether frames may bear a tag in the tunnel; it is the hosts' choice.
    pub tagged: bool,
    /// Whether the inner size is nobody's choice.
    pub default: bool,
}

impl TunnelPacket {
    /// What a node puts into the tunnels of a VNI; `None` where its MTU is not known.
    pub fn of<'m>(device: &Device<'m>, local_vni: &LocalVni<'m>) -> Option<Self> {
        let mtu = inner(device, local_vni)?;
        let tagged = device.is_generated(local_vni.link) && is_trunk(local_vni);
        let address = local_vni.tunnel_address().or(local_vni.vxlan.remotes.first());
        let overhead = address.map_or(50, |address| overhead(address.value)) + if tagged { VLAN_TAG } else { 0 };
        Some(Self { vni: local_vni.vni, inner: mtu.bytes, overhead, tagged, default: mtu.default.is_some() })
    }

    /// The outer packet, in bytes.
    pub fn bytes(self) -> u32 {
        self.inner + self.overhead
    }

    /// The outer packet of a frame without a tag, in bytes.
    pub fn untagged(self) -> u32 {
        self.bytes() - if self.tagged { VLAN_TAG } else { 0 }
    }

    /// The largest first; of equal ones those that somebody chose, then the lowest VNI.
    pub fn rank(&self) -> (Reverse<u32>, bool, Vni) {
        (Reverse(self.bytes()), self.default, self.vni)
    }
}

/// What an 802.1Q tag adds to a frame, in bytes.
const VLAN_TAG: u32 = 4;

/// Whether the frames of VLANs enter a VXLAN device with their tags: a trunk port, and no map that takes tags for VNIs.
/// Only Proxmox's build of ifupdown2 sets up such a port.
fn is_trunk(local_vni: &LocalVni) -> bool {
    let Some(bridge) = local_vni.bridge.filter(|bridge| bridge.is_vlan_aware()) else { return false };
    let own = &local_vni.link.port;
    let vids = if own.vids.is_empty() { &bridge.port.vids } else { &own.vids };
    let pvid = local_vni.link.pvid_in(bridge);
    own.access.is_none() && local_vni.vxlan.map.is_empty() && vids.iter().any(|vids| vids.value != (pvid, pvid))
}

/// One end of a link.
pub struct End<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The interface.
    pub link: &'m Link,
    /// Its MTU.
    pub mtu: Mtu,
}

/// Two ends of an OSPF link, of which the smaller refuses what the larger says of itself.
pub struct OspfConflict<'m> {
    /// The end that refuses.
    pub small: End<'m>,
    /// The largest of the others.
    pub large: (NodeIndex, &'m Link, u32, Span),
}

/// The OSPF links whose ends have different MTUs. The end with the smaller one ignores database descriptions that bear
/// a larger one (RFC 2328 section 10.6; `ospf_db_desc`, ospfd/ospf_packet.c), unless it is told to ignore MTUs.
pub fn ospf_conflicts<'m>(devices: &ByNode<Device<'m>>) -> Vec<OspfConflict<'m>> {
    let mut subnets: BTreeMap<Prefix, Vec<(End<'m>, bool)>> = BTreeMap::new();
    for (node, device) in devices.iter_enumerated() {
        let Some(frr) = device.node.frr.as_ref().filter(|frr| !frr.ospf.is_empty()) else { continue };
        for link in device.node.links.values() {
            let Some(own) = link.addresses.iter().find(|own| own.ip.is_ipv4() && !own.is_host()) else { continue };
            if !runs_ospf(frr, link) {
                continue;
            }
            let Some(mtu) = device.underlay_mtu(link) else { continue };
            let ignores = frr.links.get(&link.name).is_some_and(|own| is_on(&own.ospf.mtu_ignore));
            subnets.entry(own.prefix()).or_default().push((End { node, link, mtu }, ignores));
        }
    }
    let mut found = vec![];
    for ends in subnets.into_values() {
        let Some(large) = ends
            .iter()
            .max_by_key(|(end, _)| (end.mtu.bytes, Reverse(end.node)))
            .map(|(end, _)| (end.node, end.link, end.mtu.bytes, end.mtu.span))
        else {
            continue;
        };
        for (small, ignores) in ends {
            if small.mtu.bytes < large.2 && small.node != large.0 && !ignores {
                found.push(OspfConflict { small, large });
            }
        }
    }
    found.sort_by_key(|conflict| (conflict.small.node, conflict.small.mtu.span));
    found
}
