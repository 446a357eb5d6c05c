//! The merge of 1.3 and later.

use super::{
    known::Known,
    section::Section,
    words::{Raw, bgp, entry, exclaimed, list, outside},
};
use crate::twin::frr::config::{Config, Line};
use evpnlint_core::{
    model::twin::{InOpenBlock, LocalFate, LocalLine},
    source::Span,
};
use std::collections::BTreeMap;

struct Merge<'m> {
    known: &'m Known,
    config: &'m mut Config,
    /// The entries of route-maps, which are numbered at the end; of a header, the position of its line.
    maps: BTreeMap<String, Vec<(Line, Option<usize>)>>,
    section: Section,
    /// The AS number and the VRF of the last `router bgp`.
    bgp: Option<(String, String)>,
    /// The block of the user's own that waits for its `exit`.
    waiting: Option<Span>,
    /// Whether an address family is open that is written out as the user has it.
    is_raw_family: bool,
    /// The line that opened the block, and whether a line in it was indented.
    opener: Option<(Span, bool)>,
    /// Set where an address family's end has led out of its router.
    astray: Option<Span>,
    told: Vec<LocalLine>,
}

/// Merges the lines.
pub(super) fn merge(lines: Vec<Raw>, known: &Known, config: &mut Config) -> Vec<LocalLine> {
    let mut merge = Merge {
        known,
        config,
        maps: BTreeMap::new(),
        section: Section::Lost,
        bgp: None,
        waiting: None,
        is_raw_family: false,
        opener: None,
        astray: None,
        told: vec![],
    };
    for line in lines {
        let fate = merge.line(line);
        merge.told.push(LocalLine { span: line.span, fate });
    }
    merge.number()
}

impl Merge<'_> {
    fn line(&mut self, raw: Raw) -> LocalFate {
        let line = raw.text;
        if let Some(fate) = self.header(raw) {
            self.opener = Some((raw.span, false));
            self.astray = None;
            return fate;
        }
        if line.strip_prefix("bgp community-list ").is_some()
            || ["access-list", "ip prefix-list", "ipv6 prefix-list"].iter().any(|words| list(line, words).is_some())
        {
            self.config.custom.push(Line::new(line, Some(raw.span)));
            return LocalFate::Kept;
        }
        if let Some((_, family)) = line.split_once("address-family ").filter(|(_, family)| !family.is_empty())
            && !line.ends_with("exit-address-family")
        {
            self.family(raw, family);
            return LocalFate::Kept;
        }
        if line.ends_with("exit-address-family") {
            self.end_family(raw);
            return LocalFate::NothingToKeep;
        }
        if line.starts_with("exit") {
            return self.exit(raw);
        }
        if line.contains('!') {
            return exclaimed(line);
        }
        self.inside(raw)
    }

    /// A line that opens a block.
    fn header(&mut self, raw: Raw) -> Option<LocalFate> {
        let line = raw.text;
        if let Some(router) = line.strip_prefix("router ") {
            if let Some((asn, vrf)) = bgp(router) {
                self.bgp = Some((asn.to_owned(), vrf.to_owned()));
                let key = self.known.has_router(asn, vrf).then(|| router_key(asn, vrf));
                self.open(raw, key.map(Section::Router));
                return Some(self.known.router(asn, vrf));
            }
            let is_known = router.starts_with("isis ") && self.config.routers.contains_key(router);
            self.open(raw, is_known.then(|| Section::Router(router.to_owned())));
        } else if let Some(vrf) = line.strip_prefix("vrf ") {
            let is_known = self.config.vrfs.contains_key(vrf);
            self.open(raw, is_known.then(|| Section::Vrf(vrf.to_owned())));
        } else if let Some(link) = line.strip_prefix("interface ") {
            let is_known = self.config.links.contains_key(link);
            self.open(raw, is_known.then(|| Section::Link(link.to_owned())));
        } else {
            let (map, action) = entry(line)?;
            self.waiting = Some(raw.span);
            let header = Line::new(format!("route-map {map} {action}"), Some(raw.span));
            self.maps.entry(map.to_owned()).or_default().push((header, Some(self.told.len())));
            self.section = Section::Map(map.to_owned());
        }
        Some(LocalFate::Kept)
    }

    /// Opens a generated block, or one of the user's own.
    fn open(&mut self, raw: Raw, generated: Option<Section>) {
        match generated {
            Some(section) => self.section = section,
            None => {
                self.waiting = Some(raw.span);
                self.config.custom.push(Line::new(raw.text, Some(raw.span)));
                self.section = Section::Custom;
            }
        }
    }

    fn family(&mut self, raw: Raw, family: &str) {
        self.astray = None;
        let router = self.bgp.as_ref().filter(|(asn, vrf)| self.known.has_router(asn, vrf));
        let router = router.map(|(asn, vrf)| router_key(asn, vrf));
        let has_family =
            |key: &String| self.config.routers.get(key).is_some_and(|router| router.families.contains_key(family));
        match router {
            Some(key) if has_family(&key) => self.section = Section::Family(key, family.to_owned()),
            other => {
                self.is_raw_family = true;
                self.section = other.map_or(Section::Custom, Section::Router);
                self.push(Line::new(format!(" address-family {family}"), Some(raw.span)));
            }
        }
    }

    fn end_family(&mut self, raw: Raw) {
        if self.is_raw_family {
            self.push(Line::new(raw.text, Some(raw.span)));
            // What follows is written behind all generated routers, whichever router this was.
            if matches!(self.section, Section::Router(_)) {
                self.astray = Some(raw.span);
            }
            self.section = Section::Custom;
        } else {
            let vrf = self.bgp.as_ref().map(|(_, vrf)| vrf);
            let asn = vrf.and_then(|vrf| self.known.routers.get(vrf));
            let key = vrf.zip(asn).map(|(vrf, (asn, _))| router_key(asn, vrf));
            self.section = key.map_or(Section::Lost, Section::Router);
        }
        self.is_raw_family = false;
    }

    fn exit(&mut self, raw: Raw) -> LocalFate {
        let waiting = self.waiting.take();
        let fate = match waiting {
            Some(opener) if self.section.goes_on() => LocalFate::EndsBlockEarly(opener),
            _ => LocalFate::NothingToKeep,
        };
        if waiting.is_some() {
            self.push(Line::new(raw.text, Some(raw.span)));
            self.push(Line::new("!", None));
        }
        (self.section, self.bgp, self.opener, self.astray) = (Section::Lost, None, None, None);
        fate
    }

    /// Any other line.
    fn inside(&mut self, raw: Raw) -> LocalFate {
        let section = self.section.clone();
        if section == Section::Lost {
            return outside(raw.text);
        }
        self.push(Line::new(raw.text, Some(raw.span)));
        if let Some(end) = self.astray {
            return LocalFate::OutsideRouter(end);
        }
        let Some((opener, was_indented)) = self.opener else { return LocalFate::Kept };
        if was_indented && !raw.is_indented() {
            return LocalFate::InOpenBlock(InOpenBlock { opener, ends_early: section.goes_on() });
        }
        self.opener = Some((opener, was_indented || raw.is_indented()));
        match &section {
            Section::Vrf(vrf) => self.known.in_vrf(vrf, raw.text),
            _ => LocalFate::Kept,
        }
    }

    fn push(&mut self, line: Line) {
        if let Section::Map(map) = &self.section {
            self.maps.entry(map.clone()).or_default().push((line, None));
        } else if let Some(into) = self.section.lines(self.config) {
            into.push(line);
        }
    }

    /// Entries of route-maps are numbered behind the generated ones of the same name, whatever their own numbers.
    fn number(mut self) -> Vec<LocalLine> {
        for (name, lines) in self.maps {
            let mut sequence = self.known.maps.get(&name).map_or(0, |(entries, _)| *entries);
            let says = |line: Option<&(Line, Option<usize>)>| {
                line.is_some_and(|(line, header)| {
                    header.is_none() && line.text != "!" && !line.text.starts_with("exit")
                })
            };
            let says: Vec<bool> = (1..=lines.len()).map(|next| says(lines.get(next))).collect();
            for ((mut line, header), says) in lines.into_iter().zip(says) {
                if let Some(at) = header {
                    sequence += 1;
                    let is_idle = !says && line.text.ends_with(" permit");
                    line.text = format!("{} {sequence}", line.text);
                    if let Some(told) = self.told.get_mut(at).filter(|_| !is_idle) {
                        told.fate = self.known.entry(&name, sequence);
                    }
                }
                self.config.custom.push(line);
            }
        }
        self.told
    }
}

fn router_key(asn: &str, vrf: &str) -> String {
    if vrf.is_empty() { format!("bgp {asn}") } else { format!("bgp {asn} vrf {vrf}") }
}
