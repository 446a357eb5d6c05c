use crate::{
    finding::{Member, Out},
    shown,
    view::{Nodes, View},
};
use evpnlint_analysis::fabric::origination::{is_passive, ospf_area};
use evpnlint_core::{
    model::link::{Link, LinkKind},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let found = nodes.find(|view| {
        let links: Vec<(&str, Option<Span>)> = view.links().filter_map(|link| broadcast(view, link)).collect();
        (!links.is_empty() && !view.is_misread()).then_some(links)
    });
    if found.is_empty() {
        return;
    }
    let lines = found.iter().flat_map(|(view, links)| links.iter().map(move |(link, place)| (*view, *link, *place)));
    let lines: Vec<_> = lines.collect();
    out.group(
        &lines,
        |(view, link, place)| Member::new(view.name(), format_args!("ospf unnumbered {link}"), *place),
        |lines, out| {
            let links: BTreeSet<&str> = lines.iter().map(|(_, link, _)| *link).collect();
            let owners: BTreeSet<&str> = lines.iter().map(|(view, ..)| view.name()).collect();
            out.report(format!(
                "{} run{} OSPF on the unnumbered {} as on a broadcast network: no adjacency forms there",
                join_names(&owners),
                if owners.len() == 1 { "s" } else { "" },
                join_names(&links)
            ))
            .also(
                lines
                    .iter()
                    .take(shown::MANY)
                    .map(|(view, link, place)| (*place, format!("{link} of {} is not point-to-point", view.name()))),
            )
            .help(format!(
                "add `ip ospf network point-to-point` to each `interface` block of {} and the others",
                lines[0].0.name()
            ))
            .done();
        },
    );
}

/// A port that has borrowed its address of another interface, and speaks OSPF with whoever is in its subnet: nobody.
fn broadcast<'m>(view: View<'_, 'm>, link: &'m Link) -> Option<(&'m str, Option<Span>)> {
    let frr = view.frr()?;
    let is_port =
        matches!(link.kind, LinkKind::Physical | LinkKind::Veth { .. } | LinkKind::Bond { .. } | LinkKind::Vlan { .. });
    let own = frr.links.get(&link.name).map(|own| &own.ospf);
    // What FRR's configuration alone names may be a loopback.
    if !is_port
        || !link.is_described()
        || !link.vrf_name().is_empty()
        || link.pointopoint.is_some()
        || own.is_some_and(|own| own.network.is_some())
        || link.addresses.iter().any(|own| own.ip.is_ipv4() && !own.is_host())
        || is_passive(frr, link).is_none_or(|(passive, _)| passive)
        || view.device().stays_down(link)
    {
        return None;
    }
    let mut hosts = link.addresses.iter().filter(|own| own.ip.is_ipv4());
    let is_borrowed = |ip| {
        view.links().any(|other| {
            other.name != link.name && other.vrf.is_none() && other.addresses.iter().any(|own| own.ip == ip)
        })
    };
    let address = hosts.find(|own| is_borrowed(own.ip))?;
    let (_, place) = ospf_area(frr, link, address.ip)?;
    Some((&link.name, place.filter(|_| own.is_some()).or(link.frr).or(address.span())))
}
