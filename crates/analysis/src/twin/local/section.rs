//! The block that a line of `frr.conf.local` goes to.

use crate::twin::frr::config::{Config, Line};

/// Where lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Section {
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
    pub(super) fn goes_on(&self) -> bool {
        matches!(self, Self::Router(_) | Self::Family(..) | Self::Link(_))
    }

    /// The lines of the block, where it is one of the file that is generated.
    pub(super) fn lines<'c>(&self, config: &'c mut Config) -> Option<&'c mut Vec<Line>> {
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
