//! Route-maps and prefix lists. Entries count in order of their numbers, not of their lines, and are kept in it.

use super::{
    super::{parse::Rule, statement::Statement},
    Replay, name_of,
    system::PREFIX,
};
use crate::model::{
    Prefix, Sourced, Vni,
    frr::ObjectKind,
    policy::{Match, PrefixListEntry, RouteMapEntry},
};

/// The lines that change a route.
const SETS: [Rule; 5] =
    [Rule::set_path_other, Rule::set_community_other, Rule::set_hop_other, Rule::set_metric_other, Rule::set_other];
const SEQUENCE: &str = "a sequence number";

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
    match map.entries.binary_search_by_key(&sequence.value, |entry| entry.sequence) {
        Ok(at) => map.entries[at].permit = permit,
        Err(at) => {
            let (sequence, span) = (sequence.value, line.span);
            let (matches, call, on_match, sets) = (vec![], None, None, vec![]);
            map.entries.insert(at, RouteMapEntry { sequence, permit, span, matches, call, on_match, sets });
        }
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
    let own = entries.and_then(|entries| {
        let at = entries.binary_search_by_key(&sequence, |entry| entry.sequence).ok()?;
        entries.get_mut(at)
    });
    let Some(entry) = own else { return true };
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
        rule if SETS.contains(&rule) => {
            let words = line.line.strip_prefix("set ").unwrap_or(line.line);
            entry.sets.retain(|own| own.value != words);
            if !line.negated {
                entry.sets.push(Sourced::written(words.to_owned(), line.span));
            }
        }
        Rule::route_map_bare => match line.line.split_once(' ') {
            Some(("set", words)) => {
                let is_of = |rest: &str| rest.is_empty() || rest.starts_with(' ');
                entry.sets.retain(|own| !own.value.strip_prefix(words).is_some_and(is_of));
            }
            Some(("on-match" | "continue", _)) => entry.on_match = None,
            None if line.line == "call" => entry.call = None,
            None if line.line == "continue" => entry.on_match = None,
            _ => {}
        },
        _ => return replay.unmodelled(),
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
    let ge = length(line, &[Rule::once_ge4, Rule::once_ge6]);
    let le = length(line, &[Rule::once_le4, Rule::once_le6]);
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
    let next = entries.last().map_or(0, |last| last.sequence).saturating_add(5);
    let permit = action == "permit";
    let sequence = written.map_or(next, |written| written.value);
    let same = |own: &PrefixListEntry| own.permit == permit && own.prefix == prefix && own.ge == ge && own.le == le;
    if line.negated {
        entries.retain(|own| !same(own));
        return;
    }
    let entry = PrefixListEntry { sequence, permit, span: line.span, prefix, ge, le };
    match entries.binary_search_by_key(&sequence, |own| own.sequence) {
        Ok(at) => entries[at] = entry,
        Err(at) => entries.insert(at, entry),
    }
}

fn length(line: &Statement, rules: &[Rule]) -> Option<u8> {
    let pair = rules.iter().find_map(|rule| line.part(*rule))?.into_inner().next()?;
    pair.as_str().parse().ok()
}
