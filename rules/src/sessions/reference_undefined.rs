use crate::{
    finding::{Member, Out, Severity},
    view::{Nodes, View},
};
use evpnlint_core::{
    model::frr::{Frr, ObjectKind, Reference},
    source::Span,
    words::join_names,
};
use std::collections::BTreeSet;

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    for ((kind, name), found) in nodes.by_cause(undefined) {
        out.group(
            &found,
            |(view, (_, reference, _))| {
                Member::new(view.name(), format_args!("{} {name}", words(kind)), reference.name.span())
            },
            |found, out| {
                let Some((severity, then)) = found.iter().map(|(_, (_, _, harm))| *harm).max() else { return };
                let mut nodes: Vec<&str> = found.iter().map(|(view, _)| view.name()).collect();
                nodes.dedup();
                let (_, (frr, ..)) = &found[0];
                out.report(format!(
                    "{} {name} is used on {} and defined nowhere there: {then}",
                    words(kind),
                    join_names(&nodes)
                ))
                .cap_severity(severity)
                .also(found.iter().map(|(_, (_, reference, _))| (reference.name.span(), reference.role.clone())))
                .help(match near(frr, kind, name) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("define the {}, or remove the line that asks it", words(kind)),
                })
                .done();
            },
        );
    }
}

/// What the use of something undefined costs: how bad it is, and in words.
type Harm = (Severity, &'static str);

/// Where something is used, and what that costs.
type Use<'m> = (&'m Frr, &'m Reference, Harm);

/// What a node uses and does not define.
fn undefined<'m>(view: View<'_, 'm>) -> Vec<((ObjectKind, &'m str), Use<'m>)> {
    let Some(frr) = view.frr() else { return vec![] };
    let defined: BTreeSet<(ObjectKind, &str)> =
        frr.definitions.keys().map(|(kind, name)| (*kind, name.as_str())).collect();
    let uses = frr.references.iter().map(|reference| ((reference.kind, reference.name.as_str()), reference));
    uses.filter(|(object, _)| !defined.contains(object))
        .filter_map(|(object, reference)| Some((object, (frr, reference, harm(frr, reference)?))))
        .collect()
}

fn harm(frr: &Frr, reference: &Reference) -> Option<Harm> {
    let within = frr.route_maps.values().flat_map(|map| &map.entries).find_map(|entry| {
        let holds = |span: Option<Span>| {
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
