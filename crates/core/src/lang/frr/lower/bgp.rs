//! `router bgp` and its unicast address families.

use super::{
    super::{mode::Mode, statement::Statement},
    Replay,
    evpn::RT,
    name_of, neighbor, switch,
    system::{ADDRESS, ASN, PREFIX},
};
use crate::{
    model::{
        Asn, Prefix, RouteTarget, Sourced,
        bgp::{BgpInstance, Evpn, Family, ListenRange, Neighbor, PeerName, Redistribute},
        frr::ObjectKind,
        refusal::{Needless, Refusal, Taken},
    },
    source::Span,
};
use evpnlint_grammar::frr::Rule;
use indexmap::IndexMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

/// What `bgp default` says for neighbours that are made after it, and what those got that were (`peer_create`).
pub(super) struct Defaults {
    pub on: BTreeSet<Family>,
    pub given: IndexMap<PeerName, BTreeSet<Family>>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { on: BTreeSet::from([Family::Ipv4Unicast]), given: IndexMap::new() }
    }
}

/// An instance of which nothing is known but what its first line says.
pub(super) fn instance(asn: Sourced<Asn>, vrf: Option<Sourced<String>>, span: Span) -> BgpInstance {
    BgpInstance {
        asn,
        vrf,
        span,
        router_id: None,
        cluster_id: None,
        confederation: None,
        confederation_peers: vec![],
        ebgp_requires_policy: None,
        client_to_client: None,
        disable_connected_check: None,
        shutdown: None,
        network_import_check: None,
        default_shutdown: None,
        allow_outbound_policy: None,
        enforce_first_as: None,
        minimum_holdtime: None,
        timers: None,
        listen_limit: None,
        default_ipv4_unicast: None,
        groups: BTreeMap::new(),
        neighbors: IndexMap::new(),
        listen: vec![],
        families: BTreeMap::new(),
        evpn: Evpn::default(),
    }
}

/// A line of `router bgp`.
pub(super) fn router(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.bgp else { return true };
    match line.rule() {
        Rule::neighbor | Rule::neighbor_no => return neighbor::obey(replay, line, Family::Ipv4Unicast),
        Rule::address_family => {
            let instance = &mut replay.frr.bgp[at];
            match Mode::Bgp.opened_by(Rule::address_family, line.line).and_then(Mode::family) {
                Some(Family::Evpn) => _ = instance.evpn.span.get_or_insert(line.span),
                Some(family @ (Family::Ipv4Unicast | Family::Ipv6Unicast)) => {
                    instance.families.entry(family).or_default().span.get_or_insert(line.span);
                }
                _ => {}
            }
        }
        Rule::bgp_router_id => {
            let id = replay.value::<Ipv4Addr>(line, Rule::ipv4, ADDRESS);
            let known = replay.frr.bgp[at].router_id.as_ref();
            if line.negated && id.as_ref().map(|id| id.value) != known.map(|known| known.value) {
                return replay.refuse_harmlessly(Needless::OtherRouterId);
            }
            replay.frr.bgp[at].router_id = id.filter(|_| !line.negated);
        }
        Rule::bgp_bare => match line.line {
            "bgp router-id" => replay.frr.bgp[at].router_id = None,
            "bgp cluster-id" => replay.frr.bgp[at].cluster_id = None,
            "bgp confederation identifier" => replay.frr.bgp[at].confederation = None,
            "bgp minimum-holdtime" => replay.frr.bgp[at].minimum_holdtime = None,
            "bgp listen limit" => replay.frr.bgp[at].listen_limit = None,
            "timers bgp" => replay.frr.bgp[at].timers = None,
            _ => return replay.unmodelled(),
        },
        Rule::bgp_cluster_id => {
            let id = match line.word(Rule::ipv4) {
                Some(_) => replay.value::<Ipv4Addr>(line, Rule::ipv4, ADDRESS),
                None => replay.number::<u32>(line).map(|id| id.map(Ipv4Addr::from)),
            };
            replay.frr.bgp[at].cluster_id = id.filter(|_| !line.negated);
        }
        Rule::bgp_confederation => {
            replay.frr.bgp[at].confederation = replay.value(line, Rule::asn, ASN).filter(|_| !line.negated)
        }
        Rule::bgp_confederation_peers => {
            for pair in line.all(Rule::asn).collect::<Vec<_>>() {
                if let Some(asn) = replay.parse::<Asn>(pair.as_str(), line.place(&pair), ASN) {
                    replay.frr.bgp[at].confederation_peers.push(asn);
                }
            }
        }
        Rule::bgp_default => {
            let family = match line.word(Rule::bgp_default_family).map(|(word, _)| word) {
                Some("ipv4-unicast") => Family::Ipv4Unicast,
                Some("ipv6-unicast") => Family::Ipv6Unicast,
                Some("l2vpn-evpn") => Family::Evpn,
                _ => return replay.unmodelled(),
            };
            if family == Family::Ipv4Unicast {
                replay.frr.bgp[at].default_ipv4_unicast = switch(line);
            }
            let on = &mut replay.instance(at).defaults.on;
            if line.negated {
                on.remove(&family)
            } else {
                on.insert(family)
            };
        }
        Rule::bgp_listen_range => return listen_range(replay, line, at),
        Rule::bgp_switch => {
            let instance = &mut replay.frr.bgp[at];
            let target = match line.keywords().nth(1) {
                Some("ebgp-requires-policy") => &mut instance.ebgp_requires_policy,
                Some("client-to-client") => &mut instance.client_to_client,
                Some("network") => &mut instance.network_import_check,
                Some("disable-ebgp-connected-route-check") => &mut instance.disable_connected_check,
                Some("default") => &mut instance.default_shutdown,
                Some("route-reflector") => &mut instance.allow_outbound_policy,
                Some("enforce-first-as") => &mut instance.enforce_first_as,
                _ => &mut instance.shutdown,
            };
            *target = switch(line);
        }
        Rule::network4 | Rule::redistribute4 | Rule::aggregate4 => {
            return originate(replay, line, at, Family::Ipv4Unicast);
        }
        Rule::bgp_minimum_holdtime => {
            replay.frr.bgp[at].minimum_holdtime = replay.number(line).filter(|_| !line.negated);
        }
        Rule::bgp_listen_limit => replay.frr.bgp[at].listen_limit = replay.number(line).filter(|_| !line.negated),
        Rule::bgp_timers if line.negated => replay.frr.bgp[at].timers = None,
        Rule::bgp_timers => match timers(line) {
            Some(timers) => replay.frr.bgp[at].timers = Some(timers),
            None => return replay.refuse_harmlessly(Needless::ShortHold),
        },
        _ => return replay.unmodelled(),
    }
    true
}

/// The keepalive and hold time of a line; `None` for a hold time of one or two seconds.
pub(super) fn timers(line: &Statement) -> Option<Sourced<(u16, u16)>> {
    let mut seconds = line.all(Rule::seconds).filter_map(|pair| pair.as_str().parse().ok());
    let timers = (seconds.next()?, seconds.next()?);
    (!matches!(timers.1, 1 | 2)).then(|| Sourced::written(timers, line.span))
}

/// `bgp listen range`: the group must exist, and have an AS already (`bgp_vty.c`, measured on 8.4.4).
fn listen_range(replay: &mut Replay, line: &Statement, at: usize) -> bool {
    let pair = line.prefix();
    let range = pair.and_then(|pair| replay.parse::<Prefix>(pair.as_str(), line.place(&pair), PREFIX));
    let (Some(range), Some(group)) = (range, name_of(line, Rule::group_name)) else { return true };
    let instance = &mut replay.frr.bgp[at];
    let taken = instance.listen.iter().find(|listen| *listen.range == *range);
    if line.negated {
        let is_there = taken.is_some_and(|listen| listen.group.value == group.value);
        if !is_there {
            return replay.refuse_harmlessly(Needless::NoListenRange);
        }
        instance.listen.retain(|listen| *listen.range != *range);
        return true;
    }
    if let Some(other) = taken.map(|listen| listen.group.value.clone()).filter(|other| *other != group.value) {
        return replay.refuse(line.span, Refusal::Taken(Taken::ListenRange(other)));
    }
    instance.listen.retain(|listen| *listen.range != *range);
    match instance.groups.get(&group.value) {
        None => replay.refuse(line.span, Refusal::ListenGroup { group: group.value, exists: false }),
        Some(known) if known.remote_as.is_none() => {
            replay.refuse(line.span, Refusal::ListenGroup { group: group.value, exists: true })
        }
        Some(_) => {
            instance.listen.push(ListenRange { range, group });
            true
        }
    }
}

/// A line of a unicast or other address family.
pub(super) fn family(replay: &mut Replay, line: &Statement) -> bool {
    let (Some(at), Some(family)) = (replay.context.bgp, line.mode.family()) else { return true };
    match line.part(Rule::peer) {
        Some(_) => neighbor::obey(replay, line, family),
        None => originate(replay, line, at, family),
    }
}

fn originate(replay: &mut Replay, line: &Statement, at: usize, family: Family) -> bool {
    let route_map = replay.refer(
        ObjectKind::RouteMap,
        line,
        Rule::route_map_name,
        format!("filters what is originated in {family}"),
    );
    let protocols = [Rule::protocol4, Rule::protocol6, Rule::protocol_numbered, Rule::since_10_0_table_direct];
    if let Some((protocol, span)) = protocols.into_iter().find_map(|rule| line.word(rule)) {
        let config = replay.frr.bgp[at].families.entry(family).or_default();
        let is_bare = line.keywords().count() == 2 && !line.negated;
        if is_bare && config.redistribute.iter().any(|known| known.protocol.value == protocol) {
            return replay.refuse_harmlessly(Needless::Redistributed);
        }
        config.redistribute.retain(|known| known.protocol.value != protocol);
        if !line.negated {
            config.redistribute.push(Redistribute { protocol: Sourced::written(protocol.to_owned(), span), route_map });
        }
        return true;
    }
    if let Some(vrf) = name_of(line, Rule::vrf_name) {
        let config = replay.frr.bgp[at].families.entry(family).or_default();
        config.import_vrf.retain(|known| known.value != vrf.value);
        if !line.negated {
            config.import_vrf.push(vrf);
        }
        return true;
    }
    if matches!(line.rule(), Rule::vpn_leak | Rule::vpn_target | Rule::vpn_map | Rule::import_vrf | Rule::unicast_bare)
    {
        return vpn(replay, line, at, family, route_map);
    }
    let is_network = matches!(line.rule(), Rule::network4 | Rule::network6);
    let is_aggregate = matches!(line.rule(), Rule::aggregate4 | Rule::aggregate6);
    if !is_network && !is_aggregate {
        return if route_map.is_some() { true } else { replay.unmodelled() };
    }
    let pair = line.prefix().or(line.part(Rule::ipv4));
    let Some(pair) = pair else { return true };
    let mask = line.all(Rule::ipv4).nth(1).map(|mask| mask.as_str());
    let text = match mask.filter(|_| pair.as_rule() == Rule::ipv4) {
        Some(mask) => format!("{}/{mask}", pair.as_str()),
        None => pair.as_str().to_owned(),
    };
    let Some(prefix) = replay.parse::<Prefix>(&text, line.place(&pair), PREFIX) else { return true };
    let config = replay.frr.bgp[at].families.entry(family).or_default();
    let list = if is_aggregate { &mut config.aggregates } else { &mut config.networks };
    list.retain(|known| known.value != prefix.value);
    if !line.negated {
        list.push(prefix);
    }
    true
}

/// What goes to the VPN table of the node, and comes from it; `no` without a value takes all of it back.
fn vpn(replay: &mut Replay, line: &Statement, at: usize, family: Family, route_map: Option<Sourced<String>>) -> bool {
    let texts: Vec<_> = line.all(Rule::word).collect();
    let targets: Vec<_> =
        texts.iter().filter_map(|pair| replay.parse::<RouteTarget>(pair.as_str(), line.place(pair), RT)).collect();
    let vpn = &mut replay.frr.bgp[at].families.entry(family).or_default().vpn;
    let is_import = line.word(Rule::vpn_way).is_none_or(|(way, _)| way == "import");
    let route_map = route_map.filter(|_| !line.negated);
    if let Some((of, _)) = line.word(Rule::targets_of) {
        for (wanted, list) in [(of != "export", &mut vpn.targets.import), (of != "import", &mut vpn.targets.export)] {
            if wanted {
                *list = if line.negated { vec![] } else { targets.clone() };
            }
        }
    } else if line.rule() == Rule::vpn_leak {
        *(if is_import { &mut vpn.import } else { &mut vpn.export }) = switch(line);
    } else if line.line.contains("route-map") {
        *(if is_import { &mut vpn.import_map } else { &mut vpn.export_map }) = route_map;
    } else {
        return replay.unmodelled();
    }
    true
}

/// Whether the neighbour of a line has its address family from the start (`bgp default`).
pub(super) fn starts_active(replay: &mut Replay, line: &Statement) -> bool {
    let (Some(at), Some((name, _))) = (replay.context.bgp, line.word(Rule::peer)) else { return false };
    let family = line.mode.family().unwrap_or(Family::Ipv4Unicast);
    replay.instance(at).defaults.given.get(&PeerName::of(name)).is_some_and(|given| given.contains(&family))
}

/// Gives members what their groups have, and neighbours the address families they were made with.
pub(super) fn finish(replay: &mut Replay) {
    for instance in &mut replay.frr.bgp {
        let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.as_str());
        let defaults = replay.instances.remove(vrf).unwrap_or_default().defaults;
        let activate = |peer: &mut Neighbor| {
            for family in defaults.given.get(&peer.name.value).unwrap_or(&defaults.on) {
                let active = &mut peer.families.entry(*family).or_default().active;
                active.get_or_insert(Sourced::default(true, "FRR's, for a neighbour made while `bgp default` was so"));
            }
        };
        for neighbor in instance.neighbors.values_mut() {
            if let Some(group) = neighbor.group.as_ref().and_then(|group| instance.groups.get(&group.value)) {
                neighbor.inherit(group);
            }
            activate(neighbor);
        }
        instance.groups.values_mut().for_each(activate);
    }
}
