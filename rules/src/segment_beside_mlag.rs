use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex, join_names, multihoming::Port},
    finding::{Out, Severity},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut nodes: BTreeMap<NodeIndex, Vec<&Port>> = BTreeMap::new();
    for port in fabric.multihoming.segments.values().flatten() {
        nodes.entry(port.node).or_default().push(port);
    }
    for (node, ports) in nodes {
        let name = fabric.name(node);
        let leftovers: Vec<_> =
            fabric.node(node).links.values().filter_map(|link| Some((link, link.clag.as_deref()?))).collect();
        if leftovers.is_empty() {
            continue;
        }
        let bonds: BTreeSet<&str> = ports.iter().map(|port| port.link.name.as_str()).collect();
        let both: Vec<&str> =
            leftovers.iter().map(|(link, _)| link.name.as_str()).filter(|name| bonds.contains(name)).collect();
        let draft = match both.as_slice() {
            [] => out.report(format!("{name} has Ethernet segments and MLAG, which exclude each other")),
            both => out.report(format!("{} of {name} is in an Ethernet segment and in MLAG at once", join_names(both))),
        };
        let draft = draft
            .about(format!("{name} mlag"))
            .also(leftovers.iter().take(20).map(|(link, clag)| (clag.span, format!("MLAG on {}", link.name))))
            .also(ports.iter().take(20).map(|port| (port.span, format!("the segment of {}", port.link.name))))
            .help("remove clag-id, clagd-vxlan-anycast-ip and the clagd lines of the peer link, or the evpn mh lines");
        if both.is_empty() { draft.cap_severity(Severity::Warning).done() } else { draft.done() }
    }
}
