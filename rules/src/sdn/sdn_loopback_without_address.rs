use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::{
    model::{Sourced, intent::Controller},
    words::join_names,
};
use std::{collections::BTreeMap, net::IpAddr};

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
        let is_certain = link.is_some() && (loopback != "lo" || is_vtep_elsewhere(plan, &plan.fabric.devices[at]));
        let severity = if is_certain { Severity::Error } else { Severity::Info };
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
        .help(format!(
            "give {loopback} its address in /etc/network/interfaces of {name}, and name that in `peers`; or clear the \
                loopback in Datacenter → SDN → Options, Controllers"
        ))
        .cap_severity(severity)
        .done();
    }
}

/// Whether the VTEP that an evpn controller names is on another interface of the node, and other VTEPs are called from
/// `lo`, which no hook knows of.
fn is_vtep_elsewhere(plan: &Plan, device: &Device) -> bool {
    let is_own = |peer: &Sourced<IpAddr>| device.owner(peer.value).is_some_and(|link| link.vrf.is_none());
    let mut controllers = plan.evpn_controllers().filter(|own| own.fabric.is_none());
    controllers.any(|own| own.peers.iter().any(is_own) && !own.peers.iter().all(is_own)) && !device.hooks_mention("lo")
}
