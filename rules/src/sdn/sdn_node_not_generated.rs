use crate::{
    finding::{Member, Out},
    plan::is_node_of,
};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{
    model::{Node, intent::Sdn, link::InterfacesFile},
    words::join_names,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        let Some(running) = &intent.running else { continue };
        let read: Vec<(&Node, &InterfacesFile)> = (fabric.cluster.nodes.iter().copied())
            .filter(|node| is_node_of(fabric, intent, &node.name) && is_wanted(running, &node.name))
            .filter_map(|node| Some((node, node.interfaces.as_ref()?)))
            .collect();
        let (with, without): (Vec<_>, Vec<_>) = read.into_iter().partition(|(_, file)| file.sdn.is_some());
        if let ([_, ..], [_, ..]) = (without.as_slice(), with.as_slice()) {
            let place = |node: &Node| node.links.values().next().map(|link| link.place());
            out.group(
                &without,
                |(node, _)| Member::new(&node.name, "sdn file", place(node)),
                |without, out| {
                    let names = join_names(without.iter().map(|(node, _)| &node.name));
                    let have = if without.len() == 1 { "has" } else { "have" };
                    out.report(format!(
                        "{names} {have} no interfaces.d/sdn, as other nodes have: no vnet exists there"
                    ))
                    .at(without.iter().find_map(|(node, _)| place(node)), "no vnet")
                    .at(intent.version.as_ref().and_then(|version| version.span()), "applied last")
                    .also(with.iter().map(|(node, file)| (file.sdn, format!("that of {}", node.name))))
                    .help("apply again while all nodes are online: Proxmox does not try a node twice")
                    .done();
                },
            );
        }
        let unmarked: Vec<_> = with.iter().filter(|(_, file)| file.sdn_version.is_none()).collect();
        if !unmarked.is_empty() {
            out.group(
                &unmarked,
                |(node, file)| Member::new(&node.name, "sdn mark", file.sdn),
                |unmarked, out| {
                    let names = join_names(unmarked.iter().map(|(node, _)| &node.name));
                    out.report(format!(
                "interfaces.d/sdn of {names} does not begin with `#version:`: Proxmox takes it for not generated"
            ))
            .also(unmarked.iter().map(|(_, file)| (file.sdn, "`#version:` belongs here")))
            .help("apply again; changes by hand do not survive it")
            .done();
                },
            );
        }
    }
}

/// Whether Proxmox generates a vnet for a node.
fn is_wanted(sdn: &Sdn, node: &str) -> bool {
    sdn.vnets.iter().any(|vnet| sdn.zone_of(vnet).is_some_and(|zone| zone.is_on(node)))
}
