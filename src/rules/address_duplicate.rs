//! Two nodes with one address in a subnet where each should have its own.

use crate::{
    fabric::{Fabric, NodeIndex, few},
    finding::Out,
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
    let mut macs: BTreeMap<(Prefix, MacAddress), Owners> = BTreeMap::new();
    for (subnet, ports) in fabric.underlay.subnets.iter().filter(|(subnet, _)| has_many(**subnet)) {
        let peers: BTreeSet<NodeIndex> = ports.iter().map(|port| port.node).collect();
        for port in ports.iter().filter(|port| !fabric.multihoming.is_mlag(port.node)) {
            let ip = port.address.ip;
            // The VTEPs' are told by `vtep-address-duplicate`. A subnet that nobody calls another in may be many.
            let is_called = peers.iter().any(|node| {
                fabric.sessions.of(*node).iter().any(|half| half.vrf().is_empty() && half.peer_address() == Some(ip))
            });
            if is_called && !fabric.overlay.vteps.contains_key(&ip) {
                let owners = own.entry((format!("the underlay's {subnet}"), ip)).or_default();
                owners.insert(port.node, (&port.link.name, port.address.span()));
            }
            if let Some(mac) = port.link.hwaddress.as_ref().filter(|_| is_called) {
                macs.entry((*subnet, mac.value)).or_default().insert(port.node, (&port.link.name, mac.span()));
            }
        }
    }
    for ((whose, ip), owners) in &own {
        say(fabric, out, ip, whose, owners, "`address`");
    }
    for ((subnet, mac), owners) in &macs {
        say(fabric, out, mac, &format!("the underlay's {subnet}"), owners, "`hwaddress`");
    }
}

/// Whether a subnet has room for more than the two ends of a link.
fn has_many(subnet: Prefix) -> bool {
    subnet.length() < if subnet.network().is_ipv4() { 30 } else { 126 }
}

fn say(fabric: &Fabric, out: &mut Out, what: &impl Display, whose: &str, owners: &Owners, line: &str) {
    let Some(first) = owners.keys().next().filter(|_| owners.len() > 1) else { return };
    let names = few(owners.keys().map(|node| fabric.name(*node)));
    out.report(format!(
        "{names} have one address in {whose}, {what}: what is meant for one reaches the other, whichever answered last"
    ))
    .about(format!("{} {what}", fabric.name(*first)))
    .also(owners.iter().map(|(node, (link, span))| (*span, format!("{link} of {}", fabric.name(*node)))))
    .help(format!("give each of them {line} of its own"))
    .done();
}
