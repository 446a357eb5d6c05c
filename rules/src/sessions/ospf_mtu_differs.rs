use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, mtu};
use evpnlint_core::words::join_names;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut nodes: BTreeMap<NodeIndex, Vec<&mtu::OspfConflict>> = BTreeMap::new();
    for conflict in &fabric.ospf_conflicts {
        nodes.entry(conflict.small.node).or_default().push(conflict);
    }
    for (node, found) in nodes {
        out.group(
            &found,
            |conflict| Member::new(fabric.name(node), &conflict.small.link.name, conflict.small.mtu.span),
            |found, out| {
                let first = &found[0];
                let name = fabric.name(node);
                let links = join_names(found.iter().map(|conflict| &conflict.small.link.name));
                let (peer, link, bytes, _) = first.large;
                out.report(format!(
                    "OSPF on {links} of {name} has mtu {}, but {} of {} has {bytes}: the adjacency stays in ExStart",
                    first.small.mtu.bytes,
                    link.name,
                    fabric.name(peer)
                ))
                .also(found.iter().map(|conflict| {
                    let mtu = &conflict.small.mtu;
                    (mtu.span, format!("{}: mtu {}", conflict.small.link.name, mtu.bytes))
                }))
                .also(found.iter().map(|conflict| {
                    let (peer, link, bytes, span) = conflict.large;
                    (span, format!("{} of {}: mtu {bytes}", link.name, fabric.name(peer)))
                }))
                .help(format!("write `mtu {bytes}` under {links} of {name}"))
                .done();
            },
        );
    }
}
