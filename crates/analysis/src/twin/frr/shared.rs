//! What all fabrics of a node share: the numbers of route-map entries, the routers, and the entries that set a source.

use super::config::{Config, Entry, Line};
use crate::twin::{generator::Generation, seat::Seat};
use evpnlint_core::{
    model::{
        InterfaceAddress, Sourced,
        intent::{Redistribution, SdnFabric},
    },
    source::Span,
};
use std::{collections::BTreeMap, net::IpAddr};

/// What all fabrics of a node share.
#[derive(Default)]
pub(super) struct Shared {
    /// How many entries their route-maps have so far: numbers run through all of them.
    entries: usize,
    /// The first openfabric fabric's network entity title, which all of them use.
    pub(super) net: Option<String>,
    /// The first ospf fabric's address, the id of the only router.
    pub(super) router_id: Option<IpAddr>,
    /// The routers, before all interfaces.
    pub(super) routers: Vec<Line>,
    pub(super) openfabric: BTreeMap<String, Vec<Line>>,
    pub(super) ospf: BTreeMap<String, Vec<Line>>,
}

impl Shared {
    /// The next number of an entry: 100, 110 …
    pub(super) fn sequence(&mut self) -> usize {
        self.entries += 1;
        90 + 10 * self.entries
    }
}

/// A `redistribute` line.
pub(super) fn redistribute(from: &Redistribution) -> String {
    let metric = from.metric.iter().map(|metric| format!(" metric {metric}"));
    let map = from.route_map.iter().map(|map| format!(" route-map {map}"));
    std::iter::once(format!("redistribute {}", from.source)).chain(metric).chain(map).collect()
}

/// The entry that gives routes of a fabric the node's address there as their source.
pub(super) struct Source<'m> {
    pub map: &'static str,
    /// The access-list of the fabric's prefix.
    pub list: String,
    pub own: &'m Sourced<IpAddr>,
    pub prefix: Option<&'m Sourced<InterfaceAddress>>,
    pub is_v6: bool,
}

impl Source<'_> {
    pub(super) fn write(&self, seat: &Seat, fabric: &SdnFabric, shared: &mut Shared, config: &mut Config) {
        let family = if self.is_v6 { "ipv6" } else { "ip" };
        let filter = fabric.route_filter.as_ref().filter(|_| seat.generation >= Generation::Newest);
        let mut lines = vec![];
        if let Some(filter) = filter {
            lines.push(Line::new(format!("match {family} address prefix-list {filter}"), filter.span()));
        } else if let Some(prefix) = self.prefix {
            self.access(prefix, prefix.span(), config);
            lines.push(Line::new(format!("match {family} address {}", self.list), prefix.span()));
        }
        lines.push(Line::new(format!("set src {}", self.own), self.own.span()));
        let (sequence, because) = (Some(shared.sequence()), self.own.span());
        let entry = Entry { action: "permit", sequence, lines, because };
        config.maps.entry(self.map.to_owned()).or_default().push(entry);
    }

    /// The access-list.
    pub(super) fn access(&self, prefix: &InterfaceAddress, because: Option<Span>, config: &mut Config) {
        let family = if self.is_v6 { "ipv6 " } else { "" };
        config.access.push(Line::new(format!("{family}access-list {} permit {prefix}", self.list), because));
    }
}
