//! Names that are used and defined nowhere.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::{Out, Severity},
};
use evpnlint_core::model::{
    Node,
    frr::{Frr, ObjectKind, Reference},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut missing: BTreeMap<(ObjectKind, &str), Vec<Use>> = BTreeMap::new();
    for node in fabric.devices.iter().map(|device| device.node) {
        let Some(frr) = &node.frr else { continue };
        let defined: BTreeSet<(ObjectKind, &str)> =
            frr.definitions.keys().map(|(kind, name)| (*kind, name.as_str())).collect();
        for reference in &frr.references {
            let name = reference.name.as_str();
            if !defined.contains(&(reference.kind, name)) && harm(frr, reference).is_some() {
                missing.entry((reference.kind, name)).or_default().push((node, frr, reference));
            }
        }
    }
    for ((kind, name), uses) in missing {
        let harms = uses.iter().filter_map(|(_, frr, reference)| harm(frr, reference));
        let Some((severity, then)) = harms.max() else { continue };
        let mut nodes: Vec<&str> = uses.iter().map(|(node, ..)| node.name.as_str()).collect();
        nodes.dedup();
        out.report(format!(
            "{} {name} is used on {} and defined nowhere there: {then}",
            words(kind),
            join_names(&nodes)
        ))
        .about(format!("{} {} {name}", nodes[0], words(kind)))
        .cap_severity(severity)
        .also(uses.iter().map(|(_, _, reference)| (reference.name.span(), reference.role.clone())))
        .help(match near(uses[0].1, kind, name) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("define the {}, or remove the line that asks it", words(kind)),
        })
        .done();
    }
}

/// Where something is used.
type Use<'m> = (&'m Node, &'m Frr, &'m Reference);

/// What the use of something undefined costs.
fn harm(frr: &Frr, reference: &Reference) -> Option<(Severity, &'static str)> {
    let within = frr.route_maps.values().flat_map(|map| &map.entries).find_map(|entry| {
        let holds = |span: Option<evpnlint_core::source::Span>| {
            let (Some(outer), Some(inner)) = (span, reference.name.span()) else { return false };
            outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
        };
        entry.matches.iter().any(|matched| holds(matched.span())).then_some(entry.permit)
    });
    Some(match reference.kind {
        ObjectKind::RouteMap => (Severity::Error, "as a filter it denies every route"),
        ObjectKind::PrefixList | ObjectKind::PrefixList6 | ObjectKind::AccessList | ObjectKind::AsPathList => {
            match within {
                None => (Severity::Error, "as a filter it denies every route"),
                Some(true) => (Severity::Warning, "no route matches it, and the entry that asks it permits none"),
                Some(false) => (Severity::Warning, "no route matches it, and the entry that asks it denies none"),
            }
        }
        ObjectKind::CommunityList => (Severity::Warning, "no route matches it"),
        ObjectKind::BfdProfile => (Severity::Warning, "the session runs with the default timers"),
        ObjectKind::PeerGroup => return None,
    })
}

fn words(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::RouteMap => "route-map",
        ObjectKind::PrefixList => "ip prefix-list",
        ObjectKind::PrefixList6 => "ipv6 prefix-list",
        ObjectKind::AccessList => "access-list",
        ObjectKind::AsPathList => "bgp as-path access-list",
        ObjectKind::CommunityList => "community-list",
        ObjectKind::PeerGroup => "peer-group",
        ObjectKind::BfdProfile => "bfd profile",
    }
}

/// A thing of that kind whose name is written nearly the same.
fn near<'f>(frr: &'f Frr, kind: ObjectKind, name: &str) -> Option<&'f str> {
    let names = frr.definitions.keys().filter(|(known, _)| *known == kind).map(|(_, name)| name.as_str());
    names
        .map(|known| (strsim::osa_distance(&known.to_lowercase(), &name.to_lowercase()), known))
        .filter(|(distance, known)| *distance <= known.len() / 3)
        .min()
        .map(|(_, known)| known)
}
