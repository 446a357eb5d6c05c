use crate::{
    finding::{Member, Out},
    shown,
    view::{Nodes, names},
};
use evpnlint_analysis::fabric::meaning;
use evpnlint_core::words::join_names;
use std::collections::BTreeSet;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let local_vnis = &view.device().local_vnis;
        let tenants: BTreeSet<&str> =
            local_vnis.iter().filter_map(|local_vni| local_vni.svi).map(|svi| svi.name.as_str()).collect();
        meaning::doubles(view.device()).into_iter().filter_map(move |((vrf, prefix), links)| {
            let carries_tenants = links.iter().any(|link| tenants.contains(link.name.as_str()));
            let is_double = carries_tenants && links.iter().all(|link| link.is_described());
            let names: Vec<&str> = links.iter().map(|link| link.name.as_str()).collect();
            is_double.then_some(((vrf, prefix, names), links))
        })
    });
    for ((vrf, prefix, links), found) in causes {
        out.group(
            &found,
            |(view, links)| {
                Member::new(
                    view.name(),
                    prefix,
                    links.first().and_then(|link| link.addresses.first()).and_then(|own| own.span()),
                )
            },
            |found, out| {
                let place = if vrf.is_empty() { String::new() } else { format!(" in VRF {vrf}") };
                out.report(format!(
                    "{prefix} is on {} of {}{place}: packets leave through one of them only",
                    join_names(&links),
                    names(found)
                ))
                .also(found.iter().take(shown::PLACES).flat_map(|(view, links)| {
                    links.iter().flat_map(move |link| {
                        let addresses = link.addresses.iter().filter(move |address| address.prefix() == prefix);
                        addresses.map(move |address| (address.span(), format!("{} of {}", link.name, view.name())))
                    })
                }))
                .help("give each bridge a subnet of its own, or put them in different VRFs")
                .done();
            },
        );
    }
}
