//! Whether a node announces one of its addresses to anybody: OSPF, IS-IS, OpenFabric or BGP.

use super::{
    device::Device,
    policy::{Decision, Route, decide},
};
use crate::index::NodeIndex;
use evpnlint_core::{
    model::{
        InterfaceAddress,
        bgp::{BgpInstance, Family, Neighbor, Redistribute},
        frr::Frr,
        is_on,
        link::Link,
        policy::Match,
    },
    source::Span,
};
use std::net::IpAddr;

/// Why an address is announced to nobody, with the places that decide it; the first is the one to mend.
pub struct Silence {
    /// In words.
    pub why: String,
    /// Where.
    pub places: Vec<(Option<Span>, String)>,
}

/// An address of a node that others need a route to.
pub struct Needed<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The address, with the length it has on its interface.
    pub address: InterfaceAddress,
    /// The interface.
    pub link: &'m Link,
}

/// Why an address is announced to nobody; `None` if it is announced.
pub fn silence(device: &Device, needed: &Needed) -> Option<Silence> {
    let frr = device.node.frr.as_ref()?;
    let unknown = !frr.ospf6.is_empty() && needed.address.ip.is_ipv6();
    if unknown || ospf(frr, needed) || isis(frr, needed) {
        return None;
    }
    let family = if needed.address.ip.is_ipv4() { Family::Ipv4Unicast } else { Family::Ipv6Unicast };
    let mut reasons: Vec<Silence> = vec![];
    let speaks = |instance: &&BgpInstance| !instance.neighbors.is_empty() || !instance.listen.is_empty();
    for instance in frr.bgp.iter().filter(|instance| instance.vrf.is_none()).filter(speaks) {
        match bgp(frr, instance, family, needed) {
            None => return None,
            Some(reason) => reasons.push(reason),
        }
    }
    for ospf in frr.ospf.iter().filter(|ospf| ospf.vrf.is_none()) {
        let name = &needed.link.name;
        let block = frr.links.contains_key(name).then_some(needed.link.frr).flatten();
        let areas = frr.links.values().filter_map(|own| own.ospf.area.as_ref()?.span());
        let elsewhere = areas.max().or(ospf.networks.last().and_then(|network| network.span()));
        reasons.insert(
            0,
            Silence {
                why: format!(
                    "OSPF does not run on {name}: it has no area, and no network statement covers the address"
                ),
                places: vec![
                    (block, format!("no `ip ospf area` on {name}")),
                    (elsewhere, format!("OSPF runs here, not on {name}")),
                    (Some(ospf.span), "the process".to_owned()),
                ],
            },
        );
    }
    if let Some(isis) = frr.isis.first() {
        let name = &needed.link.name;
        let protocol = if isis.openfabric { "OpenFabric" } else { "IS-IS" };
        let block = frr.links.contains_key(name).then_some(needed.link.frr).flatten();
        let tags = frr.links.values().filter_map(|own| own.isis.ipv4.as_ref().or(own.isis.ipv6.as_ref())?.span());
        reasons.insert(
            0,
            Silence {
                why: format!("{protocol} does not run on {name}"),
                places: vec![
                    (block, format!("no `ip router` line on {name}")),
                    (tags.max(), format!("{protocol} runs here, not on {name}")),
                    (Some(isis.span), "the instance".to_owned()),
                ],
            },
        );
    }
    Some(
        reasons
            .into_iter()
            .next()
            .unwrap_or_else(|| Silence { why: "no routing protocol runs there".to_owned(), places: vec![] }),
    )
}

/// The OSPF area of an interface's address, however it is given, and where.
pub fn ospf_area(frr: &Frr, link: &Link, address: IpAddr) -> Option<(std::net::Ipv4Addr, Option<Span>)> {
    let process = frr.ospf.iter().find(|ospf| ospf.vrf.is_none())?;
    let own = frr.links.get(&link.name).and_then(|own| own.ospf.area.as_ref());
    if let Some(area) = own {
        return Some((area.value, area.span()));
    }
    let network = process
        .networks
        .iter()
        .filter(|network| network.0.contains(address))
        .max_by_key(|network| network.0.length())?;
    Some((network.1, network.span()))
}

fn ospf(frr: &Frr, needed: &Needed) -> bool {
    let redistributes =
        |list: &[Redistribute]| list.iter().any(|own| own.protocol.value == "connected" && permits(frr, own, needed));
    ospf_area(frr, needed.link, needed.address.ip).is_some()
        || frr.ospf.iter().any(|ospf| ospf.vrf.is_none() && redistributes(&ospf.redistribute))
}

fn isis(frr: &Frr, needed: &Needed) -> bool {
    let own = frr.links.get(&needed.link.name).map(|own| &own.isis);
    own.is_some_and(|own| own.ipv4.is_some() || own.ipv6.is_some())
        || frr.isis.iter().any(|isis| isis.redistribute.iter().any(|own| own.protocol.value == "connected"))
}

fn permits(frr: &Frr, own: &Redistribute, needed: &Needed) -> bool {
    let route = Route::Connected(needed.address.prefix(), &needed.link.name);
    own.route_map.as_ref().is_none_or(|map| !matches!(decide(frr, &map.value, route), Decision::Deny(_)))
}

fn bgp(frr: &Frr, instance: &BgpInstance, family: Family, needed: &Needed) -> Option<Silence> {
    let ip = needed.address.ip;
    let place = instance.neighbors.values().next().and_then(|neighbor| neighbor.place());
    // Labeled unicast sends what unicast has (`bgp_static_update`; both are SAFI_UNICAST in the table).
    let labeled = if ip.is_ipv4() { Family::Ipv4Labeled } else { Family::Ipv6Labeled };
    let hears = |neighbor: &Neighbor| neighbor.is_active(family) || neighbor.is_active(labeled);
    let active = instance.neighbors.values().any(hears)
        || instance.listen.iter().any(|listen| instance.groups.get(&listen.group.value).is_some_and(hears));
    let none = Default::default();
    let config = instance.families.get(&family).unwrap_or(&none);
    // `network` wants the very prefix in the routing table (bgp_static_update, import-check).
    let announced = config.networks.iter().any(|network| network.value == needed.address.prefix())
        || config.aggregates.iter().any(|prefix| prefix.contains(ip));
    let redistributed = config.redistribute.iter().find(|own| own.protocol.value == "connected");
    let originated = announced || redistributed.is_some_and(|own| permits(frr, own, needed));
    if originated && active {
        return None;
    }
    if originated {
        return Some(Silence {
            why: format!("no neighbour is active in {family}, so nobody is told"),
            places: vec![
                (
                    instance.default_ipv4_unicast.as_ref().and_then(|switch| switch.span()),
                    format!("takes {family} away"),
                ),
                (config.span, "no neighbour is activated here".to_owned()),
                (place, format!("not active in {family}")),
                (Some(instance.span), "the instance".to_owned()),
            ],
        });
    }
    if let Some(own) = redistributed
        && let Some(map) = &own.route_map
    {
        let decision = decide(frr, &map.value, Route::Connected(needed.address.prefix(), &needed.link.name));
        let lists =
            frr.route_maps.get(&map.value).into_iter().flat_map(|map| &map.entries).flat_map(|entry| &entry.matches);
        let mut places: Vec<(Option<Span>, String)> =
            lists.map(|condition| (condition.span(), "does not match it".to_owned())).collect();
        let named =
            frr.route_maps.get(&map.value).into_iter().flat_map(|map| &map.entries).flat_map(|entry| &entry.matches);
        places.extend(named.filter_map(|condition| {
            let list = match &condition.value {
                Match::PrefixList(name) => frr.prefix_lists.get(name),
                Match::PrefixList6(name) => frr.prefix_lists6.get(name),
                _ => None,
            };
            list.and_then(|list| list.entries.first()).map(|entry| (Some(entry.span), "does not hold it".to_owned()))
        }));
        if let Decision::Deny(Some(entry)) = decision {
            places.insert(0, (Some(entry), "denies it".to_owned()));
        }
        places.push((map.span(), "in the way of redistribute connected".to_owned()));
        return Some(Silence { why: format!("route-map {map} keeps it out of what is redistributed"), places });
    }
    // A network statement for an address that the node does not have is the likeliest slip.
    let near = config.networks.iter().find(|network| network.contains(ip));
    let stray = near.or_else(|| config.networks.iter().find(|network| network.is_host()));
    let mut places: Vec<(Option<Span>, String)> =
        stray.map(|network| (network.span(), format!("{network} is announced instead"))).into_iter().collect();
    places.push((
        config.redistribute.first().and_then(|own| own.protocol.span()),
        "this is redistributed, connected routes are not".to_owned(),
    ));
    places.push((config.span, "nothing here announces it".to_owned()));
    places.push((place, "its neighbours are told nothing of it".to_owned()));
    Some(Silence {
        why: format!("no network statement names it in {family}, and connected routes are not redistributed"),
        places,
    })
}

/// Whether a process takes part in OSPF on an interface at all.
pub fn is_passive(frr: &Frr, link: &Link) -> Option<(bool, Option<Span>)> {
    let process = frr.ospf.iter().find(|ospf| ospf.vrf.is_none())?;
    let own = frr.links.get(&link.name).and_then(|own| own.ospf.passive.as_ref());
    let by_process = process.passive.get(&link.name);
    if let Some(switch) = own.or(by_process) {
        return Some((switch.value, switch.span()));
    }
    Some((is_on(&process.passive_default), process.passive_default.as_ref().and_then(|switch| switch.span())))
}
