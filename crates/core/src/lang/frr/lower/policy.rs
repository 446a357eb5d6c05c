//! Route-maps. Entries count in order of their numbers, not of their lines, and are kept in it.

use super::{super::statement::Statement, Replay, name_of};
use crate::model::{
    Sourced, Vni,
    frr::ObjectKind,
    policy::{Change, How, Match, NextHop, OnMatch, RouteMapEntry, Set},
};
use evpnlint_grammar::frr::Rule;
use std::{mem::discriminant, str::FromStr};

/// The lines that change a route.
const SETS: [Rule; 5] = [Rule::set_path, Rule::set_community, Rule::set_hop, Rule::set_metric, Rule::set_value];

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
        Rule::match_line => matched(replay, line, &role),
        Rule::call => {
            call = replay.refer(ObjectKind::RouteMap, line, Rule::route_map_name, role);
            None
        }
        _ => None,
    };
    let entries = replay.frr.route_maps.get_mut(&name).map(|map| &mut map.entries);
    let known = entries.and_then(|entries| {
        let at = entries.binary_search_by_key(&sequence, |entry| entry.sequence).ok()?;
        entries.get_mut(at)
    });
    let Some(entry) = known else { return true };
    match line.rule() {
        Rule::match_line => {
            if let Some(matched) = matched {
                // A second match of one kind replaces the first (route_map_add_match); another kind must match too.
                let replaces = |known: &Match| match &matched.value {
                    Match::Other(_) => *known == matched.value,
                    value => discriminant(known) == discriminant(value),
                };
                entry.matches.retain(|known| !replaces(&known.value));
                if !line.negated {
                    entry.matches.push(matched);
                }
            }
        }
        Rule::call => entry.call = call.filter(|_| !line.negated),
        Rule::on_match | Rule::continue_line => {
            let goto = line.number().and_then(|(number, _)| number.parse().ok());
            let on_match = Sourced::written(goto.map_or(OnMatch::Next, OnMatch::Goto), line.span);
            entry.on_match = Some(on_match).filter(|_| !line.negated);
        }
        rule if SETS.contains(&rule) => {
            let words = line.line.strip_prefix("set ").unwrap_or(line.line);
            let change = Change { set: set(words), words: words.to_owned() };
            entry.sets.retain(|known| !is_same(&change, known));
            if !line.negated {
                entry.sets.push(Sourced::written(change, line.span));
            }
        }
        Rule::route_map_bare => match line.line.split_once(' ') {
            Some(("match", words)) => {
                entry.matches.retain(|known| match &known.value {
                    Match::Other(known) => !known.strip_prefix(words).is_some_and(is_of),
                    known => known.words() != words,
                });
            }
            Some(("set", words)) => {
                entry.sets.retain(|known| !known.words.strip_prefix(words).is_some_and(is_of));
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

/// Whether two `set` lines are of one kind, so that the later one replaces the earlier (`route_map_add_set`).
fn is_same(a: &Change, b: &Change) -> bool {
    use Set::{Community, CommunityNone, LargeCommunity, LargeCommunityNone, Other};
    match (&a.set, &b.set) {
        (Other, _) => a.words == b.words,
        (CommunityNone, Community { .. }) | (Community { .. }, CommunityNone) => true,
        (LargeCommunityNone, LargeCommunity { .. }) | (LargeCommunity { .. }, LargeCommunityNone) => true,
        (a, b) => discriminant(a) == discriminant(b),
    }
}

/// Whether that is the rest of words whose first ones are named.
fn is_of(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

fn matched(replay: &mut Replay, line: &Statement, role: &str) -> Option<Sourced<Match>> {
    let inner = line.pair.clone().into_inner().next()?;
    let text = inner.as_str();
    let words: Vec<&str> = text.split(' ').collect();
    let is6 = words[0] == "ipv6";
    let last = || words.last().copied().unwrap_or_default();
    let other = || Match::Other(text.to_owned());
    let value = match inner.as_rule() {
        Rule::match_prefix_list => {
            let kind = if is6 { ObjectKind::PrefixList6 } else { ObjectKind::PrefixList };
            let name = replay.refer(kind, line, Rule::prefix_list_name, role)?.value;
            match (words.get(1).copied(), is6) {
                (Some("address"), false) => Match::PrefixList(name),
                (Some("address"), true) => Match::PrefixList6(name),
                (Some("next-hop"), false) => Match::NextHopPrefixList(name),
                (Some("next-hop"), true) => Match::NextHopPrefixList6(name),
                _ => other(),
            }
        }
        Rule::match_access_list => {
            let name = replay.refer(ObjectKind::AccessList, line, Rule::access_list_name, role)?.value;
            if is6 { Match::AccessList6(name) } else { Match::AccessList(name) }
        }
        Rule::match_prefix_length => parsed(last(), if is6 { Match::PrefixLength6 } else { Match::PrefixLength })?,
        Rule::match_next_hop => parsed(last(), Match::NextHop)?,
        Rule::match_interface => Match::Interface(name_of(line, Rule::interface_name)?.value),
        Rule::match_route_type => Match::EvpnRouteType(match line.word(Rule::route_type)?.0 {
            "ead" | "1" => 1,
            "macip" | "2" => 2,
            "multicast" | "3" => 3,
            "es" | "4" => 4,
            _ => 5,
        }),
        Rule::match_vni => Match::EvpnVni(replay.number::<Vni>(line)?.value),
        Rule::match_list if words[0] == "as-path" => {
            Match::AsPath(replay.refer(ObjectKind::AsPathList, line, Rule::as_path_name, role)?.value)
        }
        Rule::match_list => {
            let name = replay.refer(ObjectKind::CommunityList, line, Rule::community_name, role)?.value;
            let how = match words.get(2).copied() {
                Some("exact-match") => How::Exact,
                Some("any") => How::Any,
                _ => How::All,
            };
            match words[0] {
                "community" => Match::Community(name, how),
                "extcommunity" => Match::ExtCommunity(name, how),
                _ => Match::LargeCommunity(name, how),
            }
        }
        Rule::match_route | Rule::match_source => match words.as_slice() {
            ["evpn", "default-route"] => Match::EvpnDefaultRoute,
            ["evpn", "rd", rd] => parsed(rd, Match::EvpnRd).unwrap_or_else(other),
            ["local-preference", value] => parsed(value, Match::LocalPreference)?,
            ["metric", value] => parsed(value, Match::Metric)?,
            ["tag", "untagged"] => Match::Tag(0),
            ["tag", value] => parsed(value, Match::Tag)?,
            ["origin", origin] => Match::Origin((*origin).to_owned()),
            ["peer", peer] => Match::Peer((*peer).to_owned()),
            ["source-protocol", protocol] => Match::SourceProtocol((*protocol).to_owned()),
            ["source-vrf", vrf] => Match::SourceVrf((*vrf).to_owned()),
            _ => other(),
        },
        _ => other(),
    };
    Some(Sourced::written(value, line.span))
}

fn parsed<T: FromStr, U>(text: &str, make: impl Fn(T) -> U) -> Option<U> {
    text.parse().ok().map(make)
}

/// What the words behind `set` do; [`Set::Other`] too where a value is none.
fn set(words: &str) -> Set {
    let words: Vec<&str> = words.split(' ').collect();
    of_community(&words).or_else(|| of_path(&words)).or_else(|| of_route(&words)).unwrap_or(Set::Other)
}

fn of_community(words: &[&str]) -> Option<Set> {
    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }
    let values = |words: &[&str]| {
        let additive = words.contains(&"additive");
        (owned(words).into_iter().filter(|word| word != "additive").collect(), additive)
    };
    Some(match words {
        ["extcommunity", "rt", targets @ ..] => Set::ExtCommunityRt(all(targets)?),
        ["extcommunity", "soo", sites @ ..] => Set::ExtCommunitySoo(owned(sites)),
        ["extcommunity", "none"] => Set::ExtCommunityNone,
        ["extended-comm-list", list, "delete"] => Set::ExtCommunityDelete((*list).to_owned()),
        ["community", "none"] => Set::CommunityNone,
        ["community", rest @ ..] => {
            let (values, additive) = values(rest);
            Set::Community { values, additive }
        }
        ["comm-list", list, "delete"] => Set::CommunityDelete((*list).to_owned()),
        ["large-community", "none"] => Set::LargeCommunityNone,
        ["large-community", rest @ ..] => {
            let (values, additive) = values(rest);
            Set::LargeCommunity { values, additive }
        }
        ["large-comm-list", list, "delete"] => Set::LargeCommunityDelete((*list).to_owned()),
        _ => return None,
    })
}

fn of_path(words: &[&str]) -> Option<Set> {
    let any = |word: &str| if word == "any" { Some(None) } else { parsed(word, Some) };
    Some(match words {
        ["as-path", "prepend", "last-as", times] => parsed(times, Set::AsPathPrependLast)?,
        ["as-path", "prepend", path @ ..] => Set::AsPathPrepend(all(path)?),
        ["as-path", "exclude", "all"] => Set::AsPathExclude(vec![]),
        ["as-path", "exclude", path @ ..] => Set::AsPathExclude(all(path)?),
        ["as-path", "replace", what] => Set::AsPathReplace(any(what)?, None),
        ["as-path", "replace", what, by] => Set::AsPathReplace(any(what)?, Some(by.parse().ok()?)),
        _ => return None,
    })
}

fn of_route(words: &[&str]) -> Option<Set> {
    Some(match words {
        ["ip", "next-hop", "peer-address"] => Set::NextHop(NextHop::Peer),
        ["ip", "next-hop", "unchanged"] => Set::NextHop(NextHop::Unchanged),
        ["ip", "next-hop", address] => Set::NextHop(parsed(address, NextHop::Address)?),
        ["ipv6", "next-hop", "peer-address"] => Set::NextHop6Peer,
        ["ipv6", "next-hop", "global", address] => parsed(address, Set::NextHop6Global)?,
        ["ipv6", "next-hop", "local", address] => parsed(address, Set::NextHop6Local)?,
        ["evpn", "gateway-ip", _, address] => parsed(address, Set::EvpnGatewayIp)?,
        ["src", address] => parsed(address, Set::Src)?,
        ["local-preference", value] => Set::LocalPreference((*value).to_owned()),
        ["metric", value] => Set::Metric((*value).to_owned()),
        ["weight", value] => parsed(value, Set::Weight)?,
        ["tag", "untagged"] => Set::Tag(0),
        ["tag", value] => parsed(value, Set::Tag)?,
        ["distance", value] => parsed(value, Set::Distance)?,
        _ => return None,
    })
}

/// All of the words, or nothing.
fn all<T: FromStr>(words: &[&str]) -> Option<Vec<T>> {
    words.iter().map(|word| word.parse().ok()).collect()
}
