//! What all vnets of a node share, looked up once.

use super::{
    endpoint::{self, Endpoint},
    shown::{self, WaysOut},
    skip::Skip,
};
use crate::twin::seat::Seat;
use evpnlint_core::model::{
    intent::{Subnet, Vnet, Zone, ZoneKind},
    twin::Gap,
};
use std::collections::BTreeMap;

/// The store by id, and what is known of the node.
pub(super) struct Ground<'m> {
    pub(super) seat: &'m Seat<'m>,
    pub(super) zones: BTreeMap<&'m str, &'m Zone>,
    /// By vnet, in the order of their ids.
    pub(super) subnets: BTreeMap<&'m str, Vec<&'m Subnet>>,
    /// Where the tunnels of an evpn or vxlan zone on the node come from.
    pub(super) endpoints: BTreeMap<&'m str, Result<Endpoint, Skip>>,
    pub(super) ways: WaysOut<'m>,
}

impl<'m> Ground<'m> {
    /// Looks everything up; what nothing tells is added to the gaps.
    pub(super) fn new(seat: &'m Seat<'m>, gaps: &mut Vec<Gap>) -> Self {
        let sdn = seat.sdn;
        let mut vnets: BTreeMap<&str, Vec<&Vnet>> = BTreeMap::new();
        for vnet in &sdn.vnets {
            vnets.entry(vnet.zone.as_ref().map_or("", |zone| &zone.value)).or_default().push(vnet);
        }
        let mut subnets: BTreeMap<&str, Vec<&Subnet>> = BTreeMap::new();
        for subnet in &sdn.subnets {
            subnets.entry(subnet.vnet.as_ref().map_or("", |vnet| &vnet.value)).or_default().push(subnet);
        }
        for own in subnets.values_mut() {
            own.sort_by(|a, b| a.id.value.cmp(&b.id.value));
        }
        // A zone without vnets has no interfaces.
        let zones = sdn.zones.iter().filter(|zone| zone.is_on(&seat.node.name));
        let endpoints = zones.filter_map(|zone| {
            let vnets = vnets.get(zone.id.as_str())?;
            let endpoint = match zone.kind {
                ZoneKind::Evpn => endpoint::of_controller(seat, zone, vnets, gaps),
                ZoneKind::Vxlan => endpoint::of_zone(seat, zone),
                _ => return None,
            };
            Some((zone.id.as_str(), endpoint))
        });
        Self {
            seat,
            endpoints: endpoints.collect(),
            zones: sdn.zones.iter().map(|zone| (zone.id.as_str(), zone)).collect(),
            subnets,
            ways: shown::ways_out(seat),
        }
    }
}
