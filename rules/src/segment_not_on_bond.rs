use evpnlint_analysis::{fabric::Fabric, finding::Out};
use evpnlint_core::model::link::{Link, LinkKind};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for (node, device) in fabric.devices.iter().enumerate() {
        let links = &device.node.links;
        let masters: BTreeSet<&str> =
            links.values().filter_map(|link| link.bond_master.as_ref()).map(|bond| bond.as_str()).collect();
        let may_be_bond = |link: &Link| {
            matches!(link.kind, LinkKind::Bond { .. } | LinkKind::Other(_))
                || !link.is_described()
                || masters.contains(link.name.as_str())
                || device.hooks_mention(&link.name)
        };
        for (name, own) in device.node.frr.iter().flat_map(|frr| &frr.links) {
            let Some(link) = device.link(name).filter(|link| own.segment.span().is_some() && !may_be_bond(link)) else {
                continue;
            };
            let name = format!("{name} of {}", fabric.name(node));
            out.report(format!("{name} is no bond, so that FRR refuses its Ethernet segment"))
                .about(format!("{} {}", fabric.name(node), link.name))
                .at(own.segment.span(), "refused")
                .at(link.place(), format!("{name} has no bond-slaves"))
                .help("make it a bond, of one port if need be, and put the segment there")
                .done();
        }
    }
}
