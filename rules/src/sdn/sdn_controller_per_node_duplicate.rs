use crate::{finding::Out, plan::Plan, shared::shared};
use evpnlint_core::{model::intent::ControllerKind, words::join_names};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let by_node = plan.sdn.controllers.iter().filter_map(|controller| {
        let kind = match controller.kind {
            ControllerKind::Bgp => "bgp",
            ControllerKind::Isis => "isis",
            ControllerKind::Evpn | ControllerKind::Faucet => return None,
        };
        Some(((controller.node.as_ref()?.as_str(), kind), controller))
    });
    for ((node, kind), controllers) in shared(by_node) {
        let ids = join_names(controllers.iter().map(|controller| &controller.id));
        out.report(format!("{node} has {} {kind} controllers, {ids}: Proxmox picks one by chance", controllers.len()))
            .about(plan.about(format_args!("{kind} {node}")))
            .also(controllers.iter().map(|controller| {
                (controller.node.as_ref().and_then(|node| node.span()), format!("controller {}", controller.id))
            }))
            .help("keep one for each node")
            .done();
    }
}
