use crate::{
    fabric::{Fabric, NodeIndex, device::Segment, few, gateway},
    finding::Out,
    model::Vni,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for [a, b] in fabric.multihoming.sides() {
        for ((has, _), (lacks, mlag)) in [(a, b), (b, a)] {
            let carried: BTreeSet<Vni> = fabric.devices[lacks].segments.iter().map(|segment| segment.vni).collect();
            // A node without any VNI is no VTEP, which is another matter.
            if carried.is_empty() {
                continue;
            }
            let is_missing = |segment: &&Segment| !carried.contains(&segment.vni) && !is_routed(fabric, lacks, segment);
            let missing: Vec<&Segment> = fabric.devices[has].segments.iter().filter(is_missing).collect();
            let Some(first) = missing.first() else { continue };
            let (has, lacks) = (fabric.name(has), fabric.name(lacks));
            let list = few(missing.iter().map(|segment| segment.vni));
            out.report(format!("{lacks} lacks vni {list} of its MLAG peer {has}: the two are not one VTEP for it"))
                .about(format!("{lacks} vni {}", first.vni))
                .also(missing.iter().take(20).map(|segment| (segment.span, format!("vni {} on {has}", segment.vni))))
                .at(mlag.clag.span, format!("the MLAG of {lacks}"))
                .help(format!("make the same VXLAN devices on {lacks}, or remove them from {has}"))
                .done();
        }
    }
}

/// Whether a node has the gateway of a VNI that it does not carry, which is told as a gateway without its VNI.
fn is_routed(fabric: &Fabric, node: NodeIndex, segment: &Segment) -> bool {
    let of_vlan = || fabric.devices[node].svi(&segment.bridge?.name, segment.vlan.as_ref()?.value);
    let own = of_vlan().map_or(vec![], |svi| gateway::addresses(svi, None));
    let theirs = || fabric.overlay.gateways.get(&segment.vni).into_iter().flatten().flat_map(|other| &other.addresses);
    own.iter().any(|own| theirs().any(|other| other.ip == own.ip))
}
