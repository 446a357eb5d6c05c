//! A route-map towards an EVPN peer drops the routes that bridging needs.

use evpnlint_analysis::{
    fabric::{
        Fabric, connected, few,
        policy::{Decision, Route, decide},
        sessions::Half,
    },
    finding::Out,
};
use evpnlint_core::{
    model::{Sourced, bgp::Family},
    source::Span,
};
use std::collections::BTreeSet;

struct Denial<'f> {
    half: &'f Half<'f>,
    kinds: BTreeSet<u8>,
    outwards: bool,
    map: &'f Sourced<String>,
    entry: Option<Span>,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found = vec![];
    for half in fabric.sessions.halves.iter().filter(|half| half.is_active(Family::Evpn) && bridges(fabric, half)) {
        let Some(frr) = &fabric.node(half.node).frr else { continue };
        let Some(family) = half.neighbor.family(Family::Evpn) else { continue };
        for (map, outwards) in [(&family.route_map_in, false), (&family.route_map_out, true)] {
            // A map that does not exist is another rule's finding.
            let Some(map) = map.as_ref().filter(|map| frr.route_maps.contains_key(&map.value)) else { continue };
            let denied: Vec<(u8, Option<Span>)> = [2, 3]
                .into_iter()
                .filter_map(|kind| match decide(frr, &map.value, Route::Evpn(kind, None)) {
                    Decision::Deny(entry) => Some((kind, entry)),
                    _ => None,
                })
                .collect();
            if denied.is_empty() {
                continue;
            }
            let entry = denied
                .iter()
                .find_map(|(_, entry)| *entry)
                .or_else(|| frr.route_maps[&map.value].entries.last().map(|entry| entry.span));
            let kinds = denied.iter().map(|(kind, _)| *kind).collect();
            found.push((vec![(half.node, map.value.clone(), outwards)], Denial { half, kinds, outwards, map, entry }));
        }
    }
    for group in connected(found) {
        let Denial { half, kinds, outwards, map, entry } = &group[0];
        let name = fabric.name(half.node);
        let peers = few(group
            .iter()
            .map(|denial| {
                denial
                    .half
                    .peer()
                    .map_or_else(|| denial.half.neighbor.name.to_string(), |peer| fabric.name(peer).to_owned())
            })
            .collect::<BTreeSet<_>>());
        let (does, harm) = match (outwards, kinds.contains(&2), kinds.contains(&3)) {
            (false, true, true) => ("takes from", "it learns no remote VTEP and no remote MAC address"),
            (false, true, false) => ("takes from", "it learns no remote MAC address, and floods to all"),
            (false, false, _) => ("takes from", "it floods ARP and broadcast to no remote VTEP"),
            (true, true, true) => ("tells", "nobody learns that it carries the VNI, or what is behind it"),
            (true, true, false) => ("tells", "nobody learns the MAC addresses behind it"),
            (true, false, _) => ("tells", "nobody floods ARP and broadcast to it"),
        };
        let types = few(kinds.iter().map(|kind| if *kind == 2 { "type-2" } else { "type-3" }));
        out.report(format!("route-map {map} drops every {types} route that {name} {does} {peers}: {harm}"))
            .about(format!("{name} route-map {map} {}", if *outwards { "out" } else { "in" }))
            .at(*entry, "decides so")
            .also(group.iter().map(|denial| (denial.map.span(), "applied here")))
            .help(format!(
                "end it with `route-map {map} permit 65535` without a match, or permit route \
                types 2 and 3"
            ))
            .done();
    }
}

/// Whether bridging depends on the session: this node shares an L2VNI with the peer, or the peer passes routes on. An
/// external peer that was not read may be another site, which is told of subnets alone.
fn bridges(fabric: &Fabric, half: &Half) -> bool {
    let own = fabric.devices[half.node].l2vnis();
    match half.peer() {
        Some(peer) if !fabric.devices[peer].segments.is_empty() => !own.is_disjoint(&fabric.devices[peer].l2vnis()),
        None if half.is_external() && half.peer_address().is_some() => false,
        _ => own.iter().any(|vni| fabric.overlay.vnis.get(vni).is_some_and(|members| members.len() > 1)),
    }
}
