use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    origination::{is_passive, ospf_area},
    underlay::Port,
};
use evpnlint_core::{model::Prefix, source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

/// The links on which one node keeps silent by one line.
#[derive(Default)]
struct Silent<'f> {
    links: BTreeSet<&'f str>,
    others: BTreeSet<&'f str>,
    areas: Vec<Option<Span>>,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut silent: BTreeMap<(NodeIndex, Option<Span>), Silent> = BTreeMap::new();
    let state = |port: &Port| {
        let frr = fabric.node(port.node).frr.as_ref()?;
        ospf_area(frr, port.link, port.address.ip)?;
        is_passive(frr, port.link)
    };
    // Where each node speaks: two that meet elsewhere need no adjacency here.
    let mut speaks: BTreeMap<NodeIndex, BTreeSet<Prefix>> = BTreeMap::new();
    for (prefix, ports) in &fabric.underlay.subnets {
        for port in ports.iter().filter(|port| matches!(state(port), Some((false, _)))) {
            speaks.entry(port.node).or_default().insert(*prefix);
        }
    }
    let meet = |a: NodeIndex, b: NodeIndex| match (speaks.get(&a), speaks.get(&b)) {
        (Some(a), Some(b)) => !a.is_disjoint(b),
        _ => false,
    };
    for ports in fabric.underlay.subnets.values() {
        for port in ports {
            let Some((true, span)) = state(port) else { continue };
            let others: Vec<_> = ports
                .iter()
                .filter(|other| other.node != port.node && matches!(state(other), Some((false, _))))
                .filter(|other| !meet(port.node, other.node))
                .collect();
            if others.is_empty() {
                continue;
            }
            let entry = silent.entry((port.node, span)).or_default();
            entry.links.insert(&port.link.name);
            entry.others.extend(others.iter().map(|other| fabric.name(other.node)));
            entry.areas.push(
                fabric
                    .node(port.node)
                    .frr
                    .as_ref()
                    .and_then(|frr| frr.links.get(&port.link.name)?.ospf.area.as_ref()?.span()),
            );
        }
    }
    for ((node, span), Silent { links, others, areas }) in silent {
        let name = fabric.name(node);
        let links: Vec<&str> = links.into_iter().collect();
        out.group(
            &links,
            |link| Member::new(name, format_args!("ospf passive {link}"), span),
            |links, out| {
                out.report(format!(
                    "{name} keeps OSPF silent on {}, its link{} to {}: no adjacency forms there",
                    join_names(links),
                    if links.len() == 1 { "" } else { "s" },
                    join_names(&others)
                ))
                .at(span, "passive by this line")
                .also(areas.iter().map(|span| (*span, "OSPF is wanted here")))
                .help(format!("add `no ip ospf passive` on {}, or remove the line", join_names(links)))
                .done();
            },
        );
    }
}
