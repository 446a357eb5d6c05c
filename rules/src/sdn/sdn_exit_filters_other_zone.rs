use crate::{finding::Out, plan::Plan};
use evpnlint_core::{model::intent::ZoneKind, words::join_names};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let evpn = || plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Evpn && !zone.exit_nodes.is_empty());
    for zone in evpn() {
        let filters = |node: &str| zone.exit_primary.as_ref().is_none_or(|primary| primary.value == node);
        for other in evpn().filter(|other| other.id.value != zone.id.value) {
            let is_exit = |node: &str| other.exit_nodes.iter().any(|own| own.value == node);
            let nodes: Vec<_> =
                zone.exit_nodes.iter().filter(|node| filters(node) && other.is_on(node) && !is_exit(node)).collect();
            if nodes.is_empty() {
                continue;
            }
            let names = join_names(&nodes);
            let be = if nodes.len() == 1 { "is an exit node" } else { "are exit nodes" };
            out.report(format!(
                "{names} {be} of zone {}, and so takes no default route from {}, the way out of zone {}",
                zone.id,
                join_names(&other.exit_nodes),
                other.id
            ))
            .about(plan.about(format_args!("zone {} zone {}", zone.id, other.id)))
            .also(nodes.iter().map(|node| (node.span(), "filters default routes, whatever their zone")))
            .also(
                other
                    .exit_nodes
                    .iter()
                    .map(|node| (node.span(), format!("announces the default route of zone {}", other.id))),
            )
            .help(format!(
                "make {names} exit node of zone {} as well, or keep the zone off it with \
                    `nodes`",
                other.id
            ))
            .done();
        }
    }
}
