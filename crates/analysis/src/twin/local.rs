//! `frr.conf.local`: the user's own lines, merged into what is generated, line by line as `append_local_config` of
//! `PVE::Network::SDN::Frr` does it.
//!
//! | file | what it does |
//! |---|---|
//! | `templates.rs` | 1.3 and later: lines keep their blanks, and what finds no generated block stands in a part of its own |
//! | `stripped.rs` | up to 1.2: lines lose their blanks, and blocks are merged by name |

use super::{
    frr::config::{Config, Line},
    generator::Generation,
};
use evpnlint_core::{
    model::twin::{LocalFate, LocalLine, Loss, SecondRouter, SecondVni, Unreachable},
    source::Span,
};
use std::collections::BTreeMap;

pub(super) use settle::settle;

mod settle;
mod stripped;
mod templates;
#[cfg(test)]
mod tests;

/// Merges the text, which stands at `place`, and tells what becomes of each of its lines.
pub(super) fn merge(generation: Generation, place: Span, text: &str, config: &mut Config) -> Vec<LocalLine> {
    let known = Known::new(text, config);
    let lines = lines(place, text);
    if generation >= Generation::Templates {
        templates::merge(lines, &known, config)
    } else {
        stripped::merge(generation, lines, &known, config)
    }
}

/// A line of the file that is not blank.
#[derive(Clone, Copy)]
struct Raw<'t> {
    /// Without the blanks at its end.
    text: &'t str,
    span: Span,
}

impl Raw<'_> {
    fn is_indented(&self) -> bool {
        self.text.starts_with(char::is_whitespace)
    }
}

fn lines(place: Span, text: &str) -> Vec<Raw<'_>> {
    let at = |line: &str| {
        let span = Span::of(place.file, text, line);
        Span { start: span.start + place.start, end: span.end + place.start, ..span }
    };
    let lines = text.lines().map(|line| line.trim_end());
    lines.filter(|line| !line.is_empty()).map(|line| Raw { text: line, span: at(line.trim_start()) }).collect()
}

/// Where lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Section {
    /// Nowhere: they are lost.
    Lost,
    /// A generated router, by what stands behind `router`.
    Router(String),
    /// An address family of one.
    Family(String, String),
    Vrf(String),
    Link(String),
    /// The part that is the user's own (1.3 and later).
    Custom,
    /// An entry of a route-map, which each merge keeps for itself until it is whole.
    Map(String),
}

impl Section {
    /// Whether it is a generated block in which generated lines follow, or whose end FRR would stumble over.
    fn goes_on(&self) -> bool {
        matches!(self, Self::Router(_) | Self::Family(..) | Self::Link(_))
    }

    /// The lines of the block, where it is one of the file that is generated.
    fn lines<'c>(&self, config: &'c mut Config) -> Option<&'c mut Vec<Line>> {
        match self {
            Self::Lost | Self::Map(_) => None,
            Self::Router(key) => config.routers.get_mut(key).map(|router| &mut router.lines),
            Self::Family(key, family) => config.routers.get_mut(key)?.families.get_mut(family),
            Self::Vrf(vrf) => config.vrfs.get_mut(vrf),
            Self::Link(link) => config.links.get_mut(link),
            Self::Custom => Some(&mut config.custom),
        }
    }
}

/// What was generated before the first line is merged.
struct Known {
    /// The AS number of each VRF's router, the default one under the empty name.
    routers: BTreeMap<String, (String, Option<Span>)>,
    /// The L3VNI of each VRF.
    vnis: BTreeMap<String, (String, Option<Span>)>,
    /// How many entries each route-map has, and which of them is the first that lets everything through.
    maps: BTreeMap<String, (usize, Option<usize>)>,
}

impl Known {
    fn new(text: &str, config: &Config) -> Self {
        let routers = config.routers.iter().filter_map(|(key, router)| {
            let (asn, vrf) = bgp(key)?;
            Some((vrf.to_owned(), (asn.to_owned(), router.because)))
        });
        let vnis = config.vrfs.iter().filter_map(|(name, lines)| {
            let (vni, because) = lines.iter().find_map(|line| Some((line.text.strip_prefix("vni ")?, line.because)))?;
            Some((name.clone(), (vni.to_owned(), because)))
        });
        // Whoever adds to the list of loopbacks decides himself what its route-map lets through.
        let is_listed = text.contains("prefix-list loopbacks_ips");
        let maps = config.maps.iter().map(|(name, entries)| {
            let open = entries.iter().position(|entry| entry.is_open(is_listed));
            (name.clone(), (entries.len(), open.map(|at| at + 1)))
        });
        Self { routers: routers.collect(), vnis: vnis.collect(), maps: maps.collect() }
    }

    /// Whether there is a router for that VRF with that AS number.
    fn has_router(&self, asn: &str, vrf: &str) -> bool {
        self.routers.get(vrf).is_some_and(|(own, _)| own == asn)
    }

    /// What becomes of a line that opens a `router bgp`.
    fn router(&self, asn: &str, vrf: &str) -> LocalFate {
        match self.routers.get(vrf) {
            Some((generated, because)) if generated != asn => LocalFate::SecondRouter(SecondRouter {
                asn: asn.to_owned(),
                generated: generated.clone(),
                vrf: vrf.to_owned(),
                because: *because,
            }),
            _ => LocalFate::Kept,
        }
    }

    /// What becomes of a line in a generated VRF.
    fn in_vrf(&self, vrf: &str, line: &str) -> LocalFate {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (words.as_slice(), self.vnis.get(vrf)) {
            (["vni", vni, ..], Some((generated, because))) if vni != generated => LocalFate::SecondVni(SecondVni {
                vrf: vrf.to_owned(),
                vni: (*vni).to_owned(),
                generated: generated.clone(),
                because: *because,
            }),
            _ => LocalFate::Kept,
        }
    }

    /// What becomes of an entry of a route-map that gets that number.
    fn entry(&self, map: &str, sequence: usize) -> LocalFate {
        match self.maps.get(map) {
            Some((_, Some(catch_all))) => {
                LocalFate::BehindCatchAll(Unreachable { map: map.to_owned(), sequence, catch_all: *catch_all })
            }
            _ => LocalFate::Kept,
        }
    }
}

/// The AS number and the VRF, empty for the default one, of what stands behind `router`.
fn bgp(key: &str) -> Option<(&str, &str)> {
    let words = key.strip_prefix("bgp ")?;
    let (asn, vrf) = words.split_once(" vrf ").unwrap_or((words, ""));
    let vrf = if vrf == "default" { "" } else { vrf };
    (!asn.contains(char::is_whitespace)).then_some((asn, vrf))
}

/// The name and the action of `route-map NAME permit|deny N`.
fn entry(line: &str) -> Option<(&str, &'static str)> {
    let rest = line.strip_prefix("route-map ")?;
    let of = |action: &'static str| {
        let word = format!(" {action} ");
        let at = rest.rfind(&word).filter(|at| *at > 0)?;
        let is_numbered = rest[at + word.len()..].starts_with(|c: char| c.is_ascii_digit());
        is_numbered.then_some((&rest[..at], action))
    };
    of("permit").or_else(|| of("deny"))
}

/// The name, the sequence number and the rule of an entry of a list that begins with these words.
fn list<'l>(line: &'l str, words: &str) -> Option<(&'l str, &'l str, &'l str)> {
    let rest = line.strip_prefix(words)?.strip_prefix(' ')?;
    let (name, rest) = rest.rsplit_once(" seq ")?;
    let (sequence, rule) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_number = !sequence.is_empty() && sequence.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !name.is_empty()).then_some((name, sequence, rule))
}

/// What becomes of a line outside all blocks that begins none and is no entry of a list.
fn outside(line: &str) -> LocalFate {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [first, ..] if first.starts_with(['!', '#']) => LocalFate::NothingToKeep,
        ["ip" | "ipv6", "prefix-list", _, "permit" | "deny", ..] | ["access-list", _, "permit" | "deny", ..] => {
            LocalFate::Lost(Loss::Sequence)
        }
        _ => LocalFate::Lost(Loss::TopLevel),
    }
}

/// What becomes of a line with an exclamation mark.
fn exclaimed(line: &str) -> LocalFate {
    match line.trim_start().starts_with(['!', '#']) {
        true => LocalFate::NothingToKeep,
        false => LocalFate::Lost(Loss::Exclamation),
    }
}
