//! Lists beside prefix lists, which policies ask: of addresses, of AS paths, of communities. The first entry that
//! matches decides, and what none matches is denied.

use super::{Prefix, RouteTarget};
use crate::source::Span;
use std::net::{IpAddr, Ipv4Addr};

/// A list: entries by sequence number.
#[derive(Clone, Debug)]
pub struct List<W> {
    /// The entries, sorted by sequence number.
    pub entries: Vec<ListEntry<W>>,
}

impl<W> Default for List<W> {
    fn default() -> Self {
        Self { entries: vec![] }
    }
}

/// One entry of a list.
#[derive(Clone, Debug)]
pub struct ListEntry<W> {
    /// The sequence number; five behind the last unless written.
    pub sequence: u32,
    /// Whether what matches is let through.
    pub permit: bool,
    /// The line.
    pub span: Span,
    /// What it matches.
    pub wanted: W,
}

/// `access-list` or `ipv6 access-list`. Undefined, it denies all, and defined too (`access_list_apply`).
pub type AccessList = List<Addresses>;

/// `bgp as-path access-list`: regular expressions, in which `_` stands for a limit between two AS.
pub type AsPathList = List<String>;

/// `bgp community-list`, `extcommunity-list` or `large-community-list`.
pub type CommunityList = List<Communities>;

/// What an entry of an access-list matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// `any`.
    Any,
    /// A prefix and all within it; only itself with `exact-match`.
    Prefix {
        /// The prefix.
        prefix: Prefix,
        /// Whether longer ones are left out.
        exact: bool,
    },
    /// `host A`, `A` or `A WILDCARD`: addresses that are equal where the wildcard has no bits; a prefix's length does not
    /// count (`filter_match_cisco`).
    Wild(Ipv4Addr, Ipv4Addr),
    /// Anything else, by its words.
    Other(String),
}

/// What an entry of a community list matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Communities {
    /// A standard list: each of these, by its word.
    All(Vec<String>),
    /// A standard list of extended communities: each of these.
    Extended(Vec<ExtCommunity>),
    /// An expanded list: a regular expression.
    Regex(String),
}

/// An extended community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtCommunity {
    /// `rt`.
    Rt(RouteTarget),
    /// `soo`, as written.
    Soo(String),
    /// Any other, by its words.
    Other(String),
}

impl AccessList {
    /// Whether the list lets a prefix through; `None` where it depends on an entry that is not understood.
    pub fn permits(&self, prefix: Prefix) -> Option<bool> {
        for entry in &self.entries {
            if entry.wanted.holds(prefix)? {
                return Some(entry.permit);
            }
        }
        Some(false)
    }
}

impl Addresses {
    fn holds(&self, asked: Prefix) -> Option<bool> {
        Some(match self {
            Self::Any => true,
            Self::Prefix { prefix, exact } => prefix.covers(asked) && (!exact || prefix.length() == asked.length()),
            Self::Wild(address, wildcard) => match asked.network() {
                IpAddr::V4(network) => (u32::from(network) ^ u32::from(*address)) & !u32::from(*wildcard) == 0,
                IpAddr::V6(_) => false,
            },
            Self::Other(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    /// What a list of one entry, which permits, does with a prefix.
    fn permits(wanted: Addresses, prefix: &str) -> Option<bool> {
        let span = Span { file: FileId(0), start: 0, end: 0 };
        let list = AccessList { entries: vec![ListEntry { sequence: 5, permit: true, span, wanted }] };
        list.permits(prefix.parse().ok()?)
    }

    #[test]
    fn access_lists_cover_what_is_longer() {
        let wanted = |exact| Addresses::Prefix { prefix: "10.0.0.0/8".parse().unwrap(), exact };
        assert_eq!(permits(wanted(false), "10.1.0.0/16"), Some(true));
        assert_eq!(permits(wanted(true), "10.1.0.0/16"), Some(false));
        assert_eq!(permits(wanted(true), "10.0.0.0/8"), Some(true));
        assert_eq!(permits(wanted(false), "2001:db8::/32"), Some(false));
    }

    #[test]
    fn a_wildcard_leaves_bits_out() {
        let wanted = || Addresses::Wild(Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(0, 0, 255, 0));
        assert_eq!(permits(wanted(), "10.0.7.1/32"), Some(true));
        assert_eq!(permits(wanted(), "10.0.7.2/32"), Some(false));
        assert_eq!(permits(Addresses::Other("ip any any".into()), "10.0.7.2/32"), None);
        assert_eq!(AccessList::default().permits("10.0.0.0/8".parse().unwrap()), Some(false));
    }
}
