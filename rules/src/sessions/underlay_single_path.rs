use crate::{
    finding::{Member, Out, Severity},
    shown,
};
use evpnlint_analysis::{
    fabric::NodeIndex,
    predict::{
        Prediction,
        resilience::{Element, Lost, links::End},
    },
};
use evpnlint_core::words::join_names;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let fabric = prediction.fabric;
    if !prediction.is_healthy() {
        return;
    }
    let resilience = prediction.resilience();
    let vteps: Vec<NodeIndex> = resilience.distribution.vteps.iter().collect();
    let total = vteps.len();
    if total < 3 {
        return;
    }
    let lost = resilience.links.lost(&vteps);
    let mut single: BTreeMap<NodeIndex, &[End]> = BTreeMap::new();
    for own in &lost {
        if let (Element::Link(ends), [part]) = (&own.by, own.off.as_slice())
            && let [vtep] = part.as_slice()
            && let Some(end) = ends.iter().position(|(node, _)| node == vtep)
        {
            single.entry(*vtep).or_insert(&ends[end..=end]);
        }
    }
    // A single spine is also the single uplink of every leaf.
    let passed = |lost: &&Lost| lost.by.node().is_some_and(|node| !resilience.distribution.vteps.contains(node));
    // A VTEP that others pass has as many links as it serves, and no two ways to any.
    let is_passed = |vtep: &NodeIndex| lost.iter().any(|own| own.by.node() == Some(*vtep));
    let others = vteps.iter().filter(|vtep| !single.contains_key(*vtep) && !is_passed(vtep)).count();
    let is_odd = single.len() == 1 && others > 2 && others + 1 == total;
    if let Some((hub, own)) = lost.iter().filter(passed).filter_map(|own| Some((own.by.node()?, own))).next()
        && !is_odd
    {
        let off = own.off.iter().flatten().copied();
        let mut named: BTreeSet<NodeIndex> = off.collect();
        let rest: Vec<NodeIndex> = vteps.iter().copied().filter(|vtep| !named.contains(vtep)).collect();
        let whom = match rest.as_slice() {
            [only] => {
                named.insert(*only);
                ""
            }
            _ => " and the other VTEPs",
        };
        let names = join_names(named.iter().map(|vtep| fabric.name(*vtep)));
        let name = fabric.name(hub);
        let frr = fabric.node(hub).frr.as_ref();
        let place = frr.and_then(|frr| frr.instance(None)).map(|instance| instance.span);
        let ends = resilience.links.ends_of(hub);
        out.report(format!("{names}{whom} reach one another through {name} alone: their tunnels fail with it"))
            .about(format!("{name} underlay"))
            .at(place, "all tunnels pass here")
            .also(ends.into_iter().take(shown::PLACES).map(|(_, link)| (link.place(), "the only way")))
            .help(format!("wire the VTEPs to a second node as to {name}"))
            .cap_severity(Severity::Info)
            .done();
        return;
    }
    // Where nobody has two, the node's own failure is what was planned for.
    if others == 0 {
        return;
    }
    let nodes: Vec<(NodeIndex, &[End])> = single.into_iter().collect();
    out.group(&nodes, |(vtep, ends)| Member::new(fabric.name(*vtep), "uplink", ends.first().map(|(_, link)| link.place())), |single, out| {
    let names = join_names(single.iter().map(|(vtep, _)| fabric.name(*vtep)));
    let places = single.iter().flat_map(|(_, ends)| ends.iter());
    let places = places
        .take(shown::PLACES)
        .map(|(node, link)| (link.place(), format!("the only uplink of {}", fabric.name(*node))));
    let message = if is_odd {
        format!("{names} has one uplink, where each of the other {others} VTEPs has two ways")
    } else {
        let have = if single.len() == 1 { "has" } else { "have" };
        format!(
            "{names} {have} one uplink, and {others} of {total} VTEPs two ways: its loss cuts all tunnels of the node"
        )
    };
    let severity = if is_odd { Severity::Warning } else { Severity::Info };
    out.report(message)
        .also(places)
        .help("add a second uplink, or make a bond of two ports")
        .cap_severity(severity)
        .done();
});
}
