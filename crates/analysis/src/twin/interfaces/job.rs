//! One vnet on a node, and all that the plugin of its zone goes by.

use super::{endpoint::Endpoint, ground::Ground, skip::Skip};
use crate::twin::seat::Seat;
use evpnlint_core::{
    model::intent::{Vnet, Zone},
    source::Span,
};

/// A vnet on a node, and all that the plugin of its zone goes by.
pub(super) struct Job<'m> {
    pub ground: &'m Ground<'m>,
    pub seat: &'m Seat<'m>,
    pub zone: &'m Zone,
    pub vnet: &'m Vnet,
}

impl<'m> Job<'m> {
    /// Where the tunnels of the zone come from.
    pub(super) fn endpoint(&self) -> Result<&'m Endpoint, Skip> {
        let none = || Skip::new("has no tunnels", self.about_zone());
        self.ground.endpoints.get(self.zone.id.as_str()).ok_or_else(none)?.as_ref().map_err(Clone::clone)
    }

    /// A stanza of the vnet.
    pub(super) fn about_vnet(&self) -> Option<Span> {
        self.vnet.id.span()
    }

    /// A stanza that all vnets of the zone share.
    pub(super) fn about_zone(&self) -> Option<Span> {
        self.zone.id.span()
    }

    /// Where the MTU of the zone is written; its id where Proxmox takes its own.
    pub(super) fn about_mtu(&self) -> Option<Span> {
        self.zone.mtu.as_ref().and_then(|mtu| mtu.span()).or(self.about_zone())
    }
}
