use crate::{
    finding::{Member, Out},
    shown,
};
use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::{model::Vni, words::join_names};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // The VNIs of each VRF, and the nodes that are gateways for them.
    let mut vrfs: BTreeMap<&str, BTreeMap<Vni, BTreeSet<NodeIndex>>> = BTreeMap::new();
    for gateway in fabric.overlay.gateways.values().flatten().filter(|gateway| !gateway.addresses.is_empty()) {
        let vnis = vrfs.entry(gateway.vrf().unwrap_or("")).or_default();
        vnis.entry(gateway.vni).or_default().insert(gateway.node);
    }
    for (vrf, vnis) in vrfs {
        if fabric.overlay.l3vnis.contains_key(vrf) || vnis.len() < 2 || is_routed(fabric, vrf) {
            continue;
        }
        let mut count: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for node in vnis.values().flatten() {
            *count.entry(*node).or_default() += 1;
        }
        let mut causes: BTreeMap<BTreeSet<NodeIndex>, Vec<Vni>> = BTreeMap::new();
        for (vni, own) in &vnis {
            let members = fabric.overlay.vnis.get(vni).into_iter().flatten();
            let carriers: BTreeSet<NodeIndex> = members.map(|member| member.node).collect();
            let odd: BTreeSet<NodeIndex> = count.keys().copied().filter(|node| !carriers.contains(node)).collect();
            // A device without a VNI is a fault of its own.
            if odd.iter().any(|node| fabric.devices[*node].without_vni().next().is_some()) {
                continue;
            }
            // Most nodes must have all, or they are tenants that nobody means to connect.
            let have_all = own.iter().all(|node| count.get(node) == Some(&vnis.len()));
            if !odd.is_empty() && own.len() > 1 && odd.len() < own.len() && have_all {
                causes.entry(odd).or_default().push(*vni);
            }
        }
        for (odd, missing) in causes {
            let Some(example) = vnis[&missing[0]].first() else { continue };
            let things: Vec<(NodeIndex, Vni)> =
                odd.iter().flat_map(|node| missing.iter().map(|vni| (*node, *vni))).collect();
            let span = |node: NodeIndex| {
                fabric.overlay.gateways.values().flatten().find(|own| own.node == node).map(|own| own.place())
            };
            let spans: BTreeMap<NodeIndex, _> = odd.iter().map(|node| (*node, span(*node))).collect();
            let lacking: BTreeSet<Vni> = missing.iter().copied().collect();
            out.group(
                &things,
                |(node, vni)| Member::new(fabric.name(*node), format_args!("vni {vni}"), spans[node]),
                |things, out| {
                    let odd: BTreeSet<NodeIndex> = things.iter().map(|(node, _)| *node).collect();
                    let missing: BTreeSet<Vni> = things.iter().map(|(_, vni)| *vni).collect();
                    let (names, list) = (join_names(odd.iter().map(|node| fabric.name(*node))), join_names(&missing));
                    let place = |node: NodeIndex, wanted: Vni| {
                        let all = fabric.overlay.gateways.get(&wanted).into_iter().flatten();
                        let own = all.filter(move |gateway| gateway.node == node);
                        own.map(move |gateway| (gateway.place(), format!("vni {wanted} on {}", fabric.name(node))))
                    };
                    let kept = vnis.keys().copied().filter(|vni| !lacking.contains(vni));
                    let kept: Vec<_> = odd
                        .iter()
                        .flat_map(|node| kept.clone().flat_map(|vni| place(*node, vni)))
                        .take(shown::MANY)
                        .collect();
                    out.report(format!(
                        "vni {list} is missing on {names} among the gateways of {}, and no L3VNI leads to \
                it",
                        shown(vrf)
                    ))
                    .also(kept)
                    .also(missing.iter().take(shown::MANY).flat_map(|vni| place(*example, *vni)))
                    .help(format!("give {names} vni {list} with its gateway, or the VRF an L3VNI on every node"))
                    .done();
                },
            );
        }
    }
}

/// Whether the VRF's subnets may be known by other means: some protocol redistributes or announces them.
fn is_routed(fabric: &Fabric, vrf: &str) -> bool {
    let wanted = (!vrf.is_empty()).then_some(vrf);
    fabric.cluster.nodes.iter().filter_map(|node| node.frr.as_ref()).any(|frr| {
        let bgp = frr.instance(wanted).is_some_and(|bgp| {
            bgp.families
                .values()
                .any(|own| own.redistribute.iter().any(|what| what.route_map.is_none()) || !own.import_vrf.is_empty())
        });
        bgp || !frr.statics.is_empty()
            || frr.ospf.iter().any(|ospf| !ospf.redistribute.is_empty() || !ospf.networks.is_empty())
    })
}

fn shown(vrf: &str) -> String {
    if vrf.is_empty() { "the default VRF".to_owned() } else { format!("VRF {vrf}") }
}
