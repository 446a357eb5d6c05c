//! What a packet experiences. [`crate::predict`] says which sessions come up and which routes are learnt; here a packet
//! is taken from host to host over what the kernel makes of it.
//!
//! | module | what it knows |
//! |---|---|
//! | [`machine`] | the broadcast domains and routed interfaces of a node |
//! | [`wiring`] | cables and switches between them |
//! | [`host`] | where hosts are attached, and how they send |
//! | [`mac`] | who a frame is for |
//! | `table` | where a node sends a packet |
//! | `tunnel` | a tunnel's packet on its way through the underlay |
//! | [`wire`] | a frame in a broadcast domain |
//! | `walk` | a packet from node to node |
//! | [`journey`] | the steps of a packet |
//! | [`loss`] | what becomes of it |
//! | [`ping`] | there and back again |
//! | [`ways`] | every one of several equal ways |
//! | [`place`] | guests, and access points that nobody is known to be at |
//! | [`end`] | who is meant by a name |
//! | [`remedy`] | what to change where a packet is lost |
//! | [`expected`] | what must work between any two access points |

use crate::fabric::{Fabric, device::LocalVni, targets};
use crate::index::{ByNode, NodeIndex};
use crate::predict::{
    Prediction,
    flood::FloodMember,
    ports::Ports,
    ribs::{Reach, Ways},
};
use evpnlint_core::{
    model::{InterfaceAddress, Prefix, Vni, frr::Frr, is_on},
    source::Span,
};
use host::{Host, HostIndex, Hosts};
use mac::Mac;
use machine::{DomainIndex, Machine, RoutedIndex};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    rc::Rc,
};
use wiring::{Segment, Wiring};

mod blame;
pub mod end;
pub mod expected;
mod explain;
pub mod host;
pub mod journey;
pub mod loss;
pub mod mac;
pub mod machine;
pub mod ping;
pub mod place;
pub mod remedy;
mod table;
mod tunnel;
mod walk;
pub mod ways;
pub mod wire;
pub mod wiring;

pub use walk::Packet;

/// Bytes of a small packet: a ping without options.
pub const SMALL: u32 = 84;

/// By the prefix of type-5 routes, who originates them: the positions of those in [`crate::predict::flood::Floods::vrfs`].
type Prefixes = BTreeMap<Prefix, Vec<usize>>;

/// By address, the interfaces of nodes that have it.
type NodeAddresses = BTreeMap<IpAddr, Vec<(NodeIndex, RoutedIndex)>>;

/// By VNI, inner tag and whether it is of IPv4, the gateway that some node has.
type Gateways = BTreeMap<(Vni, Option<u16>, bool), Option<InterfaceAddress>>;

/// The data plane of a fabric.
pub struct Forwarding<'p, 'm> {
    /// What the control plane makes of it.
    pub prediction: &'p Prediction<'p, 'm>,
    /// What joins the nodes.
    pub wiring: Wiring<'m>,
    /// The hosts: those that the user tells of, then guests, then places that were asked for.
    pub hosts: Hosts<'m>,
    machines: ByNode<Machine<'m>>,
    ports: &'p Ports<'m>,
    prefixes: Prefixes,
    addresses: NodeAddresses,
    /// The nodes that tell others of the MAC addresses of their own interfaces.
    mac_tellers: Vec<NodeIndex>,
    ways: RefCell<BTreeMap<IpAddr, Rc<Ways<'p, 'm>>>>,
    reaches: RefCell<BTreeMap<IpAddr, Rc<Reach>>>,
    crossed: RefCell<BTreeMap<(NodeIndex, tunnel::Tunnelled), tunnel::Crossed<'m>>>,
    flooded: RefCell<BTreeMap<Segment, Rc<wire::Flooded<'m>>>>,
    /// The gateways that were looked up so far.
    gateways: RefCell<Gateways>,
    /// How many segments all floods so far have reached.
    flood_work: Cell<usize>,
    /// The hosts that never speak first, and that the node they are attached to has met all the same.
    awake: RefCell<BTreeSet<HostIndex>>,
    /// Whether each packet is followed over one of several equal ways at a time. Whoever asks for a MAC address asks until
    /// the question and the answer take ways that do not lose them.
    follows_one: Cell<bool>,
}

impl<'p, 'm> Forwarding<'p, 'm> {
    /// Puts all nodes together.
    pub fn new(prediction: &'p Prediction<'p, 'm>) -> Self {
        let mut forwarding = Self::without_hosts(prediction);
        forwarding.hosts = Hosts::of(prediction.fabric, &forwarding.machines, &forwarding.wiring);
        forwarding.add_guests();
        forwarding.wake();
        forwarding
    }

    /// Puts the nodes together, without hosts and guests.
    fn without_hosts(prediction: &'p Prediction<'p, 'm>) -> Self {
        let fabric: &Fabric<'m> = prediction.fabric;
        let machines: ByNode<Machine<'m>> =
            fabric.devices.iter_enumerated().map(|(node, device)| Machine::new(device, node)).collect();
        let mut prefixes = Prefixes::new();
        for (at, originator) in prediction.floods.vrfs.iter().enumerate() {
            for route in prediction.originated(originator) {
                prefixes.entry(route.prefix).or_default().push(at);
            }
        }
        let mut addresses = NodeAddresses::new();
        for (node, machine) in machines.iter_enumerated() {
            for (at, routed) in machine.routed.iter().enumerate() {
                for (own, _) in &routed.addresses {
                    addresses.entry(own.ip).or_default().push((node, at));
                }
            }
        }
        let tells_macs = |node: &NodeIndex| {
            let instance = fabric.node(*node).frr.as_ref().and_then(Frr::evpn);
            instance.is_some_and(|own| is_on(&own.evpn.advertise_default_gw) || is_on(&own.evpn.advertise_svi_ip))
        };
        Self {
            prediction,
            wiring: Wiring::new(fabric, &machines),
            hosts: Hosts::default(),
            mac_tellers: machines.indices().filter(tells_macs).collect(),
            machines,
            ports: &prediction.demand().ports,
            prefixes,
            addresses,
            ways: RefCell::default(),
            reaches: RefCell::default(),
            crossed: RefCell::default(),
            flooded: RefCell::default(),
            gateways: RefCell::default(),
            flood_work: Cell::default(),
            awake: RefCell::default(),
            follows_one: Cell::default(),
        }
    }

    /// Lets every host that speaks ask for each that does not until nobody is met anew: a host that nobody has met is in
    /// no route, and what is found on the way to it may be the first to meet it.
    fn wake(&self) {
        let silent = || (0..self.hosts.len()).filter(|host| !self.is_awake(*host));
        let mut met = usize::MAX;
        while met != self.awake.borrow().len() {
            met = self.awake.borrow().len();
            for host in silent().collect::<Vec<_>>() {
                for from in (0..self.hosts.len()).filter(|from| !self.hosts[*from].silent) {
                    let own = &self.hosts[host].addresses;
                    own.iter().for_each(|own| {
                        _ = self.ping(ping::Probe { from: from.into(), to: own.ip, size: SMALL, df: false })
                    });
                }
            }
        }
    }

    /// The hosts that never speak first, and that the node they are attached to has met all the same.
    pub fn met(&self) -> impl Iterator<Item = &str> {
        let awake: Vec<HostIndex> = self.awake.borrow().iter().copied().collect();
        let told = awake.into_iter().map(|host| &self.hosts[host]).filter(|host| host.guest.is_none());
        told.map(|host| &*host.name)
    }

    /// Whether the node that a host is attached to has met it.
    fn is_awake(&self, host: HostIndex) -> bool {
        !self.hosts[host].silent || self.awake.borrow().contains(&host)
    }

    fn fabric(&self) -> &'p Fabric<'m> {
        self.prediction.fabric
    }

    /// All equal ways of all nodes to an address.
    fn ways(&self, ip: IpAddr) -> Rc<Ways<'p, 'm>> {
        let find = || Rc::new(self.prediction.ribs.ways(self.fabric(), ip));
        self.ways.borrow_mut().entry(ip).or_insert_with(find).clone()
    }

    fn reach(&self, ip: IpAddr) -> Rc<Reach> {
        let find = || Rc::new(self.prediction.ribs.reaches(self.fabric(), ip));
        self.reaches.borrow_mut().entry(ip).or_insert_with(find).clone()
    }

    /// The VRF of the gateway's interface where a host is attached; the default one is empty.
    pub fn vrf_of(&self, host: &Host) -> Option<&'m str> {
        let Some(Segment::Domain(node, domain)) = host.segment else { return None };
        let machine = &self.machines[node];
        machine.domains[domain].routed.first().map(|own| machine.routed[*own].vrf)
    }

    /// A VNI of a node, as its flood lists have it.
    fn member(&self, node: NodeIndex, vni: Vni) -> Option<&FloodMember<'m>> {
        self.prediction.floods.member(node, vni)
    }

    /// The VTEP address that a node tells others for a VNI: that of the device, else bgpd's router-id.
    fn vtep(&self, node: NodeIndex, tunnel: &LocalVni<'m>) -> Option<IpAddr> {
        tunnel.tunnel_address().map(|source| source.value).or_else(|| self.member(node, tunnel.vni)?.origin.vtep)
    }

    /// Where a VNI of a node is written.
    fn place_of(&self, node: NodeIndex, vni: Vni) -> Option<Span> {
        self.fabric().devices[node].local_vnis.iter().find(|own| own.vni == vni)?.span
    }

    /// The L3VNI of a VRF on a node, where it is up.
    fn l3vni(&self, node: NodeIndex, vrf: &str) -> Option<(&FloodMember<'m>, &LocalVni<'m>)> {
        let mut vrfs = self.prediction.floods.vrfs_of(node).iter();
        let member = vrfs.find(|own| own.origin.vrf == vrf && own.origin.lack.is_none())?;
        let device = &self.fabric().devices[node];
        let local_vni = device.local_vnis.iter().find(|own| own.vni == member.origin.vni)?;
        Some((member, local_vni))
    }

    /// The MAC that a node tells others to send a VRF's packets to, with routes of that VTEP: with the one that an MLAG pair
    /// shares, the anycast MAC of the L3VNI's interface, if it has one.
    fn router_mac(&self, node: NodeIndex, vni: Vni, vtep: IpAddr) -> Option<Mac<'m>> {
        let machine = &self.machines[node];
        let (domain, tunnel) = machine.of_vni(vni, None)?;
        let own = &machine.routed[*machine.domains[domain].routed.first()?];
        let is_shared = tunnel.shared.is_some_and(|shared| shared.value == vtep);
        let anycast = own.macs.get(1).filter(|_| is_shared);
        anycast.or(own.macs.first()).copied()
    }

    /// The VTEPs that a node floods a VNI to: with `flooding disable`, which keeps its type-3 routes back, it floods to none
    /// that it learns of either (`zebra_vxlan_flood_control`).
    fn flood_list(&self, node: NodeIndex, tunnel: &LocalVni<'m>) -> BTreeSet<IpAddr> {
        let member = self.member(node, tunnel.vni).filter(|member| member.origin.floods(self.fabric()));
        let mut list = member.map(|member| self.prediction.floods.floods(member)).unwrap_or_default();
        list.extend(tunnel.vxlan.remotes.iter().map(|own| own.value));
        list
    }

    /// Whether a node imports what another exports for a VNI into one of its own.
    fn imports(&self, node: NodeIndex, vni: Vni, from: NodeIndex, theirs: Vni) -> bool {
        let devices = &self.fabric().devices;
        let own = targets::of_vni(&devices[node], node, vni);
        let far = targets::of_vni(&devices[from], from, theirs);
        own.zip(far).is_some_and(|(own, far)| own.imports_from(&far))
    }

    /// The nodes that a host is attached to, tunnels aside, each with the domain.
    fn homes(&self, host: HostIndex) -> Vec<(NodeIndex, DomainIndex)> {
        let Some(start) = self.hosts[host].segment else { return vec![] };
        let mut order = vec![start];
        let mut at = 0;
        while at < order.len() {
            for next in self.wiring.beside(&self.machines, order[at]) {
                if !order.contains(&next) {
                    order.push(next);
                }
            }
            at += 1;
        }
        let domain = |segment: Segment| match segment {
            Segment::Domain(node, domain) => Some((node, domain)),
            Segment::Switch(..) => None,
        };
        order.into_iter().filter_map(domain).collect()
    }
}
