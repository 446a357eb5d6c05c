//! The interface of a VLAN that sits on a port of the bridge instead of on the bridge.

use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::link::LinkKind;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for device in &fabric.devices {
        let name = &device.node.name;
        for link in device.node.links.values() {
            let LinkKind::Vlan { raw: Some(raw), id: Some(id) } = &link.kind else { continue };
            let Some(bridge) = device.bridge_of(raw).filter(|bridge| bridge.is_vlan_aware()) else { continue };
            let carried = device.segments.iter().find(|segment| {
                segment.vlan.as_ref().is_some_and(|vlan| vlan.value == id.value)
                    && segment.svi.is_none()
                    && segment.bridge.is_some_and(|own| own.name == bridge.name)
            });
            let Some(segment) = carried else { continue };
            out.report(format!(
                "{} on {name} is VLAN {} on top of {raw}, a port of {}, not on {} itself: it is no gateway for VNI {}, and \
                 {raw} loses that VLAN to it",
                link.name, id, bridge.name, bridge.name, segment.vni
            ))
            .about(format!("{name} svi {}", link.name))
            .at(raw.span(), format!("a port of {}", bridge.name))
            .at(segment.vlan.as_ref().and_then(|vlan| vlan.span()), format!("VLAN {} is VNI {}", id, segment.vni))
            .help(format!("write `vlan-raw-device {}`", bridge.name))
            .done();
        }
    }
}
