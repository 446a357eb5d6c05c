//! The VLANs that a port of a VLAN-aware bridge carries, as ifupdown2 3.0 sets them (`addons/bridge.py`).

use super::device::Device;
use evpnlint_core::{model::link::Link, source::Span};

/// The VLANs of a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vlans {
    /// All of them: ranges in order, that neither overlap nor touch.
    ranges: Vec<(u16, u16)>,
    /// That of frames without a tag.
    pub untagged: u16,
}

impl Vlans {
    /// Those of an interface, if it is a port of a VLAN-aware bridge, and where they are written: under the port, else
    /// under its bridge; VLAN 1 unless written.
    pub fn of(device: &Device, link: &Link) -> Option<(Self, Span)> {
        let bridge = device.bridge_of(&link.name).filter(|bridge| bridge.is_vlan_aware())?;
        let (own, default) = (&link.port, &bridge.port);
        if let Some(access) = &own.access {
            let vlan = access.value;
            return Some((Self { ranges: vec![(vlan, vlan)], untagged: vlan }, access.span().unwrap_or(link.place())));
        }
        let vids = if own.vids.is_empty() { &default.vids } else { &own.vids };
        let untagged = link.pvid_in(bridge);
        let place = vids.first().and_then(|vid| vid.span()).unwrap_or(link.place());
        let mut sorted: Vec<(u16, u16)> = vids.iter().map(|vid| vid.value).chain([(untagged, untagged)]).collect();
        sorted.sort_unstable();
        let mut ranges: Vec<(u16, u16)> = vec![];
        for (low, high) in sorted {
            match ranges.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => ranges.push((low, high)),
            }
        }
        Some((Self { ranges, untagged }, place))
    }

    /// Each VLAN, in order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.ranges.iter().flat_map(|(low, high)| *low..=*high)
    }
}
