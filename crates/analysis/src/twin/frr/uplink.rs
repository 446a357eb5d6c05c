//! The node's own controllers: bgp, towards routers outside, and isis.

use super::{
    config::{Config, Entry, Line, ListKind, Router},
    evpn,
    gaps::gap,
    speaker,
};
use crate::twin::{
    generator::Generation,
    seat::{Known, Seat},
};
use evpnlint_core::model::{Sourced, intent::Controller, is_on, twin::Gap};
use std::net::IpAddr;

fn is_own(seat: &Seat, controller: &Controller) -> bool {
    controller.node.as_ref().is_some_and(|node| node.value == seat.node.name)
}

/// The address that a bgp controller speaks from, which is found by its own peers. Where only the kernel tells it,
/// `frr.conf` shows what it told: as the source of routes, and as the id of a router that this controller makes.
fn source(seat: &Seat, controller: &Controller, makes_router: bool) -> Option<IpAddr> {
    let peers = controller.peers.iter().map(|peer| peer.value).collect();
    let vtep = seat.by_peers(peers, controller.loopback.as_ref().map(|loopback| loopback.value.clone()));
    if matches!(vtep.known, Known::Loopback | Known::Peer) {
        return vtep.address;
    }
    seat.correct_source().or_else(|| seat.router_id().filter(|_| makes_router).map(IpAddr::V4))
}

/// A bgp controller.
pub(super) fn bgp(seat: &Seat, controller: &Controller, config: &mut Config, gaps: &mut Vec<Gap>) {
    let Some(asn) = controller.asn.as_ref().filter(|_| is_own(seat, controller)) else { return };
    let about = format!("controller {}", controller.id);
    if asn.value == 0 {
        return gap(gaps, &about, "is left out of frr.conf: its AS number is 0", asn.span());
    }
    if seat.bgp.is_some_and(|first| first.id.value != controller.id.value) {
        gap(gaps, &about, "is the second bgp controller of this node: Proxmox takes either", controller.id.span());
    }
    let id = controller.id.span();
    let is_newest = seat.generation >= Generation::Newest;
    let main = speaker::default_asn(seat).filter(|_| is_newest).unwrap_or(asn);
    let makes_router = evpn::router(seat, config, main.value, main.span()).lines.is_empty();
    let address = source(seat, controller, makes_router);
    if makes_router {
        let router_id = match address {
            Some(IpAddr::V4(own)) => Some(own.to_string()),
            Some(IpAddr::V6(own)) if seat.generation <= Generation::Early => Some(own.to_string()),
            _ => seat.router_id().map(|own| own.to_string()),
        };
        if router_id.is_none() {
            gap(gaps, &about, "has a router id that no file tells: Proxmox takes it from the kernel", id);
        }
        let lines = evpn::base(seat, router_id.as_deref(), false);
        evpn::router(seat, config, main.value, main.span()).say(id, lines);
    }
    let router = evpn::router(seat, config, main.value, main.span());
    options(controller, router);
    if !controller.peers.is_empty() {
        let local_as = (asn.value != main.value).then_some(asn.value);
        neighbors(controller, asn, local_as, router);
        family(seat, controller, address, router);
    }
    let Some(loopback) = &controller.loopback else { return };
    let because = loopback.span();
    config.list(ListKind::Prefix, "loopbacks_ips", "10", "permit 0.0.0.0/0 le 32", because);
    config.protocol("ip protocol bgp", "correct_src", because);
    let mut lines = vec!["match ip address prefix-list loopbacks_ips".to_owned()];
    match address {
        Some(address) => lines.push(format!("set src {address}")),
        None => {
            let why = "has a source address that no file tells: Proxmox asks the kernel for the way to its first peer";
            gap(gaps, &about, why, because);
        }
    }
    config.maps.entry("correct_src".to_owned()).or_default().push(Entry::new("permit", because, lines));
}

fn options(controller: &Controller, router: &mut Router) {
    let loopback = controller.loopback.as_ref().filter(|_| is_on(&controller.ebgp));
    let check = loopback.map(|_| "bgp disable-ebgp-connected-route-check".to_owned());
    router.say(loopback.and_then(Sourced::span), check);
    let relax = controller.multipath_relax.as_ref().filter(|on| on.value);
    router.say(relax.and_then(Sourced::span), relax.map(|_| "bgp bestpath as-path multipath-relax".to_owned()));
}

fn neighbors(controller: &Controller, asn: &Sourced<u32>, local_as: Option<u32>, router: &mut Router) {
    let is_external = is_on(&controller.ebgp);
    let id = controller.id.span();
    router.say(id, ["neighbor BGP peer-group".to_owned()]);
    match controller.ebgp.as_ref().filter(|_| is_external) {
        Some(ebgp) => router.say(ebgp.span(), ["neighbor BGP remote-as external".to_owned()]),
        None => router.say(asn.span(), [format!("neighbor BGP remote-as {asn}")]),
    }
    router.say(asn.span(), local_as.map(|asn| format!("neighbor BGP local-as {asn} no-prepend replace-as")));
    router.say(id, ["neighbor BGP bfd".to_owned()]);
    let hops = controller.ebgp_multihop.as_ref().filter(|hops| is_external && hops.value > 0);
    router.say(hops.and_then(Sourced::span), hops.map(|hops| format!("neighbor BGP ebgp-multihop {hops}")));
    // The generator does not look for the node's own address here.
    for peer in &controller.peers {
        router.say(peer.span(), [format!("neighbor {peer} peer-group BGP")]);
    }
}

/// The address family is that of the node's address, which is the family of the way to the first peer.
fn family(seat: &Seat, controller: &Controller, address: Option<IpAddr>, router: &mut Router) {
    let like = address.or(controller.peers.first().map(|peer| peer.value));
    let (family, length) = match like {
        // Up to 1.2 there is a slash too many, and FRR refuses the line.
        Some(IpAddr::V6(_)) if seat.generation < Generation::Templates => ("ipv6 unicast", "/128"),
        Some(IpAddr::V6(_)) => ("ipv6 unicast", "128"),
        _ => ("ipv4 unicast", "32"),
    };
    let is_second = router.families.contains_key(family) && seat.generation >= Generation::Templates;
    if let (Some(loopback), Some(address)) = (&controller.loopback, address) {
        router.family(family, loopback.span(), [format!("network {address}/{length}")]);
    }
    if is_second {
        return;
    }
    let lines = ["neighbor BGP activate", "neighbor BGP soft-reconfiguration inbound"];
    router.family(family, controller.id.span(), lines.map(str::to_owned));
    if seat.generation >= Generation::Newest {
        for (map, way) in [(&controller.route_map_in, "in"), (&controller.route_map_out, "out")] {
            let line = map.as_ref().map(|map| format!("neighbor BGP route-map {map} {way}"));
            router.family(family, map.as_ref().and_then(Sourced::span), line);
        }
    }
}

/// An isis controller.
pub(super) fn isis(seat: &Seat, controller: &Controller, config: &mut Config) {
    let (Some(domain), Some(net)) = (&controller.isis_domain, &controller.isis_net) else { return };
    if !is_own(seat, controller) || controller.isis_ifaces.is_empty() {
        return;
    }
    let mut router = Router { because: domain.span(), ..Router::default() };
    router.say(net.span(), [format!("net {net}")]);
    let lines = ["redistribute ipv4 connected level-1", "redistribute ipv6 connected level-1", "log-adjacency-changes"];
    router.say(domain.span(), lines.map(str::to_owned));
    config.routers.insert(format!("isis {domain}"), router);
    for link in &controller.isis_ifaces {
        let line = Line::new(format!("ip router isis {domain}"), link.span());
        config.links.insert(link.value.clone(), vec![line]);
    }
}
