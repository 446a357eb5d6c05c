//! Prefix lists, and the other lists that policies ask. Entries count in order of their numbers, not of their lines, and
//! are kept in it.

use super::{super::statement::Statement, Replay, system::PREFIX};
use crate::model::{
    Prefix,
    frr::ObjectKind,
    lists::{Addresses, Communities, ExtCommunity, List, ListEntry},
    policy::PrefixListEntry,
    refusal::Refusal,
};
use evpnlint_grammar::frr::Rule;
use std::{collections::BTreeMap, net::Ipv4Addr};

const SEQUENCE: &str = "a sequence number";

/// `ip prefix-list` and `ipv6 prefix-list`. Without a number an entry comes five behind the last.
pub(super) fn prefix_list(replay: &mut Replay, line: &Statement) {
    let Some((name, span)) = line.word(Rule::prefix_list_name) else { return };
    let kind = if line.line.starts_with("ipv6") { ObjectKind::PrefixList6 } else { ObjectKind::PrefixList };
    if !line.negated {
        replay.define(kind, name, span);
    }
    let Some((action, _)) = line.word(Rule::action) else { return };
    let pair = line.prefix();
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
            replay.refuse(line.span, Refusal::LengthsFall);
            return;
        }
    }
    let lists =
        if kind == ObjectKind::PrefixList6 { &mut replay.frr.prefix_lists6 } else { &mut replay.frr.prefix_lists };
    let entries = &mut lists.entry(name.to_owned()).or_default().entries;
    let next = entries.last().map_or(0, |last| last.sequence).saturating_add(5);
    let permit = action == "permit";
    let sequence = written.map_or(next, |written| written.value);
    let same =
        |known: &PrefixListEntry| known.permit == permit && known.prefix == prefix && known.ge == ge && known.le == le;
    if line.negated {
        entries.retain(|known| !same(known));
        return;
    }
    let entry = PrefixListEntry { sequence, permit, span: line.span, prefix, ge, le };
    put(entries, entry, |known| known.sequence);
}

fn length(line: &Statement, rules: &[Rule]) -> Option<u8> {
    let pair = rules.iter().find_map(|rule| line.part(*rule))?.into_inner().next()?;
    pair.as_str().parse().ok()
}

/// An entry takes its place, or that of the one that has its number.
fn put<E>(entries: &mut Vec<E>, entry: E, sequence: impl Fn(&E) -> u32) {
    match entries.binary_search_by_key(&sequence(&entry), &sequence) {
        Ok(at) => entries[at] = entry,
        Err(at) => entries.insert(at, entry),
    }
}

/// An entry comes into a list, or leaves it. Without a number it comes five behind the last, at a multiple of five where
/// `round` says so.
fn obey<W: PartialEq>(
    lists: &mut BTreeMap<String, List<W>>,
    name: &str,
    line: &Statement,
    round: bool,
    written: Option<u32>,
    wanted: W,
) {
    let permit = line.word(Rule::action).is_some_and(|(word, _)| word == "permit");
    let entries = &mut lists.entry(name.to_owned()).or_default().entries;
    if line.negated {
        entries.retain(|known| known.permit != permit || known.wanted != wanted);
        return;
    }
    // What is there already is not written twice (`community_list_dup_check`, `as_list_dup_check`).
    if written.is_none() && entries.iter().any(|known| known.permit == permit && known.wanted == wanted) {
        return;
    }
    let last = entries.last().map_or(0, |last| last.sequence);
    let next = if round { last / 5 * 5 } else { last }.saturating_add(5);
    let entry = ListEntry { sequence: written.unwrap_or(next), permit, span: line.span, wanted };
    put(entries, entry, |known| known.sequence);
}

/// `access-list` and `ipv6 access-list`.
pub(super) fn access_list(replay: &mut Replay, line: &Statement) {
    let Some((name, span)) = line.word(Rule::access_list_name) else { return };
    if !line.negated {
        replay.define(ObjectKind::AccessList, name, span);
    }
    let Some(action) = line.part(Rule::action) else { return };
    let words = line.line.get(action.range().end + 1..).unwrap_or("");
    let addresses: Vec<Ipv4Addr> = line.all(Rule::ipv4).filter_map(|pair| pair.as_str().parse().ok()).collect();
    let wanted = if words == "any" {
        Addresses::Any
    } else if let Some(pair) = line.prefix() {
        let Some(prefix) = replay.parse::<Prefix>(pair.as_str(), line.place(&pair), PREFIX) else { return };
        Addresses::Prefix { prefix: prefix.value, exact: line.part(Rule::exact_match).is_some() }
    } else {
        match addresses.as_slice() {
            _ if words.starts_with("ip ") => Addresses::Other(words.to_owned()),
            [address] => Addresses::Wild(*address, Ipv4Addr::UNSPECIFIED),
            [address, wildcard] => Addresses::Wild(*address, *wildcard),
            _ => Addresses::Other(words.to_owned()),
        }
    };
    let written = replay.value::<u32>(line, Rule::sequence, SEQUENCE).map(|written| written.value);
    let is6 = line.line.starts_with("ipv6");
    let lists = if is6 { &mut replay.frr.access_lists6 } else { &mut replay.frr.access_lists };
    obey(lists, name, line, false, written, wanted);
}

/// `bgp as-path access-list`.
pub(super) fn as_path_list(replay: &mut Replay, line: &Statement) {
    let Some((name, span)) = line.word(Rule::as_path_name) else { return };
    if !line.negated {
        replay.define(ObjectKind::AsPathList, name, span);
    }
    let Some((regex, _)) = line.word(Rule::text) else { return };
    let written = number_of(line);
    obey(&mut replay.frr.as_path_lists, name, line, true, written, regex.to_owned());
}

/// `bgp community-list`, `extcommunity-list` and `large-community-list`.
pub(super) fn community_list(replay: &mut Replay, line: &Statement) {
    let Some((name, span)) = line.word(Rule::community_name).or(line.word(Rule::community_number)) else { return };
    if !line.negated {
        replay.define(ObjectKind::CommunityList, name, span);
    }
    let Some((text, _)) = line.word(Rule::text) else { return };
    let words: Vec<&str> = line.keywords().collect();
    let (of, kind) = (words.get(1).copied(), words.get(2).copied().unwrap_or(""));
    let is_regex = kind == "expanded" || kind.parse::<u32>().is_ok_and(|number| number > 99);
    let wanted = match of {
        _ if is_regex => Communities::Regex(text.to_owned()),
        Some("extcommunity-list") => Communities::Extended(extended(text)),
        _ => Communities::All(text.split(' ').map(str::to_owned).collect()),
    };
    let frr = &mut replay.frr;
    let lists = match of {
        Some("extcommunity-list") => &mut frr.ext_community_lists,
        Some("large-community-list") => &mut frr.large_community_lists,
        _ => &mut frr.community_lists,
    };
    obey(lists, name, line, true, number_of(line), wanted);
}

/// `rt 65000:1 soo 65000:2 …`: a keyword counts until the next (`ecommunity_str2com`).
fn extended(text: &str) -> Vec<ExtCommunity> {
    let mut kind = "";
    let mut all = vec![];
    for word in text.split(' ') {
        match (kind, word) {
            (_, "rt" | "soo" | "nt" | "color") => kind = word,
            ("soo", site) => all.push(ExtCommunity::Soo(site.to_owned())),
            ("rt", target) => all.push(match target.parse() {
                Ok(target) => ExtCommunity::Rt(target),
                Err(_) => ExtCommunity::Other(format!("rt {target}")),
            }),
            (kind, word) => all.push(ExtCommunity::Other(format!("{kind} {word}").trim_start().to_owned())),
        }
    }
    all
}

fn number_of(line: &Statement) -> Option<u32> {
    line.part(Rule::list_seq)?.as_str().strip_prefix(" seq ")?.parse().ok()
}

/// `no` with nothing but the name of a list: it goes. Whether the line is one. Access-lists, and community lists, share
/// their names among several kinds, which stay defined.
pub(super) fn forget(replay: &mut Replay, line: &Statement) -> bool {
    let words: Vec<&str> = line.keywords().collect();
    let frr = &mut replay.frr;
    let mut gone = |kind: ObjectKind, name: &str| {
        frr.definitions.remove(&(kind, name.to_owned()));
    };
    match words.as_slice() {
        ["ip", "prefix-list", name] => {
            gone(ObjectKind::PrefixList, name);
            frr.prefix_lists.remove(*name);
        }
        ["ipv6", "prefix-list", name] => {
            gone(ObjectKind::PrefixList6, name);
            frr.prefix_lists6.remove(*name);
        }
        ["ip" | "ipv6", "prefix-list", name, "seq", number] => {
            let lists = if words[0] == "ip" { &mut frr.prefix_lists } else { &mut frr.prefix_lists6 };
            if let Some(list) = lists.get_mut(*name) {
                list.entries.retain(|known| known.sequence.to_string() != *number);
            }
        }
        ["access-list", name] => drop(frr.access_lists.remove(*name)),
        ["ipv6", "access-list", name] => drop(frr.access_lists6.remove(*name)),
        ["bgp" | "ip", "as-path", "access-list", name] => {
            gone(ObjectKind::AsPathList, name);
            frr.as_path_lists.remove(*name);
        }
        ["bgp" | "ip", of, .., name] if of.ends_with("community-list") => {
            let lists = match *of {
                "community-list" => &mut frr.community_lists,
                "extcommunity-list" => &mut frr.ext_community_lists,
                _ => &mut frr.large_community_lists,
            };
            lists.remove(*name);
        }
        _ => return false,
    }
    true
}
