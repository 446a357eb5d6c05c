//! One route distinguisher on two nodes.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use evpnlint_core::model::{RouteDistinguisher, Sourced};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut owners: BTreeMap<RouteDistinguisher, Vec<(usize, &Sourced<RouteDistinguisher>)>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        for instance in device.node.frr.iter().flat_map(|frr| &frr.bgp) {
            let rds = instance.evpn.rd.iter().chain(instance.evpn.vnis.iter().filter_map(|vni| vni.rd.as_ref()));
            for rd in rds {
                owners.entry(rd.value).or_default().push((node, rd));
            }
        }
    }
    for (rd, owners) in owners {
        let nodes: BTreeSet<usize> = owners.iter().map(|(node, _)| *node).collect();
        if nodes.len() < 2 {
            continue;
        }
        let names = join_names(nodes.iter().map(|node| fabric.name(*node)));
        out.report(format!(
            "{names} use one route distinguisher, {rd}: of two routes to one prefix, others keep \
            only one"
        ))
        .about(format!("{names} rd {rd}"))
        .also(owners.iter().map(|(node, rd)| (rd.span(), format!("the route distinguisher of {}", fabric.name(*node)))))
        .help(
            "begin it with the node's own loopback address, or leave it out: FRR then makes \
                one of the router-id",
        )
        .done();
    }
}
