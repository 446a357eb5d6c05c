use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, overlay::majority};
use evpnlint_core::{model::Vni, source::Span, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (vrf, nodes) in fabric.overlay.l3vnis.iter().filter(|(vrf, _)| !vrf.is_empty()) {
        let mut groups: BTreeMap<Vni, BTreeSet<NodeIndex>> = BTreeMap::new();
        for (node, vni) in nodes {
            let device = &fabric.devices[*node];
            // Without a device for it, frr.conf disagrees with its own node first.
            let is_carried = device.local_vnis.is_empty() || device.local_vnis.iter().any(|own| own.vni == vni.value);
            let targets = device.node.frr.as_ref().and_then(|frr| frr.instance(Some(vrf))).map(|bgp| &bgp.evpn.targets);
            // Written route targets say that the number is only local.
            if is_carried && targets.is_none_or(|targets| targets.import.is_empty()) {
                groups.entry(vni.value).or_default().insert(*node);
            }
        }
        let Some((common, usual, others)) = majority(groups) else { continue };
        for (vni, odd) in others {
            let things: Vec<(NodeIndex, Option<Span>)> =
                nodes.iter().filter(|(node, _)| odd.contains(node)).map(|(node, vni)| (*node, vni.span())).collect();
            out.group(
                &things,
                |(node, span)| Member::new(fabric.name(*node), format_args!("vrf {vrf}"), *span),
                |things, out| {
                    let odd: BTreeSet<NodeIndex> = things.iter().map(|(node, _)| *node).collect();
                    let names = |nodes: &BTreeSet<NodeIndex>| join_names(nodes.iter().map(|node| fabric.name(*node)));
                    let reported = |wanted: &BTreeSet<NodeIndex>| -> Vec<_> {
                        let own = nodes.iter().filter(|(node, _)| wanted.contains(node));
                        own.map(|(node, vni)| (vni.span(), format!("vni {vni} on {}", fabric.name(*node)))).collect()
                    };
                    let carried =
                        odd.iter().flat_map(|node| &fabric.devices[*node].local_vnis).filter(|own| own.vni == vni);
                    out.report(format!(
                        "VRF {vrf} has L3VNI {vni} on {}, but {common} on {}",
                        names(&odd),
                        names(&usual)
                    ))
                    .also(reported(&odd))
                    .also(carried.map(|own| (own.span, format!("{} carries it", own.link.name))))
                    .also(reported(&usual).into_iter().take(shown::EXAMPLES))
                    .help(format!(
                        "write `vni {common}` in `vrf {vrf}` and `vxlan-id {common}` under its device \
                    on {}",
                        names(&odd)
                    ))
                    .done();
                },
            );
        }
    }
}
