use crate::{finding::Out, plan::Plan};
use evpnlint_core::{
    model::{Sourced, intent::ControllerKind},
    words::join_names,
};
use std::collections::BTreeMap;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let mut systems: BTreeMap<(&str, String), BTreeMap<&str, &Sourced<String>>> = BTreeMap::new();
    for (node, controller) in plan.node_controllers(ControllerKind::Isis) {
        if let Some(net) = &controller.isis_net
            && let Some(system) = system(net)
        {
            // Different domains may be different networks.
            let domain = controller.isis_domain.as_ref().map_or("", |domain| domain.as_str());
            systems.entry((domain, system)).or_default().insert(node, net);
        }
    }
    for ((_, system), nodes) in systems.into_iter().filter(|(_, nodes)| nodes.len() > 1) {
        out.report(format!(
            "{} have one IS-IS system id, {system}: they take each other's link-state packets for their own",
            join_names(nodes.keys())
        ))
        .about(plan.about(format_args!("isis system {system}")))
        .also(nodes.iter().map(|(node, net)| (net.span(), format!("of {node}"))))
        .help("give each node an `isis-net` of its own: the three groups before the last are the system id")
        .done();
    }
}

/// The system id of a NET: the three groups before the selector (ISO/IEC 10589, 7.1.1).
fn system(net: &str) -> Option<String> {
    let groups: Vec<&str> = net.split('.').collect();
    let [.., a, b, c, _] = groups.as_slice() else { return None };
    Some(format!("{a}.{b}.{c}").to_lowercase())
}
