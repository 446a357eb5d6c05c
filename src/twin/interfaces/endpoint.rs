//! Where the tunnels of an evpn or vxlan zone come from.

use super::{Job, Skip, shown, stanzas::Stanzas};
use crate::{
    model::{Sourced, intent::Controller, twin::Gap},
    source::Span,
    twin::{
        generator::Generation,
        seat::{Known, Vtep},
    },
};
use std::net::IpAddr;

/// The source of a zone's tunnels.
pub(super) struct Endpoint {
    /// The address, if the generator knows one.
    pub(super) address: Option<IpAddr>,
    /// What it comes of.
    pub(super) because: Option<Span>,
    /// The others, with the node itself still among them.
    pub(super) peers: Vec<Sourced<IpAddr>>,
}

/// That of an evpn zone, by its controller.
pub(super) fn of_controller(job: &Job, controller: &Controller, into: &mut Stanzas) -> Result<Endpoint, Skip> {
    let id = &controller.id;
    // Before fabrics, a controller without peers left the tunnels without a source.
    if controller.fabric.is_none() && controller.peers.is_empty() && job.seat.generation >= Generation::Fabrics {
        let why = format!("goes by controller {id}, which has neither `peers` nor `fabric`");
        return Err(Skip::new(why, id.span()));
    }
    let vtep = job.seat.vtep(controller, false);
    let vtep = by_file(job, vtep, into, job.zone.controller.as_ref().and_then(|id| id.span()));
    endpoint(job, vtep, controller.fabric.as_ref(), &controller.peers)
}

/// That of a vxlan zone, by its peers or its fabric.
pub(super) fn of_zone(job: &Job) -> Result<Endpoint, Skip> {
    let zone = job.zone;
    if zone.peers.is_empty() && zone.fabric.is_none() && job.seat.generation >= Generation::Fabrics {
        let why = format!("is of zone {}, which has neither `peers` nor `fabric`", zone.id);
        return Err(Skip::new(why, zone.id.span()));
    }
    let mut vtep = job.seat.vtep_of_zone(zone);
    // These devices have no source address of their own to show.
    if matches!(vtep.known, Known::Seen | Known::Unknown) {
        vtep.address = None;
    }
    endpoint(job, vtep, zone.fabric.as_ref().filter(|_| zone.peers.is_empty()), &zone.peers)
}

/// Where the generator asks the kernel, the zone's own devices tell what it was told.
fn by_file(job: &Job, vtep: Vtep, into: &mut Stanzas, place: Option<Span>) -> Vtep {
    let seat = job.seat;
    let vnets = seat.sdn.vnets_of(&job.zone.id).map(|vnet| format!("vxlan_{}", vnet.id));
    let mut devices = std::iter::once(format!("vrfvx_{}", job.zone.id)).chain(vnets);
    let address = devices.find_map(|device| shown::local(seat, &device));
    match vtep.known {
        Known::Seen | Known::Unknown => {}
        // Of an interface Proxmox knows the last IPv4 address; with another peer on it, the kernel may choose any of the
        // node's addresses.
        Known::Peer if !is_last(job, vtep.address) => {
            let own = address.filter(|ip| has(job, *ip));
            return Vtep { address: own.or(vtep.address), ..vtep };
        }
        _ => return vtep,
    }
    if address.is_none() && shown::file(job.seat).is_none() {
        into.gaps.push(Gap {
            about: format!("vnet {}", job.vnet.id),
            why: "has tunnels from whatever address the kernel's routes told, and no file shows it".to_owned(),
            span: place,
        });
    }
    Vtep { address, ..vtep }
}

/// Whether an interface has the address as its last one of IPv4.
fn is_last(job: &Job, ip: Option<IpAddr>) -> bool {
    job.seat.node.links.keys().any(|name| ip.is_some() && job.seat.address(name) == ip)
}

/// Whether the node has the address, whatever file says so.
fn has(job: &Job, ip: IpAddr) -> bool {
    job.seat.node.links.values().any(|link| link.addresses.iter().any(|own| own.value.ip == ip))
}

fn endpoint(
    job: &Job,
    vtep: Vtep,
    fabric: Option<&Sourced<String>>,
    written: &[Sourced<IpAddr>],
) -> Result<Endpoint, Skip> {
    let seat = job.seat;
    let Some(fabric) = fabric else {
        let loopbacks = [seat.bgp, seat.isis].into_iter().flatten().filter_map(|own| own.loopback.as_ref());
        let mut loopbacks = loopbacks.filter(|_| vtep.known == Known::Loopback);
        let peer = || written.iter().find(|peer| Some(peer.value) == vtep.address).and_then(|peer| peer.span());
        let zone = || job.zone.controller.as_ref().and_then(|id| id.span()).or(job.about_zone());
        let because = loopbacks.next().and_then(|loopback| loopback.span()).or_else(peer).or_else(zone);
        return Ok(Endpoint { address: vtep.address, because, peers: written.to_vec() });
    };
    if seat.sdn.fabric(fabric).is_none() {
        return Err(Skip::new(format!("goes by fabric {fabric}, which there is not"), fabric.span()));
    }
    let nodes = seat.fabric_nodes(fabric);
    let own = nodes.iter().find(|node| node.node == seat.node.name);
    let Some(address) = own.and_then(|own| own.ip.as_ref()) else {
        let why = match own {
            Some(_) => format!("goes by fabric {fabric}, in which this node has no `ip`"),
            None => format!("goes by fabric {fabric}, which this node is not in"),
        };
        return Err(Skip::new(why, own.map_or(fabric.span(), |own| own.id.span())));
    };
    let peers = nodes.iter().filter_map(|node| node.ip.clone()).collect();
    Ok(Endpoint { address: Some(address.value), because: address.span(), peers })
}
