//! Hosts that several nodes have in common: Ethernet segments (EVPN multihoming, RFC 7432) and MLAG.

use super::{Esi, MacAddress, Sourced, Switch};
use crate::source::Span;
use std::net::IpAddr;

/// What FRR is told of the Ethernet segment that an interface belongs to. The lines exclude each other where they must:
/// of an identifier of ten octets and what makes up one of type 3, the later line takes the earlier one's away.
#[derive(Clone, Debug, Default)]
pub struct EthernetSegment {
    /// `evpn mh es-id`.
    pub id: Option<Sourced<SegmentId>>,
    /// `evpn mh es-sys-mac`; not all zero.
    pub system_mac: Option<Sourced<MacAddress>>,
}

/// What `evpn mh es-id` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentId {
    /// All ten octets.
    Whole(Esi),
    /// The last three of type 3, 1 to 16777215; the system MAC goes before them.
    Local(u32),
}

impl EthernetSegment {
    /// The segment, if enough is said for one.
    pub fn esi(&self) -> Option<Esi> {
        match self.id.as_ref()?.value {
            SegmentId::Whole(esi) => Some(esi),
            SegmentId::Local(local) => Some(Esi::of_mac(self.system_mac.as_ref()?.value, local)),
        }
    }

    /// Where it is written.
    pub fn span(&self) -> Option<Span> {
        let id = self.id.as_ref().and_then(|id| id.span());
        id.or_else(|| self.system_mac.as_ref().and_then(|mac| mac.span()))
    }
}

/// What an interface tells Cumulus' MLAG daemon, `clagd`. The lines of the daemon itself stand under the VLAN of the peer
/// link, mostly `peerlink.4094`; `clag-id` under each bond, and the shared VTEP address under `lo`.
#[derive(Clone, Debug)]
pub struct Clag {
    /// The first such line.
    pub span: Span,
    /// `clagd-enable`; on unless written.
    pub enabled: Switch,
    /// `clagd-peer-ip`.
    pub peer: Option<Sourced<ClagPeer>>,
    /// `clagd-sys-mac`: the LACP system MAC that both nodes show to hosts.
    pub system_mac: Option<Sourced<MacAddress>>,
    /// `clagd-backup-ip`: how the peer is reached besides the peer link, for telling its death from the link's.
    pub backup: Option<Sourced<IpAddr>>,
    /// The VRF in which it is reached; `None` for the default one.
    pub backup_vrf: Option<Sourced<String>>,
    /// `clagd-vxlan-anycast-ip`: the VTEP address of both nodes together.
    pub anycast: Option<Sourced<IpAddr>>,
    /// `clag-id`, 1 to 65535: bonds of the two nodes with one id are one bond to the host. 0 is none.
    pub id: Option<Sourced<u16>>,
}

/// Who the other node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClagPeer {
    /// `linklocal`: whoever answers on the peer link.
    LinkLocal,
    /// Its address there.
    Address(IpAddr),
}

impl Clag {
    /// One of which nothing is said.
    pub fn new(span: Span) -> Self {
        Self {
            span,
            enabled: None,
            peer: None,
            system_mac: None,
            backup: None,
            backup_vrf: None,
            anycast: None,
            id: None,
        }
    }

    /// Whether it is the daemon itself that is configured.
    pub fn runs(&self) -> bool {
        (self.peer.is_some() || self.system_mac.is_some()) && self.enabled.as_ref().is_none_or(|on| on.value)
    }
}
