use super::applied;
use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::model::{Vni, intent::Zone};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let mut vnis: BTreeMap<Vni, Vec<&Zone>> = BTreeMap::new();
        for zone in &plan.sdn.zones {
            if let Some(vni) = &zone.vrf_vxlan {
                vnis.entry(vni.value).or_default().push(zone);
            }
        }
        for (vni, zones) in vnis.into_iter().filter(|(_, zones)| zones.len() > 1) {
            out.report(format!("zones {} share the L3VNI {vni}", join_names(zones.iter().map(|zone| &zone.id))))
                .about(plan.about(format_args!("l3vni {vni}")))
                .also(zones.iter().map(|zone| {
                    (zone.vrf_vxlan.as_ref().and_then(|vni| vni.span()), format!("the L3VNI of zone {}", zone.id))
                }))
                .help("give each zone a `vrf-vxlan` of its own")
                .done();
        }
    });
}
