use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex, multihoming::Port},
    finding::Out,
};
use evpnlint_core::{model::is_on, source::Span};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut nodes: BTreeMap<NodeIndex, Vec<&Port>> = BTreeMap::new();
    for port in fabric.multihoming.segments.values().flatten() {
        nodes.entry(port.node).or_default().push(port);
    }
    for (node, ports) in nodes.into_iter().filter(|(node, _)| !fabric.is_misread(*node)) {
        let bonds: BTreeSet<&str> = ports.iter().map(|port| port.link.name.as_str()).collect();
        let links = fabric.node(node).frr.iter().flat_map(|frr| &frr.links);
        let tracked: Vec<(&String, Option<Span>)> = links
            .filter(|(_, own)| is_on(&own.uplink))
            .map(|(name, own)| (name, own.uplink.as_ref().and_then(|on| on.span())))
            .collect();
        if tracked.iter().any(|(name, _)| !bonds.contains(name.as_str())) {
            continue;
        }
        let name = fabric.name(node);
        out.report(format!(
            "{name} has Ethernet segments and tracks no uplink: cut off, it still draws its hosts' traffic"
        ))
        .about(format!("{name} uplink"))
        .also(tracked.into_iter().map(|(link, span)| (span, format!("{link} leads to a host"))))
        .also(ports.iter().take(20).map(|port| (port.span, format!("{} stays up", port.link.name))))
        .help("write `evpn mh uplink` under each interface that leads to the rest of the fabric")
        .done();
    }
}
