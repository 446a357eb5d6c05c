use crate::{
    fabric::{Fabric, NodeIndex, multihoming::Port},
    finding::Out,
    model::is_on,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut nodes: BTreeMap<NodeIndex, Vec<&Port>> = BTreeMap::new();
    for port in fabric.multihoming.segments.values().flatten() {
        nodes.entry(port.node).or_default().push(port);
    }
    for (node, ports) in nodes.into_iter().filter(|(node, _)| !fabric.is_misread(*node)) {
        let is_port = |name: &str| ports.iter().any(|port| port.link.name == name);
        let mut tracked = vec![];
        for (name, own) in fabric.node(node).frr.iter().flat_map(|frr| &frr.links).filter(|own| is_on(&own.1.uplink)) {
            tracked.push((name, own.uplink.as_ref().and_then(|on| on.span())));
        }
        if tracked.iter().any(|(name, _)| !is_port(name)) {
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
