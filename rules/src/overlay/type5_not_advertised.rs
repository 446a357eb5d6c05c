use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{
    model::{Prefix, bgp::Family},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut subnets: BTreeMap<&str, BTreeMap<Prefix, BTreeSet<NodeIndex>>> = BTreeMap::new();
    for gateway in fabric.overlay.gateways.values().flatten() {
        let Some(vrf) = gateway.vrf() else { continue };
        for prefix in gateway.prefixes.iter().filter(|prefix| prefix.network().is_ipv4()) {
            subnets.entry(vrf).or_default().entry(*prefix).or_default().insert(gateway.node);
        }
    }
    for (vrf, members) in &fabric.overlay.l3vnis {
        let Some(subnets) = subnets.get(vrf) else { continue };
        let instance = |node: NodeIndex| fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(Some(vrf)));
        let speaks = |node: NodeIndex| instance(node).and_then(|bgp| bgp.evpn.advertise_ipv4.as_ref());
        // `advertise ipv4 unicast` hands on what the VRF's own table in BGP has.
        let announces = |node: NodeIndex, prefix: &Prefix| {
            speaks(node).is_some()
                && instance(node).and_then(|bgp| bgp.families.get(&Family::Ipv4Unicast)).is_some_and(|family| {
                    !family.redistribute.is_empty()
                        || !family.import_vrf.is_empty()
                        || family.networks.iter().any(|network| network.value == *prefix)
                        || family.aggregates.iter().any(|aggregate| aggregate.value.overlaps(*prefix))
                })
        };
        // One that has no subnet of its own there is a border, and says nothing about how leaves are meant to be.
        let is_leaf =
            |node: &NodeIndex| subnets.iter().any(|(prefix, nodes)| nodes.contains(node) && announces(*node, prefix));
        let leaf = members.iter().filter(|(node, _)| is_leaf(node)).find_map(|(node, _)| Some((*node, speaks(*node)?)));
        let Some((speaker, advertise)) = leaf else { continue };
        let members: BTreeSet<NodeIndex> = members.iter().map(|(node, _)| *node).collect();
        let lost = subnets.iter().filter(|(prefix, nodes)| {
            !nodes.iter().any(|node| announces(*node, prefix))
                && !members.is_subset(nodes)
                && nodes.iter().any(|n| members.contains(n))
        });
        let lost: Vec<_> = lost.collect();
        if lost.is_empty() {
            continue;
        }
        let things: Vec<(NodeIndex, Prefix)> = lost
            .iter()
            .flat_map(|(prefix, nodes)| {
                nodes.iter().filter(|node| members.contains(node)).map(|node| (*node, **prefix))
            })
            .collect();
        out.group(&things, |(node, prefix)| Member::new(fabric.name(*node), format_args!("vrf {vrf} {prefix}"), instance(*node).map(|bgp| bgp.span)), |things, out| {
        let lost: BTreeSet<Prefix> = things.iter().map(|(_, prefix)| *prefix).collect();
        let silent: BTreeSet<NodeIndex> = things.iter().map(|(node, _)| *node).collect();
        out.report(format!(
            "VRF {vrf} of {} does not advertise {} as type-5 routes, and no other node does",
            join_names(silent.iter().map(|node| fabric.name(*node))),
            join_names(&lost)
        ))
        .also(silent.iter().map(|node| {
            let own = instance(*node);
            (
                own.and_then(|bgp| bgp.evpn.span.or(Some(bgp.span))),
                match speaks(*node) {
                    Some(_) => format!("nothing puts connected subnets into BGP on {}", fabric.name(*node)),
                    None => format!("no `advertise ipv4 unicast` on {}", fabric.name(*node)),
                },
            )
        }))
        .also(silent.iter().filter_map(|node| instance(*node)?.families.get(&Family::Ipv4Unicast)?.span).map(|span| {
            (span, "nothing is redistributed here".to_owned())
        }).filter(|_| silent.iter().all(|node| speaks(*node).is_some())))
        .also(silent.iter().filter_map(|node| instance(*node)).flat_map(|own| {
            own.families
                .values()
                .flat_map(|family| &family.redistribute)
                .map(|what| (what.protocol.span(), "what would be advertised"))
        }))
        .at(advertise.span, format!("{} does", fabric.name(speaker)))
        .help(format!(
            "write `advertise ipv4 unicast` in `address-family l2vpn evpn` of `router bgp … vrf {vrf}`, and `redistribute \
             connected` in its `address-family ipv4 unicast`"
        ))
        .done();
});
    }
}
