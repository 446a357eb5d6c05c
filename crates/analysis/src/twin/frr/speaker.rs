//! How a node speaks for an evpn controller: its address, its peers, its AS numbers.

use super::gaps::gap;
use crate::twin::{
    generator::Generation,
    seat::{Known, Seat, Vtep},
};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Controller, ControllerKind},
        twin::Gap,
    },
    source::Span,
};
use std::net::IpAddr;

/// How a node speaks for an evpn controller.
pub(super) struct Speaker {
    pub vtep: Vtep,
    /// The other VTEPs, each with where it is written.
    pub peers: Vec<(IpAddr, Option<Span>)>,
    /// The AS number of the node's routers.
    pub asn: u32,
    /// What it comes of.
    pub asn_because: Option<Span>,
    /// The AS number of its own sessions, where that is another.
    pub local_as: Option<u32>,
    /// The AS number that route targets are named after, where that is not the routers'.
    pub targets: Option<u32>,
    pub is_external: bool,
    pub router_id: Option<String>,
    /// What the router id comes of.
    pub because: Option<Span>,
}

/// What the generator calls the peer group of a controller.
pub(super) fn group(seat: &Seat, controller: &Controller) -> String {
    match controller.peer_group.as_ref().filter(|_| seat.generation >= Generation::Newest) {
        Some(name) => name.value.clone(),
        None => "VTEP".to_owned(),
    }
}

/// The route-map of a controller in one direction, `IN` or `OUT`.
pub(super) fn map(seat: &Seat, controller: &Controller, direction: &str) -> String {
    match controller.peer_group.as_ref().filter(|_| seat.generation >= Generation::Newest) {
        Some(name) => format!("MAP_VTEP_{direction}_{name}"),
        None => format!("MAP_VTEP_{direction}"),
    }
}

pub(super) fn is_auto(controller: &Controller) -> bool {
    controller.bgp_mode.as_ref().is_none_or(|mode| mode.value == "auto")
}

/// The node's part in a controller; nothing where the generator gives it up.
pub(super) fn speaker(seat: &Seat, controller: &Controller, gaps: &mut Vec<Gap>) -> Option<Speaker> {
    let about = format!("controller {}", controller.id);
    let id = controller.id.span();
    let mut vtep = seat.vtep(controller, true);
    let mut peers: Vec<_> = controller.peers.iter().map(|peer| (peer.value, peer.span())).collect();
    let mut because = None;
    if let Some(fabric) = &controller.fabric {
        let nodes = seat.fabric_nodes(fabric);
        peers = nodes.iter().filter_map(|node| node.ip.as_ref()).map(|ip| (ip.value, ip.span())).collect();
        let Some(own) = nodes.iter().find(|node| node.node == seat.node.name && seat.sdn.fabric(fabric).is_some())
        else {
            let why = format!("is left out of frr.conf: this node is not in fabric {fabric}");
            gap(gaps, &about, why, fabric.span());
            return None;
        };
        let Some(ip) = &own.ip else {
            let why = format!("is left out of frr.conf: this node has no IPv4 address in fabric {fabric}");
            gap(gaps, &about, why, own.id.span());
            return None;
        };
        because = ip.span();
    } else if peers.is_empty() {
        gap(gaps, &about, "is left out of frr.conf: it has neither peers nor a fabric", id);
        return None;
    }
    let shown = seat.router_id();
    if vtep.known == Known::Unknown {
        // Of an IPv4 address the router id is the address itself.
        vtep.address = shown.map(IpAddr::V4).filter(|own| vtep.peers.contains(own));
    }
    let own = peers.iter().find(|(peer, _)| Some(*peer) == vtep.address).and_then(|(_, span)| *span);
    let router_id = match vtep.address {
        Some(IpAddr::V4(own)) => Some(own.to_string()),
        Some(IpAddr::V6(own)) if seat.generation <= Generation::Early => Some(own.to_string()),
        _ => shown.map(|own| own.to_string()),
    };
    if router_id.is_none() {
        gap(gaps, &about, "has a router id that no file tells: Proxmox takes it from the kernel", id);
    }
    let numbers = numbers(seat, controller)?;
    if numbers.session.value == 0 {
        gap(gaps, &about, "is left out of frr.conf: its AS number is 0", numbers.session.span());
        return None;
    }
    let main = default_asn(seat).filter(|_| seat.generation >= Generation::Newest).unwrap_or(numbers.session);
    Some(Speaker {
        asn: main.value,
        asn_because: main.span(),
        local_as: (numbers.session.value != main.value).then_some(numbers.session.value),
        targets: numbers.targets,
        is_external: numbers.is_external,
        router_id,
        because: because.or(own).or(id),
        vtep,
        peers,
    })
}

/// The AS numbers of a node for an evpn controller.
struct Numbers<'m> {
    /// That of the sessions.
    session: &'m Sourced<u32>,
    /// That of the controller, where the node's bgp controller has another.
    targets: Option<u32>,
    is_external: bool,
}

/// The bgp controller's AS number goes before the evpn controller's; since 1.4 only in auto mode.
fn numbers<'m>(seat: &Seat<'m>, controller: &'m Controller) -> Option<Numbers<'m>> {
    let own = controller.asn.as_ref()?;
    let is_newest = seat.generation >= Generation::Newest;
    let bgp = seat.bgp.and_then(|bgp| bgp.asn.as_ref()).filter(|_| !is_newest || is_auto(controller));
    let is_foreign = bgp.is_some_and(|asn| asn.value != own.value);
    let is_external = match is_newest && !(seat.bgp.is_some() && is_auto(controller)) {
        true => controller.bgp_mode.as_ref().is_some_and(|mode| mode.value == "external"),
        false => is_foreign,
    };
    let session = bgp.filter(|asn| asn.value != 0).unwrap_or(own);
    Some(Numbers { session, targets: is_foreign.then_some(own.value), is_external })
}

/// The AS number of the default router (1.4 and later, `get_default_router_asn`): the bgp controller's where an evpn
/// controller is in auto mode, else that of an evpn controller, else the bgp controller's.
pub(super) fn default_asn<'m>(seat: &Seat<'m>) -> Option<&'m Sourced<u32>> {
    let is_here = |nodes: &[Sourced<String>]| nodes.is_empty() || nodes.iter().any(|own| own.value == seat.node.name);
    let is_evpn = |controller: &&Controller| controller.kind == ControllerKind::Evpn && is_here(&controller.nodes);
    let bgp = seat.bgp.and_then(|bgp| bgp.asn.as_ref());
    let mut evpn = seat.sdn.controllers.iter().filter(is_evpn);
    let first = evpn.clone().next();
    match bgp {
        Some(asn) if first.is_none() || evpn.any(is_auto) => Some(asn),
        _ => first.and_then(|controller| controller.asn.as_ref()),
    }
}
