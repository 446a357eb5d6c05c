//! `interface` blocks, OSPF, IS-IS and OpenFabric.

use super::{
    super::{parse::Rule, statement::Statement},
    Replay, name_of, switch,
    system::{self, ADDRESS, PREFIX},
};
use crate::model::{Prefix, Sourced, bgp::Redistribute, frr::ObjectKind};
use std::net::Ipv4Addr;

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
        Rule::ospf_hello | Rule::ospf_dead if line.part(Rule::hello_multiplier).is_none() => replay.number(line),
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
        // Without either of its two halves there is no segment.
        Rule::ethernet_segment if line.line.starts_with("evpn mh es-") && !line.line.starts_with("evpn mh es-df") => {
            own.ethernet_segment = own.ethernet_segment.or(Some(line.span)).filter(|_| on);
        }
        Rule::link_ospf_bare => match line.line.split(' ').skip_while(|word| *word != "ospf").nth(1) {
            Some("hello-interval") => own.ospf.hello = None,
            Some("dead-interval") => own.ospf.dead = None,
            Some("network") => own.ospf.network = None,
            Some("area") => own.ospf.area = None,
            _ => {}
        },
        Rule::suppress_ra => own.suppress_ra = switch(line),
        Rule::link_shutdown => own.shutdown = switch(line),
        _ => return replay.unmodelled(),
    }
    true
}

/// An OSPF area, as a number or dotted.
fn area(replay: &mut Replay, line: &Statement) -> Option<Sourced<Ipv4Addr>> {
    let (text, span) = line.word(Rule::area)?;
    match text.parse::<u32>() {
        Ok(area) => Some(Sourced::written(Ipv4Addr::from(area), span)),
        Err(_) => replay.parse(text, span, "an area, a number or dotted"),
    }
}

/// Whose routes are redistributed.
fn source(line: &Statement) -> Option<Sourced<String>> {
    [
        Rule::ospf_source,
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
        Rule::ospf_network_line => {
            let prefix = replay.value::<Prefix>(line, Rule::prefix4, PREFIX);
            let (Some(prefix), Some(area)) = (prefix, area(replay, line)) else { return true };
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
            let Some(protocol) = source(line) else { return true };
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
        Rule::isis_redistribute | Rule::fabric_redistribute => {
            let Some(protocol) = source(line) else { return true };
            let own = &mut replay.frr.isis[at].redistribute;
            own.retain(|own| own.value != protocol.value);
            if !line.negated {
                own.push(protocol);
            }
        }
        _ => return replay.unmodelled(),
    }
    true
}
