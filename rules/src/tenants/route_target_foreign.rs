use crate::finding::Out;
use evpnlint_analysis::fabric::{Fabric, targets};
use evpnlint_core::{
    model::{RouteTarget, Vni},
    source::Span,
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // Who lists what is wanted is told of all else by another rule.
    if !fabric.cluster.allowed.is_empty() {
        return;
    }
    let all = targets::layer3(&fabric.devices);
    // Who exports a target: the L3VNI, and the name of its VRF.
    let mut exporters: BTreeMap<RouteTarget, BTreeSet<Vni>> = BTreeMap::new();
    for (vni, parties) in &all {
        for target in parties.iter().flat_map(|party| &party.exports) {
            for asked in [*target, RouteTarget::Any(target.number())] {
                exporters.entry(asked).or_default().insert(*vni);
            }
        }
    }
    let mut names: BTreeMap<Vni, BTreeSet<&str>> = BTreeMap::new();
    for (vrf, reported) in &fabric.overlay.l3vnis {
        for (_, vni) in reported {
            names.entry(vni.value).or_default().insert(vrf);
        }
    }
    let name = |vni: Vni| names.get(&vni).map_or_else(|| vni.to_string(), join_names);
    // A node that takes each VRF's routes into the other joins them on purpose.
    let joins = |node: usize, exports: &BTreeSet<RouteTarget>, other: &Vni| {
        all[other].iter().any(|party| party.node == node && !party.imports.is_disjoint(exports))
    };
    let mut found: Vec<(Span, String, String, RouteTarget, usize)> = vec![];
    for (vni, parties) in &all {
        for party in parties {
            for target in party.written.iter().filter(|target| party.imports.contains(&target.value)) {
                let Some(others) = exporters.get(&target.value).filter(|others| !others.contains(vni)) else {
                    continue;
                };
                // What every node of a VRF imports is a design; what some do is a slip.
                let is_design = parties.iter().all(|party| party.imports.contains(&target.value));
                if is_design || others.iter().any(|other| joins(party.node, &party.exports, other)) {
                    continue;
                }
                if let Some(span) = target.span() {
                    found.push((
                        span,
                        name(*vni),
                        join_names(others.iter().map(|other| name(*other))),
                        target.value,
                        party.node,
                    ));
                }
            }
        }
    }
    found.sort();
    found.dedup_by_key(|entry| entry.0);
    let Some((_, vrf, other, target, node)) = found.first() else { return };
    let nodes: BTreeSet<&str> = found.iter().map(|entry| fabric.name(entry.4)).collect();
    out.report(format!("VRF {vrf} on {} imports {target}, which tenant {other} exports: the routes of one tenant become routes of the other", fabric.name(*node)))
        .about(format!("{} imports of another tenant", join_names(&nodes)))
        .also(found.iter().map(|(span, vrf, other, target, node)| (*span, format!("{}: {vrf} imports {target} of {other}", fabric.name(*node)))))
        .help("remove the import unless the tenants are meant to be joined")
        .done();
}
