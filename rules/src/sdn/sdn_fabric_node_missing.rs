use crate::{finding::Out, plan::Plan};
use evpnlint_core::words::join_names;

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for zone in &plan.sdn.zones {
        let controller = zone.controller.as_ref().and_then(|id| plan.sdn.controller(id));
        let Some(fabric) = zone.fabric.as_ref().or(controller.and_then(|own| own.fabric.as_ref())) else {
            continue;
        };
        let mine = || plan.sdn.fabric_nodes.iter().filter(|node| node.fabric == fabric.value && !node.external);
        if mine().next().is_none() || plan.sdn.is_lost(fabric) {
            continue;
        }
        let names = plan.intent.members.iter().map(|name| name.as_str());
        let here = plan.intent.nodes.iter().map(String::as_str);
        let nodes = here.filter(|name| plan.fabric.index(name).is_some()).chain(names);
        let mut missing: Vec<&str> = nodes.filter(|name| mine().all(|node| node.node != **name)).collect();
        missing.extend(mine().filter(|node| node.ip.is_none()).map(|node| node.node.as_str()));
        missing.retain(|name| {
            zone.is_on(name)
                && controller
                    .is_none_or(|own| own.nodes.is_empty() || own.nodes.iter().any(|own| own.as_str() == *name))
        });
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            continue;
        }
        let have = if missing.len() == 1 { "has" } else { "have" };
        out.report(format!(
            "{} {have} no IPv4 address in fabric {fabric}: Proxmox generates nothing of zone {} there",
            join_names(&missing),
            zone.id
        ))
        .about(plan.about(format_args!("zone {} fabric {fabric}", zone.id)))
        .at(fabric.span(), "VTEP addresses come from here")
        .also(mine().map(|node| match &node.ip {
            Some(ip) => (node.id.span(), format!("{} has {ip}", node.node)),
            None => (node.id.span(), format!("{} has no `ip`", node.node)),
        }))
        .help("add the node to the fabric, with `ip`, or restrict the zone to other `nodes`")
        .done();
    }
}
