//! One node's interfaces, put together the way the kernel and ifupdown2 would.

use super::overhead::overhead;
use crate::index::{ByNode, NodeIndex, Position};
use evpnlint_core::{
    model::{
        Node, Prefix, Sourced, Vni,
        hook_route::{self, HookRoute},
        link::{Dialect, InterfacesFile, Link, LinkKind, OtherKind, Vxlan},
        wireguard::{OVERHEAD, WireGuard},
    },
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The interfaces of one node.
pub struct Device<'m> {
    /// The node.
    pub node: &'m Node,
    by_name: BTreeMap<&'m str, &'m Link>,
    /// By the name of a port, the last bridge that claims it.
    bridges: BTreeMap<&'m str, &'m Link>,
    bonds: BTreeMap<&'m str, &'m Link>,
    /// Where each port stands at each bridge, by the names of both; of a port that is written twice, the first place.
    port_spans: BTreeMap<(&'m str, &'m str), Option<Span>>,
    /// By the name of a bridge that filters no VLANs, the largest of its MTU and those of its ports that are no tunnels.
    senders: BTreeMap<&'m str, Mtu>,
    /// SVIs by bridge and VLAN.
    svis: BTreeMap<(&'m str, u16), &'m Link>,
    /// The VNIs it carries, in order of their devices.
    pub local_vnis: Vec<LocalVni<'m>>,
    /// Interfaces that a VLAN above brings up with itself.
    raised: BTreeSet<&'m str>,
    /// Whether anything is brought up at boot.
    raises_any: bool,
    /// What hook commands mention.
    hook_words: BTreeSet<&'m str>,
    /// The routes that hook commands make and take away, in order.
    pub hook_routes: Vec<Sourced<HookRoute<'m>>>,
    /// Whether hook commands may make routes that are not among them.
    pub has_unclear_routes: bool,
    /// Whether a hook command may switch forwarding: `sysctl -w net.ipv4.ip_forward=1`.
    pub switches_forwarding: bool,
    /// Whether the MTU of any port of a switch is written.
    states_port_mtu: bool,
    /// Whether it is a switch of Cumulus Linux, whose policies say what holds where nobody wrote anything.
    pub is_switch: bool,
    /// Interfaces whose MTU a hook command may set.
    mtu_by_hook: BTreeSet<&'m str>,
    /// The MTU of every interface.
    mtus: Mtus<'m>,
    /// The same, of the interface and of all that it sends through.
    throughs: Mtus<'m>,
}

/// The position of the node of that name. Nodes are sorted by name.
pub(super) fn named(devices: &ByNode<Device>, name: &str) -> Option<NodeIndex> {
    let at = NodeIndex::new(devices.partition_point(|device| device.node.name.as_str() < name));
    devices.get(at).filter(|device| device.node.name == name).map(|_| at)
}

/// The MTU of each interface by its name, where it is known.
type Mtus<'m> = BTreeMap<&'m str, Option<Mtu>>;

/// One VNI on one node.
#[derive(Clone)]
pub struct LocalVni<'m> {
    /// The VNI.
    pub vni: Vni,
    /// Where the VNI is written.
    pub span: Option<Span>,
    /// The interface that carries it.
    pub link: &'m Link,
    /// The same, as a VXLAN device.
    pub vxlan: &'m Vxlan,
    /// The bridge that the device is a port of.
    pub bridge: Option<&'m Link>,
    /// The VLAN that stands for the VNI, on a VLAN-aware bridge.
    pub vlan: Option<Sourced<u16>>,
    /// The interface that routes for it: the bridge itself, or the VLAN on top of a VLAN-aware one.
    pub svi: Option<&'m Link>,
    /// The tunnel address of this node alone. ifupdown2 falls back to the one on `lo`, then to another device's.
    pub source: Option<&'m Sourced<IpAddr>>,
    /// The one that an MLAG pair shares. `clagd` puts it in the place of the other while both of the pair are up, and that is
    /// what is predicted (Cumulus Linux, "VXLAN Active-active Mode").
    pub shared: Option<&'m Sourced<IpAddr>>,
    /// The VRF whose L3VNI it is, as FRR is told.
    pub layer3: Option<&'m str>,
}

impl<'m> LocalVni<'m> {
    /// The tenant's VRF of an L2VNI: that of its SVI.
    pub fn vrf(&self) -> Option<&'m Sourced<String>> {
        self.svi.and_then(|svi| svi.vrf.as_ref())
    }

    /// The address that its tunnels start from.
    pub fn tunnel_address(&self) -> Option<&'m Sourced<IpAddr>> {
        self.shared.or(self.source)
    }

    /// Whether its remote VTEPs are written down, by address or as a multicast group, instead of learnt through EVPN.
    pub fn is_static(&self) -> bool {
        !self.vxlan.remotes.is_empty() || self.vxlan.group.is_some()
    }
}

/// Whether an interface is called like the ports of Cumulus Linux.
fn is_switch_port(link: &Link) -> bool {
    link.name.starts_with("swp")
}

/// Whether wg-quick makes routes over an interface: to what its peers may send from, and no subnet of it covers
/// (`add_route`).
fn makes_routes(link: &Link) -> bool {
    let covers = |prefix: Prefix| link.addresses.iter().any(|own| own.prefix().covers(prefix));
    let own = link.wireguard.as_ref().filter(|own| !own.is_without_routes);
    own.is_some_and(|own| own.allowed.iter().any(|allowed| !covers(allowed.value)))
}

/// The words of a node's hook commands.
fn hook_words(node: &Node) -> BTreeSet<&str> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '=' | '\'' | '"' | ';');
    node.links.values().flat_map(|link| &link.hooks).flat_map(|hook| hook.value.split(is_end)).collect()
}

/// The MTU of an Ethernet interface by itself, in bytes.
const ETHERNET: u32 = 1500;

/// An MTU in bytes, and why it is that.
#[derive(Clone, Debug)]
pub struct Mtu {
    /// Bytes of IP packet, or of frame without its Ethernet header.
    pub bytes: u32,
    /// Where it is written, or the interface that takes its default.
    pub span: Span,
    /// Whether somebody wrote it, or the words for whose default it is.
    pub default: Option<&'static str>,
}

impl<'m> Device<'m> {
    /// Puts a node together.
    pub fn new(node: &'m Node) -> Self {
        let mut device = Self {
            node,
            by_name: node.links.values().map(|link| (link.name.as_str(), link)).collect(),
            bridges: BTreeMap::new(),
            bonds: BTreeMap::new(),
            port_spans: BTreeMap::new(),
            senders: BTreeMap::new(),
            svis: BTreeMap::new(),
            local_vnis: vec![],
            raised: BTreeSet::new(),
            raises_any: node.links.values().any(|link| link.auto.is_some()),
            hook_words: hook_words(node),
            hook_routes: vec![],
            has_unclear_routes: false,
            switches_forwarding: node
                .links
                .values()
                .flat_map(|link| &link.hooks)
                .any(|hook| hook.value.contains("forward")),
            states_port_mtu: node.links.values().any(|link| is_switch_port(link) && link.mtu.is_some()),
            is_switch: node.links.values().any(is_switch_port),
            mtu_by_hook: BTreeSet::new(),
            mtus: BTreeMap::new(),
            throughs: BTreeMap::new(),
        };
        for link in node.links.values() {
            if let LinkKind::Vlan { raw: Some(raw), .. } = &link.kind
                && link.auto.is_some()
            {
                device.raised.insert(&raw.value);
            }
            match &link.kind {
                LinkKind::Bridge { ports, .. } => {
                    device.bridges.extend(ports.iter().map(|port| (port.value.as_str(), link)));
                    let spans = ports.iter().rev().map(|port| ((link.name.as_str(), port.value.as_str()), port.span()));
                    device.port_spans.extend(spans);
                }
                LinkKind::Bond { slaves } => {
                    device.bonds.extend(slaves.iter().map(|slave| (slave.value.as_str(), link)));
                }
                LinkKind::Vlan { raw: Some(raw), id: Some(id) } => {
                    device.svis.entry((raw.value.as_str(), id.value)).or_insert(link);
                }
                _ => {}
            }
        }
        for hook in node.links.values().flat_map(|link| &link.hooks) {
            match hook_route::routes(&hook.value) {
                Some(routes) => {
                    let here = |value| Sourced { value, origin: hook.origin.clone() };
                    device.hook_routes.extend(routes.into_iter().map(here));
                }
                None => device.has_unclear_routes = true,
            }
        }
        device.has_unclear_routes |= node.links.values().any(makes_routes);
        device.local_vnis = device.find_local_vnis();
        device.mtu_by_hook = device.find_mtu_hooks();
        device.mtus = device.find_mtus();
        device.throughs = device.find_throughs();
        device.senders = device.find_senders();
        device
    }

    fn find_mtu_hooks(&self) -> BTreeSet<&'m str> {
        let mut found = BTreeSet::new();
        for link in self.node.links.values() {
            for hook in link.hooks.iter().filter(|hook| hook.split_whitespace().any(|word| word == "mtu")) {
                found.extend(hook.split_whitespace().filter_map(|word| match word {
                    "$IFACE" | "${IFACE}" => Some(link.name.as_str()),
                    name => self.link(name).map(|link| link.name.as_str()),
                }));
            }
        }
        found
    }

    fn find_local_vnis(&self) -> Vec<LocalVni<'m>> {
        let node = self.node;
        let vxlans = || node.links.values().filter_map(|link| Some((link, link.vxlan()?)));
        let default = node
            .link("lo")
            .and_then(|lo| lo.default_tunnel_ip.as_ref())
            .or_else(|| vxlans().find_map(|(_, vxlan)| vxlan.local.as_ref()));
        let shared = node.shared_vtep();
        let l3vnis: BTreeMap<Vni, &str> = match &node.frr {
            Some(frr) => frr.l3vnis().map(|(name, _, vni)| (vni.value, name)).collect(),
            None => BTreeMap::new(),
        };
        let mut local_vnis = vec![];
        for (link, vxlan) in vxlans() {
            let bridge = self.bridge_of(&link.name);
            let aware = bridge.filter(|bridge| bridge.is_vlan_aware());
            let mut add = |vni: Vni, span: Option<Span>, vlan: Option<Sourced<u16>>| {
                let svi = match (aware, &vlan) {
                    (Some(bridge), Some(vlan)) => self.svi(&bridge.name, vlan.value),
                    (Some(_), None) => None,
                    (None, _) => bridge,
                };
                let source = vxlan.local.as_ref().or(default);
                let layer3 = l3vnis.get(&vni).copied();
                local_vnis.push(LocalVni { vni, span, link, vxlan, bridge, vlan, svi, source, shared, layer3 });
            };
            if let Some(vni) = &vxlan.vni {
                let port = &link.port;
                let only_vid = match port.vids.as_slice() {
                    [vid] if vid.0 == vid.1 => Some(vid.clone().map(|(vid, _)| vid)),
                    _ => None,
                };
                let vlan = port.access.clone().or(port.pvid.clone()).or(only_vid).filter(|_| aware.is_some());
                add(vni.value, vni.span(), vlan);
            }
            for pair in &vxlan.map {
                add(pair.1, pair.span(), Some(pair.clone().map(|(vlan, _)| vlan)));
            }
        }
        local_vnis
    }

    /// The interface of that name.
    pub fn link(&self, name: &str) -> Option<&'m Link> {
        self.by_name.get(name).copied()
    }

    /// The bridge that an interface is a port of: the last one that claims it, as in the kernel.
    pub fn bridge_of(&self, port: &str) -> Option<&'m Link> {
        self.bridges.get(port).copied()
    }

    /// Where an interface is written as a port of a bridge.
    pub fn port_span(&self, bridge: &str, port: &str) -> Option<Span> {
        self.port_spans.get(&(bridge, port)).copied().flatten()
    }

    /// The largest MTU of a bridge that filters no VLANs, and of its ports that are no tunnels.
    pub fn sender(&self, bridge: &str) -> Option<&Mtu> {
        self.senders.get(bridge)
    }

    /// The bond that an interface is a member of.
    pub fn bond_of(&self, slave: &str) -> Option<&'m Link> {
        self.bonds.get(slave).copied()
    }

    /// The interface of a VLAN on a VLAN-aware bridge.
    pub fn svi(&self, bridge: &str, vlan: u16) -> Option<&'m Link> {
        self.svis.get(&(bridge, vlan)).copied()
    }

    /// The interface that has an address, outside VRFs.
    pub fn owner(&self, ip: IpAddr) -> Option<&'m Link> {
        self.node.links.values().find(|link| link.vrf.is_none() && link.addresses.iter().any(|own| own.ip == ip))
    }

    /// The interface through which an address is directly connected, outside VRFs.
    pub fn connected(&self, ip: IpAddr) -> Option<&'m Link> {
        self.node.links.values().find(|link| link.vrf.is_none() && link.connects(ip))
    }

    /// The ports that a file describes and nothing uses: without an address, a hook, a VRF, and in no bridge or bond.
    pub fn unused_ports(&self) -> impl Iterator<Item = &'m Link> {
        let raw = |link: &'m Link| match &link.kind {
            LinkKind::Vlan { raw: Some(raw), .. } => Some(raw.as_str()),
            _ => None,
        };
        let carrying: BTreeSet<&str> = self.node.links.values().filter_map(raw).collect();
        self.node.links.values().filter(move |link| {
            matches!(link.kind, LinkKind::Physical)
                && link.is_described()
                && link.addresses.is_empty()
                && !link.dynamic
                && link.vrf.is_none()
                && link.hooks.is_empty()
                && !carrying.contains(link.name.as_str())
                && self.bridge_of(&link.name).is_none()
                && self.bond_of(&link.name).is_none()
                && !self.hooks_mention(&link.name)
        })
    }

    /// The VXLAN devices that are described without a VNI.
    pub fn without_vni(&self) -> impl Iterator<Item = &'m Link> {
        let lacks = |link: &&Link| link.is_described() && link.vxlan().is_some_and(Vxlan::lacks_vni);
        self.node.links.values().filter(lacks)
    }

    /// Whether FRR runs EVPN on it.
    pub fn runs_evpn(&self) -> bool {
        self.node.frr.as_ref().is_some_and(|frr| frr.evpn().is_some())
    }

    /// The VNIs that it bridges.
    pub fn l2vnis(&self) -> BTreeSet<Vni> {
        self.local_vnis.iter().filter(|local_vni| local_vni.layer3.is_none()).map(|local_vni| local_vni.vni).collect()
    }

    /// Whether it may have routes that no protocol brings: by DHCP, a gateway, or a hook. Where they lead is not asked.
    pub fn may_route_by_hand(&self) -> bool {
        self.node.links.values().any(|link| link.dynamic || !link.gateways.is_empty()) || self.may_make_routes()
    }

    /// Whether hook commands make routes of the default VRF, or may make some that are not understood.
    pub fn may_make_routes(&self) -> bool {
        self.has_unclear_routes || self.hook_routes.iter().any(|route| route.is_added && route.vrf.is_empty())
    }

    /// Whether a VXLAN device may have an IPv6 tunnel address. ifupdown2 makes none with it, and FRR knows none before 10.6;
    /// where nothing tells which FRR runs, the newest is assumed.
    pub fn takes_ipv6_tunnel(&self, vxlan: &Vxlan) -> bool {
        vxlan.hook.is_some() && self.node.frr.as_ref().is_none_or(|frr| frr.reads(10, 6))
    }

    /// Whether Proxmox's SDN wrote an interface.
    pub fn is_generated(&self, link: &Link) -> bool {
        let file = self.node.interfaces.as_ref().and_then(|own| own.sdn).map(|sdn| sdn.file);
        file == Some(link.place().file)
    }

    /// Whether the file that describes an interface is never read, so that it is not set up. A file without a loopback
    /// is a part of a node's, and the line that leads there may stand in the rest.
    pub fn is_unread(&self, link: &Link) -> bool {
        let file = self.node.interfaces.as_ref().filter(|file| !file.unread.is_empty());
        file.is_some_and(|file| file.unread.contains(&link.place().file))
            && self.node.link("lo").is_some_and(|lo| lo.is_described())
    }

    /// Whether neither an `auto` line nor an interface above brings a link up, so that ifupdown2 leaves it down at
    /// boot. Where nothing at all is brought up, the file is a part of something, and nobody can say.
    pub fn stays_down(&self, link: &Link) -> bool {
        // Only ifupdown2 minds the order.
        let is_no_matter = |file: &InterfacesFile| link.late_auto.is_some() && file.dialect != Dialect::Ifupdown2;
        if self.node.unplugged.contains(&link.name) {
            return true;
        }
        link.is_described()
            && link.auto.is_none()
            && link.hotplug.is_none()
            && !self.node.interfaces.as_ref().is_some_and(is_no_matter)
            && !matches!(link.kind, LinkKind::Loopback)
            && self.bridge_of(&link.name).is_none()
            && self.bond_of(&link.name).is_none()
            && !self.raised.contains(link.name.as_str())
            && self.raises_any
    }

    /// Whether a hook command of any interface has that word: what it does is a possible fact.
    pub fn hooks_mention(&self, word: &str) -> bool {
        self.hook_words.contains(word)
    }

    /// Whether `/etc/network/interfaces` describes a VRF of that name, or a hook might make one. True where nothing
    /// is known.
    pub fn may_have_vrf(&self, name: &str) -> bool {
        self.node.interfaces.is_none()
            || self.link(name).is_some_and(|link| link.is_described())
            || self.hooks_mention(name)
    }

    /// The VTEP addresses of the node, each once, with a place that uses it.
    pub fn vteps(&self) -> BTreeMap<IpAddr, &'m Sourced<IpAddr>> {
        self.local_vnis.iter().filter_map(|local_vni| local_vni.source).map(|source| (source.value, source)).collect()
    }

    /// The MTU that an interface gets (ifupdown2 3.0, measured): a bond gives its own to its members, whatever they
    /// say; else what is written; else a VLAN takes its parent's, and everything else, bridges and VXLAN devices too, is set to 1500, or to what the
    /// node's policy says. ifupdown and ifupdown-ng set nothing by themselves, and a bridge has the smallest of its
    /// ports. `None` where no stanza describes the interface and its MTU is whatever the machine was left with, or a
    /// hook may set it.
    pub fn mtu(&self, link: &'m Link) -> Option<Mtu> {
        self.mtus.get(link.name.as_str()).cloned().flatten()
    }

    /// The MTU that is written for a VLAN and that the kernel refuses, with that of the interface below, which it gets
    /// instead: a VLAN has no larger one (`vlan_dev_change_mtu`, net/8021q/vlan_dev.c).
    pub fn mtu_refused(&self, link: &'m Link) -> Option<(&'m Sourced<u32>, Mtu)> {
        self.refused(link, &self.mtus)
    }

    /// The MTU of an interface of the underlay. On Cumulus Linux a policy file may change the default, and nobody can say
    /// which one an `swp` port has where none of them states it.
    pub fn underlay_mtu(&self, link: &'m Link) -> Option<Mtu> {
        let is_known = |mtu: &Mtu| mtu.default.is_none() || !is_switch_port(link) || self.states_port_mtu;
        self.mtu(link).filter(is_known)
    }

    /// The MTU of an interface of the underlay and of all that it sends through: a VLAN through the interface below, a
    /// bridge through the ports that lead out.
    pub fn mtu_through(&self, link: &'m Link) -> Option<Mtu> {
        self.throughs.get(link.name.as_str()).cloned().flatten()
    }

    /// Whether the tool that sets interfaces up leaves an MTU that nobody wrote to the kernel.
    fn is_left_to_kernel(&self) -> bool {
        let file = self.node.interfaces.as_ref();
        file.is_some_and(|file| matches!(file.dialect, Dialect::Ifupdown | Dialect::IfupdownNg))
    }

    /// Says something of every interface, of each after those below it. Of interfaces that are below each other in a
    /// circle, one is taken to have nothing below.
    pub fn upwards<T, B: Iterator<Item = &'m Link>>(
        &self,
        below: impl Fn(&'m Link) -> B,
        say: impl Fn(&'m Link, &BTreeMap<&'m str, T>) -> T,
    ) -> BTreeMap<&'m str, T> {
        let mut said: BTreeMap<&str, T> = BTreeMap::new();
        let mut begun: BTreeSet<&str> = BTreeSet::new();
        for link in self.by_name.values() {
            let mut stack = vec![*link];
            while let Some(link) = stack.last().copied() {
                if begun.insert(&link.name) {
                    stack.extend(below(link).filter(|below| !begun.contains(below.name.as_str())));
                } else {
                    stack.pop();
                    if !said.contains_key(link.name.as_str()) {
                        let own = say(link, &said);
                        said.insert(&link.name, own);
                    }
                }
            }
        }
        said
    }

    fn find_senders(&self) -> BTreeMap<&'m str, Mtu> {
        let is_one = |link: &&&Link| matches!(link.kind, LinkKind::Bridge { .. }) && !link.is_vlan_aware();
        let sender = |bridge: &&'m Link| {
            let ports = bridge.ports().iter().filter_map(|port| self.link(port)).filter(|port| port.vxlan().is_none());
            let all = ports.chain([*bridge]).filter_map(|link| self.mtu(link));
            Some((bridge.name.as_str(), all.max_by_key(|mtu| mtu.bytes)?))
        };
        self.by_name.values().filter(is_one).filter_map(sender).collect()
    }

    fn find_mtus(&self) -> Mtus<'m> {
        self.upwards(|link| self.mtu_depends_on(link), |link, mtus| self.find_mtu(link, mtus))
    }

    /// Of equal ones the interface's own counts, then that of the first interface below.
    fn find_throughs(&self) -> Mtus<'m> {
        let leads_out =
            |port: &&Link| !matches!(port.kind, LinkKind::Vxlan(_) | LinkKind::Dummy | LinkKind::Bridge { .. });
        let below = |link: &'m Link| {
            let raw = match &link.kind {
                LinkKind::Vlan { raw: Some(raw), .. } => self.link(raw),
                _ => None,
            };
            let ports = link.ports().iter().filter_map(|port| self.link(port)).filter(leads_out);
            raw.into_iter().chain(ports)
        };
        self.upwards(below, |link, mtus: &Mtus<'m>| {
            let below = below(link).filter_map(|link| mtus.get(link.name.as_str())?.as_ref());
            let least = below.min_by_key(|mtu| mtu.bytes);
            let own = self.underlay_mtu(link);
            if own.as_ref().is_none_or(|own| least.is_some_and(|least| least.bytes < own.bytes)) {
                least.cloned()
            } else {
                own
            }
        })
    }

    /// The interfaces whose MTU decides about that of an interface: its bond, the interface below, the ports of a
    /// bridge.
    fn mtu_depends_on(&self, link: &'m Link) -> impl Iterator<Item = &'m Link> {
        let raw = match &link.kind {
            LinkKind::Vlan { raw, .. } => raw.as_ref(),
            _ => link.vxlan().and_then(|vxlan| vxlan.physdev.as_ref()),
        };
        let ports = link.ports().iter().filter(|_| self.is_left_to_kernel());
        let below = raw.into_iter().chain(ports).filter_map(|name| self.link(name));
        let carriers = link.wireguard.as_ref().map(|own| self.carriers(own)).unwrap_or_default();
        self.bond_of(&link.name).into_iter().chain(below).chain(carriers)
    }

    /// The interfaces by which packets leave for the endpoints of a WireGuard interface, as far as files tell; where it knows
    /// no endpoint, that of a default route.
    fn carriers(&self, own: &WireGuard) -> Vec<&'m Link> {
        let by_default = |is_v4: bool| {
            let mut links = self.node.links.values().filter(|link| link.vrf.is_none());
            links.find(|link| link.gateways.iter().any(|gateway| gateway.is_ipv4() == is_v4))
        };
        let plain = |link: &&Link| link.wireguard.is_none();
        let towards = |ip: IpAddr| self.connected(ip).filter(plain).or_else(|| by_default(ip.is_ipv4()).filter(plain));
        match own.endpoints.as_slice() {
            [] => by_default(true).filter(plain).into_iter().collect(),
            endpoints => endpoints.iter().filter_map(|endpoint| towards(endpoint.value)).collect(),
        }
    }

    /// The MTU that wg-quick gives an interface: [`OVERHEAD`] bytes less than the smallest of the interfaces that its packets
    /// leave by, and than 1500 where it sees none (`set_mtu_up`). Where files tell of none either, that is assumed, unless the
    /// node has an interface with another MTU.
    fn mtu_of_tunnel(&self, link: &'m Link, own: &WireGuard, mtus: &Mtus) -> Option<Mtu> {
        let carriers: Option<Vec<u32>> =
            self.carriers(own).iter().map(|carrier| Some(mtus.get(carrier.name.as_str())?.as_ref()?.bytes)).collect();
        let is_plain =
            || self.node.links.values().all(|link| link.mtu.as_ref().is_none_or(|mtu| mtu.value <= ETHERNET));
        let below = match carriers?.into_iter().min() {
            Some(below) => below,
            None => Some(ETHERNET).filter(|_| is_plain())?,
        };
        let whose = "80 bytes less than the interface below, wg-quick's";
        Some(Mtu { bytes: below.saturating_sub(OVERHEAD), span: link.place(), default: Some(whose) })
    }

    /// The MTU of a VXLAN device that is bound to an interface: no larger than that leaves after the overhead. The
    /// kernel refuses more, be it written or ifupdown2's default (`vxlan_change_mtu`, drivers/net/vxlan).
    fn mtu_bound(&self, link: &'m Link, mtus: &Mtus) -> Option<Mtu> {
        let vxlan = link.vxlan()?;
        let below = mtus.get(vxlan.physdev.as_ref()?.as_str())?.as_ref()?;
        let overhead = vxlan.local.as_ref().map_or(50, |local| overhead(local.value));
        let bytes = below.bytes.saturating_sub(overhead);
        let wanted = link.mtu.as_ref().map_or(ETHERNET, |mtu| mtu.value);
        let whose = "what the interface that it is bound to leaves after the overhead, the kernel's";
        (wanted > bytes).then_some(Mtu { bytes, span: link.place(), default: Some(whose) })
    }

    fn refused(&self, link: &'m Link, mtus: &Mtus) -> Option<(&'m Sourced<u32>, Mtu)> {
        let LinkKind::Vlan { raw: Some(raw), .. } = &link.kind else { return None };
        let written = link.mtu.as_ref()?;
        let below = mtus.get(raw.as_str())?.as_ref()?;
        if below.default.is_some() && self.is_switch {
            return None;
        }
        (written.value > below.bytes).then(|| (written, below.clone()))
    }

    /// The MTU of an interface, by those of the interfaces that it depends on.
    fn find_mtu(&self, link: &'m Link, mtus: &Mtus) -> Option<Mtu> {
        if let Some(bond) = self.bond_of(&link.name).and_then(|bond| mtus.get(bond.name.as_str())) {
            return bond.clone();
        }
        if self.mtu_by_hook.contains(link.name.as_str()) {
            return None;
        }
        if let Some((_, below)) = self.refused(link, mtus) {
            return Some(below);
        }
        if let Some(bound) = self.mtu_bound(link, mtus) {
            return Some(bound);
        }
        if let Some(mtu) = &link.mtu {
            return Some(Mtu { bytes: mtu.value, span: mtu.span().unwrap_or(link.place()), default: None });
        }
        if let Some(own) = &link.wireguard {
            return self.mtu_of_tunnel(link, own, mtus);
        }
        if !link.is_described() {
            return None;
        }
        let set = |bytes, whose| Some(Mtu { bytes, span: link.place(), default: Some(whose) });
        match &link.kind {
            LinkKind::Loopback => set(65536, "the kernel's for a loopback"),
            LinkKind::Vrf { .. } => None,
            // Open vSwitch gives its ports the smallest MTU of their bridge's, which no file says.
            LinkKind::Other(OtherKind::OpenVswitch) => None,
            LinkKind::Vlan { raw: Some(raw), .. } => {
                let below = mtus.get(raw.as_str())?.as_ref()?;
                set(below.bytes, "that of the interface below")
            }
            LinkKind::Bridge { ports, .. } if self.is_left_to_kernel() => {
                let ports = ports.iter().filter_map(|port| mtus.get(port.as_str())?.as_ref());
                set(ports.map(|mtu| mtu.bytes).min().unwrap_or(ETHERNET), "the smallest of its ports', the kernel's")
            }
            _ => match self.node.interfaces.as_ref().and_then(|file| file.policy.mtu.as_ref()) {
                Some(mtu) => set(mtu.value, "that of ifupdown2's policy"),
                None if self.is_left_to_kernel() => set(ETHERNET, "the kernel's"),
                None => set(ETHERNET, "ifupdown2's"),
            },
        }
    }
}
