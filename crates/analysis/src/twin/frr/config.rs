//! `frr.conf` before it is text: blocks by their openers, as the generator keeps them until it has merged the user's
//! lines.

use crate::twin::{draft::Draft, seat::Seat};
use evpnlint_core::source::Span;
use std::collections::BTreeMap;

/// A line without its indentation, with what it comes of.
#[derive(Clone, Debug)]
pub(in crate::twin) struct Line {
    /// Its words; leading blanks are the user's own.
    pub text: String,
    /// What it comes of.
    pub because: Option<Span>,
}

/// `router bgp …` or `router isis …`.
#[derive(Debug, Default)]
pub(in crate::twin) struct Router {
    /// What its first line comes of.
    pub because: Option<Span>,
    /// The lines before the address families.
    pub lines: Vec<Line>,
    /// The address families by name.
    pub families: BTreeMap<String, Vec<Line>>,
}

/// An entry of a route-map.
#[derive(Debug)]
pub(in crate::twin) struct Entry {
    /// `permit` or `deny`.
    pub action: &'static str,
    /// Its number; otherwise its place, from 1.
    pub sequence: Option<usize>,
    /// What it matches and sets.
    pub lines: Vec<Line>,
    /// What its first line comes of.
    pub because: Option<Span>,
}

/// Which kind of list, by its first words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::twin) enum ListKind {
    Prefix,
    Prefix6,
    Access,
}

impl ListKind {
    /// The words before a name.
    pub(in crate::twin) fn words(self) -> &'static str {
        match self {
            Self::Prefix => "ip prefix-list",
            Self::Prefix6 => "ipv6 prefix-list",
            Self::Access => "access-list",
        }
    }
}

/// All of the file but its header and its end.
#[derive(Debug, Default)]
pub(in crate::twin) struct Config {
    /// `vrf` blocks by name.
    pub vrfs: BTreeMap<String, Vec<Line>>,
    /// Routers by what stands behind `router`.
    pub routers: BTreeMap<String, Router>,
    /// Lists of extended communities.
    pub communities: Vec<Line>,
    /// The interfaces of the isis controller, by name.
    pub links: BTreeMap<String, Vec<Line>>,
    /// Entries of lists by kind, name and sequence number.
    pub lists: BTreeMap<(ListKind, String, String), Line>,
    /// Lines of the user's that found no generated block.
    pub custom: Vec<Line>,
    /// The routers and interfaces of fabrics.
    pub fabrics: Vec<Line>,
    /// The access-lists of fabrics.
    pub access: Vec<Line>,
    /// Route-maps by name.
    pub maps: BTreeMap<String, Vec<Entry>>,
    /// Static routes of the default VRF.
    pub routes: Vec<Line>,
    /// `ip protocol …` by protocol.
    pub protocols: BTreeMap<String, Line>,
}

impl Line {
    /// A line.
    pub(in crate::twin) fn new(text: impl Into<String>, because: Option<Span>) -> Self {
        Self { text: text.into(), because }
    }
}

impl Entry {
    /// An entry that is numbered by its place.
    pub(in crate::twin) fn new(
        action: &'static str,
        because: Option<Span>,
        lines: impl IntoIterator<Item = String>,
    ) -> Self {
        let lines = lines.into_iter().map(|line| Line::new(line, because)).collect();
        Self { action, sequence: None, lines, because }
    }

    /// Whether it lets every route through, as the generated list of loopbacks does unless the user has added to it.
    pub(in crate::twin) fn is_open(&self, is_listed: bool) -> bool {
        let is_all = |line: &Line| !is_listed && line.text == "match ip address prefix-list loopbacks_ips";
        let mut matches = self.lines.iter().filter(|line| !line.text.starts_with("set "));
        self.action == "permit" && matches.all(is_all)
    }
}

impl Router {
    /// More lines before the address families.
    pub(in crate::twin) fn say(&mut self, because: Option<Span>, lines: impl IntoIterator<Item = String>) {
        self.lines.extend(lines.into_iter().map(|line| Line::new(line, because)));
    }

    /// More lines of an address family.
    pub(in crate::twin) fn family(
        &mut self,
        family: &str,
        because: Option<Span>,
        lines: impl IntoIterator<Item = String>,
    ) {
        let own = self.families.entry(family.to_owned()).or_default();
        own.extend(lines.into_iter().map(|line| Line::new(line, because)));
    }
}

impl Config {
    /// The `router bgp` of the default VRF, by what stands behind `router`.
    pub(in crate::twin) fn default_router(&self) -> Option<&str> {
        let is_default = |key: &&String| key.strip_prefix("bgp ").is_some_and(|asn| !asn.contains(' '));
        self.routers.keys().find(is_default).map(String::as_str)
    }

    /// Another entry of a list.
    pub(in crate::twin) fn list(
        &mut self,
        kind: ListKind,
        name: &str,
        sequence: &str,
        rule: &str,
        because: Option<Span>,
    ) {
        let line = Line::new(format!("{} {name} seq {sequence} {rule}", kind.words()), because);
        self.lists.insert((kind, name.to_owned(), sequence.to_owned()), line);
    }

    /// `ip protocol … route-map …`, of which each protocol has one.
    pub(in crate::twin) fn protocol(&mut self, protocol: &str, map: &str, because: Option<Span>) {
        let line = Line::new(format!("{protocol} route-map {map}"), because);
        self.protocols.insert(protocol.to_owned(), line);
    }

    /// The whole file.
    pub(in crate::twin) fn render(&self, seat: &Seat) -> Draft {
        let mut draft = Draft::default();
        let version = seat.node.frr.as_ref().and_then(|frr| frr.version.as_ref());
        // A constant of the generator, which is told by what stands there.
        if let Some(version) = version {
            draft.line(format_args!("frr version {version}"), None);
        }
        draft.line("frr defaults datacenter", None);
        draft.line(format_args!("hostname {}", seat.node.name), None);
        draft.line("log syslog informational", None);
        draft.line("service integrated-vtysh-config", None);
        self.vrfs.iter().for_each(|(name, lines)| block(&mut draft, &format!("vrf {name}"), None, lines, "exit-vrf"));
        self.routers.iter().for_each(|(name, router)| router.render(name, &mut draft));
        plain(&mut draft, &self.communities);
        let links = self.links.iter();
        links.for_each(|(name, lines)| block(&mut draft, &format!("interface {name}"), None, lines, "exit"));
        plain(&mut draft, self.lists.values());
        plain(&mut draft, &self.custom);
        plain(&mut draft, &self.fabrics);
        plain(&mut draft, &self.access);
        for (name, entries) in &self.maps {
            for (at, entry) in entries.iter().enumerate() {
                let opener = format!("route-map {name} {} {}", entry.action, entry.sequence.unwrap_or(at + 1));
                block(&mut draft, &opener, entry.because, &entry.lines, "exit");
            }
        }
        plain(&mut draft, &self.routes);
        plain(&mut draft, self.protocols.values());
        ["!", "line vty", "!"].into_iter().for_each(|line| draft.line(line, None));
        draft
    }
}

impl Router {
    fn render(&self, name: &str, draft: &mut Draft) {
        draft.line("!", None);
        draft.line(format_args!("router {name}"), self.because);
        self.lines.iter().for_each(|line| draft.line(format_args!(" {}", line.text), line.because));
        for (family, lines) in &self.families {
            draft.line(" !", None);
            draft.line(format_args!(" address-family {family}"), lines.iter().find_map(|line| line.because));
            lines.iter().for_each(|line| draft.line(format_args!("  {}", line.text), line.because));
            draft.line(" exit-address-family", None);
        }
        draft.line("exit", None);
    }
}

/// A block; its opener comes of what its first line does, unless something else is known.
fn block(draft: &mut Draft, opener: &str, because: Option<Span>, lines: &[Line], closer: &str) {
    draft.line("!", None);
    draft.line(opener, because.or_else(|| lines.iter().find_map(|line| line.because)));
    lines.iter().for_each(|line| draft.line(format_args!(" {}", line.text), line.because));
    draft.line(closer, None);
}

fn plain<'l>(draft: &mut Draft, lines: impl IntoIterator<Item = &'l Line>) {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        draft.line("!", None);
    }
    lines.for_each(|line| draft.line(&line.text, line.because));
}
