//! Where a host is attached: who hears it, and which interface routes for it.

use evpnlint_analysis::fabric::{Fabric, NodeIndex, device::Device, vlans::Vlans};
use evpnlint_core::model::{
    Vni,
    link::Link,
    surroundings::{Attachment, Host},
};

/// The hosts that hear each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment<'m> {
    /// All hosts of a VNI.
    Vni(Vni),
    /// Those of a bridge, or of one of its VLANs, or behind a port that routes.
    Local(NodeIndex, &'m str, Option<u16>),
    /// Those of a switch, by VLAN.
    Switch(&'m str, Option<u16>),
}

/// Where a host is attached.
pub(super) struct Attached<'m> {
    /// Who hears it.
    pub segment: Segment<'m>,
    /// The interface that routes for it on its node.
    pub svi: Option<&'m Link>,
}

impl<'m> Attached<'m> {
    /// Where a host of this fabric is attached, if that is known.
    pub(super) fn of(fabric: &Fabric<'m>, host: &'m Host) -> Option<Self> {
        let Some(node) = fabric.index(&host.node) else {
            let is_switch = host.attachment.is_none() && !fabric.cluster.unknown_devices.contains(host.node.as_str());
            let vlan = host.vlan.as_ref().map(|vlan| vlan.value);
            return is_switch.then(|| Self { segment: Segment::Switch(&host.node, vlan), svi: None });
        };
        let device = &fabric.devices[node];
        let (bridge, port) = match host.attachment.as_ref()? {
            Attachment::Bridge(bridge) => (device.link(bridge)?, None),
            Attachment::Port(port) => match bridge(device, port, host) {
                Some((bridge, port)) => (bridge, Some(port)),
                None => return routed(device, node, port, host),
            },
        };
        let own = host.vlan.as_ref().map(|vlan| vlan.value);
        let vlan = match (bridge.is_vlan_aware(), port) {
            (true, Some(port)) => own.or_else(|| Some(Vlans::of(device, port)?.0.untagged)),
            (true, None) => own.or(Some(bridge.pvid())),
            (false, None) if own.is_some() => return None,
            (false, _) => None,
        };
        let mut vnis = device.local_vnis.iter();
        let vni = vnis.find(|own| {
            own.bridge.is_some_and(|other| other.name == bridge.name)
                && own.vlan.as_ref().map(|vlan| vlan.value) == vlan
        });
        let svi = match vlan {
            Some(vlan) => device.svi(&bridge.name, vlan),
            None => Some(bridge),
        };
        let segment = vni.map_or(Segment::Local(node, &bridge.name, vlan), |own| Segment::Vni(own.vni));
        Some(Self { segment, svi })
    }
}

/// The bridge of a port, and its port there: the interface itself, its bond, or one of the host's VLAN on top of it.
fn bridge<'m>(device: &Device<'m>, port: &str, host: &Host) -> Option<(&'m Link, &'m Link)> {
    let port = device.bond_of(port).map_or(port, |bond| &bond.name);
    let above = host.vlan.as_ref().map(|vlan| format!("{port}.{}", vlan.value));
    above.as_deref().into_iter().chain([port]).find_map(|name| Some((device.bridge_of(name)?, device.link(name)?)))
}

/// A port that routes by itself.
fn routed<'m>(device: &Device<'m>, node: NodeIndex, port: &str, host: &Host) -> Option<Attached<'m>> {
    let port = device.bond_of(port).map_or(port, |bond| &bond.name);
    let vlan = host.vlan.as_ref().map(|vlan| vlan.value);
    let link = match vlan {
        Some(vlan) => device.svi(port, vlan),
        None => device.link(port),
    }?;
    Some(Attached { segment: Segment::Local(node, &link.name, vlan), svi: Some(link) })
}
