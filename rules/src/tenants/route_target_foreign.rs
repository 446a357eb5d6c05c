use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, targets};
use evpnlint_core::{
    model::{RouteTarget, Vni},
    source::Span,
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// A line by which a VRF takes the routes of other tenants.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub span: Span,
    pub vrf: String,
    pub other: String,
    pub target: RouteTarget,
    pub node: NodeIndex,
    /// The L3VNIs of the other tenants.
    pub others: BTreeSet<Vni>,
    /// Whether it is a design, and no slip: all nodes of the VRF have it, or the other tenant takes this one's, too.
    pub is_meant: bool,
}

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    // Who lists what is wanted is told of all else by another rule.
    if !fabric.cluster.allowed.is_empty() {
        return;
    }
    let found: Vec<Import> = imports(fabric).into_iter().filter(|import| !import.is_meant).collect();
    if found.is_empty() {
        return;
    }
    let subject = |own: &Import| {
        Member::new(fabric.name(own.node), format_args!("vrf {} import of {}", own.vrf, own.other), own.span)
    };
    out.group(&found, subject, |found, out| {
    let Import { vrf, other, target, node, .. } = &found[0];
    out.report(format!("VRF {vrf} on {} imports {target}, which tenant {other} exports: the routes of one tenant become routes of the other", fabric.name(*node)))
        .also(found.iter().map(|import| (Some(import.span), import.words(fabric))))
        .help("remove the import unless the tenants are meant to be joined")
        .done();
});
}

impl Import {
    /// For its place.
    pub(super) fn words(&self, fabric: &Fabric) -> String {
        format!("{}: {} imports {} of {}", fabric.name(self.node), self.vrf, self.target, self.other)
    }
}

/// All such lines, in order of their places.
pub(super) fn imports(fabric: &Fabric) -> Vec<Import> {
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
    let joins = |node: NodeIndex, exports: &BTreeSet<RouteTarget>, other: &Vni| {
        all[other].iter().any(|party| party.node == node && !party.imports.is_disjoint(exports))
    };
    let mut found: Vec<Import> = vec![];
    for (vni, parties) in &all {
        for party in parties {
            for target in party.written.iter().filter(|target| party.imports.contains(&target.value)) {
                let Some(others) = exporters.get(&target.value).filter(|others| !others.contains(vni)) else {
                    continue;
                };
                // What every node of a VRF imports is a design; what some do is a slip.
                let is_design = parties.iter().all(|party| party.imports.contains(&target.value));
                let is_meant = is_design || others.iter().any(|other| joins(party.node, &party.exports, other));
                if let Some(span) = target.span() {
                    found.push(Import {
                        span,
                        vrf: name(*vni),
                        other: join_names(others.iter().map(|other| name(*other))),
                        target: target.value,
                        node: party.node,
                        others: others.clone(),
                        is_meant,
                    });
                }
            }
        }
    }
    found.sort();
    found.dedup_by_key(|import| import.span);
    found
}
