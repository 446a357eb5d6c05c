//! Why a node has no route to an address of another.

use super::{
    fate::Cause,
    igp,
    ribs::{Reach, Way},
};
use crate::fabric::{
    Fabric, NodeIndex,
    origination::{self, Needed, silence},
    sessions::SessionEnd,
    underlay::Port,
};
use evpnlint_core::{
    model::{
        InterfaceAddress, Sourced,
        bgp::{Family, FamilyConfig},
        link::Link,
    },
    source::Span,
};
use std::{fmt, net::IpAddr};

/// The other announces it to nobody, or what it announces does not get there, or an interface between them is not as it
/// should be.
pub(super) fn lost(fabric: &Fabric, [from, owner]: [NodeIndex; 2], ip: IpAddr, reach: Option<&Reach>) -> Cause {
    let name = fabric.name(from);
    let device = &fabric.devices[owner];
    let other = &device.node.name;
    let link = device.owner(ip);
    let Some((link, address)) = link.and_then(|link| Some((link, link.addresses.iter().find(|own| own.ip == ip)?)))
    else {
        let cause = Cause::new(
            format!("{name} has no route to {ip}, and no interface of {other} has that address"),
            format!("put {ip} on lo of {other}, and announce it"),
        );
        return cause.judged_by("tunnel-address-not-local");
    };
    let asked = Asked { from, owner, ip, link, address };
    if let Some(cause) = down(fabric, &asked).or_else(|| narrow(fabric, &asked)).or_else(|| unwired(fabric, &asked)) {
        return cause;
    }
    let silence = silence(device, &Needed { node: owner, address: address.value, link });
    let Some(silence) = silence else {
        let end = || reach.and_then(|reach| end_of_routes(fabric, &asked, reach));
        if let Some(cause) = gap(fabric, &asked).or_else(end) {
            return cause.at(address.span(), "the address");
        }
        let why = format!("{name} has no route to {ip}, though {other} tells of it: nothing brings it there");
        return Cause::new(why, remedy(&asked, fabric)).vague(true).of_all().at(address.span(), "the address");
    };
    let why = format!("{name} has no route to {ip}: {other} tells nobody ({})", silence.why);
    let cause = Cause::new(why, remedy(&asked, fabric)).judged_by("address-not-advertised").of_all();
    let cause = silence.places.into_iter().fold(cause, |cause, (span, label)| cause.at(span, label));
    cause.at(address.span(), "the address")
}

/// An address that a node has no route to.
struct Asked<'m> {
    from: NodeIndex,
    owner: NodeIndex,
    ip: IpAddr,
    link: &'m Link,
    address: &'m Sourced<InterfaceAddress>,
}

fn remedy(asked: &Asked, fabric: &Fabric) -> String {
    let (name, other) = (fabric.name(asked.from), fabric.name(asked.owner));
    format!("announce {} from {other} to {name}, or put both on one subnet", asked.ip)
}

/// An interface of either node, in the subnet of the address, that does not come up.
fn down(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    let (name, ip) = (fabric.name(asked.from), asked.ip);
    let is_down = |node: NodeIndex, link: &Link| igp::links(&fabric.devices[node], "").all(|up| up.name != link.name);
    let mut links = fabric.node(asked.from).links.values().filter(|link| link.vrf.is_none());
    let near = links.find(|link| link.connects(ip) && is_down(asked.from, link)).map(|link| (asked.from, link));
    let (node, link) = near.or_else(|| is_down(asked.owner, asked.link).then_some((asked.owner, asked.link)))?;
    let why = format!("{name} has no route to {ip}: {} of {}, in its subnet, stays down", link.name, fabric.name(node));
    let remedy = format!("bring {} of {} up: it needs an `auto` line, and no `shutdown`", link.name, fabric.name(node));
    let address = link.addresses.iter().find_map(|own| own.span());
    Some(Cause::new(why, remedy).at(Some(link.place()), "stays down").at(address, "its address"))
}

/// An address in the same subnet, with a prefix that leaves the other one out.
fn narrow(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    let (name, ip, address) = (fabric.name(asked.from), asked.ip, asked.address);
    let links = fabric.node(asked.from).links.values().filter(|link| link.vrf.is_none());
    let mut near = links.flat_map(|link| &link.addresses);
    let own = near.find(|own| !address.is_host() && address.prefix().contains(own.ip))?;
    if own.prefix().contains(ip) {
        return None;
    }
    let why = format!("{name} has no route to {ip}: its own address there, {own}, has too narrow a prefix");
    let cause = Cause::new(why, format!("write /{} after the address on {name}", address.length));
    Some(cause.at(own.span(), "leaves the other out").at(address.span(), "the address"))
}

/// Interfaces in one subnet that no cable joins.
fn unwired(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    let (name, other, link) = (fabric.name(asked.from), fabric.name(asked.owner), asked.link);
    let mut links = fabric.node(asked.from).links.values().filter(|own| own.vrf.is_none() && own.connects(asked.ip));
    let own = links.find(|own| fabric.wires.apart(&fabric.devices, (asked.from, own), (asked.owner, link)))?;
    let why = format!("no cable joins {} of {name} and {} of {other}, which are in one subnet", own.name, link.name);
    let cause = Cause::new(why, "correct the cables, or the addresses");
    let own = own.addresses.iter().find(|own| own.prefix().contains(asked.ip)).and_then(|own| own.span());
    Some(cause.at(own, "one end").at(asked.address.span(), "the other"))
}

/// A link of either node on which one end runs the interior protocol and the other does not.
fn gap(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
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

/// Two neighbours of which one has a route and the other has none.
struct Border {
    /// The one that has it.
    has: NodeIndex,
    /// The one that has none.
    lacks: NodeIndex,
}

/// Where the routes to the address end: at a session of unicast BGP, or where an interior protocol begins. The border of the
/// node that asks comes first.
fn end_of_routes(fabric: &Fabric, asked: &Asked, reach: &Reach) -> Option<Cause> {
    let has = |node: NodeIndex| reach.ways[node] != Way::None;
    let family = Family::of(asked.ip);
    let mut sessions: Vec<(bool, &SessionEnd)> = vec![];
    for end in fabric.sessions.ends.iter().filter(|end| end.vrf().is_empty() && end.is_active(family) && has(end.node))
    {
        if let Some(peer) = end.peer().filter(|peer| !has(*peer)) {
            sessions.push((peer != asked.from, end));
        }
    }
    let untold = sessions.into_iter().min_by_key(|(is_far, _)| *is_far);
    untold.and_then(|(_, end)| untold_by_bgp(fabric, asked, end)).or_else(|| untold_by_igp(fabric, asked, &has))
}

fn untold_by_bgp(fabric: &Fabric, asked: &Asked, end: &SessionEnd) -> Option<Cause> {
    let border = Border { has: end.node, lacks: end.peer()? };
    let none = FamilyConfig::default();
    let config = end.instance.families.get(&Family::of(asked.ip)).unwrap_or(&none);
    let near = config.networks.iter().find(|network| !network.is_host() && network.contains(asked.ip));
    let cause = untold(fabric, asked, &border, "BGP")
        .at(near.and_then(|network| network.span()), "not the prefix that is in its routing table")
        .at(config.span.or(end.instance.span.into()), "nothing here announces it");
    Some(cause.at(end.neighbor.place(), "not told here"))
}

fn untold_by_igp(fabric: &Fabric, asked: &Asked, has: &dyn Fn(NodeIndex) -> bool) -> Option<Cause> {
    let asking = igp::links(&fabric.devices[asked.from], "").flat_map(|link| {
        link.addresses.iter().filter(|own| !own.is_host()).map(move |address| Port { node: asked.from, link, address })
    });
    for own in asking {
        let Some((protocol, _)) = speaks(fabric, &own) else { continue };
        let far = fabric.underlay.subnets.get(&own.address.prefix()).into_iter().flatten();
        let tells = |far: &&Port| {
            far.node != own.node && has(far.node) && speaks(fabric, far).is_some_and(|(theirs, _)| theirs == protocol)
        };
        if let Some(far) = far.into_iter().find(tells) {
            let border = Border { has: far.node, lacks: asked.from };
            let place = process(fabric, far.node, protocol);
            let label = "does not redistribute what brings the route";
            return Some(untold(fabric, asked, &border, protocol).at(place, label));
        }
    }
    None
}

fn untold(fabric: &Fabric, asked: &Asked, border: &Border, protocol: impl fmt::Display) -> Cause {
    let (from, ip) = (fabric.name(asked.from), asked.ip);
    let (has, lacks) = (fabric.name(border.has), fabric.name(border.lacks));
    let why = format!("{from} has no route to {ip}: {has} has one, and tells {lacks} nothing of it by {protocol}");
    Cause::new(why, format!("announce {ip} from {has} to {lacks}")).of_all()
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
    cause.at(Some(block), format!("{protocol} does not run here"))
}

fn process(fabric: &Fabric, node: NodeIndex, protocol: Protocol) -> Option<Span> {
    let frr = fabric.node(node).frr.as_ref()?;
    match protocol {
        Protocol::Ospf => Some(frr.ospf.first()?.span),
        Protocol::IsIs => Some(frr.isis.first()?.span),
    }
}

/// An interior protocol.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
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
fn speaks(fabric: &Fabric, port: &Port) -> Option<(Protocol, Option<Span>)> {
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
