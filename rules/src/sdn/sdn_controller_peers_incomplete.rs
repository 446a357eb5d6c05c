use crate::{
    finding::{Member, Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::NodeIndex;
use evpnlint_core::{
    model::{
        Node, Sourced,
        intent::{Controller, ZoneKind},
    },
    words::join_names,
};
use std::{collections::BTreeSet, net::IpAddr};

/// A list of the VTEPs of all nodes, and who is to be on it.
struct List<'p> {
    what: &'static str,
    id: &'p Sourced<String>,
    peers: &'p [Sourced<IpAddr>],
    /// What becomes of a node that is not on it.
    effect: &'static str,
}

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for controller in plan.evpn_controllers().filter(|controller| !controller.peers.is_empty()) {
        let (id, peers) = (&controller.id, controller.peers.as_slice());
        let list = List { what: "controller", id, peers, effect: "no other node peers with" };
        let listed =
            |name: &str| controller.nodes.is_empty() || controller.nodes.iter().any(|own| own.as_str() == name);
        left_out(plan, &list, |name| listed(name) && plan.zones_of(id).any(|zone| zone.is_on(name)), out);
        unmatched_peers(plan, controller, out);
    }
    for zone in plan.sdn.zones.iter().filter(|zone| zone.kind == ZoneKind::Vxlan && !zone.peers.is_empty()) {
        let list = List { what: "zone", id: &zone.id, peers: &zone.peers, effect: "no other node sends anything to" };
        left_out(plan, &list, |name| zone.is_on(name) && plan.sdn.vnets_of(&zone.id).next().is_some(), out);
    }
}

/// Nodes of the cluster that the others do not know.
fn left_out(plan: &Plan, list: &List, serves: impl Fn(&str) -> bool, out: &mut Out) {
    let is_member = |node: &Node| {
        plan.intent.nodes.contains(&node.name) || plan.intent.members.iter().any(|member| member.value == node.name)
    };
    let peers: BTreeSet<NodeIndex> =
        list.peers.iter().flat_map(|peer| plan.fabric.underlay.owners("", peer.value)).map(|port| port.node).collect();
    let has = |at: &NodeIndex| peers.contains(at);
    let nodes = || plan.fabric.nodes().filter(|at| is_member(plan.fabric.node(*at)));
    let out_of_list: Vec<&Node> =
        nodes().filter(|at| !has(at)).map(|at| plan.fabric.node(at)).filter(|node| serves(&node.name)).collect();
    let known = |node: &&Node| {
        let links = || node.links.values().filter(|link| link.name != "lo");
        links().any(|link| !link.addresses.is_empty()) && links().all(|link| !link.dynamic)
    };
    if nodes().filter(has).count() == 0 || out_of_list.is_empty() {
        return unread(plan, list, serves, out);
    }
    if !out_of_list.iter().all(known) {
        return;
    }
    let List { what, id, peers, effect } = list;
    let subject = |node: &&Node| Member::named(plan.about(format_args!("{what} {id} {}", node.name)), peers[0].span());
    out.group(&out_of_list, subject, |out_of_list, out| {
        let names = join_names(out_of_list.iter().map(|node| &node.name));
        let (have, them) = if out_of_list.len() == 1 { ("has", "it") } else { ("have", "them") };
        let addresses = out_of_list.iter().flat_map(|node| {
            let links = node.links.values().filter(|link| link.name != "lo" && link.vrf.is_none());
            links.flat_map(|link| &link.addresses).map(|address| (address.span(), format!("{address} is no peer")))
        });
        out.report(format!("{names} {have} none of the peers of {what} {id}: {effect} {them}"))
            .at(peers[0].span(), "the VTEPs of all nodes belong here")
            .also(addresses)
            .help("add the address of each node's underlay to Peers")
            .done();
    });
}

/// The same where no node was read that the others know, as from the files of the one that they do not: all peers are addresses
/// of members in `corosync.conf`.
fn unread(plan: &Plan, list: &List, serves: impl Fn(&str) -> bool, out: &mut Out) {
    let rings = &plan.intent.rings;
    let member = |ip: IpAddr| rings.iter().find(|(_, ring)| ring.value == ip).map(|(name, _)| name.as_str());
    let Some(known) = list.peers.iter().map(|peer| member(peer.value)).collect::<Option<BTreeSet<&str>>>() else {
        return;
    };
    let is_left_out = |name: &str| !known.contains(name) && serves(name);
    let left_out: Vec<&(String, Sourced<IpAddr>)> = rings.iter().filter(|(name, _)| is_left_out(name)).collect();
    if known.len() < 2 || left_out.is_empty() {
        return;
    }
    let List { what, id, peers, effect } = list;
    let subject = |(name, _): &&(String, Sourced<IpAddr>)| {
        Member::named(plan.about(format_args!("{what} {id} {name}")), peers[0].span())
    };
    out.group(&left_out, subject, |left_out, out| {
        let names: BTreeSet<&str> = left_out.iter().map(|(name, _)| name.as_str()).collect();
        let (have, them) = if names.len() == 1 { ("has", "it") } else { ("have", "them") };
        out.report(format!("{} {have} none of the peers of {what} {id}: {effect} {them}", join_names(&names)))
            .at(peers[0].span(), "the VTEPs of all nodes belong here")
            .also(left_out.iter().map(|(name, ring)| (ring.span(), format!("{ring} of {name} is no peer"))))
            .help("add the address of each node's underlay to Peers")
            .done();
    });
}

/// One peer that is nobody's address where all others are.
fn unmatched_peers(plan: &Plan, controller: &Controller, out: &mut Out) {
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
    .cap_severity(Severity::Warning)
    .done();
}
