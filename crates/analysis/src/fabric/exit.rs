//! Exit nodes: nodes that leak a tenant's VRF into the default one, so that packets leave the fabric there.

use super::{device::Device, overlay::Overlay};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{
    Sourced,
    bgp::{BgpInstance, Family},
    frr::Frr,
};

/// A VRF that a node leaks into its default VRF.
pub struct Exit<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The VRF.
    pub vrf: &'m str,
    /// FRR's configuration on the node.
    pub frr: &'m Frr,
    /// The VRF's instance.
    pub instance: &'m BgpInstance,
    /// `import vrf` in the default instance.
    pub import: &'m Sourced<String>,
}

impl Exit<'_> {
    /// Whether the node gives the VRF's other nodes a default route.
    pub fn originates(&self) -> bool {
        self.originated().next().is_some()
    }

    /// The address families in which it does, with the line.
    pub fn originated(&self) -> impl Iterator<Item = (Family, &Sourced<bool>)> {
        let evpn = &self.instance.evpn;
        let switches =
            [(Family::Ipv4Unicast, &evpn.default_originate_ipv4), (Family::Ipv6Unicast, &evpn.default_originate_ipv6)];
        switches.into_iter().filter_map(|(family, switch)| Some((family, switch.as_ref().filter(|on| on.value)?)))
    }

    /// Whether a static route, or another VRF that is imported, is a better default than one of last resort.
    pub fn has_better_default(&self) -> bool {
        self.has_static_default() || self.instance.families.values().any(|family| !family.import_vrf.is_empty())
    }

    fn has_static_default(&self) -> bool {
        self.frr
            .statics
            .iter()
            .filter(|route| route.vrf.as_deref() == Some(self.vrf))
            .any(|route| route.prefix.length() == 0)
    }

    /// Whether the VRF may get a default route in another way: a static one, from a neighbour, or type-5 routes of
    /// whatever is in its table.
    pub fn has_other_default(&self) -> bool {
        self.has_static_default() || !self.instance.neighbors.is_empty() || self.instance.evpn.advertise_ipv4.is_some()
    }
}

/// Every exit for an L3VNI's VRF that other nodes have too, in order of the nodes.
pub fn exits<'m>(devices: &ByNode<Device<'m>>, overlay: &Overlay<'m>) -> Vec<Exit<'m>> {
    let mut found = vec![];
    for (node, device) in devices.iter_enumerated() {
        let Some(frr) = &device.node.frr else { continue };
        let Some(default) = frr.instance(None) else { continue };
        let mut seen = std::collections::BTreeSet::new();
        for import in default.families.values().flat_map(|family| &family.import_vrf) {
            let Some(instance) = frr.instance(Some(&import.value)).filter(|_| seen.insert(import.value.as_str()))
            else {
                continue;
            };
            let members = overlay.l3vnis.get(import.value.as_str()).map_or(&[][..], Vec::as_slice);
            if members.iter().any(|(other, _)| *other == node) && members.len() > 1 {
                found.push(Exit { node, vrf: &import.value, frr, instance, import });
            }
        }
    }
    found
}
