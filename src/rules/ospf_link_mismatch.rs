//! The two ends of a link disagree about OSPF.

use crate::{
    fabric::{
        Fabric, connected, few,
        origination::{is_passive, ospf_area},
        underlay::Port,
    },
    finding::Out,
    model::{igp::OspfLink, link::LinkKind},
    source::Span,
};
use std::collections::BTreeSet;

/// One thing that differs on one link.
struct Difference {
    what: &'static str,
    ends: [(usize, String, Option<Span>); 2],
    harm: &'static str,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found: Vec<(Vec<(usize, &str)>, Difference)> = vec![];
    for ports in fabric.underlay.subnets.values() {
        for (a, b) in ports.iter().zip(ports.iter().skip(1)).filter(|(a, b)| a.node != b.node) {
            if fabric.is_misread(a.node) || fabric.is_misread(b.node) {
                continue;
            }
            for difference in compare(fabric, a, b) {
                let keys = vec![(a.node, difference.what), (b.node, difference.what)];
                found.push((keys, difference));
            }
        }
    }
    // One node that differs from all its neighbours is one fault: group by the node, not along a chain of links.
    let mut by_node: std::collections::BTreeMap<(usize, &str), usize> = Default::default();
    for (keys, _) in &found {
        for key in keys {
            *by_node.entry(*key).or_default() += 1;
        }
    }
    let keyed = found.into_iter().map(|(keys, difference)| {
        let odd = keys.iter().max_by_key(|key| (by_node[*key], std::cmp::Reverse(key.0))).copied();
        (odd.into_iter().collect::<Vec<_>>(), difference)
    });
    for group in connected(keyed.collect()) {
        let first = &group[0];
        let [(a, one, _), (b, other, _)] = &first.ends;
        let (a, b) = (fabric.name(*a), fabric.name(*b));
        let links = if group.len() == 1 { String::new() } else { format!(" ({} links likewise)", group.len()) };
        let nodes: BTreeSet<&str> =
            group.iter().flat_map(|one| one.ends.iter().map(|end| fabric.name(end.0))).collect();
        out.report(format!(
            "{a} and {b} disagree about the OSPF {} of their link, {one} and {other}{links}: {}",
            first.what, first.harm
        ))
        .about(format!("{} ospf {}", few(nodes), first.what))
        .also(group.iter().flat_map(|one| {
            one.ends.iter().map(|(node, value, span)| (*span, format!("{} has {value}", fabric.name(*node))))
        }))
        .help("write the same on both ends")
        .done();
    }
}

fn compare(fabric: &Fabric, a: &Port, b: &Port) -> Vec<Difference> {
    let ospf = |port: &Port| {
        let frr = fabric.node(port.node).frr.as_ref()?;
        let (area, span) = ospf_area(frr, port.link, port.address.ip)?;
        let (passive, _) = is_passive(frr, port.link)?;
        Some((frr.links.get(&port.link.name).map(|link| link.ospf.clone()).unwrap_or_default(), area, span, passive))
    };
    let (Some(left), Some(right)) = (ospf(a), ospf(b)) else { return vec![] };
    if left.3 || right.3 {
        return vec![];
    }
    let mut all = vec![];
    let block = |port: &Port| port.link.frr.or(Some(port.address.span()?));
    if left.1 != right.1 {
        let ends = [(a.node, format!("area {}", left.1), left.2), (b.node, format!("area {}", right.1), right.2)];
        all.push(Difference { what: "area", ends, harm: "no adjacency forms over it" });
    }
    // What a tunnel is unless written depends on the kernel's flags (`if_is_pointopoint`).
    let is_told = |own: &OspfLink, port: &Port| own.network.is_some() || !matches!(port.link.kind, LinkKind::Other(_));
    let kind = |own: &OspfLink| {
        own.network
            .as_ref()
            .map_or("broadcast".to_owned(), |kind| kind.value.split(' ').next().unwrap_or("").to_owned())
    };
    if is_told(&left.0, a) && is_told(&right.0, b) && kind(&left.0) != kind(&right.0) {
        let span = |own: &OspfLink, port: &Port, area: Option<Span>| {
            own.network.as_ref().and_then(|kind| kind.span()).or(area).or(block(port))
        };
        let ends =
            [(a.node, kind(&left.0), span(&left.0, a, left.2)), (b.node, kind(&right.0), span(&right.0, b, right.2))];
        all.push(Difference { what: "network type", ends, harm: "the adjacency forms and no route comes over it" });
    }
    let hello = |own: &OspfLink| own.hello.as_ref().map_or(10, |seconds| seconds.value);
    let dead = |own: &OspfLink| own.dead.as_ref().map_or(4 * hello(own), |seconds| seconds.value);
    for (what, one, other, spans) in [
        ("hello interval", hello(&left.0), hello(&right.0), [left.0.hello.as_ref(), right.0.hello.as_ref()]),
        ("dead interval", dead(&left.0), dead(&right.0), [left.0.dead.as_ref(), right.0.dead.as_ref()]),
    ] {
        if one != other && (what == "hello interval" || hello(&left.0) == hello(&right.0)) {
            let span = |at: usize, port: &Port| spans[at].and_then(|seconds| seconds.span()).or(block(port));
            let ends = [(a.node, format!("{one} s"), span(0, a)), (b.node, format!("{other} s"), span(1, b))];
            all.push(Difference { what, ends, harm: "no adjacency forms over it" });
        }
    }
    all
}
