//! VTEPs whose EVPN routes all pass through one node.

use crate::{
    fabric::{Fabric, NodeIndex, few, gateway::is_link_local},
    finding::Out,
    model::{Vni, bgp::Family},
    predict::{
        Prediction,
        flow::Flow,
        graph::Edge,
        verdict::{State, Verdict},
    },
};
use fixedbitset::FixedBitSet;
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    let graph = &prediction.evpn;
    let halves = || fabric.sessions.halves.iter().zip(&prediction.sessions);
    let mut speakers = halves().filter(|(half, _)| half.vrf().is_empty() && half.is_active(Family::Evpn));
    // What does not carry EVPN is told, and may be the second way.
    let lacks = |verdict: &Verdict| verdict.state == State::Down || !verdict.families.contains(&Family::Evpn);
    if speakers.any(|(half, verdict)| lacks(verdict) || fabric.is_misread(half.node)) {
        return;
    }
    let vteps: BTreeSet<NodeIndex> = prediction
        .floods
        .vnis
        .values()
        .flatten()
        .filter(|own| own.origin.lack.is_none())
        .map(|own| own.origin.node)
        .collect();
    let passes_on = |node: &NodeIndex| {
        let edges = &graph.out[*node];
        let hearers: BTreeSet<NodeIndex> = edges.iter().map(|edge| edge.to).collect();
        hearers.len() > 1 && (!vteps.contains(node) || edges.iter().any(|edge| edge.to_client))
    };
    let hubs: Vec<NodeIndex> = (0..fabric.devices.len()).filter(passes_on).collect();
    let reflects = |hub: &NodeIndex| graph.out[*hub].iter().any(|edge| edge.external || edge.to_client);
    if vteps.len() < 3 || hubs.is_empty() || !hubs.iter().all(reflects) {
        return;
    }
    let reached = |from: NodeIndex, without: Option<NodeIndex>| {
        let is_there = |edge: &Edge| Some(edge.from) != without && Some(edge.to) != without;
        let flow = Flow::new(graph, &[from], &is_there);
        let heard = flow.best.iter().enumerate().filter(|(node, best)| best.is_some() && vteps.contains(node));
        heard.map(|(node, _)| node).collect::<FixedBitSet>()
    };
    for hub in hubs {
        let there = || vteps.iter().filter(|vtep| **vtep != hub);
        // The usual case, at the cost of one VTEP: all others are still heard of.
        if there().next().is_none_or(|first| reached(*first, Some(hub)).count_ones(..) == there().count()) {
            continue;
        }
        // Where tunnels pass the node too, as in a fabric of one spine, another session would not help.
        if islands(fabric, &vteps, Some(hub)) > islands(fabric, &vteps, None) {
            continue;
        }
        // What is lost already is told by others.
        if vteps.iter().any(|vtep| reached(*vtep, None).count_ones(..) < vteps.len()) {
            return;
        }
        // VTEPs that still hear each other when the hub is gone.
        let mut parts: BTreeMap<FixedBitSet, Vec<NodeIndex>> = BTreeMap::new();
        for vtep in there() {
            parts.entry(reached(*vtep, Some(hub))).or_default().push(*vtep);
        }
        let Some(whole) = parts.values().map(Vec::len).max().filter(|_| parts.len() > 1) else { continue };
        let rest = parts.values().filter(|part| part.len() == whole).take(1).filter(|_| whole > 1).flatten();
        let rest: BTreeSet<NodeIndex> = rest.copied().collect();
        let cut: BTreeSet<NodeIndex> = parts.into_values().flatten().filter(|vtep| !rest.contains(vtep)).collect();
        let vnis: BTreeSet<Vni> = cut.iter().flat_map(|vtep| fabric.devices[*vtep].l2vnis()).collect();
        let others = |vni: &Vni| {
            let members = fabric.overlay.vnis.get(vni).into_iter().flatten();
            members.map(|member| member.node).filter(|node| *node != hub).collect::<BTreeSet<_>>().len() > 1
        };
        let vnis = vnis.iter().filter(|vni| others(vni)).count();
        if vnis == 0 {
            continue;
        }
        let (name, names) = (fabric.name(hub), few(cut.iter().map(|vtep| fabric.name(*vtep))));
        let whom = if rest.is_empty() { "" } else { " and the other VTEPs" };
        let instance = fabric.node(hub).frr.as_ref().and_then(|frr| frr.instance(None));
        let sessions = graph.out[hub].iter().filter(|edge| cut.contains(&edge.to));
        out.report(format!(
            "{names}{whom} hear of one another through {name} alone, in {vnis} VNI{}: when it fails or is restarted, \
             they lose all that they know",
            if vnis == 1 { "" } else { "s" }
        ))
        .about(format!("{name} single path"))
        .at(instance.map(|own| own.evpn.span.unwrap_or(own.span)), "every route passes here")
        .also(sessions.take(20).map(|edge| (edge.receiver.place(), "the only way")))
        .help(format!("peer {names} with a second node that passes EVPN routes on, as {name} does"))
        .done();
    }
}

/// Into how many parts the links between nodes put the VTEPs, when one node is gone.
fn islands(fabric: &Fabric, vteps: &BTreeSet<NodeIndex>, without: Option<NodeIndex>) -> usize {
    let mut sets = UnionFind::new(fabric.devices.len());
    let is_there = |node: &NodeIndex| Some(*node) != without;
    for (_, ports) in fabric.underlay.subnets.iter().filter(|(subnet, _)| !is_link_local(subnet.network())) {
        let nodes: Vec<NodeIndex> = ports.iter().map(|port| port.node).filter(is_there).collect();
        nodes.windows(2).for_each(|pair| _ = sets.union(pair[0], pair[1]));
    }
    let ends = || fabric.sessions.representatives.iter().map(|end| &fabric.sessions.halves[*end]);
    for one in ends().filter(|one| is_there(&one.node)) {
        let wired = ends().filter(|other| is_there(&other.node) && fabric.sessions.may_be_wired(one, other));
        wired.for_each(|other| _ = sets.union(one.node, other.node));
    }
    let labels = sets.into_labeling();
    vteps.iter().filter(|vtep| is_there(vtep)).map(|vtep| labels[*vtep]).collect::<BTreeSet<_>>().len()
}
