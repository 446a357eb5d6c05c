use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, connected, propagation::Cause};
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // The two switches of an MLAG pair share an AS on purpose: what one knows, the other knows over their peer link.
    let is_mlag = |node: NodeIndex| fabric.multihoming.is_mlag(node);
    let gaps = fabric.propagation.gaps.iter().filter(|gap| {
        gap.cause == Cause::AsLoop && !fabric.is_misread(gap.to) && !(is_mlag(gap.from) && is_mlag(gap.to))
    });
    let pairs = gaps.map(|gap| (vec![gap.from, gap.to], *gap)).collect();
    for group in connected(pairs) {
        let nodes: BTreeSet<NodeIndex> = group.iter().flat_map(|gap| [gap.from, gap.to]).collect();
        let nodes: Vec<NodeIndex> = nodes.into_iter().collect();
        out.clash(
            &nodes,
            |node| Member::new(fabric.name(*node), "as-path", instance(fabric, *node).and_then(|own| own.asn.span())),
            |nodes, out| {
                let names = join_names(nodes.iter().map(|node| fabric.name(*node)));
                let asns: BTreeSet<u32> =
                    nodes.iter().filter_map(|node| instance(fabric, *node)).map(|instance| instance.asn.0).collect();
                let of_as = if asns.len() == 1 {
                    format!("all run AS {}", join_names(&asns))
                } else {
                    format!("share AS {}", join_names(&asns))
                };
                out.report(format!(
                    "{names} {of_as}, and reach each other through another AS only: each drops the \
            others' routes as its own, VNI {} and all",
                    group[0].vni
                ))
                .also(nodes.iter().map(|node| {
                    (
                        instance(fabric, *node).and_then(|instance| instance.asn.span()),
                        format!("the AS of {}", fabric.name(*node)),
                    )
                }))
                .also(nodes.iter().flat_map(|node| {
                    let tenants =
                        fabric.node(*node).frr.iter().flat_map(|frr| &frr.bgp).filter(|own| own.vrf.is_some());
                    tenants.map(|own| (own.asn.span(), "and of a VRF"))
                }))
                .help(
                    "give each of them an AS of its own, or add `neighbor … allowas-in` under \
                `address-family l2vpn evpn` (and ipv4 unicast) on each; as-override does not \
                exist for EVPN in FRR",
                )
                .done();
            },
        );
    }
}

fn instance<'f>(fabric: &'f Fabric, node: NodeIndex) -> Option<&'f evpnlint_core::model::bgp::BgpInstance> {
    fabric.node(node).frr.as_ref().and_then(|frr| frr.evpn().or(frr.bgp.first()))
}
