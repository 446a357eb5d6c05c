use crate::{
    finding::{Help, Out, Severity},
    plan::Plan,
    web,
};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in &plan.sdn.zones {
        let Some(primary) = &zone.exit_primary else { continue };
        if zone.exit_nodes.iter().any(|node| node.value == primary.value) {
            continue;
        }
        let (severity, effect) = match zone.exit_nodes.len() {
            0 => (Severity::Warning, "it has no exit nodes, and nothing leaves it".to_owned()),
            1 => (Severity::Info, format!("{} is its only exit node all the same", zone.exit_nodes[0])),
            _ => (
                Severity::Error,
                format!(
                    "each of {} takes another for the primary, accepts its default route, \
                            and sends packets in a circle",
                    join_names(&zone.exit_nodes)
                ),
            ),
        };
        out.report(format!("{primary} is the primary exit node of zone {}, but no exit node: {effect}", zone.id))
            .about(plan.about(format_args!("zone {}", zone.id)))
            .at(primary.span(), "not among the exit nodes")
            .also(zone.exit_nodes.iter().map(|node| (node.span(), "an exit node")))
            .help(Help::lasting(match zone.exit_nodes.is_empty() {
                true => format!("choose its Exit Nodes in {}, and apply", web::ZONES),
                false => format!(
                    "choose one of {} as Primary Exit Node of zone {} in {}, and apply",
                    join_names(&zone.exit_nodes),
                    zone.id,
                    web::ZONES
                ),
            }))
            .cap_severity(severity)
            .done();
    }
}
