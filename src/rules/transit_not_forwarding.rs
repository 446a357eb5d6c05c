//! A node in the middle that does not forward.

use crate::{fabric::{Fabric, few}, finding::Out};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let is_transit = |node: usize| {
        let device = &fabric.devices[node];
        let links = fabric.underlay.subnets.values().filter(|ports| ports.iter().any(|port| port.node == node) && ports.iter().any(|port| port.node != node)).count();
        let unnumbered = fabric.sessions.unnumbered.iter().filter(|half| fabric.sessions.halves[**half].node == node).count();
        device.segments.is_empty() && links + unnumbered > 1 && carries(fabric, node)
    };
    let off: Vec<_> = (0..fabric.devices.len())
        .filter(|node| is_transit(*node))
        .filter_map(|node| Some((node, fabric.node(node).frr.as_ref()?.ip_forwarding.as_ref().filter(|on| !on.value)?)))
        .collect();
    if off.is_empty() || !fabric.devices.iter().any(|device| !device.segments.is_empty()) {
        return;
    }
    let names = few(off.iter().map(|(node, _)| fabric.name(*node)));
    let verb = if off.len() == 1 { ("connects", "does") } else { ("connect", "do") };
    out.report(format!("{names} {} other nodes and {} not forward IPv4: packets between VTEPs end there", verb.0, verb.1))
        .about(format!("{names} ip forwarding"))
        .also(off.iter().map(|(node, switch)| (switch.span(), format!("forwarding is off on {}", fabric.name(*node)))))
        .help("write `ip forwarding`, or remove the line and set the sysctl net.ipv4.ip_forward")
        .done();
}

/// Whether traffic between VTEPs can be expected to cross a node: it is next to half of them and more, as a spine is, and
/// not at the edge.
fn carries(fabric: &Fabric, node: usize) -> bool {
    let is_vtep = |node: &usize| !fabric.devices[*node].segments.is_empty();
    let all = (0..fabric.devices.len()).filter(is_vtep).count();
    let shared = fabric.underlay.subnets.values().filter(|ports| ports.iter().any(|port| port.node == node));
    let by_subnet = shared.flatten().map(|port| port.node);
    let unnumbered = fabric.propagation.from(node).iter().map(|way| way.to);
    let next: BTreeSet<usize> = by_subnet.chain(unnumbered).filter(is_vtep).collect();
    next.len() > 1 && 2 * next.len() >= all
}
