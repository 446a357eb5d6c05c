//! One node as the kernel will have it: broadcast domains, routed interfaces, and which domain a VNI's packets come out
//! in.

use super::mac::Mac;
use crate::fabric::{
    NodeIndex,
    device::{Device, LocalVni},
    vlans::Vlans,
};
use crate::predict::igp;
use evpnlint_core::model::{
    InterfaceAddress, Prefix, Vni,
    link::{Link, LinkKind},
};
use std::{collections::BTreeMap, net::IpAddr};

/// A broadcast domain, by its position in [`Machine::domains`].
pub type DomainIndex = usize;

/// A routed interface, by its position in [`Machine::routed`].
pub type RoutedIndex = usize;

/// A port with the tag of its frames; none of untagged ones.
pub type Out<'m> = (&'m str, Option<u16>);

/// One node.
pub struct Machine<'m> {
    /// Its broadcast domains.
    pub domains: Vec<Domain<'m>>,
    /// Its routed interfaces that come up.
    pub routed: Vec<Routed<'m>>,
    by_base: BTreeMap<Out<'m>, DomainIndex>,
    by_out: BTreeMap<Out<'m>, DomainIndex>,
    /// By VNI, the domains that its packets come out in, each with the tunnel's position there.
    by_vni: BTreeMap<Vni, Vec<(DomainIndex, usize)>>,
    /// By address and VRF, the first routed interface that has it.
    by_address: BTreeMap<(IpAddr, &'m str), RoutedIndex>,
    /// The subnets that the loopback takes whole for its own.
    swallowed: Vec<Prefix>,
}

/// A broadcast domain on a node: a bridge, a VLAN of one, or a port by itself.
pub struct Domain<'m> {
    /// The bridge or the port.
    pub base: &'m Link,
    /// The VLAN; none of untagged frames, and of a bridge that keeps no VLANs apart.
    pub vlan: Option<u16>,
    /// The ports by which frames leave the node, tunnels aside.
    pub outs: Vec<Out<'m>>,
    /// The VNIs that frames leave by.
    pub tunnels: Vec<LocalVni<'m>>,
    /// The interfaces of the node itself.
    pub routed: Vec<RoutedIndex>,
}

/// An interface that the node itself sends and receives by.
pub struct Routed<'m> {
    /// The interface.
    pub link: &'m Link,
    /// Its VRF; the default one is empty.
    pub vrf: &'m str,
    /// Its domain; none of loopbacks, and of a VLAN whose frames go nowhere.
    pub domain: Option<DomainIndex>,
    /// Its addresses, each with the MAC that answers for it.
    pub addresses: Vec<(InterfaceAddress, Mac<'m>)>,
    /// The MACs whose frames it takes.
    pub macs: Vec<Mac<'m>>,
}

impl Domain<'_> {
    /// The tag that its frames keep inside of a tunnel: a bridge that keeps VLANs apart takes it off.
    pub fn inner_tag(&self) -> Option<u16> {
        self.vlan.filter(|_| !self.base.is_vlan_aware())
    }
}

impl<'m> Machine<'m> {
    /// Puts a node together.
    pub fn new(device: &Device<'m>, node: NodeIndex) -> Self {
        let mut machine = Self {
            domains: vec![],
            routed: vec![],
            by_base: BTreeMap::new(),
            by_out: BTreeMap::new(),
            by_vni: BTreeMap::new(),
            by_address: BTreeMap::new(),
            swallowed: swallowed(device),
        };
        let bridges = || device.node.links.values().filter(|link| matches!(link.kind, LinkKind::Bridge { .. }));
        for bridge in bridges() {
            let vlans = if bridge.is_vlan_aware() { carried(device, bridge) } else { vec![None] };
            for vlan in vlans {
                machine.domain(device, bridge, vlan);
            }
        }
        let vrfs = device.node.links.values().map(Link::vrf_name).collect::<std::collections::BTreeSet<_>>();
        for vrf in vrfs {
            for link in igp::links(device, vrf) {
                machine.add_routed(device, node, link);
            }
        }
        machine
    }

    /// The domain of a bridge or port, and of a VLAN on it.
    pub fn on(&self, base: &str, vlan: Option<u16>) -> Option<DomainIndex> {
        self.by_base.get(&(base, vlan)).copied()
    }

    /// The domain that frames of a port with that tag are in.
    pub fn behind(&self, port: &str, tag: Option<u16>) -> Option<DomainIndex> {
        self.by_out.get(&(port, tag)).copied()
    }

    /// The domain that the packets of a VNI come out in. `tag` is that of the inner frame.
    pub fn of_vni(&self, vni: Vni, tag: Option<u16>) -> Option<(DomainIndex, &LocalVni<'m>)> {
        let takes = |(at, _): &&(DomainIndex, usize)| {
            let domain = &self.domains[*at];
            domain.base.is_vlan_aware() || domain.vlan == tag
        };
        let (at, tunnel) = self.by_vni.get(&vni)?.iter().find(takes)?;
        Some((*at, &self.domains[*at].tunnels[*tunnel]))
    }

    fn domain(&mut self, device: &Device<'m>, base: &'m Link, vlan: Option<u16>) -> DomainIndex {
        if let Some(known) = self.by_base.get(&(base.name.as_str(), vlan)) {
            return *known;
        }
        let at = self.domains.len();
        let mut outs = vec![];
        let mut tunnels = vec![];
        let is_bridge = matches!(base.kind, LinkKind::Bridge { .. });
        if is_bridge && !device.stays_down(base) {
            let is_port = |link: &&Link| device.bridge_of(&link.name).is_some_and(|own| std::ptr::eq(own, base));
            let ports = base.ports().iter().filter_map(|port| device.link(port)).filter(is_port);
            for port in ports.filter(|port| port.vxlan().is_none() && !device.is_unread(port)) {
                if let Some(tag) = tag(device, base, port, vlan) {
                    leaves(device, port, tag, &mut outs);
                }
            }
            let carries = |own: &&LocalVni| {
                own.bridge.is_some_and(|bridge| std::ptr::eq(bridge, base))
                    && (!base.is_vlan_aware()
                        || own.vlan.as_ref().map_or(base.pvid(), |own| own.value) == vlan.unwrap_or(0))
            };
            tunnels.extend(device.local_vnis.iter().filter(carries).cloned());
            for (tunnel, own) in tunnels.iter().enumerate() {
                self.by_vni.entry(own.vni).or_default().push((at, tunnel));
            }
        } else if !is_bridge {
            leaves(device, base, vlan, &mut outs);
        }
        for out in &outs {
            self.by_out.entry(*out).or_insert(at);
        }
        self.by_base.insert((&base.name, vlan), at);
        self.domains.push(Domain { base, vlan, outs, tunnels, routed: vec![] });
        at
    }

    fn add_routed(&mut self, device: &Device<'m>, node: NodeIndex, link: &'m Link) {
        let is_enslaved = device.bridge_of(&link.name).is_some() || device.bond_of(&link.name).is_some();
        let is_made = !matches!(link.kind, LinkKind::Vxlan(_) | LinkKind::Vrf { .. });
        if is_enslaved || !is_made {
            return;
        }
        let (domain, below) = match &link.kind {
            LinkKind::Loopback | LinkKind::Dummy => (None, None),
            LinkKind::Vlan { raw: Some(raw), id: Some(id) } => {
                let below = device.link(raw);
                (below.map(|below| self.domain(device, below, Some(id.value))), below)
            }
            LinkKind::Bridge { .. } if link.is_vlan_aware() => {
                (Some(self.domain(device, link, Some(link.pvid()))), None)
            }
            _ => (Some(self.domain(device, link, None)), None),
        };
        let mac = match link.hwaddress.as_ref().or(below.and_then(|below| below.hwaddress.as_ref())) {
            Some(mac) => Mac::Written(mac.value),
            None => Mac::Interface(node, below.map_or(link.name.as_str(), |below| below.name.as_str())),
        };
        let own = link.addresses.iter().map(|own| (own.value, mac));
        let shared = link.virtuals.iter().flat_map(|own| own.addresses.iter().map(|ip| (*ip, Mac::Written(own.mac))));
        let addresses: Vec<(InterfaceAddress, Mac<'m>)> = own.chain(shared).collect();
        let macs = std::iter::once(mac).chain(link.virtuals.iter().map(|own| Mac::Written(own.mac))).collect();
        let at = self.routed.len();
        let vrf = vrf(device, link);
        for (own, _) in &addresses {
            self.by_address.entry((own.ip, vrf)).or_insert(at);
        }
        self.routed.push(Routed { link, vrf, domain, addresses, macs });
        if let Some(domain) = domain {
            self.domains[domain].routed.push(at);
        }
    }

    /// Whether the node has an address in a VRF.
    pub fn owns(&self, vrf: &str, ip: IpAddr) -> Option<RoutedIndex> {
        self.by_address.get(&(ip, vrf)).copied()
    }

    /// Whether the loopback takes the subnet of an address for its own.
    pub fn swallows(&self, to: IpAddr) -> bool {
        self.swallowed.iter().any(|prefix| prefix.contains(to))
    }
}

/// The subnets of IPv4 that the loopback takes whole for its own. Where a VRF is, the kernel keeps the local table apart from
/// the main one and asks it first; else the longest prefix of both counts (`fib_unmerge`, net/ipv4/fib_trie.c).
fn swallowed(device: &Device) -> Vec<Prefix> {
    let links = || device.node.links.values();
    if !links().any(|link| matches!(link.kind, LinkKind::Vrf { .. })) {
        return vec![];
    }
    let loopbacks = links().filter(|link| matches!(link.kind, LinkKind::Loopback));
    let own = loopbacks.flat_map(|link| &link.addresses).filter(|own| !own.is_host() && own.ip.is_ipv4());
    own.map(|own| own.prefix()).collect()
}

/// The VRF that an interface is put into. One that nothing makes takes nobody.
fn vrf<'m>(device: &Device<'m>, link: &'m Link) -> &'m str {
    if device.may_have_vrf(link.vrf_name()) { link.vrf_name() } else { "" }
}

/// The VLANs that some port, VNI or interface of a bridge is in.
fn carried<'m>(device: &Device<'m>, bridge: &'m Link) -> Vec<Option<u16>> {
    let ports = bridge.ports().iter().filter_map(|port| device.link(port));
    let mut vlans: Vec<u16> = ports
        .filter_map(|port| Vlans::of(device, port))
        .flat_map(|(vlans, _)| vlans.iter().collect::<Vec<_>>())
        .collect();
    let own = device.local_vnis.iter().filter(|own| own.bridge.is_some_and(|own| std::ptr::eq(own, bridge)));
    vlans.extend(own.map(|own| own.vlan.as_ref().map_or(bridge.pvid(), |vlan| vlan.value)));
    vlans.push(bridge.pvid());
    vlans.sort_unstable();
    vlans.dedup();
    vlans.into_iter().map(Some).collect()
}

/// With which tag frames of a domain leave by a port of its bridge; nothing where they do not.
fn tag(device: &Device, bridge: &Link, port: &Link, vlan: Option<u16>) -> Option<Option<u16>> {
    if !bridge.is_vlan_aware() {
        return Some(vlan);
    }
    let vlan = vlan?;
    let (vlans, _) = Vlans::of(device, port)?;
    vlans.iter().any(|own| own == vlan).then_some((vlans.untagged != vlan).then_some(vlan))
}

/// The ports of the machine by which frames of an interface leave.
fn leaves<'m>(device: &Device<'m>, link: &'m Link, tag: Option<u16>, outs: &mut Vec<Out<'m>>) {
    let is_plugged = |port: &str| !device.node.unplugged.contains(port);
    match &link.kind {
        LinkKind::Vlan { raw: Some(raw), id: Some(id) } if tag.is_none() => match device.link(raw) {
            Some(raw) if !matches!(raw.kind, LinkKind::Vlan { .. }) => leaves(device, raw, Some(id.value), outs),
            _ => {}
        },
        LinkKind::Bond { slaves } => {
            let slaves = slaves.iter().map(|slave| slave.value.as_str());
            outs.extend(slaves.filter(|slave| is_plugged(slave)).map(|slave| (slave, tag)));
        }
        LinkKind::Bridge { .. } | LinkKind::Loopback | LinkKind::Dummy | LinkKind::Vxlan(_) | LinkKind::Vrf { .. } => {}
        _ if is_plugged(&link.name) => outs.push((&link.name, tag)),
        _ => {}
    }
}
