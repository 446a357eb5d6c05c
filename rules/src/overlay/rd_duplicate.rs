use crate::{
    finding::{Member, Out},
    shared::{in_order, shared},
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let rds = fabric.devices.iter_enumerated().flat_map(|(node, device)| {
        let instances = device.node.frr.iter().flat_map(|frr| &frr.bgp);
        let rds = instances.flat_map(|instance| {
            instance.evpn.rd.iter().chain(instance.evpn.vnis.iter().filter_map(|vni| vni.rd.as_ref()))
        });
        rds.map(move |rd| (rd.value, (node, rd)))
    });
    for (rd, owners) in shared(rds) {
        let nodes: BTreeSet<NodeIndex> = owners.iter().map(|(node, _)| *node).collect();
        if nodes.len() < 2 {
            continue;
        }
        out.clash(
            &owners,
            |(node, rd)| Member::new(fabric.name(*node), format_args!("rd {}", rd.value), rd.span()),
            |owners, out| {
                let nodes = in_order(owners.iter().map(|(node, _)| *node));
                let names = join_names(nodes.iter().map(|node| fabric.name(*node)));
                out.report(format!(
                    "{names} use one route distinguisher, {rd}: of two routes to one prefix, others keep \
            only one"
                ))
                .also(
                    owners
                        .iter()
                        .map(|(node, rd)| (rd.span(), format!("the route distinguisher of {}", fabric.name(*node)))),
                )
                .help(
                    "begin it with the node's own loopback address, or leave it out: FRR then makes \
                one of the router-id",
                )
                .done();
            },
        );
    }
}
