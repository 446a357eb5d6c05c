use crate::{finding::Out, view::View};
use evpnlint_core::{model::twin::LocalFate, source::Span};
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    let node = view.node();
    let mut maps: BTreeMap<(&str, usize), Vec<(Span, usize)>> = BTreeMap::new();
    for line in node.twin.iter().flat_map(|twin| &twin.local) {
        if let LocalFate::BehindCatchAll(entry) = &line.fate {
            maps.entry((&entry.map, entry.catch_all)).or_default().push((line.span, entry.sequence));
        }
    }
    for ((map, catch_all), entries) in maps {
        let name = view.name();
        let (what, is, them) = match entries.as_slice() {
            [(_, sequence)] => (format!("entry {sequence} of route-map {map}"), "is", "it"),
            entries => (format!("{} entries of route-map {map}", entries.len()), "are", "them"),
        };
        let way = if map.contains("_OUT") { "out" } else { "in" };
        let help = match map.starts_with("MAP_VTEP_") {
            true => format!(
                "write a route-map of another name, and in `address-family l2vpn evpn` of `router bgp` here: `no \
                     neighbor VTEP route-map {map} {way}`, `neighbor VTEP route-map NAME {way}`"
            ),
            false => "write a route-map of another name, and refer to that".to_owned(),
        };
        out.report(format!(
            "{what} in frr.conf.local of {name} {is} never reached: Proxmox writes {them} behind its own entry \
                 {catch_all}, which lets every route through"
        ))
        .about(format!("{name} frr.conf.local route-map {map}"))
        .also(entries.iter().map(|(span, sequence)| (*span, format!("becomes entry {sequence}"))))
        .help(help)
        .done();
    }
}
