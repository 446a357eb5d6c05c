use crate::{
    finding::{Help, Out, Severity},
    plan::Plan,
    web,
};
use evpnlint_core::model::intent::{Controller, ControllerKind};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| !zone.rt_import.is_empty()) {
        let Some(vni) = &zone.vrf_vxlan else { continue };
        let Some(asn) =
            zone.controller.as_ref().and_then(|id| plan.sdn.controller(id)).and_then(|own| own.asn.as_ref())
        else {
            continue;
        };
        // A bgp controller with another AS number makes Proxmox write the own target down.
        let other = |own: &&Controller| {
            own.kind == ControllerKind::Bgp && own.asn.as_ref().is_some_and(|own| own.value != asn.value)
        };
        if plan.sdn.controllers.iter().any(|own| other(&own)) {
            continue;
        }
        // FRR names its own targets after the low 16 bits of the AS number (`form_auto_rt`).
        let own = format!("{}:{vni}", asn.value & 0xffff);
        let full = format!("{}:{vni}", asn.value);
        let written: Vec<String> = zone.rt_import.iter().map(|target| target.to_string()).collect();
        if written.contains(&own) || written.contains(&full) {
            continue;
        }
        let severity = if plan.has_several_nodes() { Severity::Error } else { Severity::Info };
        out.report(format!(
            "zone {} imports {}, and so no longer its own target {own}: the VRF loses the \
                    routes of the other nodes",
            zone.id,
            written.join(" and ")
        ))
        .about(plan.about(format_args!("zone {}", zone.id)))
        .also(zone.rt_import.iter().map(|target| (target.span(), "imported instead of the own target")))
        .at(vni.span(), "the L3VNI")
        .at(asn.span(), "the AS number")
        .help(Help::lasting(format!(
            "add {own} to Route Target Import of zone {} in {}, and apply",
            zone.id,
            web::ZONES
        )))
        .cap_severity(severity)
        .done();
    }
}
