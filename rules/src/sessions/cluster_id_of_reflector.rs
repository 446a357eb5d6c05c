use crate::finding::Out;
use evpnlint_analysis::{fabric::NodeIndex, predict::Prediction};
use evpnlint_core::{
    model::{bgp::BgpInstance, is_on},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let instance = |node: NodeIndex| fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(None));
    // A reflector that shares its cluster-id with another drops what that one reflects, and has the clients itself.
    let reflects = |node: NodeIndex| {
        let families = |own: &'_ BgpInstance| {
            let neighbors = own.neighbors.values().chain(own.groups.values());
            neighbors.flat_map(|own| own.families.values()).any(|own| is_on(&own.reflector_client))
        };
        instance(node).is_some_and(families)
    };
    let mut found: BTreeMap<NodeIndex, BTreeSet<NodeIndex>> = BTreeMap::new();
    for edge in prediction.evpn.out.iter().flatten().filter(|edge| edge.to_client && !edge.external) {
        let cluster = |node: NodeIndex| prediction.evpn.routers[node].cluster;
        if cluster(edge.from).is_some() && cluster(edge.from) == cluster(edge.to) && !reflects(edge.to) {
            found.entry(edge.to).or_default().insert(edge.from);
        }
    }
    for (node, reflectors) in found {
        let Some(id) = prediction.evpn.routers[node].cluster else { continue };
        let name = fabric.name(node);
        let names = join_names(reflectors.iter().map(|reflector| fabric.name(*reflector)));
        let place = |node: NodeIndex| {
            let own = instance(node)?;
            own.cluster_id.as_ref().and_then(|id| id.span()).or(own.router_id.as_ref().and_then(|id| id.span()))
        };
        let is_copied = instance(node).is_some_and(|own| own.cluster_id.is_some());
        out.report(format!(
            "{name} and its reflector {names} have one cluster-id, {id}: {name} drops every route that {names} reflects, \
             as if it had come round"
        ))
        .about(format!("{name} cluster-id"))
        .at(place(node), format!("{id} on {name}"))
        .also(reflectors.iter().map(|reflector| (place(*reflector), format!("{id} on {}", fabric.name(*reflector)))))
        .help(if is_copied {
            format!("remove `bgp cluster-id` from {name}, which has no clients")
        } else {
            format!("give {names} a cluster-id that is no node's router-id")
        })
        .done();
    }
}
