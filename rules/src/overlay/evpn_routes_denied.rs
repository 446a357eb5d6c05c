use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{
    Fabric, connected,
    policy::{Decision, Route, decide},
    sessions::SessionEnd,
};
use evpnlint_core::{
    model::{Sourced, bgp::Family},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

#[derive(Clone)]
struct Denial<'f> {
    session_end: &'f SessionEnd<'f>,
    kinds: BTreeSet<u8>,
    outwards: bool,
    map: &'f Sourced<String>,
    entry: Option<Span>,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut found = vec![];
    for session_end in fabric
        .sessions
        .ends
        .iter()
        .filter(|session_end| session_end.is_active(Family::Evpn) && bridges(fabric, session_end))
    {
        let Some(frr) = &fabric.node(session_end.node).frr else { continue };
        let Some(family) = session_end.neighbor.family(Family::Evpn) else { continue };
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
            found.push((
                vec![(session_end.node, map.value.clone(), outwards)],
                Denial { session_end, kinds, outwards, map, entry },
            ));
        }
    }
    for group in connected(found) {
        let subject = |denial: &Denial| {
            let Denial { session_end, outwards, map, .. } = denial;
            let direction = if *outwards { "out" } else { "in" };
            let what = format!("route-map {} {direction} of {}", map.value, session_end.neighbor.name);
            Member::new(fabric.name(session_end.node), what, map.span())
        };
        out.group(&group, subject, |group, out| {
            let Denial { session_end, kinds, outwards, map, entry } = &group[0];
            let name = fabric.name(session_end.node);
            let peers = join_names(
                group
                    .iter()
                    .map(|denial| {
                        denial.session_end.peer().map_or_else(
                            || denial.session_end.neighbor.name.to_string(),
                            |peer| fabric.name(peer).to_owned(),
                        )
                    })
                    .collect::<BTreeSet<_>>(),
            );
            let (does, harm) = match (outwards, kinds.contains(&2), kinds.contains(&3)) {
                (false, true, true) => ("takes from", "it learns no remote VTEP and no remote MAC address"),
                (false, true, false) => ("takes from", "it learns no remote MAC address, and floods to all"),
                (false, false, _) => ("takes from", "it floods ARP and broadcast to no remote VTEP"),
                (true, true, true) => ("tells", "nobody learns that it carries the VNI, or what is behind it"),
                (true, true, false) => ("tells", "nobody learns the MAC addresses behind it"),
                (true, false, _) => ("tells", "nobody floods ARP and broadcast to it"),
            };
            let types = join_names(kinds.iter().map(|kind| if *kind == 2 { "type-2" } else { "type-3" }));
            out.report(format!("route-map {map} drops every {types} route that {name} {does} {peers}: {harm}"))
                .at(*entry, "decides so")
                .also(group.iter().map(|denial| (denial.map.span(), "applied here")))
                .help(format!(
                    "end it with `route-map {map} permit 65535` without a match, or permit route \
                types 2 and 3"
                ))
                .done();
        });
    }
}

/// Whether bridging depends on the session: this node shares an L2VNI with the peer, or the peer passes routes on. An
/// external peer that was not read may be another site, which is told of subnets alone.
fn bridges(fabric: &Fabric, session_end: &SessionEnd) -> bool {
    let own = fabric.devices[session_end.node].l2vnis();
    match session_end.peer() {
        Some(peer) if !fabric.devices[peer].local_vnis.is_empty() => !own.is_disjoint(&fabric.devices[peer].l2vnis()),
        None if session_end.is_external() && session_end.peer_address().is_some() => false,
        _ => own.iter().any(|vni| fabric.overlay.vnis.get(vni).is_some_and(|members| members.len() > 1)),
    }
}
