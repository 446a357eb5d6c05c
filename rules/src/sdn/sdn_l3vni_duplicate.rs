use crate::{finding::Out, plan::Plan, shared::shared};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let l3vnis = plan.sdn.zones.iter().filter_map(|zone| Some((zone.vrf_vxlan.as_ref()?.value, zone)));
    for (vni, zones) in shared(l3vnis) {
        out.report(format!("zones {} share the L3VNI {vni}", join_names(zones.iter().map(|zone| &zone.id))))
            .about(plan.about(format_args!("l3vni {vni}")))
            .also(zones.iter().map(|zone| {
                (zone.vrf_vxlan.as_ref().and_then(|vni| vni.span()), format!("the L3VNI of zone {}", zone.id))
            }))
            .help("give each zone a `vrf-vxlan` of its own")
            .done();
    }
}
