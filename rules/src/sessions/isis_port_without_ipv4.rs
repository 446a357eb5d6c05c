use crate::{
    finding::{Member, Out},
    shown,
    view::{Nodes, View},
};
use evpnlint_core::{
    model::{
        is_on,
        link::{Link, LinkKind},
    },
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let found = nodes.find(|view| {
        let links: Vec<&Link> = view.links().filter(|link| is_bare(&view, link)).collect();
        (!links.is_empty() && tells_ipv4(&view) && !view.is_misread()).then_some(links)
    });
    if found.is_empty() {
        return;
    }
    let lines = found.iter().flat_map(|(view, links)| links.iter().map(move |link| (*view, *link)));
    let lines: Vec<_> = lines.collect();
    out.group(
        &lines,
        |(view, link)| Member::new(view.name(), format_args!("isis without IPv4 {}", link.name), link.place()),
        |lines, out| {
            let links: BTreeSet<&str> = lines.iter().map(|(_, link)| link.name.as_str()).collect();
            let owners: BTreeSet<&str> = lines.iter().map(|(view, ..)| view.name()).collect();
            out.report(format!(
                "{} run{} IS-IS for IPv4 on {} without an IPv4 address there: no route for IPv4 comes over it",
                join_names(&owners),
                if owners.len() == 1 { "s" } else { "" },
                join_names(&links)
            ))
            .also(lines.iter().take(shown::MANY).map(|(view, link)| {
                (Some(link.place()), format!("{} of {} has no IPv4 address", link.name, view.name()))
            }))
            .also(lines.iter().take(shown::EXAMPLES).map(|(view, link)| {
                let own = view.frr().and_then(|frr| frr.links.get(&link.name)).and_then(|own| own.isis.ipv4.as_ref());
                (own.and_then(|own| own.span()), "IS-IS for IPv4 is wanted here".to_owned())
            }))
            .help("give each port an address, or that of the loopback with /32")
            .done();
        },
    );
}

/// Whether isisd runs on a port for IPv4, and the port has no address to tell in its hellos. fabricd tells that of the
/// loopback (`fabricd_ip_addrs`).
fn is_bare(view: &View, link: &Link) -> bool {
    let Some(frr) = view.frr().filter(|frr| frr.runs("isisd")) else { return false };
    let Some(own) = frr.links.get(&link.name).map(|own| &own.isis) else { return false };
    let is_isis = own
        .ipv4
        .as_ref()
        .is_some_and(|tag| frr.isis.iter().any(|isis| !isis.openfabric && isis.vrf.is_none() && isis.tag == tag.value));
    is_isis
        && !is_on(&own.passive)
        && link.is_described()
        && !link.dynamic
        && link.vrf_name().is_empty()
        && link.pointopoint.is_none()
        && !matches!(link.kind, LinkKind::Loopback | LinkKind::Dummy | LinkKind::Vrf { .. })
        && link.hooks.is_empty()
        && !view.device().stays_down(link)
        && !link.addresses.iter().any(|address| address.ip.is_ipv4())
}

/// Whether the node has an IPv4 address that IS-IS is to tell.
fn tells_ipv4(view: &View) -> bool {
    let frr = view.frr();
    let is_told = |link: &Link| {
        frr.and_then(|frr| frr.links.get(&link.name)).is_some_and(|own| own.isis.ipv4.is_some())
            && link.addresses.iter().any(|address| address.ip.is_ipv4())
    };
    view.links().any(is_told)
}
