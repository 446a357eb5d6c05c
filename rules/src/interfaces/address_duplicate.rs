use crate::finding::{Member, Out, Severity};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, sessions::SessionEnd, underlay::Port};
use evpnlint_core::{
    model::{MacAddress, Prefix},
    source::Span,
    words::join_names,
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
    // A link has two ends. Where a subnet of two has three, two of them have one address, and the third has another link
    // to nobody, one was copied. Without that link there may be two links with one prefix.
    let alone = |node: NodeIndex| {
        let mut own = fabric.underlay.subnets.iter().filter(|(subnet, ports)| !has_many(**subnet) && ports.len() == 1);
        own.any(|(_, ports)| ports[0].node == node)
    };
    for (subnet, ports) in fabric.underlay.subnets.iter().filter(|(subnet, _)| !has_many(**subnet)) {
        let [a, b, c] = ports.as_slice() else { continue };
        for (one, other, third) in [(a, b, c), (a, c, b), (b, c, a)] {
            if fabric.closed && alone(third.node) && one.address.ip == other.address.ip && one.node != other.node {
                let owners = [one, other].map(|port| (port.node, (port.link.name.as_str(), port.address.span())));
                say(fabric, out, &one.address.ip, &format!("the link {subnet}"), &owners.into(), Severity::Error);
            }
        }
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
        let wire = Wire { fabric, ports };
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
struct Wire<'f, 'm> {
    fabric: &'f Fabric<'m>,
    ports: &'f [Port<'m>],
}

impl<'f, 'm> Wire<'f, 'm> {
    /// The node that alone has an address on it.
    fn sole(&self, ip: IpAddr) -> Option<NodeIndex> {
        let mut owners = self.ports.iter().filter(|port| port.address.ip == ip).map(|port| port.node);
        let first = owners.next()?;
        owners.all(|other| other == first).then_some(first)
    }

    /// The nodes that a node has a session with over the wire, as both ends say.
    fn called(&self, node: NodeIndex) -> BTreeSet<NodeIndex> {
        let own: BTreeSet<IpAddr> =
            self.ports.iter().filter(|port| port.node == node).map(|port| port.address.ip).collect();
        let session_ends = |node| {
            self.fabric.sessions.of(node).iter().filter(|session_end: &&SessionEnd<'m>| session_end.vrf().is_empty())
        };
        let end = |session_end: &SessionEnd<'m>| {
            let end = self.sole(session_end.peer_address()?)?;
            let names = |back: &SessionEnd| back.peer_address().is_some_and(|ip| own.contains(&ip));
            session_ends(end)
                .any(|back| names(back) && back.accepts_peer(session_end) && session_end.accepts_peer(back))
                .then_some(end)
        };
        session_ends(node).filter_map(end).collect()
    }

    /// Keeps those of a thing's owners that share a wire with another one: they have a session with it, or both have one
    /// with the same third.
    fn keep(&self, owners: &mut Owners) {
        if owners.len() < 2 {
            return;
        }
        let called: Vec<_> = owners.keys().map(|node| (*node, self.called(*node))).collect();
        let joins = |(one, a): &(NodeIndex, BTreeSet<NodeIndex>), (other, b): &(NodeIndex, BTreeSet<NodeIndex>)| {
            one != other && (a.contains(other) || b.contains(one) || !a.is_disjoint(b))
        };
        let joined: BTreeSet<NodeIndex> =
            called.iter().filter(|own| called.iter().any(|other| joins(own, other))).map(|(node, _)| *node).collect();
        owners.retain(|node, _| joined.contains(node));
    }
}

/// Whether a subnet has room for more than the two ends of a link.
fn has_many(subnet: Prefix) -> bool {
    subnet.length() < if subnet.network().is_ipv4() { 30 } else { 126 }
}

fn say(fabric: &Fabric, out: &mut Out, what: &impl Display, whose: &str, owners: &Owners, most: Severity) {
    if owners.len() < 2 {
        return;
    }
    let owners: Vec<_> = owners.iter().map(|(node, (link, span))| (*node, *link, *span)).collect();
    out.clash(
        &owners,
        |(node, _, span)| Member::new(fabric.name(*node), what, *span),
        |owners, out| {
            let names = join_names(owners.iter().map(|(node, ..)| fabric.name(*node)));
            out.report(format!(
        "{names} have one address in {whose}, {what}: what is meant for one reaches the other, whichever answered last"
    ))
    .also(owners.iter().map(|(node, link, span)| (*span, format!("{link} of {}", fabric.name(*node)))))
    .help("give each of them one of its own")
    .cap_severity(most)
    .done();
        },
    );
}
