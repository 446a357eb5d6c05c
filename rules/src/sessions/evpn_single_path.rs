use crate::{
    finding::{Out, Severity},
    shown,
};
use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex},
    predict::{
        Prediction,
        resilience::{
            Element,
            distribution::{Distribution, Loss, Parts},
        },
    },
};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
use std::collections::BTreeSet;

pub(super) fn check(prediction: &mut Prediction, out: &mut Out) {
    let (fabric, graph) = (prediction.fabric, &prediction.evpn);
    // Where nobody tells on what it hears, one node takes away itself alone.
    if graph.beyond.iter().all(Vec::is_empty) || !prediction.is_healthy() {
        return;
    }
    let resilience = prediction.resilience();
    let distribution = &resilience.distribution;
    let vteps: Vec<NodeIndex> = distribution.vteps.iter().collect();
    let hears_many = |node: NodeIndex| graph.out[node].iter().any(|edge| edge.to != graph.out[node][0].to);
    let is_mute =
        |node: NodeIndex| !distribution.vteps.contains(node) && hears_many(node) && graph.beyond[node].is_empty();
    if vteps.len() < 3 || fabric.nodes().any(is_mute) {
        return;
    }
    // Where tunnels pass there too, another session would not help.
    let packets = if fabric.closed { resilience.links.lost(&vteps) } else { vec![] };
    let with_packets: BTreeSet<NodeIndex> = packets.iter().filter_map(|lost| lost.by.node()).collect();
    let tells = |hub: NodeIndex| !distribution.vteps.contains(hub) || graph.out[hub].iter().any(|edge| edge.to_client);
    let mut hubs: Vec<(NodeIndex, bool, BTreeSet<NodeIndex>, usize)> = vec![];
    for (loss, parts) in &distribution.losses {
        let Loss::Node(hub) = *loss else { continue };
        if with_packets.contains(&hub) || !tells(hub) {
            continue;
        }
        let (cut, rest) = cut(parts);
        let vnis = shared(fabric, &cut, hub);
        if vnis > 0 {
            hubs.push((hub, rest, cut, vnis));
        }
    }
    hubs.sort_by_key(|(hub, _, cut, _)| (std::cmp::Reverse(cut.len()), *hub));
    // A session over the only link between the two fails with it, and is not what lacks.
    let is_link = |vtep: NodeIndex, hub: NodeIndex| {
        let joins = |by: &Element| match by {
            Element::Link(ends) => [vtep, hub].iter().all(|node| ends.iter().any(|(end, _)| end == node)),
            _ => false,
        };
        packets.iter().any(|lost| joins(&lost.by))
    };
    let counts =
        |(vtep, hub): &(NodeIndex, NodeIndex)| !is_link(*vtep, *hub) && shared(fabric, &[*vtep].into(), *vtep) > 0;
    let single: Vec<(NodeIndex, NodeIndex)> = single(distribution).filter(counts).collect();
    // One that is not as at least three others are is an oversight.
    if let [(vtep, hub)] = single.as_slice()
        && vteps.len() > 3
        && hubs.iter().all(|(_, _, cut, _)| cut.iter().eq([vtep]))
    {
        let (name, peer) = (fabric.name(*vtep), fabric.name(*hub));
        let session_end = graph.out[*vtep].iter().find(|edge| edge.to == *hub);
        let of_others = graph.out[*hub].iter().filter(|edge| edge.to != *vtep && distribution.vteps.contains(edge.to));
        let other = of_others.map(|edge| edge.to).find_map(|sibling| {
            let second =
                graph.out[sibling].iter().find(|edge| edge.to != *hub && !distribution.vteps.contains(edge.to))?;
            Some((sibling, second.to, second.sender.place()))
        });
        let Some((sibling, second, place)) = other else { return };
        out.report(format!(
            "{name} hears of all others over its session with {peer} alone, where the other {} VTEPs have two ways",
            vteps.len() - 1
        ))
        .about(format!("{name} single path"))
        .at(session_end.and_then(|edge| edge.sender.place()), "the only way")
        .at(place, format!("{} peers with {} too", fabric.name(sibling), fabric.name(second)))
        .help(format!("peer {name} with {} too, on both ends", fabric.name(second)))
        .done();
        return;
    }
    if let Some((hub, rest, cut, vnis)) = hubs.first() {
        let (name, names) = (fabric.name(*hub), join_names(cut.iter().map(|vtep| fabric.name(*vtep))));
        let whom = if *rest { " and the other VTEPs" } else { "" };
        let others = match hubs.len() - 1 {
            0 => String::new(),
            more => format!("; on {more} other node{} others depend likewise", if more == 1 { "" } else { "s" }),
        };
        let sessions = graph.out[*hub].iter().filter(|edge| cut.contains(&edge.to));
        out.report(format!(
            "{names}{whom} hear of one another through {name} alone, in {vnis} VNI{}: when it fails or is restarted, \
             they lose all that they know{others}",
            if *vnis == 1 { "" } else { "s" }
        ))
        .about(format!("{name} single path"))
        .at(evpn(fabric, *hub), "every route passes here")
        .also(sessions.take(shown::PLACES).map(|edge| (edge.receiver.place(), "the only way")))
        .help(format!("peer {names} with a second node that passes EVPN routes on, as {name} does"))
        .cap_severity(Severity::Info)
        .done();
    }
}

/// Who is cut off, and whether others are left that still hear of each other.
fn cut(all: &[Parts]) -> (BTreeSet<NodeIndex>, bool) {
    let Some(parts) = all.first() else { return (BTreeSet::new(), false) };
    let whole = parts.iter().map(|part| part.count()).max().unwrap_or(0);
    let rest = parts.iter().position(|part| part.count() == whole).filter(|_| whole > 1);
    let off = parts.iter().enumerate().filter(|(at, _)| Some(*at) != rest).flat_map(|(_, part)| part.iter());
    (off.collect(), rest.is_some())
}

/// VTEPs that hear of all others over one session, each with the other end.
fn single(distribution: &Distribution) -> impl Iterator<Item = (NodeIndex, NodeIndex)> + '_ {
    distribution.losses.iter().filter_map(|(loss, all)| {
        let (Loss::Session(a, b), [parts]) = (*loss, all.as_slice()) else { return None };
        let is_alone = |vtep: NodeIndex| parts.iter().any(|part| part.contains(vtep) && part.count() == 1);
        let is_all = parts.iter().map(|part| part.count()).sum::<usize>() == distribution.vteps.count();
        let vtep =
            [(a, b), (b, a)].into_iter().find(|(vtep, hub)| is_alone(*vtep) && !distribution.vteps.contains(*hub));
        vtep.filter(|_| is_all)
    })
}

/// How many of the VNIs of some VTEPs others have too, one node aside.
fn shared(fabric: &Fabric, vteps: &BTreeSet<NodeIndex>, but: NodeIndex) -> usize {
    let vnis: BTreeSet<Vni> = vteps.iter().flat_map(|vtep| fabric.devices[*vtep].l2vnis()).collect();
    let others = |vni: &&Vni| {
        let members = fabric.overlay.vnis.get(vni).into_iter().flatten();
        let members: BTreeSet<NodeIndex> = members.map(|member| member.node).collect();
        members.len() > 1 + usize::from(members.contains(&but) && !vteps.contains(&but))
    };
    vnis.iter().filter(others).count()
}

fn evpn(fabric: &Fabric, node: NodeIndex) -> Option<Span> {
    let instance = fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(None));
    instance.map(|own| own.evpn.span.unwrap_or(own.span))
}
