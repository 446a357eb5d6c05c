use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_core::{
    model::{Sourced, intent::Controller},
    words::join_names,
};
use std::collections::BTreeMap;

type Loopback<'p> = (&'p Controller, &'p Sourced<String>);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let mut loopbacks: BTreeMap<(&str, &str), Vec<Loopback>> = BTreeMap::new();
    for controller in &plan.sdn.controllers {
        if let (Some(loopback), Some(node)) = (&controller.loopback, &controller.node) {
            loopbacks.entry((node, loopback)).or_default().push((controller, loopback));
        }
    }
    for ((name, loopback), controllers) in loopbacks {
        let Some(at) = plan.fabric.index(name) else { continue };
        let node = plan.fabric.node(at);
        let link = node.link(loopback);
        if node.interfaces.is_none() || link.is_some_and(|link| link.dynamic || !link.addresses.is_empty()) {
            continue;
        }
        // What `lo` has, and an interface that no file describes, may come from elsewhere.
        let link = link.filter(|link| link.is_described());
        let severity = if loopback == "lo" || link.is_none() { Severity::Info } else { Severity::Error };
        let ids = join_names(controllers.iter().map(|(controller, _)| &controller.id));
        let draft = out
            .report(format!(
                "{name} has no address on {loopback}, the source of its sessions by \
                    controller {ids}"
            ))
            .about(plan.about(format_args!("node {name} {loopback}")))
            .also(controllers.iter().map(|(_, loopback)| (loopback.span(), "no address there")));
        match link {
            Some(link) => draft.at(link.place(), "described here, without an address"),
            None => draft,
        }
        .help(format!("give {loopback} its address in /etc/network/interfaces of {name}"))
        .cap_severity(severity)
        .done();
    }
}
