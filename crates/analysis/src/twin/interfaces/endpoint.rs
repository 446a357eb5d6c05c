//! Where the tunnels of an evpn or vxlan zone come from.

use super::{shown, skip::Skip};
use crate::twin::{
    generator::Generation,
    seat::{Known, Seat, Vtep},
};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Vnet, Zone},
        twin::{Gap, INTERFACES},
    },
    source::Span,
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

/// That of an evpn zone, by its controller; of whatever type that is.
pub(super) fn of_controller(seat: &Seat, zone: &Zone, vnets: &[&Vnet], gaps: &mut Vec<Gap>) -> Result<Endpoint, Skip> {
    let Some(id) = &zone.controller else {
        return Err(Skip::new(format!("is of zone {}, which names no controller", zone.id), zone.id.span()));
    };
    let why = || format!("is of zone {}, whose controller {id} there is not", zone.id);
    let controller = seat.sdn.controller(id).ok_or_else(|| Skip::new(why(), id.span()))?;
    // Before fabrics, a controller without peers left the tunnels without a source.
    if controller.fabric.is_none() && controller.peers.is_empty() && seat.generation >= Generation::Fabrics {
        let why = format!("goes by controller {id}, which has neither `peers` nor `fabric`");
        return Err(Skip::new(why, controller.id.span()));
    }
    if let Some(fabric) = &controller.fabric {
        return in_fabric(seat, fabric);
    }
    let vtep = by_file(seat, zone, vnets, seat.vtep(controller, false));
    if vtep.address.is_none() && shown::file(seat).is_none() {
        gaps.push(Gap {
            file: INTERFACES,
            about: format!("zone {}", zone.id),
            why: "has tunnels from whatever address the kernel's routes told, and no file shows it".to_owned(),
            span: id.span(),
        });
    }
    let own = [seat.bgp, seat.isis].into_iter().flatten().find_map(|own| own.loopback.as_ref());
    let own = own.filter(|_| vtep.known == Known::Loopback);
    let peer = || controller.peers.iter().find(|peer| Some(peer.value) == vtep.address).and_then(|peer| peer.span());
    let because = own.and_then(|loopback| loopback.span()).or_else(peer).or(id.span());
    Ok(Endpoint { address: vtep.address, because, peers: controller.peers.clone() })
}

/// That of a vxlan zone, by its peers or its fabric.
pub(super) fn of_zone(seat: &Seat, zone: &Zone) -> Result<Endpoint, Skip> {
    match &zone.fabric {
        Some(fabric) if zone.peers.is_empty() => return in_fabric(seat, fabric),
        None if zone.peers.is_empty() && seat.generation >= Generation::Fabrics => {
            let why = format!("is of zone {}, which has neither `peers` nor `fabric`", zone.id);
            return Err(Skip::new(why, zone.id.span()));
        }
        _ => {}
    }
    // Where the kernel is asked, these devices have no source address of their own to show what it told.
    let vtep = seat.vtep_of_zone(zone);
    let address = vtep.address.filter(|_| !matches!(vtep.known, Known::Seen | Known::Unknown));
    let peer = zone.peers.iter().find(|peer| Some(peer.value) == address);
    Ok(Endpoint { address, because: peer.and_then(|peer| peer.span()), peers: zone.peers.clone() })
}

/// Where the generator asks the kernel, the zone's own devices tell what it was told.
fn by_file(seat: &Seat, zone: &Zone, vnets: &[&Vnet], vtep: Vtep) -> Vtep {
    let vnets = vnets.iter().map(|vnet| format!("vxlan_{}", vnet.id));
    let mut devices = std::iter::once(format!("vrfvx_{}", zone.id)).chain(vnets);
    let address = devices.find_map(|device| shown::local(seat, &device));
    match vtep.known {
        Known::Seen | Known::Unknown => Vtep { address, ..vtep },
        _ => vtep,
    }
}

/// That in a fabric: the node's own address there, which must be one of IPv4.
fn in_fabric(seat: &Seat, fabric: &Sourced<String>) -> Result<Endpoint, Skip> {
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
