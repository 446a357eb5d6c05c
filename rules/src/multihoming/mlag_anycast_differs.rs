use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, NodeIndex};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for sides in fabric.multihoming.sides() {
        let [(a, one), (b, two)] = sides;
        let is_vtep = |node: NodeIndex| !fabric.devices[node].local_vnis.is_empty();
        let (first, second) = (fabric.name(a), fabric.name(b));
        let lacks = |node, other, address| {
            format!("{node} lacks the VTEP address {address} that its MLAG peer {other} has for both")
        };
        let message = match (one.anycast, two.anycast) {
            (Some(one), Some(two)) if one.value != two.value => {
                format!("{first} and {second} are one MLAG pair with two shared VTEP addresses, {one} and {two}")
            }
            (Some(address), None) if is_vtep(b) => lacks(second, first, address),
            (None, Some(address)) if is_vtep(a) => lacks(first, second, address),
            _ => continue,
        };
        let places = sides.map(|(node, mlag)| {
            let lo = fabric.devices[node].link("lo").map(|lo| lo.place());
            (mlag.anycast.map_or(lo, |own| own.span()), format!("lo of {}", fabric.name(node)))
        });
        out.report(message)
            .about(format!("{first} {second} clagd-vxlan-anycast-ip"))
            .also(places)
            .help("write the same `clagd-vxlan-anycast-ip` under lo of both")
            .done();
    }
}
