use crate::{finding::Out, view::View};
use evpnlint_core::model::link::{Link, LinkKind};
use std::collections::BTreeSet;

pub(super) fn check(view: View, out: &mut Out) {
    let device = view.device();
    let links = &view.node().links;
    let masters: BTreeSet<&str> =
        links.values().filter_map(|link| link.bond_master.as_ref()).map(|bond| bond.as_str()).collect();
    let may_be_bond = |link: &Link| {
        matches!(link.kind, LinkKind::Bond { .. } | LinkKind::Other(_))
            || !link.is_described()
            || masters.contains(link.name.as_str())
            || device.hooks_mention(&link.name)
    };
    for (name, config) in view.frr().iter().flat_map(|frr| &frr.links) {
        let Some(link) = device.link(name).filter(|link| config.segment.span().is_some() && !may_be_bond(link)) else {
            continue;
        };
        let name = format!("{name} of {}", view.name());
        out.report(format!("{name} is no bond, so that FRR refuses its Ethernet segment"))
            .about(format!("{} {}", view.name(), link.name))
            .at(config.segment.span(), "refused")
            .at(link.place(), format!("{name} has no bond-slaves"))
            .help("make it a bond, of one port if need be, and put the segment there")
            .done();
    }
}
