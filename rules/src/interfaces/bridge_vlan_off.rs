use crate::{
    finding::{Out, Severity},
    view::View,
};
use evpnlint_core::{
    model::link::{Link, LinkKind},
    source::Span,
};
use std::collections::BTreeSet;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let name = view.name();
    for bridge in view.links().filter(|link| link.is_described() && !link.is_vlan_aware()) {
        let LinkKind::Bridge { ports, vlan_aware, .. } = &bridge.kind else { continue };
        let ports: Vec<&Link> = ports.iter().filter_map(|port| device.link(port)).collect();
        let vlans: Vec<(&Link, u16, Option<Span>)> = ports.iter().filter_map(|port| vlan(port)).collect();
        let Some((first, vlan, _)) = vlans.first() else { continue };
        if device.hooks_mention("vlan_filtering") {
            continue;
        }
        let different: BTreeSet<u16> = vlans.iter().map(|(_, vlan, _)| *vlan).collect();
        let devices = ports.iter().filter(|port| port.vxlan().is_some()).count();
        let draft = out
            .report(format!(
                "bridge {} on {name} does not filter VLANs, but {} of its ports {} for \
                        one ({} for VLAN {vlan}): {}",
                bridge.name,
                vlans.len(),
                if vlans.len() > 1 { "are each meant" } else { "is meant" },
                first.name,
                if different.len() > 1 { "all VLANs are one segment" } else { "every frame goes to every port" },
            ))
            .about(format!("{name} bridge {}", bridge.name))
            .at(bridge.place(), "bridge-vlan-aware yes is missing")
            .at(vlan_aware.as_ref().and_then(|switch| switch.span()), "off")
            .also(vlans.iter().map(|(port, vlan, span)| (*span, format!("{} is meant for VLAN {vlan}", port.name))))
            .help(format!("add `bridge-vlan-aware yes` to {}", bridge.name));
        // With one VLAN throughout there is nothing that could be mixed up.
        if different.len() > 1 || devices > 1 { draft.done() } else { draft.cap_severity(Severity::Info).done() }
    }
}

/// The VLAN that a port is for, and where that is written.
fn vlan<'m>(port: &&'m Link) -> Option<(&'m Link, u16, Option<Span>)> {
    let vlan = port.port.access.as_ref().or(port.port.pvid.as_ref())?;
    Some((port, vlan.value, vlan.span()))
}
