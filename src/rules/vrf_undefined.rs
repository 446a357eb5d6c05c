use crate::{fabric::Fabric, finding::Out, model::link::LinkKind, settle::near};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
        let Some(frr) = &device.node.frr else { continue };
        let known: Vec<_> = device
            .node
            .links
            .iter()
            .filter(|link| link.is_described() && matches!(link.kind, LinkKind::Vrf { .. }))
            .collect();
        if known.is_empty() {
            continue;
        }
        let mut named: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (name, vrf) in frr.vrfs.iter().filter(|(_, vrf)| vrf.vni.is_some()) {
            named.entry(name).or_default().push((vrf.span, "a vrf block"));
        }
        for instance in &frr.bgp {
            if let Some(vrf) = &instance.vrf {
                named.entry(&vrf.value).or_default().push((vrf.span().or(Some(instance.span)), "a BGP instance"));
            }
        }
        for (vrf, places) in named {
            if vrf.is_empty() || vrf == "default" || device.may_have_vrf(vrf) {
                continue;
            }
            let name = fabric.name(node);
            let meant = near(vrf, known.iter().map(|link| link.name.as_str()));
            let link = meant.as_deref().and_then(|meant| device.link(meant));
            let draft = out
                .report(match &meant {
                    Some(meant) => format!("frr.conf of {name} speaks of VRF {vrf}, which no interface file makes; the kernel's is {meant}"),
                    None => format!("frr.conf of {name} speaks of VRF {vrf}, which no interface file makes"),
                })
                .about(format!("{name} vrf {vrf}"))
                .also(places)
                .also(link.map(|link| (link.place(), "the VRF of the kernel")));
            match meant {
                Some(meant) => draft.help(format!("write `{meant}` in frr.conf")).done(),
                None => draft.help(format!("add `iface {vrf}` with `vrf-table auto`")).done(),
            }
        }
    }
}
