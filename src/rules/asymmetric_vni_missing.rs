use crate::{
    fabric::{Fabric, NodeIndex, few},
    finding::Out,
    model::Vni,
};
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
        let nodes: BTreeSet<NodeIndex> = vnis.values().flatten().copied().collect();
        for (vni, own) in &vnis {
            let carries = |node: &NodeIndex| {
                fabric.overlay.vnis.get(vni).is_some_and(|all| all.iter().any(|member| member.node == *node))
            };
            // Most nodes must have both, or they are tenants that nobody means to connect.
            let odd: BTreeSet<NodeIndex> = nodes.iter().copied().filter(|node| !carries(node)).collect();
            let both = |node: &NodeIndex| vnis.values().filter(|nodes| nodes.contains(node)).count() == vnis.len();
            let (Some(first), Some(example)) = (odd.first(), own.iter().find(|node| both(node))) else { continue };
            if own.len() < 2 || odd.len() >= own.len() || !own.iter().all(both) {
                continue;
            }
            let names = few(odd.iter().map(|node| fabric.name(*node)));
            let place = |node: NodeIndex, wanted: Vni| {
                let all = fabric.overlay.gateways.get(&wanted).into_iter().flatten();
                all.filter(move |gateway| gateway.node == node).map(|gateway| gateway.place())
            };
            out.report(format!("{names} routes in {} but lacks vni {vni}, and there is no L3VNI to reach it through", shown(vrf)))
                .about(format!("{} vni {vni}", fabric.name(*first)))
                .also(odd.iter().flat_map(|node| {
                    let name = fabric.name(*node);
                    vnis.keys().filter(|other| *other != vni).flat_map(move |other| {
                        place(*node, *other).map(move |span| (span, format!("{name} is a gateway of vni {other}")))
                    })
                }))
                .also(place(*example, *vni).map(|span| (span, format!("vni {vni} on {}", fabric.name(*example)))))
                .help(format!("give {names} vni {vni} with its gateway, or the VRF an L3VNI on every node"))
                .done();
        }
    }
}

/// Whether the VRF's subnets may be known by other means: some protocol redistributes or announces them.
fn is_routed(fabric: &Fabric, vrf: &str) -> bool {
    let wanted = (!vrf.is_empty()).then_some(vrf);
    fabric.cluster.nodes.iter().filter_map(|node| node.frr.as_ref()).any(|frr| {
        let bgp = frr.instance(wanted).is_some_and(|bgp| {
            bgp.families.values().any(|own| own.redistribute.iter().any(|what| what.route_map.is_none()) || !own.import_vrf.is_empty())
        });
        bgp || !frr.statics.is_empty() || frr.ospf.iter().any(|ospf| !ospf.redistribute.is_empty() || !ospf.networks.is_empty())
    })
}

fn shown(vrf: &str) -> String {
    if vrf.is_empty() { "the default VRF".to_owned() } else { format!("VRF {vrf}") }
}
