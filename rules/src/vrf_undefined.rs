use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::near::near;
use evpnlint_core::{model::link::LinkKind, source::Span};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(&str, String), Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let Some(frr) = &device.node.frr else { continue };
        let mut named: BTreeMap<&str, Vec<(Span, &str)>> = BTreeMap::new();
        for (name, vrf) in frr.vrfs.iter().filter(|(_, vrf)| vrf.vni.is_some()) {
            named.entry(name).or_default().extend(vrf.span.map(|span| (span, "a vrf block")));
        }
        for instance in &frr.bgp {
            if let Some(vrf) = &instance.vrf {
                named.entry(&vrf.value).or_default().push((vrf.span().unwrap_or(instance.span), "a BGP instance"));
            }
        }
        // What was meant: a VRF of the kernel with nearly that name, of which frr.conf does not speak otherwise.
        let made =
            device.node.links.values().filter(|link| link.is_described() && matches!(link.kind, LinkKind::Vrf { .. }));
        let free: Vec<&str> = made.map(|link| link.name.as_str()).filter(|name| !named.contains_key(name)).collect();
        for (vrf, places) in named {
            if vrf.is_empty() || vrf == "default" || device.may_have_vrf(vrf) {
                continue;
            }
            // Names that differ in their numbers alone are two names.
            let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
            let others = free.iter().copied().filter(|name| letters(name) != letters(vrf));
            if let Some(meant) = near(vrf, others) {
                let link = device.link(&meant).map(|link| (link.place(), "the VRF of the kernel"));
                causes.entry((vrf, meant)).or_default().push((node, places, link));
            }
        }
    }
    for ((vrf, meant), found) in causes {
        let names = join_names(found.iter().map(|(node, ..)| fabric.name(*node)));
        out.report(format!(
            "frr.conf of {names} speaks of VRF {vrf}, which no interface file makes; the kernel's \
            is {meant}"
        ))
        .about(format!("{} vrf {vrf}", fabric.name(found[0].0)))
        .also(found.iter().flat_map(|(_, places, _)| places.clone()))
        .also(found.iter().filter_map(|(.., link)| *link))
        .help(format!("write `{meant}` in frr.conf"))
        .done();
    }
}
