use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, connected, propagation::Cause};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let gaps = fabric
        .propagation
        .gaps
        .iter()
        .filter(|gap| gap.cause == Cause::NoSession && !fabric.is_misread(gap.from) && !fabric.is_misread(gap.to));
    let pairs = gaps.map(|gap| (vec![gap.from, gap.to], *gap)).collect();
    for group in connected(pairs) {
        let nodes: BTreeSet<NodeIndex> = group.iter().flat_map(|gap| [gap.from, gap.to]).collect();
        let nodes: Vec<NodeIndex> = nodes.into_iter().collect();
        let place = |node: NodeIndex| {
            let instance = fabric.node(node).frr.as_ref().and_then(|frr| frr.evpn());
            instance.map(|instance| instance.evpn.span.unwrap_or(instance.span))
        };
        out.group(
            &nodes,
            |node| Member::new(fabric.name(*node), "mesh", place(*node)),
            |nodes, out| {
                let named: BTreeSet<NodeIndex> = nodes.iter().copied().collect();
                let group: Vec<_> =
                    group.iter().filter(|gap| named.contains(&gap.from) || named.contains(&gap.to)).collect();
                let mut pairs: BTreeSet<(NodeIndex, NodeIndex)> =
                    group.iter().map(|gap| (gap.from.min(gap.to), gap.from.max(gap.to))).collect();
                let count = pairs.len();
                let Some((a, b)) = pairs.pop_first() else { return };
                let nodes: BTreeSet<NodeIndex> = group.iter().flat_map(|gap| [gap.from, gap.to]).collect();
                let more = if count == 1 { String::new() } else { format!(", and {} more pairs", count - 1) };
                let (one, other) = (fabric.name(a), fabric.name(b));
                out.report(format!(
                    "{one} and {other} share VNI {}, but no EVPN session leads from one to the other, \
            neither directly nor over a route reflector{more}",
                    group[0].vni
                ))
                .also(
                    nodes
                        .iter()
                        .map(|node| (place(*node), format!("{} tells nobody who tells the other", fabric.name(*node)))),
                )
                .help(format!("add the session of {one} and {other} on both ends, or peer both with a route reflector"))
                .done();
            },
        );
    }
}
