//! Bgp fabrics (1.6 and later): an unnumbered underlay, in the default router beside the sessions of the overlay.

use super::{
    config::{Config, Entry, Line, Router},
    gaps::gap,
    shared::{Shared, Source},
};
use crate::twin::seat::Seat;
use evpnlint_core::model::{
    Sourced,
    intent::{FabricNode, SdnFabric},
    is_on,
    twin::Gap,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) fn write(
    seat: &Seat,
    fabric: &SdnFabric,
    node: &FabricNode,
    shared: &mut Shared,
    config: &mut Config,
    gaps: &mut Vec<Gap>,
) {
    let (Some(asn), Some(router_id)) = (&node.asn, router_id(node)) else { return };
    let (id, name) = (fabric.id.span(), &fabric.id);
    if let Some(from) = fabric.redistribute.first() {
        gap(gaps, &format!("fabric {name}"), "is derived without what it redistributes", from.span());
    }
    let key = config.default_router().map_or_else(|| format!("bgp {asn}"), str::to_owned);
    let is_own = key == format!("bgp {asn}");
    let router = config.routers.entry(key).or_insert_with(|| {
        let mut router = Router { because: asn.span(), ..Router::default() };
        let lines = [format!("bgp router-id {router_id}"), "no bgp default ipv4-unicast".to_owned()];
        router.say(node.id.span(), lines);
        router
    });
    router.say(id, ["peer-group", "remote-as external"].map(|what| format!("neighbor {name} {what}")));
    if !is_own {
        router.say(asn.span(), [format!("neighbor {name} local-as {asn} no-prepend replace-as")]);
    }
    router.say(fabric.bfd.as_ref().and_then(Sourced::span), is_on(&fabric.bfd).then(|| format!("neighbor {name} bfd")));
    for (link, port) in &node.interfaces {
        router.say(port.span(), [format!("neighbor {link} interface peer-group {name}")]);
    }
    if let Some(ip) = &node.ip6 {
        gap(gaps, &format!("fabric {name}"), "is derived without its IPv6 half", ip.span());
    }
    let Some(ip) = &node.ip else { return };
    router.family("ipv4 unicast", ip.span(), [format!("network {ip}/32")]);
    let lines =
        ["activate".to_owned(), "soft-reconfiguration inbound".to_owned(), format!("route-map pve_bgp_{name}_in in")];
    router.family("ipv4 unicast", id, lines.map(|what| format!("neighbor {name} {what}")));
    let out = fabric.route_map_out.as_ref();
    router.family(
        "ipv4 unicast",
        out.and_then(|map| map.span()),
        out.map(|map| format!("neighbor {name} route-map {map} out")),
    );
    maps(seat, fabric, ip, shared, config);
}

/// What is taken in is the fabric's prefix, and gets the node's address as its source.
fn maps(seat: &Seat, fabric: &SdnFabric, ip: &Sourced<IpAddr>, shared: &mut Shared, config: &mut Config) {
    let (name, id) = (&fabric.id, fabric.id.span());
    let list = format!("pve_bgp_{name}_ips");
    let mut lines = vec![];
    if let Some(filter) = &fabric.route_filter {
        lines.push(Line::new(format!("match ip address prefix-list {filter}"), filter.span()));
    } else if let Some(prefix) = &fabric.ip_prefix {
        lines.push(Line::new(format!("match ip address {list}"), prefix.span()));
    }
    lines.extend(fabric.route_map_in.as_ref().map(|map| Line::new(format!("call {map}"), map.span())));
    let entry = Entry { action: "permit", sequence: Some(10), lines, because: id };
    config.maps.insert(format!("pve_bgp_{name}_in"), vec![entry]);
    let map = config.maps.entry("pve_bgp".to_owned()).or_default();
    map.retain(|entry| entry.sequence != Some(LAST));
    let source = Source { map: "pve_bgp", list, own: ip, prefix: fabric.ip_prefix.as_ref(), is_v6: false };
    source.write(seat, fabric, shared, config);
    let last = Entry { action: "permit", sequence: Some(LAST), lines: vec![], because: id };
    config.maps.entry("pve_bgp".to_owned()).or_default().push(last);
    config.protocol("ip protocol bgp", "pve_bgp", ip.span());
}

/// The number of the entry that lets all other routes through.
const LAST: usize = 65535;

/// The node's IPv4 address, else the FNV-1a hash of its IPv6 address.
fn router_id(node: &FabricNode) -> Option<Ipv4Addr> {
    let of = |ip: &Option<Sourced<IpAddr>>| ip.as_ref().map(|ip| ip.value);
    match of(&node.ip).or(of(&node.ip6))? {
        IpAddr::V4(own) => Some(own),
        IpAddr::V6(own) => Some(hash(own)),
    }
}

fn hash(ip: Ipv6Addr) -> Ipv4Addr {
    let step = |hash: u32, octet: &u8| (hash ^ u32::from(*octet)).wrapping_mul(0x0100_0193);
    ip.octets().iter().fold(0x811c_9dc5, step).into()
}
