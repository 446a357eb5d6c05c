use crate::{finding::Out, web};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    origination::{Needed, silence},
    sessions::{SessionEnd, Target},
};
use evpnlint_core::{
    model::{Prefix, Vni},
    source::Span,
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// Who needs an address, and for what.
#[derive(Default)]
struct Need {
    /// VNIs whose other VTEPs send tunnels there.
    vnis: BTreeSet<Vni>,
    /// Nodes that have the address as a peer.
    sessions: BTreeSet<NodeIndex>,
    place: Option<Span>,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut needs: BTreeMap<(NodeIndex, IpAddr), Need> = BTreeMap::new();
    for (vni, members) in &fabric.overlay.vnis {
        for member in members.iter().filter(|member| members.iter().any(|other| other.node != member.node)) {
            let Some(source) = member.local_vni.tunnel_address() else { continue };
            let need = needs.entry((member.node, source.value)).or_default();
            need.vnis.insert(*vni);
            need.place = need.place.or(source.span());
        }
    }
    for session_end in &fabric.sessions.ends {
        if let (Some(address), Target::Port(port), "") =
            (session_end.peer_address(), session_end.target, session_end.vrf())
        {
            needs.entry((port.node, address)).or_default().sessions.insert(session_end.node);
        }
    }
    // A static route or a default gateway anywhere may lead there, and no file says where it ends.
    let by_hand = |node: NodeIndex, ip: IpAddr| {
        let device = &fabric.devices[node];
        device.node.frr.as_ref().is_some_and(|frr| frr.statics.iter().any(|route| route.prefix.contains(ip)))
            || device.may_route_by_hand()
    };
    // One that has an address in the subnet has too narrow a prefix there, which is a fault of its own.
    let is_near = |node: NodeIndex, subnet: Prefix| {
        let links = fabric.node(node).links.values().filter(|link| link.vrf.is_none());
        !subnet.is_host() && links.flat_map(|link| &link.addresses).any(|own| subnet.contains(own.ip))
    };
    for ((node, ip), need) in needs {
        let device = &fabric.devices[node];
        let Some(link) = device.owner(ip) else { continue };
        let Some(address) = link.addresses.iter().find(|own| own.ip == ip) else { continue };
        if fabric.is_misread(node) || need.vnis.is_empty() && !address.is_host() {
            continue;
        }
        // A router that was not read has the same subnet connected, and tells of it.
        let by_neighbour = |session_end: &SessionEnd| {
            matches!(session_end.target, Target::Unknown)
                && session_end.peer_address().is_some_and(|peer| !address.is_host() && address.prefix().contains(peer))
        };
        if fabric.sessions.of(node).iter().any(by_neighbour) {
            continue;
        }
        let Some(quiet) = silence(device, &Needed { node, address: address.value, link }) else { continue };
        // Of the address that an MLAG pair shares, one of the two need tell.
        let tells = |other: NodeIndex| {
            let device = &fabric.devices[other];
            let link = device.owner(ip)?;
            let address = link.addresses.iter().find(|own| own.ip == ip)?.value;
            Some(silence(device, &Needed { node: other, address, link }).is_none())
        };
        if fabric.multihoming.peer(node).and_then(tells) == Some(true) {
            continue;
        }
        let tunnels = need.vnis.iter().flat_map(|vni| &fabric.overlay.vnis[vni]).map(|member| member.node);
        let far: BTreeSet<NodeIndex> = tunnels
            .chain(need.sessions)
            .filter(|other| *other != node && fabric.multihoming.peer(node) != Some(*other))
            .filter(|other| fabric.devices[*other].connected(ip).is_none() && !by_hand(*other, ip))
            .filter(|other| !is_near(*other, address.prefix()))
            .collect();
        if far.is_empty() {
            continue;
        }
        let name = fabric.name(node);
        let what = if need.vnis.is_empty() { "the BGP address" } else { "the tunnel address" };
        let lost = if need.vnis.is_empty() {
            "sessions with it never come up"
        } else {
            "others have no route to it, and drop what they learn of that VTEP"
        };
        out.report(format!(
            "{name} tells nobody about {ip}, {what} that {} {}: {}; {lost}",
            join_names(far.iter().map(|other| fabric.name(*other))),
            if far.len() == 1 { "needs" } else { "need" },
            quiet.why
        ))
        .about(format!("{name} address {ip}"))
        .also(quiet.places)
        .at(address.span(), "the address")
        .at(need.place, "used as the source of tunnels")
        .help(match web::is_generated(device) {
            true => web::underlay(),
            false => format!(
                "announce it: `network {}` in BGP's unicast address family, or the interface {} \
                in the interior protocol",
                address.value.prefix(),
                link.name
            )
            .into(),
        })
        .done();
    }
}
