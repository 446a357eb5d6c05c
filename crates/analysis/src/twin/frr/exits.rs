//! Exit nodes: a zone's way out, and what must not come in by it.

use super::{
    config::{Config, Entry, Line, ListKind, Router},
    evpn,
    gaps::gap,
    speaker::{self, Speaker},
};
use crate::twin::{generator::Generation, seat::Seat};
use evpnlint_core::{
    model::{
        Sourced,
        intent::{Controller, Subnet, Zone},
        is_on,
        twin::Gap,
    },
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// Whether the node is an exit node of the zone.
pub(super) fn is_exit(seat: &Seat, zone: &Zone) -> bool {
    own(seat, zone).is_some()
}

fn own<'m>(seat: &Seat, zone: &'m Zone) -> Option<&'m Sourced<String>> {
    zone.exit_nodes.iter().find(|node| node.value == seat.node.name)
}

/// The routes of an exit node.
pub(super) fn write(
    seat: &Seat,
    zone: &Zone,
    controller: &Controller,
    speaker: &Speaker,
    router: &mut Router,
    config: &mut Config,
) {
    let because = own(seat, zone).and_then(Sourced::span);
    filters(seat, zone, controller, because, config);
    if is_on(&zone.exit_local_routing) {
        local_routes(seat, zone, config);
    } else {
        let is_new = seat.generation >= Generation::Templates;
        if !is_new || config.default_router().is_some() {
            let main = evpn::router(seat, config, speaker.asn, speaker.asn_because);
            for family in ["ipv4 unicast", "ipv6 unicast"] {
                main.family(family, because, [format!("import vrf vrf_{}", zone.id)]);
            }
        }
        for family in ["ipv4 unicast", "ipv6 unicast"] {
            router.family(family, because, ["redistribute connected".to_owned()]);
        }
    }
    let defaults = ["ipv4", "ipv6"].map(|family| format!("default-originate {family}"));
    router.family("l2vpn evpn", because, defaults);
}

/// Default routes of other exit nodes stay out on the primary one; those of the others are told with a metric.
fn filters(seat: &Seat, zone: &Zone, controller: &Controller, because: Option<Span>, config: &mut Config) {
    let primary = zone.exit_primary.as_ref().filter(|primary| primary.value != seat.node.name);
    let (direction, action) = if primary.is_some() { ("OUT", "permit") } else { ("IN", "deny") };
    let because = zone.exit_primary.as_ref().and_then(Sourced::span).or(because);
    let metric = primary.map(|_| "set metric 200".to_owned());
    let entries = if seat.generation >= Generation::Late {
        config.list(ListKind::Prefix, "only_default", "1", "permit 0.0.0.0/0", because);
        config.list(ListKind::Prefix6, "only_default_v6", "1", "permit ::/0", because);
        let lists = ["match ip address prefix-list only_default", "match ipv6 address prefix-list only_default_v6"];
        let entry = |line: &str| Entry::new(action, because, [line.to_owned()].into_iter().chain(metric.clone()));
        lists.map(entry).into_iter().collect()
    } else {
        let vni = zone.vrf_vxlan.as_ref().filter(|_| primary.is_some() || seat.generation > Generation::First);
        let lines = vni.map(|vni| format!("match evpn vni {vni}")).into_iter();
        let lines = lines.chain(["match evpn route-type prefix".to_owned()]).chain(metric);
        vec![Entry::new(action, because, lines)]
    };
    let map = config.maps.entry(speaker::map(seat, controller, direction)).or_default();
    map.splice(0..0, entries);
}

/// With `exitnodes-local-routing`, routes to the zone's subnets through the veth pair into its VRF.
fn local_routes(seat: &Seat, zone: &Zone, config: &mut Config) {
    let mut vnets: Vec<_> = seat.sdn.vnets_of(&zone.id).collect();
    vnets.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    for subnet in vnets.into_iter().flat_map(|vnet| seat.sdn.subnets_of(&vnet.id)) {
        let Some((prefix, ip)) = written(seat, subnet) else { continue };
        let (command, via) = match ip {
            IpAddr::V6(_) if seat.generation >= Generation::Templates => ("ipv6 route", "fe80::2"),
            _ => ("ip route", "10.255.255.2"),
        };
        config.routes.push(Line::new(format!("{command} {prefix} {via} xvrf_{}", zone.id), subnet.id.span()));
    }
}

/// The subnets of other zones, which a VRF must not reach through the exit node. The generator reads them from
/// `subnets.cfg`, applied or not, as it was when it ran, and keeps one for each address: what both that file and what was
/// applied hold was there then.
pub(super) fn null_routes(seat: &Seat, zone: &Zone, gaps: &mut Vec<Gap>) -> Vec<Line> {
    if seat.generation == Generation::First {
        return vec![];
    }
    let (applied, pending) = (&seat.sdn.subnets, &seat.intent.pending);
    let (now, later) = (ids(applied), ids(&pending.subnets));
    let is_known = pending.knows("subnets");
    if !is_known && !now.is_empty() || is_known && now != later {
        let why = "may have other null routes: the generator reads subnets.cfg, as it was when it ran";
        let all = applied.iter().chain(&pending.subnets);
        gap(gaps, "frr.conf", why, all.filter_map(|subnet| subnet.id.span()).next());
    }
    let mut subnets: Vec<_> = applied.iter().filter(|subnet| !is_known || later.contains(subnet.id.as_str())).collect();
    subnets.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    let foreign = subnets.into_iter().filter(|subnet| subnet.zone.as_ref().is_some_and(|own| *own != zone.id.value));
    if seat.generation == Generation::Early {
        let prefixes = foreign.filter_map(|subnet| Some((written(seat, subnet)?.0, subnet.id.span())));
        return prefixes.map(|(prefix, span)| Line::new(format!("ip route {prefix} null0"), span)).collect();
    }
    let mut routes: BTreeMap<IpAddr, Line> = BTreeMap::new();
    for subnet in foreign {
        let Some((prefix, ip)) = written(seat, subnet) else { continue };
        let command = if ip.is_ipv4() { "ip route" } else { "ipv6 route" };
        routes.insert(ip, Line::new(format!("{command} {prefix} null0"), subnet.id.span()));
    }
    routes.into_values().collect()
}

fn ids(subnets: &[Subnet]) -> BTreeSet<&str> {
    subnets.iter().map(|subnet| subnet.id.as_str()).collect()
}

/// A subnet's prefix with its host bits, as written up to 1.2, and its address.
fn written(seat: &Seat, subnet: &Subnet) -> Option<(String, IpAddr)> {
    let network = subnet.network.as_ref()?;
    let text = match seat.generation >= Generation::Templates {
        true => network.to_string(),
        false => subnet.id.value.split_once('-')?.1.replace('-', "/"),
    };
    Some((text, network.ip))
}
