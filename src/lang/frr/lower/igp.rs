//! `interface` blocks, OSPF, IS-IS and OpenFabric.

use super::{
    super::parse::{Rule, Statement},
    Replay, name_of, switch,
    system::{self, ADDRESS, PREFIX},
};
use crate::model::{Prefix, Sourced, bgp::Redistribute, frr::ObjectKind};
use std::net::Ipv4Addr;

const SECONDS: &str = "a number of seconds, from 1 to 65535";

/// A line of an `interface` block.
pub(super) fn interface(replay: &mut Replay, line: &Statement) -> bool {
    let Some(name) = replay.context.interface.clone() else { return true };
    if line.rule() == Rule::ip_address {
        system::address(replay, line);
        return true;
    }
    let area = match line.rule() {
        Rule::ospf_area => area(replay, line),
        _ => None,
    };
    let seconds = match line.rule() {
        Rule::ospf_hello | Rule::ospf_dead if line.part(Rule::interval).is_none() => {
            replay.value(line, Rule::number, SECONDS)
        }
        _ => None,
    };
    let own = replay.frr.links.entry(name).or_default();
    let on = !line.negated;
    match line.rule() {
        Rule::ospf_area => own.ospf.area = area.filter(|_| on),
        Rule::ospf_network => own.ospf.network = name_of(line, Rule::ospf_kind).filter(|_| on),
        Rule::ospf_hello => own.ospf.hello = seconds.filter(|_| on),
        Rule::ospf_dead => own.ospf.dead = seconds.filter(|_| on),
        Rule::ospf_mtu_ignore => own.ospf.mtu_ignore = switch(line),
        Rule::ospf_passive => own.ospf.passive = switch(line),
        Rule::ospf_authentication => {
            let kind = line.line.split(' ').skip(2).take(2).collect::<Vec<_>>();
            let kind = match kind.as_slice() {
                ["authentication", kind] => (*kind).to_owned(),
                ["authentication"] => "simple".to_owned(),
                _ => return replay.unmodelled(),
            };
            own.ospf.authentication = on.then(|| Sourced::written(kind, line.span));
        }
        Rule::isis_router => {
            let tag = name_of(line, Rule::word).filter(|_| on);
            if line.line.starts_with("ipv6") { own.isis.ipv6 = tag } else { own.isis.ipv4 = tag }
        }
        Rule::isis_passive => own.isis.passive = switch(line),
        Rule::ethernet_segment if !line.line.ends_with("uplink") => own.ethernet_segment = on.then_some(line.span),
        Rule::suppress_ra => own.suppress_ra = switch(line),
        Rule::link_shutdown => own.shutdown = switch(line),
        _ => return replay.unmodelled(),
    }
    true
}

/// An OSPF area, as a number or dotted.
fn area(replay: &mut Replay, line: &Statement) -> Option<Sourced<Ipv4Addr>> {
    match line.word(Rule::number) {
        Some((text, span)) => {
            replay.parse::<u32>(text, span, "an area, a number or dotted").map(|area| area.map(Ipv4Addr::from))
        }
        None => replay.value(line, Rule::ipv4, ADDRESS),
    }
}

/// A line of `router ospf`.
pub(super) fn ospf(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.ospf else { return true };
    match line.rule() {
        Rule::ospf_router_id => {
            replay.frr.ospf[at].router_id = replay.value(line, Rule::ipv4, ADDRESS).filter(|_| !line.negated)
        }
        Rule::ospf_network_line => {
            let prefix = replay.value::<Prefix>(line, Rule::prefix4, PREFIX);
            let dotted = line.all(Rule::ipv4).last().filter(|_| line.part(Rule::number).is_none());
            let area = match dotted {
                Some(pair) => replay.parse::<Ipv4Addr>(pair.as_str(), line.place(&pair), ADDRESS),
                None => area(replay, line),
            };
            let (Some(prefix), Some(area)) = (prefix, area) else { return true };
            let network = prefix.map(|prefix| (prefix, area.value));
            let networks = &mut replay.frr.ospf[at].networks;
            networks.retain(|own| own.value != network.value);
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
            let route_map =
                replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, "filters what OSPF originates");
            let Some(protocol) = name_of(line, Rule::protocol) else { return true };
            let own = &mut replay.frr.ospf[at].redistribute;
            own.retain(|own| own.protocol.value != protocol.value);
            if !line.negated {
                own.push(Redistribute { protocol, route_map });
            }
        }
        _ => return replay.unmodelled(),
    }
    true
}

/// A line of `router isis` or `router openfabric`.
pub(super) fn isis(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.isis else { return true };
    match line.rule() {
        Rule::isis_net => replay.frr.isis[at].net = name_of(line, Rule::word).filter(|_| !line.negated),
        Rule::isis_redistribute => replay.frr.isis[at].redistribute.extend(name_of(line, Rule::protocol)),
        _ => return replay.unmodelled(),
    }
    true
}
