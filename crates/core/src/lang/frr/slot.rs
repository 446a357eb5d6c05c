//! Which lines are about the same thing, so that the later one replaces the earlier: those whose keywords and whose
//! names are the same. Read from the grammar: what may be left out of a command does not identify it, and neither does
//! a value. What the grammar does not say stands in the lists below.

use super::{statement::Statement, vocabulary};
use evpnlint_grammar::frr::{Grammar, Rule};
use pest::Parser as _;
use pest_meta::ast::{Expr, RuleType};
use std::ops::Range;

/// Words that say what a line is about; all others are values.
const NAMES: &[&str] = &[
    "peer",
    "prefix4",
    "prefix6",
    "protocol",
    "protocol4",
    "protocol6",
    "protocol_numbered",
    "instance",
    "direction",
    "targets_of",
    "vpn_way",
    "advertised",
    "interface_name",
    "vrf_name",
    "bgp_default_family",
    "access_list_name",
    "as_path_name",
    "community_name",
    "mac",
];

/// Values that are one of several keywords.
const VALUES: &[&str] = &[
    "as_wanted",
    "action",
    "ospf_kind",
    "ospf6_kind",
    "isis_level",
    "isis_style",
    "isis_key_kind",
    "allowas_origin",
    "role",
    "warning_only",
    "prefix_routes_only",
    "route_type",
    "static_option",
    "flooding_kind",
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
    let Some((_, expr)) = vocabulary::definition(rule) else { return line.to_owned() };
    if walk(expr, line, 0, false, &mut pieces).is_none() {
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
            let end = line[at..].starts_with(text.as_str()).then_some(at + text.len())?;
            if !optional {
                pieces.push(at..end);
            }
            Some(end)
        }
        Expr::Ident(name) if name == "EOI" => (at == line.len()).then_some(at),
        Expr::Ident(name) => {
            let rule = vocabulary::token(name)?;
            let (kind, inner) = vocabulary::definition(rule)?;
            let is_name = NAMES.contains(&name.as_str());
            if *kind != RuleType::Atomic {
                let optional = !is_name && (optional || VALUES.contains(&name.as_str()));
                return walk(inner, line, at, optional, pieces);
            }
            let end = at + Grammar::parse(rule, &line[at..]).ok()?.as_str().len();
            if is_name {
                pieces.push(at..end);
            }
            Some(end)
        }
        Expr::Seq(first, second) => {
            let known = pieces.len();
            let end = walk(first, line, at, optional, pieces).and_then(|at| walk(second, line, at, optional, pieces));
            if end.is_none() {
                pieces.truncate(known);
            }
            end
        }
        Expr::Choice(first, second) => {
            walk(first, line, at, optional, pieces).or_else(|| walk(second, line, at, optional, pieces))
        }
        Expr::Opt(inner) => walk(inner, line, at, true, pieces).or(Some(at)),
        Expr::Rep(inner) | Expr::RepMax(inner, _) | Expr::RepMinMax(inner, ..) => Some(repeat(inner, line, at, pieces)),
        Expr::RepOnce(inner) | Expr::RepMin(inner, _) | Expr::RepExact(inner, _) => {
            let at = walk(inner, line, at, optional, pieces)?;
            Some(repeat(inner, line, at, pieces))
        }
        Expr::NegPred(inner) => walk(inner, line, at, true, &mut vec![]).is_none().then_some(at),
        _ => None,
    }
}

fn repeat(inner: &Expr, line: &str, mut at: usize, pieces: &mut Vec<Range<usize>>) -> usize {
    while let Some(end) = walk(inner, line, at, true, pieces).filter(|end| *end > at) {
        at = end;
    }
    at
}
