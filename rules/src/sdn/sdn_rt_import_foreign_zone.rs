use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::Zone;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    // FRR names its own targets after the low 16 bits of the AS number; Proxmox writes the whole one.
    let own = |zone: &Zone| {
        let controller = plan.sdn.controller(zone.controller.as_ref()?)?;
        let (asn, vni) = (controller.asn.as_ref()?.value, zone.vrf_vxlan.as_ref()?);
        Some([format!("{asn}:{vni}"), format!("{}:{vni}", asn & 0xffff)])
    };
    for zone in plan.sdn.zones.iter().filter(|zone| !zone.rt_import.is_empty()) {
        for other in plan.sdn.zones.iter().filter(|other| other.id.value != zone.id.value) {
            let Some(targets) = own(other) else { continue };
            let Some(target) = zone.rt_import.iter().find(|target| targets.contains(&target.to_string())) else {
                continue;
            };
            if own(zone).is_some_and(|targets| targets.contains(&target.to_string())) {
                continue;
            }
            out.report(format!(
                "zone {} imports {target}, the route target of zone {}: its guests reach that zone's",
                zone.id, other.id
            ))
            .about(plan.about(format_args!("zone {} zone {}", zone.id, other.id)))
            .at(target.span(), format!("of zone {}", other.id))
            .at(other.vrf_vxlan.as_ref().and_then(|vni| vni.span()), "the L3VNI that it is made of")
            .help("take it out of `rt-import`, unless the zones are meant to be one")
            .done();
        }
    }
}
