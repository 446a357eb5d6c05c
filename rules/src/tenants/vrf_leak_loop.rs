use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let tenants = &fabric.tenants;
    for own in tenants.loops(&fabric.devices) {
        let nodes = join_names(own.nodes.iter().map(|node| fabric.name(*node)));
        let vrfs = join_names(own.tenants.iter().map(|tenant| tenants.all[*tenant].title()));
        out.report(format!(
            "{nodes} leak between VRFs {vrfs} and tell each other in type-5 routes: what one has leaked comes back \
             through the other, and stays when it is withdrawn"
        ))
        .about(format!("{nodes} {vrfs} leak loop"))
        .also(own.hops.iter().take(shown::MANY).map(|hop| (hop.span, hop.text(&fabric.devices))))
        .help(
            "write `advertise … unicast skip-evpn-imported` (FRR 10.8), or a route-map there that permits only what the \
             VRF has of itself",
        )
        .done();
    }
}
