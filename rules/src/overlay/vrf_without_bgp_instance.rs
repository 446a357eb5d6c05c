use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::words::join_names;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vrf, members) in fabric.overlay.l3vnis.iter().filter(|(vrf, _)| !vrf.is_empty()) {
        let has = |node: NodeIndex| fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(Some(vrf)));
        let missing: Vec<_> = members
            .iter()
            .copied()
            .filter(|(node, _)| has(*node).is_none() && fabric.devices[*node].runs_evpn())
            .collect();
        let other = members.iter().find_map(|(node, _)| Some((*node, has(*node)?)));
        let Some((peer, instance)) = other.filter(|_| !missing.is_empty()) else { continue };
        out.group(
            &missing,
            |(node, vni)| Member::new(fabric.name(*node), format_args!("vrf {vrf}"), vni.span()),
            |missing, out| {
                out.report(format!(
                    "no BGP instance for VRF {vrf} on {}, as there is on {}",
                    join_names(missing.iter().map(|(node, _)| fabric.name(*node))),
                    fabric.name(peer)
                ))
                .also(
                    missing
                        .iter()
                        .take(shown::MANY)
                        .map(|(node, vni)| (vni.span(), format!("L3VNI {vni} on {}", fabric.name(*node)))),
                )
                .at(instance.span, format!("on {}", fabric.name(peer)))
                .help(format!("write `router bgp … vrf {vrf}`; without it the node announces no type-5 routes"))
                .done();
            },
        );
    }
}
