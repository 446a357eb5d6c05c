use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, connected, multihoming::Port};
use evpnlint_core::{
    model::{Esi, frr::FrrLink},
    words::join_names,
};
use std::collections::BTreeSet;

/// What segments that are alone may have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Alike<'m> {
    Bond(&'m str),
    Node(NodeIndex),
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let nodes = || fabric.devices.iter().filter_map(|device| device.node.frr.as_ref());
    // What FRR does not obey may be just what is missing, and half a segment is another rule's.
    if fabric.nodes().any(|node| fabric.is_misread(node)) {
        return;
    }
    let is_half = |own: &FrrLink| own.segment.span().is_some() && own.segment.esi().is_none();
    let session_ends: BTreeSet<&str> =
        nodes().flat_map(|frr| &frr.links).filter(|(_, own)| is_half(own)).map(|(name, _)| name.as_str()).collect();
    let mut alone: Vec<(Esi, Port)> = vec![];
    for (esi, ports) in &fabric.multihoming.segments {
        if let [port] = ports[..]
            && !session_ends.contains(port.link.name.as_str())
        {
            alone.push((*esi, port));
        }
    }
    // Bonds of one name may well have been meant as one, and all bonds of a node are alone for one reason.
    let things =
        alone.into_iter().map(|own| (vec![Alike::Bond(&own.1.link.name), Alike::Node(own.1.node)], own)).collect();
    for group in connected(things) {
        out.group(
            &group,
            |(_, port)| Member::new(fabric.name(port.node), &port.link.name, port.span),
            |group, out| {
                let nodes: BTreeSet<NodeIndex> = group.iter().map(|(_, port)| port.node).collect();
                let names = join_names(nodes.iter().map(|node| fabric.name(*node)));
                let segments = join_names(group.iter().map(|(esi, _)| esi));
                let message = match nodes.len() {
                    1 => format!("nobody but {names} is in Ethernet segment {segments}"),
                    _ => format!("Ethernet segments {segments} of {names} have one node each"),
                };
                out.report(message)
                    .also(group.iter().take(shown::PLACES).map(|(esi, port)| {
                        (port.span, format!("{} of {} is in {esi}", port.link.name, fabric.name(port.node)))
                    }))
                    .help("write the same es-id and es-sys-mac on every node that the host is wired to")
                    .done();
            },
        );
    }
}
