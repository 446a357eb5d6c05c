//! Route-maps and the lists they ask.

use super::{Prefix, Sourced, Vni};
use crate::source::Span;

/// A route-map: entries by sequence number. An entry that matches nothing ends in an implicit deny.
#[derive(Clone, Debug, Default)]
pub struct RouteMap {
    /// The entries, sorted by sequence number.
    pub entries: Vec<RouteMapEntry>,
}

/// `route-map NAME permit|deny N` and its block.
#[derive(Clone, Debug)]
pub struct RouteMapEntry {
    /// The sequence number, 1 to 65535.
    pub sequence: u32,
    /// Whether a route that matches is let through.
    pub permit: bool,
    /// The first line.
    pub span: Span,
    /// What a route must match, all of it.
    pub matches: Vec<Sourced<Match>>,
    /// `call NAME`.
    pub call: Option<Sourced<String>>,
    /// `on-match next` or `goto`: a match is not the end.
    pub on_match: Option<Span>,
    /// `set` lines, each by the words behind `set`, in order.
    pub sets: Vec<Sourced<String>>,
}

/// A `match` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// `ip address prefix-list NAME` and `ipv6 address prefix-list NAME`.
    PrefixList(String),
    /// `ip address NAME`: an access-list.
    AccessList(String),
    /// `interface NAME`.
    Interface(String),
    /// `evpn route-type N`.
    EvpnRouteType(u8),
    /// `evpn vni N`.
    EvpnVni(Vni),
    /// Anything else, by its first words.
    Other(String),
}

/// An `ip prefix-list` or `ipv6 prefix-list`. Undefined, FRR denies all; defined without entries, it permits all.
#[derive(Clone, Debug, Default)]
pub struct PrefixList {
    /// The entries, sorted by sequence number.
    pub entries: Vec<PrefixListEntry>,
}

/// One entry of a prefix list.
#[derive(Clone, Debug)]
pub struct PrefixListEntry {
    /// The sequence number.
    pub sequence: u32,
    /// Whether a prefix that matches is let through.
    pub permit: bool,
    /// The line.
    pub span: Span,
    /// The prefix; `None` for `any`.
    pub prefix: Option<Prefix>,
    /// At least this long.
    pub ge: Option<u8>,
    /// At most this long.
    pub le: Option<u8>,
}

impl PrefixList {
    /// Whether the list lets a prefix through (`prefix_list_apply`, lib/plist.c): the first match decides.
    pub fn permits(&self, prefix: Prefix) -> bool {
        if self.entries.is_empty() {
            return true;
        }
        self.entries.iter().find(|entry| entry.matches(prefix)).is_some_and(|entry| entry.permit)
    }
}

impl PrefixListEntry {
    /// Whether the entry speaks of a prefix.
    pub fn matches(&self, prefix: Prefix) -> bool {
        let Some(own) = self.prefix else { return true };
        own.covers(prefix)
            && match (self.ge, self.le) {
                (None, None) => prefix.length() == own.length(),
                (ge, le) => ge.is_none_or(|ge| prefix.length() >= ge) && le.is_none_or(|le| prefix.length() <= le),
            }
    }
}
