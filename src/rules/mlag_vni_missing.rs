use crate::{
    fabric::{Fabric, NodeIndex, few},
    finding::Out,
    model::Vni,
    source::Span,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let vnis = |node: NodeIndex| -> BTreeMap<Vni, Option<Span>> {
        fabric.devices[node].segments.iter().map(|segment| (segment.vni, segment.span)).collect()
    };
    for [(a, one), (b, two)] in fabric.multihoming.sides() {
        let (mine, theirs) = (vnis(a), vnis(b));
        for (has, own, lacks, other, mlag) in [(a, &mine, b, &theirs, two), (b, &theirs, a, &mine, one)] {
            let missing: Vec<_> = own.iter().filter(|(vni, _)| !other.contains_key(vni)).collect();
            // A node without any VNI is no VTEP, which is another matter.
            if missing.is_empty() || other.is_empty() {
                continue;
            }
            let (has, lacks) = (fabric.name(has), fabric.name(lacks));
            let list = few(missing.iter().map(|(vni, _)| vni));
            out.report(format!("{lacks} lacks vni {list} of its MLAG peer {has}: the two are not one VTEP for it"))
                .about(format!("{lacks} vni {}", missing[0].0))
                .also(missing.iter().take(20).map(|(vni, span)| (**span, format!("vni {vni} on {has}"))))
                .at(mlag.clag.span, format!("the MLAG of {lacks}"))
                .help(format!("make the same VXLAN devices on {lacks}, or remove them from {has}"))
                .done();
        }
    }
}
