//! A session end: what one node is configured to do with one BGP peer, and where that leads.

use super::underlay::Port;
use crate::index::NodeIndex;
pub use crate::index::SessionEndIndex;
use evpnlint_core::model::{
    Asn,
    bgp::{BgpInstance, Family, ListenRange, Neighbor, PeerName, RemoteAs},
    is_on,
};
use std::net::IpAddr;

/// What one node is configured to do with one peer.
pub struct SessionEnd<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The instance.
    pub instance: &'m BgpInstance,
    /// The peer, with what its group gives it.
    pub neighbor: &'m Neighbor,
    /// Where it leads.
    pub target: Target<'m>,
    /// The address that its connections come from.
    pub source: Source,
    /// The other session end, or the listen range that answers.
    pub answer: Answer<'m>,
}

/// Where a session end leads.
#[derive(Clone, Copy)]
pub enum Target<'m> {
    /// To an address of this node.
    Port(Port<'m>),
    /// Through an interface: whoever is at the other end.
    Interface,
    /// To a link-local address: whoever has it on that link.
    OnLink,
    /// To an address of the node itself.
    Myself,
    /// To an address that no node has which was read.
    Unknown,
}

/// Where connections come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From this address.
    Address(IpAddr),
    /// From whatever interface the route to the peer leaves by: its address, none of a loopback.
    Egress,
    /// From any address of the node: the route may leave by an interface without one, and the kernel takes one from
    /// elsewhere, a loopback first (`inet_select_addr`), or a route-map may set the source.
    Any,
}

/// Who answers a session end.
#[derive(Clone, Copy)]
pub enum Answer<'m> {
    /// The other end names this node by an address that this end uses, or the other way round.
    SessionEnd(SessionEndIndex),
    /// The other end names this node, but neither end uses the address that the other has: no connection is ever
    /// accepted.
    OtherAddress(SessionEndIndex),
    /// A listen range takes callers from this address.
    Range(&'m BgpInstance, &'m ListenRange),
    /// The other node is here and does not know this one.
    Nobody,
    /// Nobody can say: the peer leads nowhere, or is behind an unnumbered interface.
    Unknown,
}

impl<'m> SessionEnd<'m> {
    /// The AS that this node shows to the peer (`peer->local_as`, `bgp_confederation_peers_check`).
    pub fn local_as(&self) -> Asn {
        if let Some(local) = &self.neighbor.local_as {
            return local.asn;
        }
        match (&self.instance.confederation, self.neighbor.remote_as.as_ref().map(|wanted| wanted.value)) {
            (Some(identifier), Some(RemoteAs::Number(asn)))
                if *self.instance.asn != asn
                    && self.instance.confederation_peers.iter().all(|peer| peer.value != asn) =>
            {
                identifier.value
            }
            (Some(identifier), Some(RemoteAs::External)) => identifier.value,
            _ => self.instance.asn.value,
        }
    }

    /// Whether this end accepts a peer that runs that AS.
    pub fn accepts_as(&self, asn: Asn) -> bool {
        accepts_as(self.instance, self.neighbor, asn)
    }

    /// Whether this end accepts another: with `dual-as` the peer may fall back to its real AS.
    pub fn accepts_peer(&self, other: &SessionEnd) -> bool {
        let dual = other.neighbor.local_as.as_ref().is_some_and(|local| local.dual);
        self.accepts_as(other.local_as()) || dual && self.accepts_as(other.instance.asn.value)
    }

    /// Whether the session is between different AS, as this end sees it.
    pub fn is_external(&self) -> bool {
        match self.neighbor.remote_as.as_ref().map(|wanted| wanted.value) {
            Some(RemoteAs::External) => true,
            Some(RemoteAs::Number(asn)) => asn != self.local_as(),
            _ => false,
        }
    }

    /// The name of the VRF it runs in; empty for the default one.
    pub fn vrf(&self) -> &'m str {
        self.instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str())
    }

    /// Whether an address family is active.
    pub fn is_active(&self, family: Family) -> bool {
        self.neighbor.is_active(family)
    }

    /// Whether it is administratively down.
    pub fn is_shut(&self) -> bool {
        is_on(&self.neighbor.shutdown) || is_on(&self.instance.shutdown)
    }

    /// The peer's address.
    pub fn peer_address(&self) -> Option<IpAddr> {
        match self.neighbor.name.value {
            PeerName::Address(address) => Some(address),
            _ => None,
        }
    }

    /// The address that its connections come from, where that is settled.
    pub fn source_address(&self) -> Option<IpAddr> {
        match self.source {
            Source::Address(address) => Some(address),
            Source::Egress | Source::Any => None,
        }
    }

    /// The node it leads to, if that is known.
    pub fn peer(&self) -> Option<NodeIndex> {
        match self.target {
            Target::Port(port) => Some(port.node),
            _ => None,
        }
    }

    /// The other end, whether or not the addresses agree.
    pub fn other(&self) -> Option<SessionEndIndex> {
        match self.answer {
            Answer::SessionEnd(other) | Answer::OtherAddress(other) => Some(other),
            _ => None,
        }
    }
}

/// The AS that an instance shows to whoever joins a group.
pub fn shown_by(instance: &BgpInstance, group: &Neighbor) -> Asn {
    group.local_as.as_ref().map_or(instance.asn.value, |local| local.asn)
}

/// Whether a peer that shows an AS is taken by a neighbour, or by the group of a listen range.
pub fn accepts_as(instance: &BgpInstance, neighbor: &Neighbor, asn: Asn) -> bool {
    let local = neighbor.local_as.as_ref().map_or(instance.asn.value, |local| local.asn);
    match neighbor.remote_as.as_ref().map(|wanted| wanted.value) {
        Some(RemoteAs::Number(wanted)) => wanted == asn,
        Some(RemoteAs::Internal) => asn == local,
        Some(RemoteAs::External) => asn != local && asn != instance.asn.value,
        Some(RemoteAs::Auto) => true,
        None => false,
    }
}
