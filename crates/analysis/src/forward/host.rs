//! Hosts and guests, and where each is attached.

use super::{
    machine::Machine,
    wiring::{DeviceIndex, Segment, Wiring},
};
use crate::{
    fabric::Fabric,
    index::{ByNode, NodeIndex},
};
use evpnlint_core::{
    model::{
        InterfaceAddress, Prefix,
        surroundings::{Attachment, Host as Written, HostRoute},
    },
    source::Span,
};
use std::{borrow::Cow, collections::BTreeMap, net::IpAddr, ops::Deref};

/// The MTU of a host where nobody says another, in bytes.
pub(super) const ETHERNET: u32 = 1500;

/// A host, by its position in [`super::Forwarding::hosts`].
pub type HostIndex = usize;

/// A host or a guest.
pub struct Host<'m> {
    /// Its name: that of a guest's first device is the guest's, `web:net1` is another's, and `pve1:vnet1` is a place.
    pub name: Cow<'m, str>,
    /// The guest that it is a device of: its number, and the device's key.
    pub guest: Option<(u32, &'m str)>,
    /// Whether no file tells its addresses, and they are made up.
    pub is_made_up: bool,
    /// The segment that its frames enter; none where its port leads nowhere.
    pub segment: Option<Segment>,
    /// The node that it is attached to; none behind a switch.
    pub node: Option<NodeIndex>,
    /// The largest packet that the port it is attached to takes, in bytes, where that is known.
    pub port_mtu: Option<u32>,
    /// Its addresses.
    pub addresses: Vec<InterfaceAddress>,
    /// Its default gateways.
    pub gateways: Vec<IpAddr>,
    /// Its routes.
    pub routes: Vec<HostRoute>,
    /// Its MTU in bytes.
    pub mtu: u32,
    /// Whether the cable of the port that it is attached to is taken to be pulled.
    pub is_unplugged: bool,
    /// Whether it never speaks first.
    pub silent: bool,
    /// Where it is written.
    pub span: Option<Span>,
}

/// How a host sends to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The address is its own.
    Own,
    /// Over its wire, to that address.
    Wire(IpAddr),
    /// It has no route.
    None,
}

/// Hosts, by [`HostIndex`].
#[derive(Default)]
pub struct Hosts<'m> {
    all: Vec<Host<'m>>,
    by_address: BTreeMap<IpAddr, Vec<HostIndex>>,
}

impl<'m> Hosts<'m> {
    /// All hosts that the user names.
    pub(super) fn of(fabric: &Fabric<'m>, machines: &ByNode<Machine<'m>>, wiring: &Wiring<'m>) -> Self {
        let mut hosts = Self::default();
        for written in fabric.cluster.surroundings.into_iter().flat_map(|own| &own.hosts) {
            hosts.add(Host::new(fabric, machines, wiring, written));
        }
        hosts
    }

    /// Adds one.
    pub(super) fn add(&mut self, host: Host<'m>) -> HostIndex {
        let at = self.all.len();
        for own in &host.addresses {
            let owners = self.by_address.entry(own.ip).or_default();
            if owners.last() != Some(&at) {
                owners.push(at);
            }
        }
        self.all.push(host);
        at
    }

    /// Those that have an address.
    pub(super) fn owners(&self, ip: IpAddr) -> impl Iterator<Item = HostIndex> + '_ {
        self.by_address.get(&ip).into_iter().flatten().copied()
    }
}

impl<'m> Deref for Hosts<'m> {
    type Target = [Host<'m>];

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl<'m> Host<'m> {
    fn new(fabric: &Fabric<'m>, machines: &ByNode<Machine<'m>>, wiring: &Wiring<'m>, written: &'m Written) -> Self {
        let device = wiring.device(fabric, &written.node);
        let vlan = written.vlan.as_ref().map(|vlan| vlan.value);
        let port = match &written.attachment {
            Some(Attachment::Port(port)) => Some(&port.value),
            Some(Attachment::Bridge(_)) | None => None,
        };
        let node = match device {
            Some(DeviceIndex::Node(node)) => Some(node),
            _ => None,
        };
        let (segment, port_mtu) = match device {
            Some(DeviceIndex::Switch(at)) => {
                (Some(Segment::Switch(at, vlan)), wiring.switches[at].mtu.as_ref().map(|mtu| mtu.value))
            }
            Some(DeviceIndex::Node(node)) => attached(fabric, machines, node, written.attachment.as_ref(), vlan),
            None => (None, None),
        };
        Self {
            name: Cow::Borrowed(&written.name.value),
            guest: None,
            is_made_up: false,
            segment,
            node,
            port_mtu,
            addresses: written.addresses.iter().map(|own| own.value).collect(),
            gateways: written.gateways.iter().map(|own| own.value).collect(),
            routes: written.routes.iter().map(|own| own.value).collect(),
            mtu: written.mtu.as_ref().map_or(ETHERNET, |mtu| mtu.value),
            is_unplugged: node.zip(port).is_some_and(|(node, port)| fabric.node(node).unplugged.contains(port)),
            silent: written.silent,
            span: written.name.span(),
        }
    }

    /// Whether it goes by that name: a guest by its number too.
    pub fn is_called(&self, name: &str) -> bool {
        let is_first = || !self.name.contains(':');
        let by_number = |(id, key): (u32, &str)| {
            name.strip_prefix(&id.to_string()).is_some_and(|rest| match rest.strip_prefix(':') {
                Some(rest) => rest == key,
                None => rest.is_empty() && is_first(),
            })
        };
        self.name == name || self.guest.is_some_and(by_number)
    }

    /// Whether it is a place: an access point that no file puts anybody at.
    pub fn is_place(&self) -> bool {
        self.is_made_up && self.guest.is_none()
    }

    /// Whether it answers for an address.
    pub fn answers(&self, ip: IpAddr) -> bool {
        let is_local = |route: &HostRoute| matches!(route, HostRoute::Local(prefix) if prefix.contains(ip));
        self.owns(ip) || self.routes.iter().any(is_local)
    }

    /// Whether its interface has an address.
    pub fn owns(&self, ip: IpAddr) -> bool {
        self.addresses.iter().any(|own| own.ip == ip)
    }

    /// Whether an address is its gateway.
    pub fn asks(&self, ip: IpAddr) -> bool {
        self.gateways.contains(&ip)
    }

    /// Its address of a family, where it has one.
    pub fn address(&self, is_v4: bool) -> Option<IpAddr> {
        self.addresses.iter().map(|own| own.ip).find(|ip| ip.is_ipv4() == is_v4)
    }

    /// How it sends to an address: the longest prefix counts.
    pub fn step(&self, to: IpAddr) -> Step {
        if self.answers(to) {
            return Step::Own;
        }
        let near = self.addresses.iter().map(|own| own.prefix()).filter(|own| own.contains(to));
        let near = near.map(|prefix: Prefix| (prefix.length(), to));
        let far = self.routes.iter().filter_map(|route| match route {
            HostRoute::Via(prefix, via) if prefix.contains(to) => Some((prefix.length(), *via)),
            _ => None,
        });
        let last = self.gateways.iter().filter(|via| via.is_ipv4() == to.is_ipv4()).map(|via| (0, *via));
        near.chain(far).chain(last).max_by_key(|(length, _)| *length).map_or(Step::None, |(_, via)| Step::Wire(via))
    }
}

fn attached<'m>(
    fabric: &Fabric<'m>,
    machines: &ByNode<Machine<'m>>,
    node: NodeIndex,
    place: Option<&'m Attachment>,
    vlan: Option<u16>,
) -> (Option<Segment>, Option<u32>) {
    let (device, machine) = (&fabric.devices[node], &machines[node]);
    let mtu = |name: &str| device.mtu(device.link(name)?).map(|mtu| mtu.bytes);
    match place {
        Some(Attachment::Port(port)) => (machine.behind(port, vlan).map(|at| Segment::Domain(node, at)), mtu(port)),
        Some(Attachment::Bridge(bridge)) => (on_bridge(fabric, machine, node, bridge, vlan), mtu(bridge)),
        None => (None, None),
    }
}

/// The segment of a guest's port on a bridge. A port without a tag is in the VLAN of untagged frames.
pub(super) fn on_bridge(
    fabric: &Fabric<'_>,
    machine: &Machine<'_>,
    node: NodeIndex,
    bridge: &str,
    vlan: Option<u16>,
) -> Option<Segment> {
    let link = fabric.devices[node].link(bridge);
    let vlan = vlan.or_else(|| link.filter(|link| link.is_vlan_aware()).map(|bridge| bridge.pvid()));
    machine.on(bridge, vlan).map(|at| Segment::Domain(node, at))
}
