use crate::{finding::Out, view::View};
use evpnlint_core::model::link::LinkKind;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let name = view.name();
    for link in view.links() {
        let LinkKind::Vlan { raw: Some(raw), id: Some(id) } = &link.kind else { continue };
        let Some(bridge) = device.bridge_of(raw).filter(|bridge| bridge.is_vlan_aware()) else { continue };
        let carried = device.local_vnis.iter().find(|local_vni| {
            local_vni.vlan.as_ref().is_some_and(|vlan| vlan.value == id.value)
                && local_vni.svi.is_none()
                && local_vni.bridge.is_some_and(|other| other.name == bridge.name)
        });
        let Some(local_vni) = carried else { continue };
        out.report(format!(
            "{} on {name} is VLAN {} on top of {raw}, a port of {}, not on {} itself: it is no gateway for VNI {}, and \
                 {raw} loses that VLAN to it",
            link.name, id, bridge.name, bridge.name, local_vni.vni
        ))
        .about(format!("{name} svi {}", link.name))
        .at(raw.span(), format!("a port of {}", bridge.name))
        .at(local_vni.vlan.as_ref().and_then(|vlan| vlan.span()), format!("VLAN {} is VNI {}", id, local_vni.vni))
        .help(format!("write `vlan-raw-device {}`", bridge.name))
        .done();
    }
}
