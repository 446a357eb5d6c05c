use crate::{finding::Out, plan::Plan};
use evpnlint_core::{model::link::Link, source::Span, words::join_names};
use std::collections::BTreeMap;

/// A node, the place that names its interface, and the interface's master.
type Port<'p> = (&'p str, Option<Span>, &'p Link);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    // By fabric, interface and master: the nodes, with the places where each is named.
    let mut groups: BTreeMap<(&str, &str, &str), Vec<Port>> = BTreeMap::new();
    for node in plan.sdn.fabric_nodes.iter().filter(|node| !node.external) {
        let Some(device) = plan.device(&node.node) else { continue };
        for (name, interface) in &node.interfaces {
            if let Some(master) = device.bond_of(name).or(device.bridge_of(name)) {
                let group = groups.entry((&node.fabric, name, &master.name)).or_default();
                group.push((&node.node, interface.span(), master));
            }
        }
    }
    for ((id, name, master), nodes) in groups {
        let names = join_names(nodes.iter().map(|(node, ..)| node));
        out.report(format!("{name} of {names} is a link of fabric {id}, and {master} takes its packets"))
            .about(plan.about(format_args!("fabric {id} {name} {master}")))
            .also(nodes.iter().map(|(_, place, _)| (*place, "gets an address and a routing protocol")))
            .also(nodes.iter().map(|(.., master)| (master.place(), format!("{name} belongs to it"))))
            .help(format!("name {master} instead, or take {name} out of it"))
            .done();
    }
}
