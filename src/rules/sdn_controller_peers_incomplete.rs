use super::applied;
use crate::{
    fabric::{Fabric, NodeIndex, few, intent::Plan},
    finding::{Out, Severity},
    model::{Node, intent::Controller},
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        for controller in plan.evpn_controllers().filter(|controller| !controller.peers.is_empty()) {
            left_out(plan, controller, out);
            strangers(plan, controller, out);
        }
    });
}

/// Nodes of the cluster that the others do not peer with.
fn left_out(plan: &Plan, controller: &Controller, out: &mut Out) {
    let is_member = |node: &Node| {
        plan.intent.nodes.contains(&node.name) || plan.intent.members.iter().any(|member| member.value == node.name)
    };
    let serves = |name: &str| {
        let listed =
            |nodes: &[crate::model::Sourced<String>]| nodes.is_empty() || nodes.iter().any(|own| own.as_str() == name);
        listed(&controller.nodes) && plan.zones_of(&controller.id).any(|zone| zone.is_on(name))
    };
    let peers: BTreeSet<NodeIndex> = controller
        .peers
        .iter()
        .flat_map(|peer| plan.fabric.underlay.owners("", peer.value))
        .map(|port| port.node)
        .collect();
    let has = |at: &NodeIndex| peers.contains(at);
    let nodes = || (0..plan.fabric.devices.len()).filter(|at| is_member(plan.fabric.node(*at)));
    let out_of_list: Vec<&Node> = nodes().filter(|at| !has(at)).map(|at| plan.fabric.node(at)).collect();
    let known = |node: &&Node| {
        let links = || node.links.values().filter(|link| link.name != "lo");
        serves(&node.name) && links().any(|link| !link.addresses.is_empty()) && links().all(|link| !link.dynamic)
    };
    if nodes().filter(has).count() == 0 || !out_of_list.iter().all(known) || out_of_list.is_empty() {
        return;
    }
    let names = few(out_of_list.iter().map(|node| &node.name));
    let (have, them) = if out_of_list.len() == 1 { ("has", "it") } else { ("have", "them") };
    let addresses = out_of_list.iter().flat_map(|node| {
        let links = node.links.values().filter(|link| link.name != "lo" && link.vrf.is_none());
        links.flat_map(|link| &link.addresses).map(|address| (address.span(), format!("{address} is no peer")))
    });
    out.report(format!(
        "{names} {have} none of the peers of controller {}: no other node peers with {them}",
        controller.id
    ))
    .about(plan.about(format_args!("controller {} {names}", controller.id)))
    .at(controller.peers[0].span(), "the VTEPs of all nodes belong here")
    .also(addresses)
    .help("add the address of each node's underlay to `peers`")
    .done();
}

/// One peer that is nobody's address where all others are.
fn strangers(plan: &Plan, controller: &Controller, out: &mut Out) {
    let lost: Vec<_> = controller.peers.iter().filter(|peer| plan.owner(peer.value).is_none()).collect();
    let [lost] = lost.as_slice() else { return };
    // Where FRR's own files were read, they name the same neighbour.
    if controller.peers.len() < 3 || plan.fabric.cluster.nodes.iter().any(|node| node.frr.is_some()) {
        return;
    }
    out.report(format!(
        "peer {lost} of controller {} is the address of no node, as all other peers are",
        controller.id
    ))
    .about(plan.about(format_args!("controller {} peer {lost}", controller.id)))
    .at(lost.span(), "whose?")
    .help("correct the address, or take it out if the node is gone")
    .at_most(Severity::Warning)
    .done();
}
