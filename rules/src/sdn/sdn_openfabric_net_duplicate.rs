use crate::{
    finding::{Help, Out},
    plan::Plan,
    shared::shared,
};
use evpnlint_analysis::twin::net;
use evpnlint_core::{model::intent::FabricNode, source::Span, words::join_names};

pub(super) fn check(plan: &Plan, out: &mut Out) {
    for fabric in plan.sdn.fabrics.iter().filter(|fabric| fabric.protocol == "openfabric") {
        let id = &fabric.id.value;
        let nodes = plan.sdn.fabric_nodes.iter().filter(|own| own.fabric == *id && !own.external);
        let nets = nodes.filter(|own| is_named_by(plan, own)).filter_map(|own| {
            let ip = own.ip6.as_ref().filter(|_| own.ip.is_none())?;
            Some((net(ip.value), (own, ip)))
        });
        for (title, nodes) in shared(nets) {
            // The same address twice is another fault.
            if nodes.iter().all(|(_, ip)| ip.value == nodes[0].1.value) {
                continue;
            }
            let names = join_names(nodes.iter().map(|(own, _)| &own.node));
            out.report(format!(
                "{names} of fabric {id} get one NET, {title}: each takes the others for itself, and no adjacency forms"
            ))
            .about(plan.about(format_args!("fabric {id} net {title}")))
            .also(
                nodes.iter().map(|(own, ip)| (ip.span(), format!("the last three segments are those of {}", own.node))),
            )
            .also(nodes.iter().flat_map(|(own, _)| written(plan, &own.node, &title)))
            .help(Help::lasting(
                "give the nodes addresses that differ in the last three segments, in Datacenter → SDN → Fabrics, or an \
                    IPv4 address beside it, which the NET is made of then",
            ))
            .done();
        }
    }
}

/// Whether the NET of a node is made of this fabric's address: all of its OpenFabric processes have that of the first.
fn is_named_by(plan: &Plan, node: &FabricNode) -> bool {
    let has = |id: &str| plan.sdn.fabric_nodes.iter().any(|own| own.fabric == id && own.node == node.node);
    let mut own = plan.sdn.fabrics.iter().filter(|fabric| fabric.protocol == "openfabric" && has(&fabric.id));
    own.next().is_some_and(|first| first.id.value == node.fabric)
}

/// Where Proxmox has written the NET.
fn written(plan: &Plan, node: &str, title: &str) -> Vec<(Option<Span>, String)> {
    let frr = plan.fabric.index(node).and_then(|at| plan.fabric.node(at).frr.as_ref());
    let nets = frr.into_iter().flat_map(|frr| &frr.isis).filter_map(|isis| isis.net.as_ref());
    nets.filter(|net| net.value == title).map(|net| (net.span(), format!("the NET of {node}"))).collect()
}
