use crate::{
    fabric::{Fabric, NodeIndex, few},
    finding::{Out, Severity},
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut sharers: BTreeMap<IpAddr, Vec<(NodeIndex, Option<Span>)>> = BTreeMap::new();
    for (node, mlag) in &fabric.multihoming.mlags {
        if let Some(anycast) = mlag.anycast {
            sharers.entry(anycast.value).or_default().push((*node, anycast.span()));
        }
    }
    for (address, sharers) in sharers {
        let nodes: BTreeSet<NodeIndex> = sharers.iter().map(|(node, _)| *node).collect();
        let own: Vec<_> = fabric.overlay.vteps.get(&address).into_iter().flatten().collect();
        let others: BTreeSet<NodeIndex> = own.iter().map(|(node, _)| *node).collect();
        let names = |nodes: &BTreeSet<NodeIndex>| few(nodes.iter().map(|node| fabric.name(*node)));
        let strangers: BTreeSet<NodeIndex> = others.difference(&nodes).copied().collect();
        let (message, is_lost) = if !fabric.multihoming.may_share(nodes.iter().copied()) {
            (format!("{} are several MLAG pairs, and share one VTEP address, {address}", names(&nodes)), true)
        } else if !strangers.is_empty() {
            (
                format!(
                    "{} share the VTEP address {address}, which is that of {} alone",
                    names(&nodes),
                    names(&strangers)
                ),
                true,
            )
        } else if !others.is_empty() {
            (
                format!(
                    "{address} is the VTEP address of {} each, and that which the MLAG pair shares",
                    names(&others)
                ),
                false,
            )
        } else {
            continue;
        };
        let draft = out
            .report(message)
            .about(format!("{} anycast {address}", names(&nodes)))
            .also(sharers.iter().map(|(node, span)| (*span, format!("shared by {}", fabric.name(*node)))))
            .also(own.iter().map(|(node, place)| (place.span(), format!("the VTEP address of {}", fabric.name(*node)))))
            .help("give each pair an address to share that nobody else has, and each node a `vxlan-local-tunnelip` of its own");
        if is_lost { draft.done() } else { draft.at_most(Severity::Warning).done() }
    }
}
