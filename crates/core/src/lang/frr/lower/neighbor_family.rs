//! `neighbor …` as far as it is about one address family.

use super::{
    super::statement::Statement,
    Replay, name_of,
    neighbor::peer_mut,
    session::{Sort, sort},
    switch,
};
use crate::{
    model::{
        Sourced,
        bgp::{Family, NeighborFamily},
        frr::ObjectKind,
    },
    source::Span,
};
use evpnlint_grammar::frr::Rule;

/// Obeys a line about one address family of a neighbour that exists.
pub(super) fn obey(
    replay: &mut Replay,
    line: &Statement,
    at: usize,
    name: &str,
    span: Span,
    family: Family,
    attribute: Rule,
) -> bool {
    if !line.negated {
        match (attribute, sort(replay, at, name)) {
            (Rule::reflector_client, Sort::Unknown | Sort::Undecided) => {
                let why = format!("{name} has no remote-as yet at this line, and only internal sessions have clients");
                return replay.refuse(line.span, why);
            }
            (Rule::reflector_client, Sort::External | Sort::Confederation) => {
                return replay.refuse_harmlessly("routes of an external session go to all others without reflection");
            }
            (Rule::as_override, Sort::Internal) => {
                return replay.refuse_harmlessly("no AS is written over on an internal session");
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
        Rule::neighbor_route_map => replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, role),
        Rule::neighbor_prefix_list => replay.refer(list, line, Rule::prefix_list_name, role),
        Rule::filter_list => replay.refer(ObjectKind::AsPathList, line, Rule::as_path_name, role),
        Rule::distribute_list => replay.refer(ObjectKind::AccessList, line, Rule::access_list_name, role),
        _ => replay.refer(
            ObjectKind::RouteMap,
            line,
            Rule::route_map_name,
            format!("is used towards {name} in {family}"),
        ),
    };
    let is_origin = line.part(Rule::allowas_origin).is_some();
    let allowas = match line.number() {
        Some((text, place)) if attribute == Rule::allowas_in => replay.parse(text, place, "a number from 1 to 10"),
        _ if is_origin => Some(Sourced::written(1, line.span)),
        _ => Some(Sourced::written(3, line.span)),
    };
    let maximum = match attribute {
        Rule::maximum_prefix => replay.number(line),
        _ => None,
    };
    let own: &mut NeighborFamily = peer_mut(replay, at, name, span).families.entry(family).or_default();
    match attribute {
        Rule::activate => own.active = switch(line),
        Rule::reflector_client => own.reflector_client = switch(line),
        Rule::next_hop_self | Rule::next_hop_all => {
            own.next_hop_self = switch(line);
            if line.line.ends_with(" force") || line.line.ends_with(" all") {
                own.next_hop_self_force = switch(line);
            }
        }
        Rule::unchanged => unchanged(own, line),
        Rule::allowas_in => {
            own.allowas_in = allowas.filter(|_| !line.negated);
            own.allowas_in_origin = (!line.negated).then(|| Sourced::written(is_origin, line.span));
        }
        Rule::soo => own.soo = name_of(line, Rule::word).filter(|_| !line.negated),
        Rule::remove_private_as => own.remove_private_as = switch(line),
        Rule::as_override => own.as_override = switch(line),
        Rule::neighbor_route_map if outwards => own.route_map_out = name_in_line,
        Rule::neighbor_route_map => own.route_map_in = name_in_line,
        Rule::neighbor_prefix_list if outwards => own.prefix_list_out = name_in_line,
        Rule::neighbor_prefix_list => own.prefix_list_in = name_in_line,
        Rule::filter_list if outwards => own.filter_list_out = name_in_line,
        Rule::filter_list => own.filter_list_in = name_in_line,
        Rule::distribute_list if outwards => own.distribute_list_out = name_in_line,
        Rule::distribute_list => own.distribute_list_in = name_in_line,
        Rule::maximum_prefix => {
            own.maximum_prefix = maximum.filter(|_| !line.negated);
            own.maximum_prefix_warning_only = line.part(Rule::warning_only).is_some();
        }
        Rule::send_community => {
            // Standard and large communities, and the state of RPKI, have switches of their own.
            let is_extended = matches!(line.line.split(' ').nth(3), Some("both" | "all" | "extended"));
            if is_extended && line.part(Rule::since_10_0_rpki).is_none() {
                own.send_extended = switch(line);
            }
        }
        Rule::default_originate => own.default_originate = switch(line),
        _ if name_in_line.is_some() => {}
        _ => return replay.unmodelled(),
    }
    true
}

/// `attribute-unchanged`: what is named, or all three; what is not named is changed again (`bgp_vty.c`).
fn unchanged(own: &mut NeighborFamily, line: &Statement) {
    let is_all = line.line.ends_with(" attribute-unchanged");
    for (rule, own) in [
        (Rule::once_next_hop, &mut own.next_hop_unchanged),
        (Rule::once_as_path, &mut own.as_path_unchanged),
        (Rule::once_med, &mut own.med_unchanged),
    ] {
        if is_all || line.part(rule).is_some() {
            *own = switch(line);
        } else if !line.negated && own.is_some() {
            *own = Some(Sourced::written(false, line.span));
        }
    }
}
