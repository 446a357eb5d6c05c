//! Why a node has no route to an address of another.

use super::{fate::Cause, igp, ribs::Reach};
use crate::fabric::{
    Fabric, NodeIndex,
    origination::{Needed, silence},
};
use evpnlint_core::model::{InterfaceAddress, Prefix, Sourced, link::Link};
use std::net::IpAddr;

mod border;
mod interior;

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
    if let Some(cause) = left_out(fabric, &asked) {
        return cause.at(address.span(), "the address");
    }
    if let Some(cause) = interior::shut_down(fabric, &asked) {
        return cause.at(address.span(), "the address");
    }
    let silence = silence(device, &Needed { node: owner, address: address.value, link });
    let Some(silence) = silence else {
        let end = || reach.and_then(|reach| border::end_of_routes(fabric, &asked, reach));
        let cause = interior::gap(fabric, &asked).or_else(end).or_else(|| interior::stranded(fabric, &asked));
        if let Some(cause) = cause {
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

/// Where the node that asks makes routes by hand to addresses of other nodes, and none to this one.
fn left_out(fabric: &Fabric, asked: &Asked) -> Option<Cause> {
    let statics = fabric.node(asked.from).frr.iter().flat_map(|frr| &frr.statics).filter(|route| route.vrf.is_none());
    let statics = statics.map(|route| (route.prefix.value, route.prefix.span()));
    let hooks = fabric.devices[asked.from].hook_routes.iter().filter(|route| route.vrf.is_empty() && route.is_added);
    let all = statics.chain(hooks.map(|route| (route.prefix, route.span())));
    let is_like = |prefix: Prefix| {
        prefix.is_host()
            && prefix.network().is_ipv4() == asked.ip.is_ipv4()
            && fabric.underlay.owners("", prefix.network()).any(|port| port.node != asked.from)
    };
    let near = all.filter(|(prefix, _)| is_like(*prefix)).max_by_key(|(prefix, _)| common(prefix.network(), asked.ip));
    let (_, span) = near?;
    let name = fabric.name(asked.from);
    let why = format!("{name} has no route to {}: its routes by hand lead to others, and none there", asked.ip);
    let cause = Cause::new(why, format!("add a route to {} on {name}, as to the others", asked.ip));
    Some(cause.at(span, "the nearest route").of_all())
}

/// How many leading bits two addresses of one family have in common.
fn common(one: IpAddr, other: IpAddr) -> u32 {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u32::from(one) ^ u32::from(other)).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (u128::from(one) ^ u128::from(other)).leading_zeros(),
        _ => 0,
    }
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
