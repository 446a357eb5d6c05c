//! `neighbor …` as far as it is about one address family.

use super::{super::statement::Statement, name_of, peer::PeerLine, session::Sort, switch};
use crate::model::{
    Sourced,
    bgp::{Family, NeighborFamily},
    frr::ObjectKind,
    refusal::{Needless, Refusal},
};
use evpnlint_grammar::frr::Rule;

/// Obeys a line about one address family of a neighbour that exists.
pub(super) fn obey(peer: &mut PeerLine, attribute: Rule) -> bool {
    let (line, name, family) = (peer.line, peer.name, peer.family);
    if !line.negated {
        match (attribute, peer.sort()) {
            (Rule::reflector_client, Sort::Unknown | Sort::Undecided) => {
                return peer.refuse(Refusal::ClientWithoutAs(name.to_owned()));
            }
            (Rule::reflector_client, Sort::External | Sort::Confederation) => {
                return peer.replay.refuse_harmlessly(Needless::ExternalClient);
            }
            (Rule::as_override, Sort::Internal) => {
                return peer.replay.refuse_harmlessly(Needless::InternalOverride);
            }
            _ => {}
        }
    }
    let outwards = line.word(Rule::direction).is_some_and(|(word, _)| word == "out");
    let does = if outwards { "sends to" } else { "takes from" };
    let role = format!("filters what this node {does} {name} in {family}");
    let list = if family == Family::Ipv6Unicast { ObjectKind::PrefixList6 } else { ObjectKind::PrefixList };
    let name_in_line = match attribute {
        _ if line.negated => None,
        Rule::neighbor_route_map => peer.replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, role),
        Rule::neighbor_prefix_list => peer.replay.refer(list, line, Rule::prefix_list_name, role),
        Rule::filter_list => peer.replay.refer(ObjectKind::AsPathList, line, Rule::as_path_name, role),
        Rule::distribute_list => peer.replay.refer(ObjectKind::AccessList, line, Rule::access_list_name, role),
        _ => peer.replay.refer(
            ObjectKind::RouteMap,
            line,
            Rule::route_map_name,
            format!("is used towards {name} in {family}"),
        ),
    };
    let is_origin = line.part(Rule::allowas_origin).is_some();
    let allowas = match line.number() {
        Some((text, place)) if attribute == Rule::allowas_in => peer.replay.parse(text, place, "a number from 1 to 10"),
        _ if is_origin => Some(Sourced::written(1, line.span)),
        _ => Some(Sourced::written(3, line.span)),
    };
    let maximum = match attribute {
        Rule::maximum_prefix => peer.replay.number(line),
        _ => None,
    };
    let config: &mut NeighborFamily = peer.peer_mut().families.entry(family).or_default();
    match attribute {
        Rule::activate => config.active = switch(line),
        Rule::reflector_client => config.reflector_client = switch(line),
        Rule::common_other if line.last_keyword() == "route-server-client" => {
            config.route_server_client = switch(line);
        }
        Rule::next_hop_self | Rule::next_hop_all => {
            config.next_hop_self = switch(line);
            if matches!(line.last_keyword(), "force" | "all") {
                config.next_hop_self_force = switch(line);
            }
        }
        Rule::unchanged => unchanged(config, line),
        Rule::allowas_in => {
            config.allowas_in = allowas.filter(|_| !line.negated);
            config.allowas_in_origin = (!line.negated).then(|| Sourced::written(is_origin, line.span));
        }
        Rule::soo => config.soo = name_of(line, Rule::word).filter(|_| !line.negated),
        Rule::remove_private_as => config.remove_private_as = switch(line),
        Rule::as_override => config.as_override = switch(line),
        Rule::neighbor_route_map if outwards => config.route_map_out = name_in_line,
        Rule::neighbor_route_map => config.route_map_in = name_in_line,
        Rule::neighbor_prefix_list if outwards => config.prefix_list_out = name_in_line,
        Rule::neighbor_prefix_list => config.prefix_list_in = name_in_line,
        Rule::filter_list if outwards => config.filter_list_out = name_in_line,
        Rule::filter_list => config.filter_list_in = name_in_line,
        Rule::distribute_list if outwards => config.distribute_list_out = name_in_line,
        Rule::distribute_list => config.distribute_list_in = name_in_line,
        Rule::maximum_prefix => {
            config.maximum_prefix = maximum.filter(|_| !line.negated);
            config.maximum_prefix_warning_only = line.part(Rule::warning_only).is_some();
        }
        Rule::send_community => {
            // Standard and large communities, and the state of RPKI, have switches of their config.
            let is_extended = matches!(line.keyword(3), "both" | "all" | "extended");
            if is_extended && line.part(Rule::since_10_0_rpki).is_none() {
                config.send_extended = switch(line);
            }
        }
        Rule::default_originate => config.default_originate = switch(line),
        _ if name_in_line.is_some() => {}
        _ => return peer.replay.unmodelled(),
    }
    true
}

/// `attribute-unchanged`: what is named, or all three; what is not named is changed again (`bgp_vty.c`).
fn unchanged(config: &mut NeighborFamily, line: &Statement) {
    let is_all = line.last_keyword() == "attribute-unchanged";
    for (rule, switched) in [
        (Rule::once_next_hop, &mut config.next_hop_unchanged),
        (Rule::once_as_path, &mut config.as_path_unchanged),
        (Rule::once_med, &mut config.med_unchanged),
    ] {
        if is_all || line.part(rule).is_some() {
            *switched = switch(line);
        } else if !line.negated && switched.is_some() {
            *switched = Some(Sourced::written(false, line.span));
        }
    }
}
