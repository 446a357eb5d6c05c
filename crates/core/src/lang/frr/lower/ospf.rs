//! OSPF for IPv4, and for IPv6.

use super::{
    super::statement::Statement,
    Replay, name_of, switch,
    system::{ADDRESS, PREFIX},
};
use crate::model::{
    Prefix, Sourced,
    bgp::Redistribute,
    frr::ObjectKind,
    igp::{AreaKind, Ospf, Ospf6},
    refusal::Needless,
};
use evpnlint_grammar::frr::Rule;
use std::{collections::BTreeMap, net::Ipv4Addr};

/// `router ospf`.
pub(super) fn open(replay: &mut Replay, line: &Statement) {
    let vrf = name_of(line, Rule::vrf_name);
    let is_it = |known: &Ospf| is_same(&known.vrf, &vrf);
    let all = &mut replay.frr.ospf;
    if line.negated {
        all.retain(|known| !is_it(known));
        replay.context.ospf = None;
        return;
    }
    let known = all.iter().position(is_it);
    replay.context.ospf = Some(known.unwrap_or_else(|| {
        all.push(Ospf {
            span: line.span,
            vrf,
            router_id: None,
            networks: vec![],
            passive_default: None,
            passive: BTreeMap::new(),
            redistribute: vec![],
            areas: BTreeMap::new(),
            default_originate: None,
            distance: None,
            shutdown: None,
        });
        all.len() - 1
    }));
}

/// `router ospf6`.
pub(super) fn open6(replay: &mut Replay, line: &Statement) {
    let vrf = name_of(line, Rule::vrf_name);
    let is_it = |known: &Ospf6| is_same(&known.vrf, &vrf);
    let all = &mut replay.frr.ospf6;
    if line.negated {
        all.retain(|known| !is_it(known));
        replay.context.ospf6 = None;
        return;
    }
    let known = all.iter().position(is_it);
    replay.context.ospf6 = Some(known.unwrap_or_else(|| {
        all.push(Ospf6 {
            span: line.span,
            vrf,
            router_id: None,
            redistribute: vec![],
            areas: BTreeMap::new(),
            default_originate: None,
            distance: None,
            shutdown: None,
        });
        all.len() - 1
    }));
}

fn is_same(a: &Option<Sourced<String>>, b: &Option<Sourced<String>>) -> bool {
    a.as_ref().map(|vrf| &vrf.value) == b.as_ref().map(|vrf| &vrf.value)
}

/// An OSPF area, as a number or dotted.
pub(super) fn area(replay: &mut Replay, line: &Statement) -> Option<Sourced<Ipv4Addr>> {
    let (text, span) = line.word(Rule::area)?;
    match text.parse::<u32>() {
        Ok(area) => Some(Sourced::written(Ipv4Addr::from(area), span)),
        Err(_) => replay.parse(text, span, "an area, a number or dotted"),
    }
}

/// Whose routes are redistributed.
pub(super) fn source(line: &Statement) -> Option<Sourced<String>> {
    [
        Rule::ospf_source,
        Rule::ospf6_source,
        Rule::source_instance,
        Rule::isis_source4,
        Rule::isis_source6,
        Rule::fabric_source4,
        Rule::fabric_source6,
    ]
    .into_iter()
    .find_map(|rule| name_of(line, rule))
}

/// A line of `router ospf`.
pub(super) fn ospf(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.ospf else { return true };
    match line.rule() {
        Rule::ospf_router_id => {
            replay.frr.ospf[at].router_id = replay.value(line, Rule::ipv4, ADDRESS).filter(|_| !line.negated)
        }
        Rule::ospf_bare if line.line.ends_with("router-id") => replay.frr.ospf[at].router_id = None,
        Rule::since_10_3_ospf_bare if line.line == "distance" => replay.frr.ospf[at].distance = None,
        Rule::since_10_3_ospf_bare if line.line.starts_with("default-information") => {
            replay.frr.ospf[at].default_originate = None;
        }
        Rule::ospf_default => replay.frr.ospf[at].default_originate = default_route(replay, line),
        Rule::instance_shutdown => replay.frr.ospf[at].shutdown = switch(line),
        Rule::ospf_distance => replay.frr.ospf[at].distance = replay.number(line).filter(|_| !line.negated),
        Rule::ospf_area_kind => {
            let Some(area) = area(replay, line) else { return true };
            set_kind(&mut replay.frr.ospf[at].areas, area.value, line);
        }
        Rule::ospf_network_line => {
            let prefix = replay.value::<Prefix>(line, Rule::prefix4, PREFIX);
            let (Some(prefix), Some(area)) = (prefix, area(replay, line)) else { return true };
            let has_areas = || replay.frr.links.values().any(|link| link.ospf.area.is_some());
            if !line.negated && replay.frr.ospf[at].vrf.is_none() && has_areas() {
                // What then lies in no area is told by whoever needs it.
                replay.refuse_harmlessly(Needless::NetworkBesideAreas);
                return true;
            }
            let network = prefix.map(|prefix| (prefix, area.value));
            let networks = &mut replay.frr.ospf[at].networks;
            networks.retain(|known| known.value != network.value);
            if !line.negated {
                networks.push(network);
            }
        }
        Rule::ospf_passive_line => {
            let passive = Sourced::written(!line.negated, line.span);
            match line.word(Rule::interface_name) {
                Some((name, _)) => drop(replay.frr.ospf[at].passive.insert(name.to_owned(), passive)),
                None => replay.frr.ospf[at].passive_default = Some(passive),
            }
        }
        Rule::ospf_redistribute => {
            let Some(redistribute) = redistributed(replay, line, "filters what OSPF originates") else { return true };
            put(&mut replay.frr.ospf[at].redistribute, redistribute, line.negated);
        }
        _ => return replay.unmodelled(),
    }
    true
}

/// A line of `router ospf6`.
pub(super) fn ospf6(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.ospf6 else { return true };
    match line.rule() {
        Rule::ospf6_router_id => {
            replay.frr.ospf6[at].router_id = replay.value(line, Rule::ipv4, ADDRESS).filter(|_| !line.negated);
        }
        Rule::ospf6_bare if line.line == "ospf6 router-id" => replay.frr.ospf6[at].router_id = None,
        Rule::ospf_default => replay.frr.ospf6[at].default_originate = default_route(replay, line),
        Rule::instance_shutdown => replay.frr.ospf6[at].shutdown = switch(line),
        Rule::ospf_distance => replay.frr.ospf6[at].distance = replay.number(line).filter(|_| !line.negated),
        Rule::ospf6_interface => {
            let Some((name, _)) = line.word(Rule::interface_name) else { return true };
            let area = area(replay, line).filter(|_| !line.negated);
            replay.frr.links.entry(name.to_owned()).or_default().ospf6.area = area;
        }
        Rule::ospf6_area_kind => {
            let Some(area) = area(replay, line) else { return true };
            set_kind(&mut replay.frr.ospf6[at].areas, area.value, line);
        }
        Rule::ospf6_redistribute => {
            let Some(redistribute) = redistributed(replay, line, "filters what OSPFv3 originates") else { return true };
            put(&mut replay.frr.ospf6[at].redistribute, redistribute, line.negated);
        }
        _ => return replay.unmodelled(),
    }
    true
}

fn redistributed(replay: &mut Replay, line: &Statement, role: &str) -> Option<Redistribute> {
    let route_map = replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, role);
    Some(Redistribute { protocol: source(line)?, route_map })
}

/// What is redistributed takes the place of what was said of the same protocol.
fn put(all: &mut Vec<Redistribute>, route: Redistribute, negated: bool) {
    all.retain(|other| other.protocol.value != route.protocol.value);
    if !negated {
        all.push(route);
    }
}

/// `default-information originate`: whether always.
fn default_route(replay: &mut Replay, line: &Statement) -> Option<Sourced<bool>> {
    replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, "decides when OSPF originates a default route");
    let always = line.has_keyword("always");
    (!line.negated).then(|| Sourced::written(always, line.span))
}

/// `area A stub` or `nssa`.
fn set_kind(areas: &mut BTreeMap<Ipv4Addr, Sourced<AreaKind>>, area: Ipv4Addr, line: &Statement) {
    let mut words = line.keywords().skip(2);
    let is_stub = words.next() == Some("stub");
    let no_summary = words.any(|word| word == "no-summary");
    let kind = if is_stub { AreaKind::Stub { no_summary } } else { AreaKind::Nssa { no_summary } };
    if line.negated {
        areas.remove(&area);
    } else {
        areas.insert(area, Sourced::written(kind, line.span));
    }
}
