//! Route-maps and the lists they ask.

use super::{Asn, Prefix, RouteDistinguisher, RouteTarget, Sourced, Vni};
use crate::source::Span;
use std::net::{IpAddr, Ipv6Addr};

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
    /// What a route must match, all of it; none written, every route does. A `match` that FRR refuses is a fault.
    pub matches: Vec<Sourced<Match>>,
    /// `call NAME`.
    pub call: Option<Sourced<String>>,
    /// `on-match next` or `goto`, or `continue`: a match is not the end.
    pub on_match: Option<Sourced<OnMatch>>,
    /// `set` lines, in order; of each kind the last counts (`route_map_add_set`).
    pub sets: Vec<Sourced<Change>>,
}

/// Where a route goes on that an entry has let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMatch {
    /// To the next entry.
    Next,
    /// To the first entry of this number or a higher one (`route_map_apply_ext`).
    Goto(u32),
}

/// A `set` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it does.
    pub set: Set,
    /// The words behind `set`.
    pub words: String,
}

/// What a `set` line does to a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Set {
    /// `extcommunity rt …`: these are added to what is there (`route_set_ecommunity`).
    ExtCommunityRt(Vec<RouteTarget>),
    /// `extcommunity soo …`, by its words: added too.
    ExtCommunitySoo(Vec<String>),
    /// `extcommunity none`: all go, route targets among them.
    ExtCommunityNone,
    /// `extended-comm-list NAME delete`: those that the list permits go.
    ExtCommunityDelete(String),
    /// `community … [additive]`, by its words: these replace what is there, or are added.
    Community {
        /// The communities.
        values: Vec<String>,
        /// Whether those that are there stay.
        additive: bool,
    },
    /// `community none`: all go.
    CommunityNone,
    /// `comm-list NAME delete`.
    CommunityDelete(String),
    /// `large-community … [additive]`, by its words.
    LargeCommunity {
        /// The communities.
        values: Vec<String>,
        /// Whether those that are there stay.
        additive: bool,
    },
    /// `large-community none`.
    LargeCommunityNone,
    /// `large-comm-list NAME delete`.
    LargeCommunityDelete(String),
    /// `as-path prepend …`.
    AsPathPrepend(Vec<Asn>),
    /// `as-path prepend last-as N`: the neighbour's AS, so often, 1 to 10.
    AsPathPrependLast(u8),
    /// `as-path exclude …`; none are written for `all`, which empties the path.
    AsPathExclude(Vec<Asn>),
    /// `as-path replace WHAT [BY]`: what is replaced, every AS where there is none, and by which AS, our own where there
    /// is none.
    AsPathReplace(Option<Asn>, Option<Asn>),
    /// `ip next-hop`.
    NextHop(NextHop),
    /// `ipv6 next-hop global`.
    NextHop6Global(Ipv6Addr),
    /// `ipv6 next-hop local`.
    NextHop6Local(Ipv6Addr),
    /// `ipv6 next-hop peer-address`.
    NextHop6Peer,
    /// `src`: the source address that the kernel uses.
    Src(IpAddr),
    /// `evpn gateway-ip`.
    EvpnGatewayIp(IpAddr),
    /// `local-preference`, by its word: a number, or a change of it.
    LocalPreference(String),
    /// `metric`, by its word: a number, a change of it, or what it is taken from.
    Metric(String),
    /// `weight`.
    Weight(u32),
    /// `tag`; 0 for `untagged`.
    Tag(u32),
    /// `distance`.
    Distance(u8),
    /// Anything else, which [`Change::words`] tells.
    Other,
}

/// `set ip next-hop`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextHop {
    /// This address.
    Address(IpAddr),
    /// `peer-address`: the peer's on the way in, our own on the way out.
    Peer,
    /// `unchanged`.
    Unchanged,
}

/// A `match` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// `ip address prefix-list NAME`.
    PrefixList(String),
    /// `ipv6 address prefix-list NAME`.
    PrefixList6(String),
    /// `ip address NAME`: an access-list.
    AccessList(String),
    /// `ipv6 address NAME`.
    AccessList6(String),
    /// `ip address prefix-len N`, at most 32.
    PrefixLength(u8),
    /// `ipv6 address prefix-len N`, at most 128.
    PrefixLength6(u8),
    /// `ip next-hop prefix-list NAME`.
    NextHopPrefixList(String),
    /// `ipv6 next-hop prefix-list NAME`.
    NextHopPrefixList6(String),
    /// `ip next-hop address` and `ipv6 next-hop address`.
    NextHop(IpAddr),
    /// `interface NAME`.
    Interface(String),
    /// `as-path NAME`.
    AsPath(String),
    /// `community NAME`.
    Community(String, How),
    /// `extcommunity NAME`.
    ExtCommunity(String, How),
    /// `large-community NAME`.
    LargeCommunity(String, How),
    /// `peer X`: who sends the route, or who is told it; by the word, an address, an interface or `local`.
    Peer(String),
    /// `tag N`; 0 for `untagged`.
    Tag(u32),
    /// `source-protocol P`.
    SourceProtocol(String),
    /// `source-vrf NAME`.
    SourceVrf(String),
    /// `local-preference N`.
    LocalPreference(u32),
    /// `metric N`.
    Metric(u32),
    /// `origin igp`, `egp` or `incomplete`.
    Origin(String),
    /// `evpn route-type N`.
    EvpnRouteType(u8),
    /// `evpn vni N`.
    EvpnVni(Vni),
    /// `evpn rd RD`.
    EvpnRd(RouteDistinguisher),
    /// `evpn default-route`.
    EvpnDefaultRoute,
    /// Anything else, by its first words.
    Other(String),
}

impl Match {
    /// The words in front of the value.
    pub fn words(&self) -> &str {
        match self {
            Self::PrefixList(_) => "ip address prefix-list",
            Self::PrefixList6(_) => "ipv6 address prefix-list",
            Self::AccessList(_) => "ip address",
            Self::AccessList6(_) => "ipv6 address",
            Self::PrefixLength(_) => "ip address prefix-len",
            Self::PrefixLength6(_) => "ipv6 address prefix-len",
            Self::NextHopPrefixList(_) => "ip next-hop prefix-list",
            Self::NextHopPrefixList6(_) => "ipv6 next-hop prefix-list",
            Self::NextHop(IpAddr::V4(_)) => "ip next-hop address",
            Self::NextHop(IpAddr::V6(_)) => "ipv6 next-hop",
            Self::Interface(_) => "interface",
            Self::AsPath(_) => "as-path",
            Self::Community(..) => "community",
            Self::ExtCommunity(..) => "extcommunity",
            Self::LargeCommunity(..) => "large-community",
            Self::Peer(_) => "peer",
            Self::Tag(_) => "tag",
            Self::SourceProtocol(_) => "source-protocol",
            Self::SourceVrf(_) => "source-vrf",
            Self::LocalPreference(_) => "local-preference",
            Self::Metric(_) => "metric",
            Self::Origin(_) => "origin",
            Self::EvpnRouteType(_) => "evpn route-type",
            Self::EvpnVni(_) => "evpn vni",
            Self::EvpnRd(_) => "evpn rd",
            Self::EvpnDefaultRoute => "evpn default-route",
            Self::Other(words) => words,
        }
    }
}

/// How a route's communities are held against a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// Without a word: all that an entry names must be there.
    #[default]
    All,
    /// `exact-match`: just those, and no others.
    Exact,
    /// `any` (FRR 9.1 and later): one of them is enough.
    Any,
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
