use super::applied;
use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::model::intent::{Controller, ControllerKind};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let mut nodes: BTreeMap<(&str, &str), Vec<&Controller>> = BTreeMap::new();
        for controller in &plan.sdn.controllers {
            let kind = match controller.kind {
                ControllerKind::Bgp => "bgp",
                ControllerKind::Isis => "isis",
                ControllerKind::Evpn | ControllerKind::Faucet => continue,
            };
            if let Some(node) = &controller.node {
                nodes.entry((node.as_str(), kind)).or_default().push(controller);
            }
        }
        for ((node, kind), controllers) in nodes.into_iter().filter(|(_, all)| all.len() > 1) {
            let ids = join_names(controllers.iter().map(|controller| &controller.id));
            out.report(format!(
                "{node} has {} {kind} controllers, {ids}: Proxmox picks one by chance",
                controllers.len()
            ))
            .about(plan.about(format_args!("{kind} {node}")))
            .also(controllers.iter().map(|controller| {
                (controller.node.as_ref().and_then(|node| node.span()), format!("controller {}", controller.id))
            }))
            .help("keep one for each node")
            .done();
        }
    });
}
