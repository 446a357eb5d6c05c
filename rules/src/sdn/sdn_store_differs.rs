use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{
    model::intent::{Intent, Object, Vnet},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let intents = &fabric.cluster.intents;
    for (at, one) in intents.iter().enumerate() {
        for other in &intents[at + 1..] {
            if !is_one_cluster(one, other) {
                continue;
            }
            let versions = match (&one.version, &other.version) {
                (Some(a), Some(b)) if a.value != b.value => format!(", versions {a} and {b}"),
                _ => String::new(),
            };
            out.report(format!(
                "{} and {} hold different SDN configurations of one cluster{versions}",
                join_names(&one.nodes),
                join_names(&other.nodes)
            ))
            .about(format!("{} {} store", one.read_from, other.read_from))
            .at(place(one, other), format!("as {} has it", join_names(&one.nodes)))
            .at(place(other, one), format!("as {} has it", join_names(&other.nodes)))
            .help("copy the files of all nodes at the same time; if they still differ, look at `pvecm status`")
            .done();
        }
    }
}

/// Whether two stores are one cluster's: by name, or by the VTEPs that they name.
fn is_one_cluster(a: &Intent, b: &Intent) -> bool {
    if let (Some(a), Some(b)) = (&a.cluster_name, &b.cluster_name) {
        return a == b;
    }
    let peers = |intent: &Intent| -> BTreeSet<std::net::IpAddr> {
        let controllers = intent.effective().controllers.iter();
        controllers.flat_map(|controller| &controller.peers).map(|peer| peer.value).collect()
    };
    let zones = |intent: &Intent| -> BTreeSet<String> {
        intent.effective().zones.iter().map(|zone| zone.id.value.clone()).collect()
    };
    peers(a).intersection(&peers(b)).count() > 1 && !zones(a).is_disjoint(&zones(b)) && !is_made_apart(a, b)
}

/// Whether two stores were made by themselves, for clusters that share tunnels: no vnet is in both, or none of the MAC
/// addresses that Proxmox draws for a zone.
fn is_made_apart(a: &Intent, b: &Intent) -> bool {
    let (a, b) = (a.effective(), b.effective());
    let is_in_both = |vnet: &Vnet| b.vnet(&vnet.id).is_some();
    let vnets = !a.vnets.is_empty() && !b.vnets.is_empty() && !a.vnets.iter().any(is_in_both);
    let mut macs = a.zones.iter().filter_map(|zone| Some((zone.mac.as_ref()?, b.zone(&zone.id)?.mac.as_ref()?)));
    vnets
        || macs.next().is_some_and(|(one, other)| one.value != other.value)
            && macs.all(|(one, other)| one.value != other.value)
}

/// A place in the first store where it differs from the second.
fn place(one: &Intent, other: &Intent) -> Option<Span> {
    if let (Some(own), Some(other)) = (&one.version, &other.version)
        && own.value != other.value
    {
        return own.span();
    }
    let same = |object: &&Object| {
        let is_there = |other: &Object| {
            other.store == object.store && other.id.value == object.id.value && other.properties == object.properties
        };
        other.pending.objects.iter().any(is_there)
    };
    let objects = &one.pending.objects;
    let different = objects.iter().find(|object| !same(object)).or(objects.first());
    different.and_then(|object| object.id.span())
}
