//! `interface` blocks, IS-IS and OpenFabric.

use super::{
    super::statement::Statement,
    Replay, multihoming, name_of,
    ospf::{self, source},
    switch, system,
};
use crate::model::{
    Sourced,
    frr::ObjectKind,
    igp::{IsIs, IsIsLink, IsIsRedistribute, Level},
    refusal::{Excluded, Refusal},
};
use evpnlint_grammar::frr::Rule;

/// A line of an `interface` block.
pub(super) fn interface(replay: &mut Replay, line: &Statement) -> bool {
    let Some(name) = replay.context.interface.clone() else { return true };
    match line.rule() {
        Rule::ip_address => {
            system::address(replay, line);
            return true;
        }
        Rule::ethernet_segment | Rule::link_bare if line.line.starts_with("evpn mh ") => {
            return multihoming::segment(replay, &name, line);
        }
        _ => {}
    }
    let area = match line.rule() {
        Rule::ospf_area | Rule::ospf6_link => ospf::area(replay, line),
        _ => None,
    };
    let seconds = match line.rule() {
        Rule::ospf_hello | Rule::ospf_dead | Rule::ospf_cost | Rule::ospf6_link
            if line.part(Rule::hello_multiplier).is_none() =>
        {
            replay.number(line)
        }
        _ => None,
    };
    let on = !line.negated;
    if let (Rule::ospf_area, Some(area), true) = (line.rule(), &area, on)
        && let Some(known) = replay.frr.links.get(&name).and_then(|link| link.ospf.area.as_ref())
        && known.value != area.value
    {
        return replay.refuse(line.span, Refusal::Excluded(Excluded::AreaByAnother));
    }
    let has_networks = || replay.frr.ospf.iter().any(|ospf| ospf.vrf.is_none() && !ospf.networks.is_empty());
    if line.rule() == Rule::ospf_area && on && area.is_some() && has_networks() {
        return replay.refuse(line.span, Refusal::Excluded(Excluded::AreaByNetworks));
    }
    let link = replay.frr.links.entry(name).or_default();
    match line.rule() {
        Rule::ospf_area => {
            if let Some(address) = line.word(Rule::ospf_address).and_then(|(text, _)| text.parse().ok()) {
                link.ospf.areas.remove(&address);
                link.ospf.areas.extend(area.clone().filter(|_| on).map(|area| (address, area)));
            }
            link.ospf.area = area.filter(|_| on);
        }
        Rule::ospf6_link => match line.keywords().nth(2) {
            Some("area") => link.ospf6.area = area.filter(|_| on),
            Some("network") => link.ospf6.network = name_of(line, Rule::ospf6_kind).filter(|_| on),
            Some("hello-interval") => link.ospf6.hello = seconds.filter(|_| on),
            Some("dead-interval") => link.ospf6.dead = seconds.filter(|_| on),
            Some("mtu-ignore") => link.ospf6.mtu_ignore = switch(line),
            _ => link.ospf6.passive = switch(line),
        },
        Rule::link_ospf6_bare => match line.keywords().nth(2) {
            Some("area") => link.ospf6.area = None,
            Some("network") => link.ospf6.network = None,
            Some("hello-interval") => link.ospf6.hello = None,
            Some("dead-interval") => link.ospf6.dead = None,
            _ => return replay.unmodelled(),
        },
        Rule::ospf_network => link.ospf.network = name_of(line, Rule::ospf_kind).filter(|_| on),
        Rule::ospf_hello => link.ospf.hello = seconds.filter(|_| on),
        Rule::ospf_dead => link.ospf.dead = seconds.filter(|_| on),
        Rule::ospf_cost => link.ospf.cost = seconds.filter(|_| on),
        Rule::ospf_mtu_ignore => link.ospf.mtu_ignore = switch(line),
        Rule::ospf_passive => link.ospf.passive = switch(line),
        Rule::ospf_authentication => {
            let kind = line.keywords().skip(2).take(2).collect::<Vec<_>>();
            let kind = match kind.as_slice() {
                ["authentication", kind] => (*kind).to_owned(),
                ["authentication"] => "simple".to_owned(),
                _ => return replay.unmodelled(),
            };
            link.ospf.authentication = on.then(|| Sourced::written(kind, line.span));
        }
        Rule::isis_router => {
            let tag = name_of(line, Rule::word).filter(|_| on);
            if line.line.starts_with("ipv6") { link.isis.ipv6 = tag } else { link.isis.ipv4 = tag }
        }
        Rule::isis_passive
        | Rule::isis_circuit
        | Rule::isis_network
        | Rule::isis_hello
        | Rule::isis_multiplier
        | Rule::isis_link_metric
        | Rule::isis_padding
        | Rule::isis_link_password => isis_link(&mut link.isis, line),
        Rule::link_isis_bare | Rule::link_openfabric_bare => match line.line {
            "ip router isis" => link.isis.ipv4 = None,
            "ipv6 router isis" => link.isis.ipv6 = None,
            _ => isis_link_bare(&mut link.isis, line),
        },
        Rule::link_ospf_bare => match line.keywords().skip_while(|word| *word != "ospf").nth(1) {
            Some("hello-interval") => link.ospf.hello = None,
            Some("dead-interval") => link.ospf.dead = None,
            Some("network") => link.ospf.network = None,
            Some("area") => link.ospf.area = None,
            Some("cost") => link.ospf.cost = None,
            _ => {}
        },
        Rule::suppress_ra => link.suppress_ra = switch(line),
        Rule::link_shutdown => link.shutdown = switch(line),
        _ => return replay.unmodelled(),
    }
    true
}

/// A line of an `interface` block about IS-IS or OpenFabric.
fn isis_link(link: &mut IsIsLink, line: &Statement) {
    let on = !line.negated;
    let number = || line.number().and_then(|(text, place)| Some(Sourced::written(text.parse().ok()?, place)));
    let metric = || line.number().and_then(|(text, place)| Some(Sourced::written(text.parse().ok()?, place)));
    match line.rule() {
        Rule::isis_passive => link.passive = switch(line),
        Rule::isis_circuit => link.circuit = level(line, Rule::isis_level).filter(|_| on),
        Rule::isis_network => link.point_to_point = switch(line),
        Rule::isis_hello => on_levels(&mut link.hello, line, number().filter(|_| on)),
        Rule::isis_multiplier => on_levels(&mut link.hello_multiplier, line, number().filter(|_| on)),
        Rule::isis_link_metric => on_levels(&mut link.metric, line, metric().filter(|_| on)),
        Rule::isis_padding => link.padding = switch(line),
        _ => link.authentication = name_of(line, Rule::isis_key_kind).filter(|_| on),
    }
}

/// The same behind `no`, with its value left out.
fn isis_link_bare(link: &mut IsIsLink, line: &Statement) {
    match line.keywords().nth(1) {
        Some("circuit-type") => link.circuit = None,
        Some("password") => link.authentication = None,
        Some("hello-interval") => on_levels(&mut link.hello, line, None),
        Some("hello-multiplier") => on_levels(&mut link.hello_multiplier, line, None),
        Some("metric") => on_levels(&mut link.metric, line, None),
        _ => {}
    }
}

/// A value counts on the level that the line names, else on both.
fn on_levels<T: Clone>(levels: &mut [Option<Sourced<T>>; 2], line: &Statement, value: Option<Sourced<T>>) {
    let has = |level: &str| line.has_keyword(level);
    if !has("level-2") {
        levels[0].clone_from(&value);
    }
    if !has("level-1") {
        levels[1] = value;
    }
}

fn level(line: &Statement, rule: Rule) -> Option<Sourced<Level>> {
    let (word, place) = line.word(rule)?;
    let level = match word {
        "level-1" => Level::One,
        "level-1-2" => Level::Both,
        _ => Level::Two,
    };
    Some(Sourced::written(level, place))
}

/// `router isis` or `router openfabric`.
pub(super) fn open(replay: &mut Replay, line: &Statement) {
    let openfabric = line.rule() == Rule::router_openfabric;
    let tag = line.word(Rule::word).map_or(String::new(), |(tag, _)| tag.to_owned());
    let vrf = name_of(line, Rule::vrf_name);
    let is_it = |known: &IsIs| {
        let of = |vrf: &Option<Sourced<String>>| vrf.as_ref().map(|vrf| vrf.value.clone());
        known.openfabric == openfabric && known.tag == tag && of(&known.vrf) == of(&vrf)
    };
    let all = &mut replay.frr.isis;
    if line.negated {
        all.retain(|known| !is_it(known));
        replay.context.isis = None;
        return;
    }
    let known = all.iter().position(is_it);
    replay.context.isis = Some(known.unwrap_or_else(|| {
        all.push(IsIs {
            span: line.span,
            tag,
            openfabric,
            vrf,
            net: None,
            level: None,
            metric_style: None,
            area_authentication: None,
            domain_authentication: None,
            redistribute: vec![],
        });
        all.len() - 1
    }));
}

/// A line of `router isis` or `router openfabric`.
pub(super) fn isis(replay: &mut Replay, line: &Statement) -> bool {
    let Some(at) = replay.context.isis else { return true };
    let on = !line.negated;
    match line.rule() {
        Rule::isis_net => replay.frr.isis[at].net = name_of(line, Rule::word).filter(|_| on),
        Rule::isis_type => replay.frr.isis[at].level = level(line, Rule::isis_level).filter(|_| on),
        Rule::isis_metric_style => {
            replay.frr.isis[at].metric_style = name_of(line, Rule::isis_style).filter(|_| on);
        }
        Rule::isis_password | Rule::fabric_password => {
            let kind = name_of(line, Rule::isis_key_kind).filter(|_| on);
            let isis = &mut replay.frr.isis[at];
            if line.line.starts_with("area") {
                isis.area_authentication = kind;
            } else {
                isis.domain_authentication = kind;
            }
        }
        Rule::isis_bare | Rule::fabric_bare => {
            let isis = &mut replay.frr.isis[at];
            match line.line {
                "is-type" => isis.level = None,
                "metric-style" => isis.metric_style = None,
                "area-password" => isis.area_authentication = None,
                "domain-password" => isis.domain_authentication = None,
                _ => return replay.unmodelled(),
            }
        }
        Rule::isis_redistribute | Rule::fabric_redistribute => {
            let role = "filters what IS-IS originates";
            let route_map = replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, role);
            let Some(protocol) = source(line) else { return true };
            let ipv6 = line.line.starts_with("redistribute ipv6");
            let level = level(line, Rule::one_level).map_or(Level::Two, |level| level.value);
            let redistribute = &mut replay.frr.isis[at].redistribute;
            redistribute
                .retain(|known| (&known.protocol.value, known.ipv6, known.level) != (&protocol.value, ipv6, level));
            if on {
                redistribute.push(IsIsRedistribute { protocol, ipv6, level, route_map });
            }
        }
        _ => return replay.unmodelled(),
    }
    true
}
