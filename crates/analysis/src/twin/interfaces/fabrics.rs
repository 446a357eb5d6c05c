//! The interfaces of the fabrics that a node is in, behind those of zones (proxmox-perl-rs,
//! `get_interfaces_etc_network_config`).

use super::shown;
use crate::twin::{
    draft::{Draft, Drafts},
    generator::Generation,
    seat::Seat,
};
use evpnlint_core::{
    model::{
        InterfaceAddress, Sourced,
        intent::FabricNode,
        twin::{Gap, INTERFACES},
    },
    source::Span,
};
use std::net::IpAddr;

/// Writes all fabrics.
pub(super) fn write(seat: &Seat, into: &mut Drafts) {
    let mut fabrics: Vec<_> = seat.sdn.fabrics.iter().collect();
    fabrics.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    for fabric in fabrics {
        let nodes = seat.sdn.fabric_nodes.iter();
        let mut own = nodes.filter(|node| node.fabric == fabric.id.value && node.node == seat.node.name);
        let Some(node) = own.next() else { continue };
        let draft = &mut into.interfaces;
        for ip in [&node.ip, &node.ip6].into_iter().flatten() {
            stanza(&format!("dummy_{}", fabric.id), Some(host(ip.value)), true, ip.span(), draft);
        }
        match fabric.protocol.as_str() {
            "openfabric" => openfabric(seat, node, draft),
            "ospf" => ospf(node, draft),
            "bgp" if !node.external => unnumbered(node, draft),
            "wireguard" if !node.external => into.gaps.push(Gap {
                file: INTERFACES,
                about: format!("fabric {}", fabric.id),
                why: "is of WireGuard, whose interfaces are not derived".to_owned(),
                span: fabric.id.span(),
            }),
            _ => {}
        }
    }
}

fn host(ip: IpAddr) -> InterfaceAddress {
    InterfaceAddress::new(ip, 128)
}

/// The addresses of each interface; without one, that of the node.
fn openfabric(seat: &Seat, node: &FabricNode, draft: &mut Draft) {
    for (name, port) in &node.interfaces {
        let own: Vec<InterfaceAddress> = port.ip.into_iter().chain(port.ip6).collect();
        if !own.is_empty() {
            for address_of in own {
                stanza(name, Some(address_of), false, port.span(), draft);
            }
            continue;
        }
        // The first releases with fabrics left it without an address.
        let is_bare = seat.generation <= Generation::Fabrics && !shown::is_addressed(seat, name);
        let of_node = node.ip.as_ref().or(node.ip6.as_ref()).filter(|_| !is_bare);
        let because = of_node.and_then(Sourced::span).or(port.span());
        stanza(name, of_node.map(|ip| host(ip.value)), false, because, draft);
    }
}

/// The address of each interface; without one, that of the node.
fn ospf(node: &FabricNode, draft: &mut Draft) {
    for (name, port) in &node.interfaces {
        let own = port.ip;
        let of_node = node.ip.as_ref();
        let because = if own.is_some() { port.span() } else { of_node.and_then(Sourced::span) };
        if let Some(ip) = own.or(of_node.map(|ip| host(ip.value))) {
            stanza(name, Some(ip), false, because, draft);
        }
    }
}

/// Interfaces that find their neighbour by its router advertisements.
fn unnumbered(node: &FabricNode, draft: &mut Draft) {
    for (name, place) in &node.interfaces {
        let because = place.span();
        draft.line("", None);
        draft.line(format_args!("auto {name}"), because);
        draft.line(format_args!("iface {name} inet manual"), because);
        for line in ["ip-forward 1", "ip6-forward 1", "accept-ra 0"] {
            draft.line(format_args!("\t{line}"), because);
        }
    }
}

fn stanza(name: &str, address: Option<InterfaceAddress>, is_dummy: bool, because: Option<Span>, draft: &mut Draft) {
    draft.line("", None);
    draft.line(format_args!("auto {name}"), because);
    match address {
        Some(address) => {
            let family = if address.ip.is_ipv6() { "inet6" } else { "inet" };
            draft.line(format_args!("iface {name} {family} static"), because);
            draft.line(format_args!("\taddress {address}"), because);
        }
        None => draft.line(format_args!("iface {name}"), because),
    }
    if is_dummy {
        draft.line("\tlink-type dummy", because);
    }
    // Of IPv6 too: it switches on IPv4.
    draft.line("\tip-forward 1", because);
}
