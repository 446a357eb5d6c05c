use crate::{
    finding::{Member, Out},
    shared::shared,
    view::View,
};
use evpnlint_core::{model::link::Link, words::join_names};

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let name = view.name();
    // Proxmox's build of ifupdown2 lets a VNI carry the tags of a VLAN-aware vnet.
    let is_proxmox = view.node().interfaces.as_ref().is_none_or(|file| file.sdn.is_some());
    if is_proxmox || device.hooks_mention("vlan") {
        return;
    }
    let mut lost = vec![];
    let mut taken = vec![];
    for local_vni in &device.local_vnis {
        let Some(bridge) = local_vni.bridge.filter(|bridge| bridge.is_described() && bridge.is_vlan_aware()) else {
            continue;
        };
        match &local_vni.vlan {
            Some(vlan) if local_vni.vxlan.single.is_some() || fits(local_vni.link, bridge) => {
                taken.push(((&bridge.name, vlan.value), (local_vni, vlan)));
            }
            _ if local_vni.vxlan.single.is_none() => lost.push((local_vni, bridge)),
            _ => {}
        }
    }
    if !lost.is_empty() {
        out.group(&lost, |(own, _)| Member::new(name, format_args!("vlan of {}", own.link.name), own.link.place()), |lost, out| {
        let (first, bridge) = &lost[0];
        let links = join_names(lost.iter().map(|(local_vni, _)| &local_vni.link.name));
        out.report(format!(
                "{links} on {name} {} not exactly one VLAN of the VLAN-aware bridge {}: ifupdown2 refuses, and the VNI is left in \
                 VLAN 1",
                if lost.len() > 1 { "have" } else { "has" },
                bridge.name
            ))
            .at(first.link.place(), "no bridge-access")
            .also(lost.iter().map(|(local_vni, _)| (local_vni.link.port.vids.first().and_then(|vids| vids.span()), "several VLANs")))
            .also(lost.iter().map(|(local_vni, _)| (local_vni.span, format!("VNI {}", local_vni.vni))))
            .also(lost.iter().map(|(_, bridge)| (bridge.place(), format!("{} filters VLANs", bridge.name))))
            .help(format!("add `bridge-access VLAN` to {}", first.link.name))
            .done();
});
    }
    for ((bridge, vlan), local_vnis) in shared(taken) {
        let vnis = join_names(local_vnis.iter().map(|(local_vni, _)| local_vni.vni));
        out.report(format!(
            "VLAN {vlan} of bridge {bridge} on {name} stands for VNIs {vnis}: a VLAN can have \
                one VNI"
        ))
        .about(format!("{name} bridge {bridge} vlan {vlan}"))
        .also(
            local_vnis
                .iter()
                .rev()
                .map(|(local_vni, vlan)| (vlan.span(), format!("VNI {} is VLAN {}", local_vni.vni, vlan.value))),
        )
        .help("give each VNI a VLAN of its own")
        .done();
    }
}

/// Whether ifupdown2 takes the VLANs of a port for one: `bridge-access`, or one VLAN that is also the untagged one. The
/// bridge's stand in for those that the port has not got.
fn fits(port: &Link, bridge: &Link) -> bool {
    if port.port.access.is_some() {
        return true;
    }
    let vids = if port.port.vids.is_empty() { &bridge.port.vids } else { &port.port.vids };
    let pvid = port.pvid_in(bridge);
    matches!(vids.as_slice(), [only] if only.value == (pvid, pvid))
}
