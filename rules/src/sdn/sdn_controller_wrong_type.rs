use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::{ControllerKind, ZoneKind};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Evpn) {
        for id in zone.controller.iter().chain(&zone.secondary_controllers) {
            let Some(controller) = plan.sdn.controller(id) else { continue };
            let kind = match controller.kind {
                ControllerKind::Evpn => continue,
                ControllerKind::Bgp => "bgp",
                ControllerKind::Isis => "isis",
                ControllerKind::Faucet => "faucet",
            };
            let evpn: Vec<String> = plan.evpn_controllers().map(|controller| format!("`{}`", controller.id)).collect();
            let help = match evpn.as_slice() {
                [] => "add an evpn controller, and name that".to_owned(),
                known => format!("write {}", known.join(" or ")),
            };
            out.report(format!("zone {} has the {kind} controller {id}, and needs an evpn controller", zone.id))
                .about(plan.about(format_args!("zone {} controller {id}", zone.id)))
                .at(id.span(), "not of type evpn")
                .at(controller.id.span(), format!("of type {kind}"))
                .help(help)
                .done();
        }
    }
}
