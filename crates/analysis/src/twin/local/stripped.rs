//! The merge up to 1.2.

use super::{
    known::Known,
    section::Section,
    words::{Raw, bgp, entry, exclaimed, list, outside},
};
use crate::twin::{
    frr::config::{Config, Entry, Line, ListKind, Router},
    generator::Generation,
};
use evpnlint_core::{
    model::twin::{InOpenBlock, LocalFate, LocalLine, Loss},
    source::Span,
};

struct Merge<'m> {
    generation: Generation,
    known: &'m Known,
    config: &'m mut Config,
    section: Section,
    /// What stands behind the last `router`, until an `exit`.
    router: Option<String>,
    /// The entry that is open, and the positions of its lines.
    entry: Option<(Entry, Vec<usize>)>,
    /// The line that opened the block, and whether it has been left by its looks.
    opener: Option<(Span, bool)>,
    told: Vec<LocalLine>,
}

/// Merges the lines.
pub(super) fn merge(generation: Generation, lines: Vec<Raw>, known: &Known, config: &mut Config) -> Vec<LocalLine> {
    let (section, router, entry, opener, told) = (Section::Lost, None, None, None, vec![]);
    let mut merge = Merge { generation, known, config, section, router, entry, opener, told };
    for raw in lines {
        let fate = merge.line(Raw { text: raw.text.trim_start(), ..raw });
        merge.told.push(LocalLine { span: raw.span, fate });
    }
    merge.forget();
    merge.told
}

impl Merge<'_> {
    fn line(&mut self, raw: Raw) -> LocalFate {
        let line = raw.text;
        let is_late = self.generation >= Generation::Late;
        if let Some(fate) = self.header(raw) {
            self.opener = Some((raw.span, false));
            return fate;
        }
        if is_late && line.starts_with("bgp community-list ") {
            self.config.custom.push(Line::new(line, Some(raw.span)));
            return LocalFate::Kept;
        }
        if let Some((_, family)) = line.split_once("address-family ").filter(|(_, family)| !family.is_empty()) {
            let key = self.router.clone().unwrap_or_default();
            let router = self.config.routers.entry(key.clone()).or_default();
            router.families.entry(family.to_owned()).or_default();
            self.section = Section::Family(key, family.to_owned());
            return LocalFate::Kept;
        }
        let kinds = [ListKind::Access, ListKind::Prefix, ListKind::Prefix6];
        for kind in kinds.into_iter().filter(|kind| is_late || *kind != ListKind::Prefix6) {
            if let Some((name, sequence, rule)) = list(line, kind.words()) {
                self.config.list(kind, name, sequence, rule, Some(raw.span));
                return LocalFate::Kept;
            }
        }
        match line {
            // The address family stays open.
            "exit-address-family" => LocalFate::NothingToKeep,
            "exit" => self.exit(),
            _ if line.contains('!') => exclaimed(line),
            _ => self.inside(raw),
        }
    }

    /// A line that opens a block.
    fn header(&mut self, raw: Raw) -> Option<LocalFate> {
        let line = raw.text;
        let because = Some(raw.span);
        if let Some(key) = line.strip_prefix("router ") {
            self.router = Some(key.to_owned());
            let routers = &mut self.config.routers;
            routers.entry(key.to_owned()).or_insert_with(|| Router { because, ..Router::default() });
            self.section = Section::Router(key.to_owned());
            return Some(bgp(key).map_or(LocalFate::Kept, |(asn, vrf)| self.known.router(asn, vrf)));
        }
        if let Some(vrf) = line.strip_prefix("vrf ") {
            self.config.vrfs.entry(vrf.to_owned()).or_default();
            self.section = Section::Vrf(vrf.to_owned());
            return Some(LocalFate::Kept);
        }
        if let Some(link) = line.strip_prefix("interface ").filter(|_| self.generation >= Generation::Late) {
            self.config.links.entry(link.to_owned()).or_default();
            self.section = Section::Link(link.to_owned());
            return Some(LocalFate::Kept);
        }
        let (map, action) = entry(line)?;
        self.forget();
        self.entry = Some((Entry::new(action, because, None), vec![self.told.len()]));
        self.section = Section::Map(map.to_owned());
        Some(LocalFate::Kept)
    }

    fn exit(&mut self) -> LocalFate {
        if self.router.take().is_some() {
            self.section = Section::Lost;
        } else if let (Some((entry, lines)), Section::Map(map)) = (self.entry.take(), &self.section) {
            let entries = self.config.maps.entry(map.clone()).or_default();
            let is_idle = entry.lines.is_empty() && entry.action == "permit";
            entries.push(entry);
            let fate = self.known.entry(map, entries.len());
            if let Some(told) = lines.first().and_then(|at| self.told.get_mut(*at)).filter(|_| !is_idle) {
                told.fate = fate;
            }
            self.section = Section::Lost;
        }
        // The end of a VRF or an interface is not seen: what follows still goes into it.
        self.opener = self.opener.map(|(opener, _)| (opener, true));
        LocalFate::NothingToKeep
    }

    /// Any other line.
    fn inside(&mut self, raw: Raw) -> LocalFate {
        let line = Line::new(raw.text, Some(raw.span));
        if let Some((entry, lines)) = &mut self.entry {
            entry.lines.push(line);
            lines.push(self.told.len());
            return LocalFate::Kept;
        }
        if matches!(self.section, Section::Lost | Section::Map(_)) {
            return outside(raw.text);
        }
        if let Some(into) = self.section.lines(self.config) {
            into.push(line);
        }
        match (&self.section, self.opener) {
            (Section::Vrf(_), Some((opener, true))) => {
                LocalFate::InOpenBlock(InOpenBlock { opener, ends_early: false })
            }
            (Section::Vrf(vrf), _) => self.known.in_vrf(vrf, raw.text),
            _ => LocalFate::Kept,
        }
    }

    /// An entry that no `exit` has ended goes.
    fn forget(&mut self) {
        for at in self.entry.take().into_iter().flat_map(|(_, lines)| lines) {
            if let Some(told) = self.told.get_mut(at) {
                told.fate = LocalFate::Lost(Loss::Unclosed);
            }
        }
    }
}
