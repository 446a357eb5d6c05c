//! The ends of links that disagree about an interior protocol, one finding for each node that is odd.

use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, adjacency::Difference, connected, underlay::Port};
use std::{cmp::Reverse, collections::BTreeMap};

pub(super) fn report(
    fabric: &Fabric,
    protocol: &str,
    differences: impl Fn(&Port, &Port) -> Vec<Difference>,
    out: &mut Out,
) {
    let mut found: Vec<(Vec<(NodeIndex, &str)>, Difference)> = vec![];
    for ports in fabric.underlay.subnets.values() {
        for (a, b) in ports.iter().zip(ports.iter().skip(1)).filter(|(a, b)| a.node != b.node) {
            if fabric.is_misread_beside_bgp(a.node) || fabric.is_misread_beside_bgp(b.node) {
                continue;
            }
            for difference in differences(a, b) {
                let keys = vec![(a.node, difference.what), (b.node, difference.what)];
                found.push((keys, difference));
            }
        }
    }
    // One node that differs from all its neighbours is one fault: group by the node, not along a chain of links.
    let mut by_node: BTreeMap<(NodeIndex, &str), usize> = BTreeMap::new();
    for (keys, _) in &found {
        for key in keys {
            *by_node.entry(*key).or_default() += 1;
        }
    }
    let keyed = found.into_iter().map(|(keys, difference)| {
        let odd = keys.iter().max_by_key(|key| (by_node[*key], Reverse(key.0))).copied();
        (odd.into_iter().collect::<Vec<_>>(), difference)
    });
    for group in connected(keyed.collect()) {
        let subject = |one: &Difference| {
            let [(a, _, span), (b, ..)] = &one.ends;
            let what = format!("{} {} towards {}", protocol.to_lowercase(), one.what, fabric.name(*b));
            Member::new(fabric.name(*a), what, *span)
        };
        out.group(&group, subject, |group, out| {
            let first = &group[0];
            let [(a, one, _), (b, other, _)] = &first.ends;
            let (a, b) = (fabric.name(*a), fabric.name(*b));
            let links = if group.len() == 1 { String::new() } else { format!(" ({} links likewise)", group.len()) };
            out.report(format!(
                "{a} and {b} disagree about the {protocol} {} of their link, {one} and {other}{links}: {}",
                first.what, first.harm
            ))
            .also(group.iter().flat_map(|one| {
                one.ends.iter().map(|(node, value, span)| (*span, format!("{} has {value}", fabric.name(*node))))
            }))
            .help("write the same on both ends")
            .done();
        });
    }
}
