//! One VNI on two devices of a node.

use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex, device::Segment, join_names},
    finding::Out,
};
use evpnlint_core::model::Vni;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut twice = BTreeMap::<_, Vec<(NodeIndex, Vec<&Segment>)>>::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        let mut by_vni: BTreeMap<(Vni, u16), Vec<&Segment>> = BTreeMap::new();
        for segment in &device.segments {
            // The kernel keeps VNIs of different UDP ports apart.
            let port = segment.vxlan.udp_port();
            by_vni.entry((segment.vni, port)).or_default().push(segment);
        }
        for ((vni, _), segments) in by_vni {
            let mut links: Vec<&str> = segments.iter().map(|segment| segment.link.name.as_str()).collect();
            links.sort_unstable();
            links.dedup();
            // The L3VNI of two VRFs is one fault with theirs, and another rule's.
            if links.len() > 1 && !is_shared(fabric, node, vni) {
                twice.entry((vni, links)).or_default().push((node, segments));
            }
        }
    }
    for ((vni, links), nodes) in twice {
        let names = join_names(nodes.iter().map(|(node, _)| fabric.name(*node)));
        out.report(format!(
            "{} on {names} all have VNI {vni}: the kernel creates the first of them only, and \
                ifup exits with 0 all the same",
            join_names(&links)
        ))
        .about(format!("{} vni {vni}", fabric.name(nodes[0].0)))
        .also(nodes.iter().flat_map(|(node, segments)| {
            segments
                .iter()
                .rev()
                .map(|segment| (segment.span, format!("{} of {}", segment.link.name, fabric.name(*node))))
        }))
        .help("give each device a VNI of its own, the same one on every node")
        .done();
    }
}

fn is_shared(fabric: &Fabric, node: NodeIndex, vni: Vni) -> bool {
    let vrfs = fabric.node(node).frr.iter().flat_map(|frr| frr.l3vnis()).filter(|(.., own)| own.value == vni);
    vrfs.count() > 1
}
