//! The top of the file, VRFs, static routes and BFD.

use super::{super::statement::Statement, Replay, igp, lists, name_of, ospf, policy, switch};
use crate::model::{
    Asn, FaultKind, InterfaceAddress, Prefix, Sourced, Vni,
    bgp::BgpInstance,
    frr::{ObjectKind, Profile, StaticRoute, Version},
    refusal::{Refusal, Taken},
};
use evpnlint_grammar::frr::Rule;

pub(super) const ASN: &str = "an AS number, from 1 to 4294967295";
pub(super) const PREFIX: &str = "a prefix, an address with a length";
pub(super) const ADDRESS: &str = "an address";

/// A line at the top level.
pub(super) fn config(replay: &mut Replay, line: &Statement) -> bool {
    match line.rule() {
        Rule::router_bgp => return router_bgp(replay, line),
        Rule::router_ospf => ospf::open(replay, line),
        Rule::router_ospf6 => ospf::open6(replay, line),
        Rule::router_isis | Rule::router_openfabric => igp::open(replay, line),
        Rule::interface => {
            let Some((name, span)) = line.word(Rule::interface_name) else { return true };
            replay.into.node.link_mut(name, span).frr.get_or_insert(line.span);
            replay.frr.links.entry(name.to_owned()).or_default();
            replay.context.interface = Some(name.to_owned());
        }
        Rule::vrf => {
            let Some((name, _)) = line.word(Rule::vrf_name) else { return true };
            replay.frr.vrfs.entry(name.to_owned()).or_default().span.get_or_insert(line.span);
            replay.context.vrf = Some(name.to_owned());
        }
        Rule::global_vni => set_vni(replay, line, ""),
        Rule::route_map => policy::open(replay, line),
        Rule::prefix_list => lists::prefix_list(replay, line),
        Rule::access_list => lists::access_list(replay, line),
        Rule::as_path_list => lists::as_path_list(replay, line),
        Rule::community_list => lists::community_list(replay, line),
        Rule::config_bare if lists::forget(replay, line) => {}
        Rule::static_route => static_route(replay, line, None),
        Rule::router_id if !line.negated && line.part(Rule::vrf_name).is_none() => {
            if let Some(id) = replay.value(line, Rule::ip, ADDRESS) {
                replay.frr.router_id = Some(id);
            }
        }
        Rule::protocol_source => {
            replay.frr.sets_source = true;
            zebra_maps(replay, line);
        }
        Rule::resolve_via_default => replay.frr.resolve_via_default = switch(line),
        Rule::resolve_via_default6 => replay.frr.resolve_via_default6 = switch(line),
        Rule::ip_forwarding => replay.frr.ip_forwarding = switch(line),
        Rule::ipv6_forwarding => replay.frr.ipv6_forwarding = switch(line),
        Rule::frr_version => {
            let version =
                line.word(Rule::text).and_then(|(text, span)| Some(Sourced::written(Version::parse(text)?, span)));
            replay.frr.version = version.or(replay.frr.version.take());
        }
        Rule::frr_defaults => {
            let Some((name, span)) = line.word(Rule::word) else { return true };
            let profile = if name == "datacenter" { Profile::Datacenter } else { Profile::Traditional };
            replay.frr.profile = Some(Sourced::written(profile, span));
        }
        Rule::hostname => replay.frr.hostname = name_of(line, Rule::word),
        _ => return zebra_maps(replay, line),
    }
    true
}

fn define(replay: &mut Replay, line: &Statement, kind: ObjectKind, rule: Rule) {
    if let Some((name, span)) = line.word(rule).filter(|_| !line.negated) {
        replay.define(kind, name, span);
    }
}

/// The route-maps that a line puts between zebra and the kernel.
fn zebra_maps(replay: &mut Replay, line: &Statement) -> bool {
    let maps: Vec<_> = line.all(Rule::route_map_name).collect();
    if maps.is_empty() {
        return replay.unmodelled();
    }
    for map in maps {
        let name = Sourced::written(map.as_str().to_owned(), line.place(&map));
        let role = "decides which routes zebra installs".to_owned();
        replay.frr.references.push(crate::model::frr::Reference { kind: ObjectKind::RouteMap, name, role });
    }
    true
}

/// `router bgp [ASN [vrf NAME]]`. A second AS in one VRF is refused, and its block misread (`bgp_get`).
fn router_bgp(replay: &mut Replay, line: &Statement) -> bool {
    let asn: Option<Sourced<Asn>> = replay.value(line, Rule::asn, ASN);
    let vrf = name_of(line, Rule::vrf_name);
    let of_vrf =
        |instance: &BgpInstance| instance.vrf.as_ref().map(|vrf| &vrf.value) == vrf.as_ref().map(|vrf| &vrf.value);
    let known = replay.frr.bgp.iter().position(of_vrf);
    if line.negated {
        if let Some(known) = known {
            let removed = replay.frr.bgp.remove(known);
            replay.instances.remove(removed.vrf.as_ref().map_or("", |vrf| vrf.as_str()));
            replay.context.bgp = None;
        }
        return true;
    }
    match (known, asn) {
        (Some(known), Some(asn)) if *replay.frr.bgp[known].asn != *asn => {
            let running = *replay.frr.bgp[known].asn;
            replay.refuse(line.span, Refusal::Taken(Taken::Vrf(running)))
        }
        (Some(known), _) => {
            replay.context.bgp = Some(known);
            true
        }
        (None, Some(asn)) => {
            replay.frr.bgp.push(super::bgp::instance(asn, vrf, line.span));
            replay.context.bgp = Some(replay.frr.bgp.len() - 1);
            true
        }
        (None, None) => replay.refuse(line.span, Refusal::NoInstance),
    }
}

/// A line of a `vrf` block.
pub(super) fn vrf(replay: &mut Replay, line: &Statement) -> bool {
    let name = replay.context.vrf.clone().unwrap_or_default();
    match line.rule() {
        Rule::vrf_vni => set_vni(replay, line, &name),
        Rule::vrf_route => static_route(replay, line, Some(name)),
        _ => return replay.unmodelled(),
    }
    true
}

/// `vni N`: the L3VNI of a VRF. One that another VRF has already is refused, and on 10.x the whole batch of lines
/// around it with it (`zebra_vxlan_vrf_vni`; measured on 8.4.4 and 10.3). The model keeps it all the same.
fn set_vni(replay: &mut Replay, line: &Statement, name: &str) {
    let Some(vni) = replay.number::<Vni>(line) else { return };
    if line.negated {
        // `zebra_vxlan_process_vrf_vni_cmd` asks for the number that the VRF has.
        let vrf = replay.frr.vrfs.entry(name.to_owned()).or_default();
        if vrf.vni.as_ref().is_some_and(|known| known.value == vni.value) {
            (vrf.vni, vrf.prefix_routes_only) = (None, None);
        }
        return;
    }
    let only = line.word(Rule::prefix_routes_only).map(|(_, span)| span);
    let taken = replay.frr.l3vnis().find(|(other, _, known)| *other != name && known.value == vni.value);
    if let Some(other) = taken.map(|(other, ..)| other.to_owned()) {
        replay.refuse(line.span, Refusal::Taken(Taken::L3vni(vni.value, other)));
    }
    let vrf = replay.frr.vrfs.entry(name.to_owned()).or_default();
    vrf.vni = Some(vni);
    vrf.prefix_routes_only = only;
}

fn static_route(replay: &mut Replay, line: &Statement, vrf: Option<String>) {
    let destination = line.prefix();
    let prefix = match destination {
        Some(pair) => replay.parse::<Prefix>(pair.as_str(), line.place(&pair), PREFIX),
        None => {
            // `ip route 10.0.0.0 255.0.0.0 …`
            let mut words = line.all(Rule::ipv4);
            match (words.next(), words.next()) {
                (Some(network), Some(mask)) => {
                    let text = format!("{}/{}", network.as_str(), mask.as_str());
                    replay.parse::<Prefix>(&text, line.place(&network), PREFIX)
                }
                _ => None,
            }
        }
    };
    let Some(prefix) = prefix else { return };
    let via = replay.value(line, Rule::via4, ADDRESS).or_else(|| replay.value(line, Rule::via6, ADDRESS));
    let route = StaticRoute {
        prefix,
        via,
        interface: name_of(line, Rule::interface_name),
        blackhole: line.part(Rule::discard).is_some(),
        distance: replay.value(line, Rule::distance, "a distance"),
        nexthop_vrf: name_of(line, Rule::nexthop_vrf),
        table: replay.value(line, Rule::route_table, "a number of a table"),
        vrf: name_of(line, Rule::vrf_name).map(|name| name.value).or(vrf),
    };
    if line.negated {
        replay.frr.statics.retain(|known| !takes_away(&route, known));
    } else {
        replay.frr.statics.push(route);
    }
}

/// Whether `no` with the route `a` takes away `b`: it is of any distance where none is written (`static_route_nb_run`).
fn takes_away(a: &StaticRoute, b: &StaticRoute) -> bool {
    fn value<T>(of: &Option<Sourced<T>>) -> Option<&T> {
        of.as_ref().map(|of| &of.value)
    }
    a.prefix.value == b.prefix.value
        && (value(&a.via), value(&a.interface)) == (value(&b.via), value(&b.interface))
        && (value(&a.nexthop_vrf), value(&a.table)) == (value(&b.nexthop_vrf), value(&b.table))
        && (a.blackhole, &a.vrf) == (b.blackhole, &b.vrf)
        && value(&a.distance).is_none_or(|distance| *distance == value(&b.distance).copied().unwrap_or(1))
}

/// A line of a `bfd` block.
pub(super) fn bfd(replay: &mut Replay, line: &Statement) -> bool {
    if line.rule() != Rule::bfd_profile {
        return replay.unmodelled();
    }
    define(replay, line, ObjectKind::BfdProfile, Rule::bfd_profile_name);
    true
}

/// `ip address`: zebra adds it to what the system has given the interface.
pub(super) fn address(replay: &mut Replay, line: &Statement) {
    let Some(name) = replay.context.interface.clone() else { return };
    let Some(pair) = line.prefix() else { return };
    let span = line.place(&pair);
    let Ok(address) = pair.as_str().parse::<InterfaceAddress>() else {
        return replay.fault(span, FaultKind::Malformed { wanted: PREFIX });
    };
    let link = replay.into.node.link_mut(&name, span);
    link.addresses.retain(|known| known.value != address);
    if !line.negated {
        link.addresses.push(Sourced::written(address, span));
    }
}
