//! Two nodes with one address in a subnet where each should have its own.

use crate::{
    fabric::{Fabric, NodeIndex, few, sessions::Half, underlay::Port},
    finding::{Out, Severity},
    model::{MacAddress, Prefix},
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    net::IpAddr,
};

/// Who has it: the node, the interface and the place.
type Owners<'m> = BTreeMap<NodeIndex, (&'m str, Option<Span>)>;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // Beside a virtual address, which all share, each interface has one of its own.
    let mut own: BTreeMap<(String, IpAddr), Owners> = BTreeMap::new();
    for gateway in fabric.overlay.gateways.values().flatten().filter(|gateway| !gateway.svi.virtuals.is_empty()) {
        for address in gateway.svi.addresses.iter().filter(|own| !own.is_host()) {
            let owners = own.entry((format!("vni {}", gateway.vni), address.ip)).or_default();
            owners.insert(gateway.node, (&gateway.svi.name, address.span()));
        }
    }
    for ((whose, ip), owners) in &own {
        say(fabric, out, ip, whose, owners, Severity::Warning);
    }
    for (subnet, ports) in fabric.underlay.subnets.iter().filter(|(subnet, _)| has_many(**subnet)) {
        let mut addresses: BTreeMap<IpAddr, Owners> = BTreeMap::new();
        let mut macs: BTreeMap<MacAddress, Owners> = BTreeMap::new();
        for port in ports.iter().filter(|port| !fabric.multihoming.is_mlag(port.node)) {
            let ip = port.address.ip;
            // The VTEPs' are told by `vtep-address-duplicate`.
            if !fabric.overlay.vteps.contains_key(&ip) {
                addresses.entry(ip).or_default().insert(port.node, (&port.link.name, port.address.span()));
            }
            if let Some(mac) = &port.link.hwaddress {
                macs.entry(mac.value).or_default().insert(port.node, (&port.link.name, mac.span()));
            }
        }
        let whose = format!("the underlay's {subnet}");
        // Where nodes are missing, what seems to be one third may be two.
        let most = if fabric.closed { Severity::Error } else { Severity::Warning };
        let wire = Wire::new(fabric, ports);
        for (ip, owners) in &mut addresses {
            wire.keep(owners);
            say(fabric, out, ip, &whose, owners, most);
        }
        for (mac, owners) in &mut macs {
            wire.keep(owners);
            say(fabric, out, mac, &whose, owners, most);
        }
    }
}

/// Who is on one wire: many networks may bear the same private prefix, and only sessions tell that two nodes share one.
struct Wire {
    /// The addresses that each node has a session with, as both ends say.
    called: BTreeMap<NodeIndex, BTreeSet<IpAddr>>,
    /// The addresses that one node alone has.
    sole: BTreeMap<IpAddr, NodeIndex>,
}

impl Wire {
    fn new(fabric: &Fabric, ports: &[Port]) -> Self {
        let mut owners: BTreeMap<IpAddr, BTreeSet<NodeIndex>> = BTreeMap::new();
        for port in ports {
            owners.entry(port.address.ip).or_default().insert(port.node);
        }
        let only = |nodes: &BTreeSet<NodeIndex>| nodes.first().copied().filter(|_| nodes.len() == 1);
        let sole: BTreeMap<_, _> = owners.iter().filter_map(|(ip, nodes)| Some((*ip, only(nodes)?))).collect();
        let halves = |node| fabric.sessions.of(node).iter().filter(|half: &&Half| half.vrf().is_empty());
        // The other end takes this one and names it.
        let is_answered = |half: &Half, ip: IpAddr, end: NodeIndex| {
            let back = |back: &Half| back.peer_address() == Some(ip) && back.takes(half) && half.takes(back);
            halves(end).any(back)
        };
        let called = |port: &Port| {
            let peers = halves(port.node).filter_map(|half| {
                let peer = half.peer_address()?;
                is_answered(half, port.address.ip, *sole.get(&peer)?).then_some(peer)
            });
            (port.node, peers.collect())
        };
        Self { called: ports.iter().map(called).collect(), sole }
    }

    /// Whether two nodes are on one wire: one has a session with the other, or both have one with the same third.
    fn joins(&self, one: NodeIndex, other: NodeIndex) -> bool {
        let (Some(a), Some(b)) = (self.called.get(&one), self.called.get(&other)) else { return false };
        let meets = |called: &BTreeSet<IpAddr>, end| called.iter().any(|ip| self.sole.get(ip) == Some(&end));
        meets(a, other) || meets(b, one) || a.intersection(b).next().is_some()
    }

    /// Keeps those of a thing's owners that share a wire with another one.
    fn keep(&self, owners: &mut Owners) {
        if owners.len() > 1 {
            let all: Vec<NodeIndex> = owners.keys().copied().collect();
            owners.retain(|node, _| all.iter().any(|other| other != node && self.joins(*node, *other)));
        }
    }
}

/// Whether a subnet has room for more than the two ends of a link.
fn has_many(subnet: Prefix) -> bool {
    subnet.length() < if subnet.network().is_ipv4() { 30 } else { 126 }
}

fn say(fabric: &Fabric, out: &mut Out, what: &impl Display, whose: &str, owners: &Owners, most: Severity) {
    let Some(first) = owners.keys().next().filter(|_| owners.len() > 1) else { return };
    let names = few(owners.keys().map(|node| fabric.name(*node)));
    out.report(format!(
        "{names} have one address in {whose}, {what}: what is meant for one reaches the other, whichever answered last"
    ))
    .about(format!("{} {what}", fabric.name(*first)))
    .also(owners.iter().map(|(node, (link, span))| (*span, format!("{link} of {}", fabric.name(*node)))))
    .help("give each of them one of its own")
    .at_most(most)
    .done();
}
