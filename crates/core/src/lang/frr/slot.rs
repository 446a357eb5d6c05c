//! Which lines are about the same thing, so that the later one replaces the earlier: those whose keywords and whose
//! names are the same. Read from the grammar: what may be left out of a command does not identify it, and neither does
//! a value. What the grammar does not say stands in the lists below.

use super::statement::Statement;
use evpnlint_grammar::frr::{Expr, Grammar, Rule, definition};
use pest::Parser as _;
use std::ops::Range;

/// Words that say what a line is about; all others are values.
const NAMES: &[Rule] = &[
    Rule::peer,
    Rule::prefix4,
    Rule::prefix6,
    Rule::protocol,
    Rule::protocol4,
    Rule::protocol6,
    Rule::protocol_numbered,
    Rule::instance,
    Rule::direction,
    Rule::targets_of,
    Rule::vpn_way,
    Rule::advertised,
    Rule::interface_name,
    Rule::vrf_name,
    Rule::bgp_default_family,
    Rule::access_list_name,
    Rule::as_path_name,
    Rule::community_name,
    Rule::mac,
];

/// Values that are one of several keywords.
const VALUES: &[Rule] = &[
    Rule::as_wanted,
    Rule::action,
    Rule::ospf_kind,
    Rule::ospf6_kind,
    Rule::isis_level,
    Rule::isis_style,
    Rule::isis_key_kind,
    Rule::allowas_origin,
    Rule::role,
    Rule::warning_only,
    Rule::prefix_routes_only,
    Rule::route_type,
];

/// Commands of which there may be many side by side, told apart by all of their words.
const LISTS: &[Rule] = &[
    Rule::route_target,
    Rule::vni_target,
    Rule::static_route,
    Rule::vrf_route,
    Rule::ip_address,
    Rule::ospf_network_line,
    Rule::access_list,
    Rule::as_path_list,
    Rule::community_list,
    Rule::bgp_confederation_peers,
    Rule::import_vrf,
    Rule::opaque,
    Rule::config_other,
];

/// What a line is about, by the same words for every line that is about it.
pub(super) fn of(statement: &Statement, opens: bool) -> String {
    let (rule, line) = (statement.rule(), statement.line);
    match rule {
        Rule::address_family => return full(line).to_owned(),
        Rule::flooding => return "flooding".to_owned(),
        // A MAC address is a value here.
        Rule::ethernet_segment | Rule::link_bare if line.starts_with("evpn mh ") => {
            return line.split(' ').take(3).collect::<Vec<_>>().join(" ");
        }
        Rule::router_bgp | Rule::route_map => {}
        Rule::prefix_list if statement.part(Rule::sequence).is_none() => return line.to_owned(),
        _ if opens || LISTS.contains(&rule) => return line.to_owned(),
        _ => {}
    }
    let mut pieces = vec![];
    let Some(phrase) = definition(rule).phrase() else { return line.to_owned() };
    if walk(phrase, line, 0, false, &mut pieces).is_none() {
        return line.to_owned();
    }
    let mut words: Vec<&str> = pieces.into_iter().flat_map(|piece| line[piece].split(' ')).collect();
    // What is told apart by a number.
    let number = match rule {
        Rule::route_map => statement.word(Rule::route_map_name).into_iter().chain(statement.number()).collect(),
        Rule::prefix_list => {
            statement.word(Rule::prefix_list_name).into_iter().chain(statement.word(Rule::sequence)).collect()
        }
        _ => vec![],
    };
    words.extend(number.into_iter().map(|(word, _)| word));
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// The address family that a line stands for, in full.
pub(super) fn full(line: &str) -> &str {
    match line {
        "address-family ipv4" => "address-family ipv4 unicast",
        "address-family ipv6" => "address-family ipv6 unicast",
        line => line,
    }
}

/// Reads `line` from byte `at` on by an expression of the grammar, as pest does, and notes the places of the words that
/// count. `optional` says whether the words may be left out.
fn walk(expr: &Expr, line: &str, at: usize, optional: bool, pieces: &mut Vec<Range<usize>>) -> Option<usize> {
    match expr {
        Expr::Str(text) => {
            let end = line[at..].starts_with(text).then_some(at + text.len())?;
            if !optional {
                pieces.push(at..end);
            }
            Some(end)
        }
        Expr::End => (at == line.len()).then_some(at),
        Expr::Rule(rule) => {
            let is_name = NAMES.contains(rule);
            if let Some(phrase) = definition(*rule).phrase() {
                let optional = !is_name && (optional || VALUES.contains(rule));
                return walk(phrase, line, at, optional, pieces);
            }
            let end = at + Grammar::parse(*rule, &line[at..]).ok()?.as_str().len();
            if is_name {
                pieces.push(at..end);
            }
            Some(end)
        }
        Expr::Seq(parts) => {
            let known = pieces.len();
            let end = parts.iter().try_fold(at, |at, part| walk(part, line, at, optional, pieces));
            if end.is_none() {
                pieces.truncate(known);
            }
            end
        }
        Expr::Choice(parts) => parts.iter().find_map(|part| walk(part, line, at, optional, pieces)),
        Expr::Opt(inner) => walk(inner, line, at, true, pieces).or(Some(at)),
        Expr::Rep(inner) => Some(repeat(inner, line, at, pieces)),
        Expr::RepOnce(inner) => {
            let at = walk(inner, line, at, optional, pieces)?;
            Some(repeat(inner, line, at, pieces))
        }
        Expr::Not(inner) => walk(inner, line, at, true, &mut vec![]).is_none().then_some(at),
        Expr::Any | Expr::Class(_) => None,
    }
}

fn repeat(inner: &Expr, line: &str, mut at: usize, pieces: &mut Vec<Range<usize>>) -> usize {
    while let Some(end) = walk(inner, line, at, true, pieces).filter(|end| *end > at) {
        at = end;
    }
    at
}
