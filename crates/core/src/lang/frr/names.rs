//! What the name of a rule of the grammar says of the words that it stands for, beyond their form.
//!
//! | name | meaning |
//! |---|---|
//! | `number_1_255`, `number_1_255_…` | a number within these bounds, inclusive |
//! | `only_…` | what FRR does not have behind `no` |
//! | `once_…` | an option, of which FRR takes one in a line |
//! | `since_10_5`, `since_10_5_…` | a list of what FRR has from 10.5 on |
//! | `until_7_5`, `until_7_5_…` | a list of what FRR has up to 7.5, and no longer in it |
//!
//! Addresses and prefixes are checked here too: FRR tries them with `inet_pton` (`lib/command_match.c`).

use crate::lang::memo::Pair;
use evpnlint_grammar::frr::{Meaning, Rule, definition};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A version of FRR: major and minor.
pub(super) type Release = (u32, u32);

/// What a word of the rule must be, beyond its form.
fn form(rule: Rule) -> Option<fn(&str) -> bool> {
    Some(match rule {
        Rule::ipv4 => |text| text.parse::<Ipv4Addr>().is_ok(),
        Rule::ipv6 => |text| text.parse::<Ipv6Addr>().is_ok(),
        Rule::ip => |text| text.parse::<IpAddr>().is_ok(),
        Rule::prefix4 => |text| is_prefix(text, 32, |address| address.parse::<Ipv4Addr>().is_ok()),
        Rule::prefix6 => |text| is_prefix(text, 128, |address| address.parse::<Ipv6Addr>().is_ok()),
        Rule::asn => is_asn,
        Rule::metric_change => |text| text.parse::<i64>().is_ok_and(|change| change.unsigned_abs() <= u32::MAX.into()),
        _ => return None,
    })
}

fn is_prefix(text: &str, most: u32, is_address: impl Fn(&str) -> bool) -> bool {
    text.split_once('/').is_some_and(|(address, length)| {
        is_address(address) && length.parse::<u32>().is_ok_and(|length| length <= most)
    })
}

/// `asn_str2asn` of `lib/asn.c`: not 0; with a dot, two numbers of 16 bits without leading zeros.
fn is_asn(text: &str) -> bool {
    let part = |part: &str| part.parse::<u16>().ok().filter(|value| value.to_string() == part);
    match text.split_once('.') {
        Some((high, low)) => part(high).zip(part(low)).is_some_and(|parts| parts != (0, 0)),
        None => text.parse::<u32>().is_ok_and(|asn| asn > 0),
    }
}

/// What the name of a rule says, if anything.
pub(super) fn of(rule: Rule) -> Option<Meaning> {
    definition(rule).meaning
}

/// Whether a text is what its rule says, beyond its form.
pub(super) fn holds(rule: Rule, text: &str) -> bool {
    match of(rule) {
        Some(Meaning::Number(least, most)) => text.parse::<i64>().is_ok_and(|value| (least..=most).contains(&value)),
        _ => form(rule).is_none_or(|holds| holds(text)),
    }
}

/// The bounds of a number, if the rule stands for one.
pub(super) fn bounds(rule: Rule) -> Option<(i64, i64)> {
    match of(rule) {
        Some(Meaning::Number(least, most)) => Some((least, most)),
        _ => None,
    }
}

/// What a word must be, by its rule.
pub(super) fn wanted(rule: Rule) -> &'static str {
    match rule {
        Rule::ipv4 => "an IPv4 address",
        Rule::ipv6 => "an IPv6 address",
        Rule::prefix4 => "an IPv4 prefix, like 10.0.0.0/8",
        Rule::prefix6 => "an IPv6 prefix, like 2001:db8::/32",
        Rule::asn => "an AS number, from 1 to 4294967295",
        Rule::metric_change => "a metric, at most 4294967295",
        _ => "an address",
    }
}

/// The command itself, out of the lists that say when FRR has it.
pub(super) fn bare(pair: Pair<'_, Rule>) -> Pair<'_, Rule> {
    match of(pair.as_rule()) {
        Some(Meaning::Since(_) | Meaning::Until(_) | Meaning::Only) => match pair.clone().into_inner().next() {
            Some(inner) => bare(inner),
            None => pair,
        },
        _ => pair,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_of_inet_pton() {
        for (rule, right, wrong) in [
            (Rule::ipv4, "10.0.0.1", "10.0.0.256"),
            (Rule::ipv6, "2001:db8::1", "2001:db8::1::2"),
            (Rule::prefix4, "10.0.0.1/08", "10.0.0.0/33"),
            (Rule::prefix6, "::/0", "::/129"),
            (Rule::asn, "4294967295", "4294967296"),
            (Rule::asn, "1.0", "01.0"),
        ] {
            assert!(holds(rule, right) && !holds(rule, wrong), "{rule:?}");
        }
    }
}
