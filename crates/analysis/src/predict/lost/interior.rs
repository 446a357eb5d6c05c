//! Where an interior protocol fails two nodes: a link of which one end does not run it, a port that meets nobody.

use super::{
    super::{fate::Cause, igp},
    Asked,
};
use crate::fabric::{Fabric, NodeIndex, origination, underlay::Port};
use evpnlint_core::{
    model::{
        Prefix,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::fmt;

/// A link of either node on which one end runs the interior protocol and the other does not.
pub(super) fn gap(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    for node in [asked.from, asked.owner] {
        for link in igp::links(&fabric.devices[node], "") {
            for address in link.addresses.iter().filter(|own| !own.is_host()) {
                let own = Port { node, link, address };
                let far = fabric.underlay.subnets.get(&address.prefix()).into_iter().flatten();
                let differs =
                    |far: &&Port| far.node != node && speaks(fabric, far).is_some() != speaks(fabric, &own).is_some();
                if let Some(far) = far.into_iter().find(differs) {
                    let (mute, other) = if speaks(fabric, &own).is_some() { (far, &own) } else { (&own, far) };
                    let (protocol, place) = speaks(fabric, other)?;
                    return Some(
                        one_sided(fabric, asked, [mute, other], protocol).at(place, "it runs at the other end"),
                    );
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
    cause.at(Some(block), format!("{protocol} does not run here")).at(Some(mute.link.place()), "the interface")
}

/// Ports of either node that run the interior protocol, and share their subnet with nobody; those without an address first.
pub(super) fn stranded(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    let mut found: Vec<(NodeIndex, &Link)> = vec![];
    for node in [asked.from, asked.owner] {
        let Some(frr) = &fabric.node(node).frr else { continue };
        let runs = |link: &&Link| {
            let own = frr.links.get(&link.name);
            let is_on = own.is_some_and(|own| own.ospf.area.is_some() || own.isis.ipv4.is_some());
            is_on && link.vrf.is_none() && !matches!(link.kind, LinkKind::Loopback | LinkKind::Dummy)
        };
        let is_alone = |prefix: Prefix| fabric.underlay.members.get(&prefix).is_none_or(|nodes| nodes.len() < 2);
        let is_stranded = |link: &&Link| link.addresses.iter().all(|own| is_alone(own.prefix()));
        let links = fabric.node(node).links.values().filter(|link| runs(link) && is_stranded(link));
        found.extend(links.map(|link| (node, link)));
    }
    found.sort_by_key(|(_, link)| !link.addresses.is_empty());
    let (node, link) = *found.first()?;
    let (name, other) = (fabric.name(asked.from), fabric.name(node));
    let what = if link.addresses.is_empty() { "has no address" } else { "is alone in its subnet" };
    let why = format!("{name} has no route to {}: {} of {other} {what}, and meets no router", asked.ip, link.name);
    let remedy = format!("give {} of {other} an address in the subnet of the router at the other end", link.name);
    let place = |link: &Link| link.addresses.first().and_then(|own| own.span()).or(Some(link.place()));
    let places = found.iter().take(2).map(|(_, link)| place(link));
    Some(places.fold(Cause::new(why, remedy).of_all().vague(true), |cause, place| cause.at(place, "meets no router")))
}

pub(super) fn process(fabric: &Fabric, node: NodeIndex, protocol: Protocol) -> Option<Span> {
    let frr = fabric.node(node).frr.as_ref()?;
    match protocol {
        Protocol::Ospf => Some(frr.ospf.first()?.span),
        Protocol::IsIs => Some(frr.isis.first()?.span),
    }
}

/// An interior protocol.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Ospf,
    IsIs,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Ospf => "OSPF",
            Self::IsIs => "IS-IS",
        })
    }
}

/// The interior protocol that runs on a port, and where that is written.
pub(super) fn speaks(fabric: &Fabric, port: &Port) -> Option<(Protocol, Option<Span>)> {
    let frr = fabric.node(port.node).frr.as_ref()?;
    if let Some((_, span)) =
        origination::ospf_area(frr, port.link, port.address.ip).filter(|_| port.address.ip.is_ipv4())
    {
        return Some((Protocol::Ospf, span));
    }
    let own = &frr.links.get(&port.link.name)?.isis;
    let tag = own.ipv4.as_ref().or(own.ipv6.as_ref())?;
    frr.isis.iter().any(|isis| isis.tag == tag.value).then(|| (Protocol::IsIs, tag.span()))
}
