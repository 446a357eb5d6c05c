use crate::{
    finding::{Member, Out, Severity},
    shared::shared,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{Asn, Sourced, bgp::Family},
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

/// The node, its router-id, and its AS.
type Owner<'m> = (NodeIndex, &'m Sourced<Ipv4Addr>, Asn);

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut owners: Vec<(Ipv4Addr, Owner)> = vec![];
    let mut shared_vteps: BTreeSet<(NodeIndex, NodeIndex)> = BTreeSet::new();
    let mut by_vtep: BTreeMap<std::net::IpAddr, NodeIndex> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        let addresses = device.vteps().into_keys().chain(
            device
                .node
                .links
                .values()
                .filter(|link| link.vrf.is_none())
                .flat_map(|link| &link.addresses)
                .filter(|own| own.is_host())
                .map(|own| own.ip),
        );
        // What an MLAG pair shares is no fault.
        let shared = device.node.shared_vtep().map(|own| own.value);
        for address in addresses.filter(|address| Some(*address) != shared) {
            if let Some(other) = by_vtep.insert(address, node).filter(|other| *other != node) {
                shared_vteps.insert((other, node));
            }
        }
        let Some(frr) = &device.node.frr else { continue };
        for instance in &frr.bgp {
            let id = instance.router_id.as_ref().or(frr.router_id.as_ref());
            if let Some(id) = id.filter(|_| instance.vrf.is_none()) {
                owners.push((id.value, (node, id, instance.asn.value)));
            }
        }
    }
    // Router-ids are compared where two nodes talk, and where the EVPN routes of both come together.
    let speaks_evpn =
        |node: NodeIndex| fabric.sessions.of(node).iter().any(|session_end| session_end.is_active(Family::Evpn));
    let meet =
        |a: NodeIndex, b: NodeIndex| fabric.sessions.graph.contains_edge(a, b) || speaks_evpn(a) && speaks_evpn(b);
    for (id, nodes) in shared(owners) {
        // Nodes that share an address too are one fault, and another rule's.
        let pairs = || nodes.iter().enumerate().flat_map(|(at, a)| nodes[at + 1..].iter().map(move |b| (a, b)));
        if pairs().all(|(a, b)| shared_vteps.contains(&(a.0, b.0))) {
            continue;
        }
        if !pairs().any(|(a, b)| meet(a.0, b.0)) {
            continue;
        }
        let one_as = pairs().any(|(a, b)| a.2 == b.2);
        out.clash(
            &nodes,
            |(node, own, _)| Member::new(fabric.name(*node), format_args!("router-id {id}"), own.span()),
            |nodes, out| {
                let names = join_names(nodes.iter().map(|(node, ..)| fabric.name(*node)));
                let harm = if one_as {
                    "they refuse each other's sessions, and drop each other's reflected routes as their own"
                } else {
                    "their automatic route distinguishers are the same, and one's routes hide the other's"
                };
                let draft = out
                    .report(format!("{names} all have the BGP router-id {id}: {harm}"))
                    .also(
                        nodes
                            .iter()
                            .map(|(node, id, _)| (id.span(), format!("the router-id of {}", fabric.name(*node)))),
                    )
                    .also(nodes.iter().flat_map(|(node, ..)| {
                        let frr = fabric.node(*node).frr.as_ref();
                        frr.into_iter()
                            .flat_map(|frr| &frr.bgp)
                            .filter_map(|instance| instance.router_id.as_ref())
                            .filter(|own| own.value == id)
                            .map(|own| (own.span(), "used again here"))
                    }))
                    .help("give each node its own, best the address of its loopback");
                if one_as { draft.done() } else { draft.cap_severity(Severity::Warning).done() }
            },
        );
    }
}
