use crate::{finding::Out, plan::Plan};
use evpnlint_core::model::intent::ControllerKind;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    if !plan.evpn_controllers().any(|controller| controller.fabric.is_none()) {
        return;
    }
    let of = |kind| plan.sdn.controllers.iter().filter(move |controller| controller.kind == kind);
    for isis in of(ControllerKind::Isis) {
        let (Some(loopback), Some(node)) = (&isis.loopback, &isis.node) else { continue };
        let mut bgp = of(ControllerKind::Bgp).filter(|bgp| bgp.node.as_deref() == Some(&node.value));
        let (Some(bgp), None) = (bgp.next(), bgp.next()) else { continue };
        if bgp.loopback.is_some() {
            continue;
        }
        out.report(format!(
            "{node} tunnels from {loopback}, the loopback of controller {}, but its \
                    sessions are not from there: controller {} has none",
            isis.id, bgp.id
        ))
        .about(plan.about(format_args!("node {node} loopback")))
        .at(bgp.id.span(), "no `loopback`")
        .at(loopback.span(), "taken for the interfaces alone")
        .help(format!("add `loopback {loopback}` to controller {}", bgp.id))
        .done();
    }
}
