use crate::{
    finding::{Help, Member, Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::device::Device;
use evpnlint_core::{
    model::{Sourced, intent::Controller, link::Link},
    words::join_names,
};
use std::{collections::BTreeMap, net::IpAddr};

type Loopback<'p> = (&'p Controller, &'p Sourced<String>);

/// A node, the interface that is named there, and who names it.
type Missing<'a, 'm> = (&'a str, Option<&'m Link>, Vec<Loopback<'m>>);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let mut loopbacks: BTreeMap<(&str, &str), Vec<Loopback>> = BTreeMap::new();
    for controller in &plan.sdn.controllers {
        if let (Some(loopback), Some(node)) = (&controller.loopback, &controller.node) {
            loopbacks.entry((node, loopback)).or_default().push((controller, loopback));
        }
    }
    let mut missing: BTreeMap<(&str, Severity), Vec<Missing>> = BTreeMap::new();
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
        missing.entry((loopback, severity)).or_default().push((name, link, controllers));
    }
    for ((loopback, severity), nodes) in missing {
        let subject = |(name, link, _): &Missing| {
            Member::named(plan.about(format_args!("node {name} {loopback}")), link.map(|link| link.place()))
        };
        out.group(&nodes, subject, |nodes, out| {
            let names = join_names(nodes.iter().map(|(name, ..)| name));
            let controllers = || nodes.iter().flat_map(|(_, _, controllers)| controllers);
            let ids = join_names(controllers().map(|(controller, _)| &controller.id));
            let (have, its) = if nodes.len() == 1 { ("has", "its") } else { ("have", "their") };
            let word = if controllers().count() == 1 { "controller" } else { "controllers" };
            out.report(format!(
                "{names} {have} no address on {loopback}, the source of {its} sessions by {word} {ids}"
            ))
            .also(controllers().map(|(_, loopback)| (loopback.span(), "no address there")))
            .also(
                nodes
                    .iter()
                    .filter_map(|(_, link, _)| Some((link.as_ref()?.place(), "described here, without an address"))),
            )
            .help(Help::lasting(format!(
                "give {loopback} its address in /etc/network/interfaces of {names}, and name that in `peers`; or clear \
                    the loopback in Datacenter → SDN → Options, Controllers"
            )))
            .cap_severity(severity)
            .done();
        });
    }
}

/// Whether the VTEP that an evpn controller names is on another interface of the node, and other VTEPs are called from
/// `lo`, which no hook knows of.
fn is_vtep_elsewhere(plan: &Plan, device: &Device) -> bool {
    let is_own = |peer: &Sourced<IpAddr>| device.owner(peer.value).is_some_and(|link| link.vrf.is_none());
    let mut controllers = plan.evpn_controllers().filter(|own| own.fabric.is_none());
    controllers.any(|own| own.peers.iter().any(is_own) && !own.peers.iter().all(is_own)) && !device.hooks_mention("lo")
}
