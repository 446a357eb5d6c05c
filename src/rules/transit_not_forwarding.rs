//! A node in the middle that does not forward.

use crate::{
    fabric::{Fabric, NodeIndex, few},
    finding::Out,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let links = links(fabric);
    let vteps = fabric.devices.iter().filter(|device| !device.segments.is_empty()).count();
    // Traffic between VTEPs crosses a node that has links to half of them and more, as a spine has, and not one at the
    // edge.
    let is_transit = |node: NodeIndex| {
        let own = links.get(&node).copied().unwrap_or(0);
        fabric.devices[node].segments.is_empty() && own > 1 && 2 * own >= vteps
    };
    let off: Vec<_> = (0..fabric.devices.len())
        .filter(|node| is_transit(*node))
        .filter_map(|node| {
            let switch = fabric.node(node).frr.as_ref()?.ip_forwarding.as_ref()?;
            (!switch.value).then_some((node, switch))
        })
        .collect();
    if off.is_empty() || vteps == 0 {
        return;
    }
    let names = few(off.iter().map(|(node, _)| fabric.name(*node)));
    let (connect, does) = if off.len() == 1 { ("connects", "does") } else { ("connect", "do") };
    out.report(format!("{names} {connect} other nodes and {does} not forward IPv4: packets between VTEPs end there"))
        .about(format!("{names} ip forwarding"))
        .also(off.iter().map(|(node, switch)| (switch.span(), format!("forwarding is off on {}", fabric.name(*node)))))
        .help("write `ip forwarding`, or remove the line and set the sysctl net.ipv4.ip_forward")
        .done();
}

/// How many nodes each node is next to, by subnets and by unnumbered sessions.
fn links(fabric: &Fabric) -> BTreeMap<NodeIndex, usize> {
    let mut next: BTreeMap<NodeIndex, BTreeSet<NodeIndex>> = BTreeMap::new();
    for ports in fabric.underlay.subnets.values() {
        let nodes: BTreeSet<NodeIndex> = ports.iter().map(|port| port.node).collect();
        for node in &nodes {
            next.entry(*node).or_default().extend(nodes.iter().filter(|other| *other != node));
        }
    }
    let mut links: BTreeMap<NodeIndex, usize> = next.into_iter().map(|(node, next)| (node, next.len())).collect();
    // Several VLANs of one port lead to one neighbour.
    let mut ports: BTreeSet<(NodeIndex, String)> = BTreeSet::new();
    for half in fabric.sessions.unnumbered.iter().map(|half| &fabric.sessions.halves[*half]) {
        let name = half.neighbor.name.to_string();
        ports.insert((half.node, name.split('.').next().unwrap_or("").to_owned()));
    }
    for (node, _) in ports {
        *links.entry(node).or_default() += 1;
    }
    links
}
