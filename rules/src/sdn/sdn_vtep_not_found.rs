use crate::{
    finding::{Help, Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::{
    model::{
        InterfaceAddress, Sourced,
        intent::{Controller, ControllerKind},
        link::Link,
    },
    source::{FileId, Span},
    words::join_names,
};
use std::net::IpAddr;

/// A VTEP address that Proxmox does not see where it looks for it.
struct Hidden<'p> {
    node: &'p str,
    link: &'p Link,
    address: &'p Sourced<InterfaceAddress>,
    /// The address of the same interface that it sees instead.
    seen: Option<Span>,
    why: &'static str,
    /// Whether what was generated has the address all the same.
    works: bool,
}

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for controller in plan.evpn_controllers() {
        let hidden: Vec<Hidden> = plan.devices().filter_map(|device| find(plan, controller, device)).collect();
        let [first, ..] = hidden.as_slice() else { continue };
        let peer = &controller.peers[0];
        let addresses = join_names(hidden.iter().map(|one| one.address.ip));
        let names = join_names(hidden.iter().map(|one| one.node));
        let (a, it) = if hidden.len() == 1 { ("a peer", "it") } else { ("peers", "each") };
        out.report(format!(
            "Proxmox does not find {addresses} of {names}, {a} of controller {}, for {it} {}: the tunnels start \
                where the route to {peer} leads from",
            controller.id, first.why
        ))
        .about(plan.about(format_args!("controller {} vtep", controller.id)))
        .also(hidden.iter().map(|one| (one.address.span(), format!("not seen on {}", one.node))))
        .also(hidden.iter().map(|one| (one.seen, "this one is")))
        .at(peer.span(), "the peer that is looked up")
        .help(Help::lasting(format!(
            "make it the last `address` of {} in /etc/network/interfaces itself",
            first.link.name
        )))
        .cap_severity(if hidden.iter().all(|one| one.works) { Severity::Info } else { Severity::Warning })
        .done();
    }
}

fn find<'p>(plan: &Plan<'p, '_>, controller: &Controller, device: &'p Device) -> Option<Hidden<'p>> {
    let node = device.node.name.as_str();
    let main = device.node.interfaces.as_ref()?.main;
    let is_peer = |ip: IpAddr| controller.peers.iter().any(|peer| peer.value == ip);
    let has_loopback = [ControllerKind::Bgp, ControllerKind::Isis]
        .into_iter()
        .flat_map(|kind| plan.node_controllers(kind))
        .any(|(own, controller)| own == node && controller.loopback.is_some());
    let serves = plan.zones_of(&controller.id).any(|zone| zone.is_on(node));
    // Proxmox does not look at the interfaces of wg-quick.
    let is_seen = |link: &&Link| link.vrf.is_none() && link.wireguard.is_none() && !device.is_generated(link);
    let mut links = device.node.links.values().filter(is_seen);
    let sees = |link: &Link| seen(link, main).is_some_and(|own| is_peer(own.ip));
    if has_loopback || !serves || links.clone().any(sees) {
        return None;
    }
    let hidden = |link: &'p Link| link.addresses.iter().find(|own| own.ip.is_ipv4() && is_peer(own.ip));
    let (link, address) = links.find_map(|link| Some((link, hidden(link)?)))?;
    // The route to an own address is sent from that address.
    if controller.peers.first()?.value == address.ip {
        return None;
    }
    let is_elsewhere = address.span().is_some_and(|span| span.file != main);
    let why = if is_elsewhere { "stands in another file" } else { "is not the last address of its interface" };
    let vteps = device.vteps();
    let works = !vteps.is_empty() && vteps.keys().all(|vtep| *vtep == address.ip);
    let seen = seen(link, main).and_then(|own| own.span());
    Some(Hidden { node, link, address, seen, why, works })
}

/// The IPv4 address that Proxmox knows of an interface: the last one in /etc/network/interfaces itself.
fn seen(link: &Link, main: FileId) -> Option<&Sourced<InterfaceAddress>> {
    let here = |own: &&Sourced<InterfaceAddress>| own.span().is_some_and(|span| span.file == main);
    link.addresses.iter().filter(|own| own.ip.is_ipv4()).rfind(here)
}
