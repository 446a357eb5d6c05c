//! Where an interior protocol fails two nodes: a link of which one end does not run it, a port that meets nobody.

use super::{
    super::{fate::Cause, igp},
    Asked,
};
use crate::fabric::{Fabric, NodeIndex, origination, underlay::Port};
use evpnlint_core::{
    model::{
        InterfaceAddress, Prefix, Sourced, is_on,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::fmt;

/// The interior protocol of either node, where its instance is shut down.
pub(super) fn shut_down(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    [asked.from, asked.owner].into_iter().find_map(|node| {
        let frr = fabric.node(node).frr.as_ref()?;
        let of_ospf = || frr.ospf.iter().filter(|own| own.vrf.is_none()).find_map(|own| own.shutdown.as_ref());
        let of_ospf6 = || frr.ospf6.iter().filter(|own| own.vrf.is_none()).find_map(|own| own.shutdown.as_ref());
        let (protocol, switch) = match asked.ip.is_ipv4() {
            true => (Protocol::Ospf, of_ospf()),
            false => (Protocol::Ospf6, of_ospf6()),
        };
        let switch = switch.filter(|switch| switch.value)?;
        let (name, other) = (fabric.name(asked.from), fabric.name(node));
        let why = format!("{name} has no route to {}: {protocol} is shut down on {other}", asked.ip);
        let remedy = format!("remove `shutdown` under {protocol} on {other}");
        Some(Cause::new(why, remedy).at(switch.span(), "it has no neighbours"))
    })
}

/// A link of either node on which one end runs the interior protocol and the other does not.
pub(super) fn gap(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    for node in [asked.from, asked.owner] {
        for link in igp::links(&fabric.devices[node], "") {
            for address in link.addresses.iter().filter(|own| !own.is_host()) {
                let own = Port { node, link, address };
                let ports = fabric.underlay.subnets.get(&address.prefix()).into_iter().flatten();
                let mut far = ports.filter(|far| far.node != node);
                let one = far.find_map(|far| match (speaks(fabric, &own), speaks(fabric, far)) {
                    (Some(speaks), None) => Some((far, &own, speaks)),
                    (None, Some(speaks)) => Some((&own, far, speaks)),
                    _ => None,
                });
                // Where the one that runs it is passive, nobody is to be met there.
                let one = one.filter(|(_, other, (protocol, _))| !is_passive(fabric, other, *protocol));
                if let Some((mute, other, (protocol, place))) = one {
                    let cause = one_sided(fabric, asked, [mute, other], protocol);
                    return Some(cause.at(place, "it runs at the other end"));
                }
            }
        }
    }
    None
}

fn one_sided(fabric: &Fabric, asked: &Asked, [mute, other]: [&Port; 2], protocol: Protocol) -> Cause {
    let (name, far) = (fabric.name(mute.node), fabric.name(other.node));
    let why = format!(
        "{} has no route to {}: {protocol} runs on {} of {far} and not on {} of {name}, at the other end",
        fabric.name(asked.from),
        asked.ip,
        other.link.name,
        mute.link.name
    );
    let block = mute.link.frr.or_else(|| process(fabric, mute.node, protocol)).unwrap_or(mute.link.place());
    let cause =
        Cause::new(why, format!("run {protocol} on {} of {name} as on {} of {far}", mute.link.name, other.link.name));
    let cause = cause.at(Some(block), format!("{protocol} does not run here"));
    cause.at(Some(mute.link.place()), "the interface").of_all()
}

/// Ports of either node that run the interior protocol, and share their subnet with nobody; those without an address first.
pub(super) fn stranded(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    let is_v4 = asked.ip.is_ipv4();
    let mut found: Vec<(NodeIndex, &Link, Option<&Sourced<InterfaceAddress>>)> = vec![];
    for node in [asked.from, asked.owner] {
        let Some(frr) = &fabric.node(node).frr else { continue };
        // A port without an address runs it by its own block only.
        let by_block = |link: &Link| {
            frr.links.get(&link.name).is_some_and(|own| match is_v4 {
                true => own.ospf.area.is_some() || own.isis.ipv4.is_some(),
                false => own.ospf6.area.is_some() || own.isis.ipv6.is_some(),
            })
        };
        let is_alone = |prefix: Prefix| fabric.underlay.members.get(&prefix).is_none_or(|nodes| nodes.len() < 2);
        let is_port = |link: &&Link| link.vrf.is_none() && !matches!(link.kind, LinkKind::Loopback | LinkKind::Dummy);
        for link in fabric.node(node).links.values().filter(is_port) {
            let own = || link.addresses.iter().filter(|own| own.ip.is_ipv4() == is_v4);
            let runs = by_block(link) || own().any(|address| speaks(fabric, &Port { node, link, address }).is_some());
            if runs && own().all(|own| is_alone(own.prefix())) {
                found.push((node, link, own().next()));
            }
        }
    }
    found.sort_by_key(|(.., address)| address.is_some());
    let (node, link, address) = *found.first()?;
    let (name, other) = (fabric.name(asked.from), fabric.name(node));
    let what = if address.is_none() { "has no address" } else { "is alone in its subnet" };
    let why = format!("{name} has no route to {}: {} of {other} {what}, and meets no router", asked.ip, link.name);
    let remedy = format!("give {} of {other} an address in the subnet of the router at the other end", link.name);
    let places =
        found.iter().take(2).map(|(_, link, address)| address.and_then(|own| own.span()).or(Some(link.place())));
    Some(places.fold(Cause::new(why, remedy).of_all().vague(true), |cause, place| cause.at(place, "meets no router")))
}

pub(super) fn process(fabric: &Fabric, node: NodeIndex, protocol: Protocol) -> Option<Span> {
    let frr = fabric.node(node).frr.as_ref()?;
    match protocol {
        Protocol::Ospf => Some(frr.ospf.first()?.span),
        Protocol::Ospf6 => Some(frr.ospf6.first()?.span),
        Protocol::IsIs | Protocol::OpenFabric => Some(frr.isis.first()?.span),
    }
}

/// An interior protocol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Ospf,
    Ospf6,
    IsIs,
    OpenFabric,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Ospf => "OSPF",
            Self::Ospf6 => "OSPFv3",
            Self::IsIs => "IS-IS",
            Self::OpenFabric => "OpenFabric",
        })
    }
}

/// The interior protocol that runs on a port in the family of its address, and where that is written.
pub(super) fn speaks(fabric: &Fabric, port: &Port) -> Option<(Protocol, Option<Span>)> {
    let frr = fabric.node(port.node).frr.as_ref()?;
    let own = frr.links.get(&port.link.name);
    let is_v4 = port.address.ip.is_ipv4();
    if is_v4 && let Some((_, span)) = origination::ospf_area(frr, port.link, port.address.ip) {
        return Some((Protocol::Ospf, span));
    }
    let area = own.and_then(|own| own.ospf6.area.as_ref()).filter(|_| !is_v4 && !frr.ospf6.is_empty());
    if let Some(area) = area {
        return Some((Protocol::Ospf6, area.span()));
    }
    let circuit = own.map(|own| &own.isis)?;
    let tag = if is_v4 { circuit.ipv4.as_ref() } else { circuit.ipv6.as_ref() }?;
    let instance = frr.isis.iter().find(|isis| isis.tag == tag.value)?;
    Some((if instance.openfabric { Protocol::OpenFabric } else { Protocol::IsIs }, tag.span()))
}

/// Whether a port that runs it looks for no neighbours there.
fn is_passive(fabric: &Fabric, port: &Port, protocol: Protocol) -> bool {
    let Some(frr) = &fabric.node(port.node).frr else { return false };
    let own = frr.links.get(&port.link.name);
    match protocol {
        Protocol::Ospf => origination::is_passive(frr, port.link).is_some_and(|(passive, _)| passive),
        Protocol::Ospf6 => own.is_some_and(|own| is_on(&own.ospf6.passive)),
        Protocol::IsIs | Protocol::OpenFabric => own.is_some_and(|own| is_on(&own.isis.passive)),
    }
}
