//! Route-maps and prefix lists.

use super::{
    super::parse::{Rule, Statement},
    Replay, name_of,
    system::PREFIX,
};
use crate::model::{
    Prefix, Sourced, Vni,
    frr::ObjectKind,
    policy::{Match, PrefixListEntry, RouteMapEntry},
};

const SEQUENCE: &str = "a sequence number";
const LENGTH: &str = "a prefix length";

/// `route-map NAME permit|deny N`.
pub(super) fn open(replay: &mut Replay, line: &Statement) {
    let Some((name, span)) = line.word(Rule::route_map_name) else { return };
    let Some(sequence) = replay.number::<u32>(line) else { return };
    let permit = line.word(Rule::action).is_some_and(|(word, _)| word == "permit");
    if line.negated {
        if let Some(map) = replay.frr.route_maps.get_mut(name) {
            map.entries.retain(|entry| entry.sequence != sequence.value);
        }
        return;
    }
    replay.define(ObjectKind::RouteMap, name, span);
    let map = replay.frr.route_maps.entry(name.to_owned()).or_default();
    match map.entries.iter_mut().find(|entry| entry.sequence == sequence.value) {
        Some(entry) => entry.permit = permit,
        None => map.entries.push(RouteMapEntry {
            sequence: sequence.value,
            permit,
            span: line.span,
            matches: vec![],
            call: None,
            on_match: None,
            sets: false,
        }),
    }
    replay.context.route_map = Some((name.to_owned(), sequence.value));
}

/// A line of a route-map entry.
pub(super) fn entry(replay: &mut Replay, line: &Statement) -> bool {
    let Some((name, sequence)) = replay.context.route_map.clone() else { return true };
    let role = format!("is asked by route-map {name}");
    let mut call = None;
    let matched = match line.rule() {
        Rule::match_line if line.negated => None,
        Rule::match_line => matched(replay, line, &role),
        Rule::call => {
            call = replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, role);
            None
        }
        _ => None,
    };
    let entries = replay.frr.route_maps.get_mut(&name).map(|map| &mut map.entries);
    let Some(entry) = entries.and_then(|entries| entries.iter_mut().find(|entry| entry.sequence == sequence)) else {
        return true;
    };
    match line.rule() {
        Rule::match_line if line.negated => entry.matches.clear(),
        Rule::route_map_bare if line.line.starts_with("match") => entry.matches.clear(),
        Rule::match_line => {
            if let Some(matched) = matched {
                // A second match of one kind replaces the first (route_map_add_match); another kind must match too.
                let kind = std::mem::discriminant(&matched.value);
                let replaces = !matches!(matched.value, Match::Other(_));
                entry.matches.retain(|own| !replaces || std::mem::discriminant(&own.value) != kind);
                entry.matches.push(matched);
            }
        }
        Rule::call => entry.call = call.filter(|_| !line.negated),
        Rule::on_match | Rule::continue_line => entry.on_match = (!line.negated).then_some(line.span),
        Rule::set_line => entry.sets |= !line.negated,
        _ => {}
    }
    true
}

fn matched(replay: &mut Replay, line: &Statement, role: &str) -> Option<Sourced<Match>> {
    let inner = line.pair.clone().into_inner().next()?;
    let is6 = inner.as_str().starts_with("ipv6");
    let is_address = inner.as_str().split(' ').nth(1) == Some("address");
    let value = match inner.as_rule() {
        Rule::match_prefix_list => {
            let kind = if is6 { ObjectKind::PrefixList6 } else { ObjectKind::PrefixList };
            let name = replay.refer(kind, line, Rule::prefix_list_name, role)?;
            if is_address { Match::PrefixList(name.value) } else { Match::Other(inner.as_str().to_owned()) }
        }
        Rule::match_access_list => {
            Match::AccessList(replay.refer(ObjectKind::AccessList, line, Rule::access_list_name, role)?.value)
        }
        Rule::match_interface => Match::Interface(name_of(line, Rule::interface_name)?.value),
        Rule::match_route_type => Match::EvpnRouteType(match line.word(Rule::route_type)?.0 {
            "ead" | "1" => 1,
            "macip" | "2" => 2,
            "multicast" | "3" => 3,
            "es" | "4" => 4,
            _ => 5,
        }),
        Rule::match_vni => Match::EvpnVni(replay.number::<Vni>(line)?.value),
        _ => {
            replay.refer(ObjectKind::AsPathList, line, Rule::as_path_name, role);
            replay.refer(ObjectKind::CommunityList, line, Rule::community_name, role);
            Match::Other(inner.as_str().to_owned())
        }
    };
    Some(Sourced::written(value, line.span))
}

/// `ip prefix-list` and `ipv6 prefix-list`. Without a number an entry comes five behind the last.
pub(super) fn prefix_list(replay: &mut Replay, line: &Statement) {
    let Some((name, span)) = line.word(Rule::prefix_list_name) else { return };
    let kind = if line.line.starts_with("ipv6") { ObjectKind::PrefixList6 } else { ObjectKind::PrefixList };
    if !line.negated {
        replay.define(kind, name, span);
    }
    let Some((action, _)) = line.word(Rule::action) else { return };
    let pair = line.part(Rule::prefix4).or(line.part(Rule::prefix6));
    let prefix = match pair {
        Some(pair) => match replay.parse::<Prefix>(pair.as_str(), line.place(&pair), PREFIX) {
            Some(prefix) => Some(prefix.value),
            None => return,
        },
        None => None,
    };
    let written = replay.value::<u32>(line, Rule::sequence, SEQUENCE);
    let (ge, le) = (length(replay, line, [Rule::ge4, Rule::ge6]), length(replay, line, [Rule::le4, Rule::le6]));
    if let Some(prefix) = prefix
        && !line.negated
    {
        let bounds = [Some(prefix.length()), ge, le];
        if ge.is_some_and(|ge| ge < prefix.length())
            || le.is_some_and(|le| le < prefix.length())
            || matches!(bounds, [_, Some(ge), Some(le)] if ge > le)
        {
            let why = "the lengths must not fall: prefix length, then ge, then le. FRR refuses the line, and the lists and \
                       route-maps next to it in the same batch";
            replay.refuse(line.span, why);
            return;
        }
    }
    let lists =
        if kind == ObjectKind::PrefixList6 { &mut replay.frr.prefix_lists6 } else { &mut replay.frr.prefix_lists };
    let entries = &mut lists.entry(name.to_owned()).or_default().entries;
    let next = entries.iter().map(|entry| entry.sequence).max().unwrap_or(0) + 5;
    let permit = action == "permit";
    let sequence = written.map_or(next, |written| written.value);
    let same = |own: &PrefixListEntry| own.permit == permit && own.prefix == prefix && own.ge == ge && own.le == le;
    if line.negated {
        entries.retain(|own| !same(own));
        return;
    }
    entries.retain(|own| own.sequence != sequence);
    entries.push(PrefixListEntry { sequence, permit, span: line.span, prefix, ge, le });
}

fn length(replay: &mut Replay, line: &Statement, rules: [Rule; 2]) -> Option<u8> {
    let pair = rules.iter().find_map(|rule| line.part(*rule))?.into_inner().next()?;
    replay.parse(pair.as_str(), line.place(&pair), LENGTH).map(|length| length.value)
}

/// Entries count in order of their numbers, not of their lines.
pub(super) fn finish(replay: &mut Replay) {
    for map in replay.frr.route_maps.values_mut() {
        map.entries.sort_by_key(|entry| entry.sequence);
    }
    for list in replay.frr.prefix_lists.values_mut().chain(replay.frr.prefix_lists6.values_mut()) {
        list.entries.sort_by_key(|entry| entry.sequence);
    }
}
