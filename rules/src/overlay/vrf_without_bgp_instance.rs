use crate::{finding::Out, shown};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vrf, members) in fabric.overlay.l3vnis.iter().filter(|(vrf, _)| !vrf.is_empty()) {
        let has = |node: NodeIndex| fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(Some(vrf)));
        let missing: Vec<_> =
            members.iter().filter(|(node, _)| has(*node).is_none() && fabric.devices[*node].runs_evpn()).collect();
        let other = members.iter().find_map(|(node, _)| Some((*node, has(*node)?)));
        let (Some((node, _)), Some((peer, instance))) = (missing.first(), other) else { continue };
        out.report(format!(
            "no BGP instance for VRF {vrf} on {}, as there is on {}",
            join_names(missing.iter().map(|(node, _)| fabric.name(*node))),
            fabric.name(peer)
        ))
        .about(format!("{} vrf {vrf}", fabric.name(*node)))
        .also(
            missing
                .iter()
                .take(shown::MANY)
                .map(|(node, vni)| (vni.span(), format!("L3VNI {vni} on {}", fabric.name(*node)))),
        )
        .at(instance.span, format!("on {}", fabric.name(peer)))
        .help(format!("write `router bgp … vrf {vrf}`; without it the node announces no type-5 routes"))
        .done();
    }
}
