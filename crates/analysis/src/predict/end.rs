//! One end of a session, and what it asks of the other.

use crate::{
    fabric::sessions::{self, SessionEnd},
    index::NodeIndex,
};
use evpnlint_core::{
    model::{
        Asn,
        bgp::{BgpInstance, Family, Neighbor},
        is_on,
    },
    source::Span,
};
use std::collections::BTreeSet;

/// One end of a session: a session end, or the group that a caller joins.
#[derive(Clone, Copy)]
pub struct End<'f, 'm> {
    /// The node.
    pub node: NodeIndex,
    /// The instance.
    pub instance: &'m BgpInstance,
    /// The neighbour, or the group.
    pub neighbor: &'m Neighbor,
    /// The AS that it shows to the other end.
    pub shows: Asn,
    /// Whether it waits for the other end to call: it is a listen range.
    pub listens: bool,
    /// The session end, if it is one.
    pub session_end: Option<&'f SessionEnd<'m>>,
}

impl<'f, 'm> End<'f, 'm> {
    /// The end that a session end is.
    pub fn of(session_end: &'f SessionEnd<'m>) -> Self {
        Self {
            node: session_end.node,
            instance: session_end.instance,
            neighbor: session_end.neighbor,
            shows: session_end.local_as(),
            listens: false,
            session_end: Some(session_end),
        }
    }

    /// The end that a listen range makes of a caller; `None` where its group does not exist.
    pub fn listening(node: NodeIndex, instance: &'m BgpInstance, group: &str) -> Option<Self> {
        let neighbor = instance.groups.get(group)?;
        let shows = sessions::shown_by(instance, neighbor);
        Some(Self { node, instance, neighbor, shows, listens: true, session_end: None })
    }

    /// Whether the peer is in another AS, as this end sees it.
    pub fn is_external(&self, other: &End) -> bool {
        self.shows != other.shows
    }

    /// Whether it takes the AS that the other shows, or with `dual-as` may fall back to.
    pub(super) fn takes(&self, other: &End) -> bool {
        let dual = other.neighbor.local_as.as_ref().is_some_and(|local| local.dual);
        sessions::accepts_as(self.instance, self.neighbor, other.shows)
            || dual && sessions::accepts_as(self.instance, self.neighbor, other.instance.asn.value)
    }

    /// The TTL of its packets: 255 within the AS and with `ttl-security`, else 1 unless `ebgp-multihop` says more
    /// (`bgp_set_socket_ttl`, bgp_network.c).
    pub(super) fn ttl(&self, other: &End) -> u8 {
        // A listener's socket has 255, and so have those that it accepts from callers (measured on FRR 8.4.4).
        if !self.is_external(other) || self.neighbor.ttl_security.is_some() || self.listens {
            return 255;
        }
        self.neighbor.ebgp_multihop.as_ref().map_or(1, |hops| hops.value)
    }

    /// Whether bgpd calls a peer that is on no connected subnet (`bgp_nht.c`, `bgp_zebra_connected_route`).
    pub(super) fn calls_far(&self, other: &End) -> bool {
        !self.is_external(other)
            || self.ttl(other) > 1
            || is_on(&self.neighbor.disable_connected_check)
            || is_on(&self.instance.disable_connected_check)
    }

    /// The families that it offers. A caller gets ipv4 unicast by default, even where its group switches it off
    /// (measured on FRR 8.4.4).
    pub(super) fn families(&self) -> BTreeSet<Family> {
        let all = self.neighbor.families.iter();
        let by_default = self.listens && self.instance.default_ipv4_unicast.as_ref().is_none_or(|on| on.value);
        let active = all.filter(|(_, config)| is_on(&config.active)).map(|(family, _)| *family);
        active.chain(by_default.then_some(Family::Ipv4Unicast)).collect()
    }

    /// Whether it is a neighbour that somebody activated in EVPN: that the other end is not is a finding of its own.
    pub(super) fn asks_for_evpn(&self) -> bool {
        let family = self.neighbor.family(Family::Evpn).filter(|_| self.session_end.is_some());
        family.and_then(|config| config.active.as_ref()).is_some_and(|active| active.value && active.is_written())
    }

    pub(super) fn place(&self) -> Option<Span> {
        self.neighbor.place()
    }
}
