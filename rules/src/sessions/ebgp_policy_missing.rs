use crate::finding::{Member, Out};
use evpnlint_analysis::fabric::{Fabric, NodeIndex, sessions::SessionEnd};
use evpnlint_core::{
    model::{
        bgp::{Family, NeighborFamily},
        is_on,
    },
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut without: BTreeMap<NodeIndex, Vec<(&SessionEnd, Family)>> = BTreeMap::new();
    for session_end in fabric.sessions.ends.iter().filter(|session_end| {
        session_end.is_external() && is_required(fabric, session_end) && !is_disputed(fabric, session_end)
    }) {
        for family in [Family::Evpn, Family::Ipv4Unicast, Family::Ipv6Unicast] {
            let Some(config) = session_end.neighbor.family(family).filter(|config| is_on(&config.active)) else {
                continue;
            };
            // What is active by default alone is not what such a session is for, if another family has its policies.
            let by_default = !config.active.as_ref().is_some_and(|active| active.is_written());
            let has_both = |config: &NeighborFamily| config.has_policy_in() && config.has_policy_out();
            let is_other = by_default
                && session_end.neighbor.families.values().any(|other| is_on(&other.active) && has_both(other));
            if !is_other && !has_both(config) {
                without.entry(session_end.node).or_default().push((session_end, family));
            }
        }
    }
    if without.is_empty() {
        return;
    }
    let nodes: Vec<_> = without.into_iter().collect();
    out.group(
        &nodes,
        |(node, session_ends)| Member::new(fabric.name(*node), "ebgp-requires-policy", session_ends[0].0.instance.span),
        |without, out| {
            let ends = || without.iter().flat_map(|(_, session_ends)| session_ends);
            let names = join_names(without.iter().map(|(node, _)| fabric.name(*node)));
            let families: BTreeSet<Family> = ends().map(|(_, family)| *family).collect();
            let lacks = |has: fn(&NeighborFamily) -> bool| {
                ends().any(|(session_end, family)| session_end.neighbor.family(*family).is_some_and(|own| !has(own)))
            };
            let harm = match (lacks(NeighborFamily::has_policy_in), lacks(NeighborFamily::has_policy_out)) {
                (true, false) => "taken",
                (false, true) => "sent",
                _ => "taken or sent",
            };
            let verb = if without.len() == 1 { "runs" } else { "run" };
            out.report(format!(
                "{names} {verb} eBGP without a policy in {}, and traditional defaults ask for one (RFC \
        8212): no route is {harm}",
                join_names(families)
            ))
            .also(without.iter().flat_map(|(node, session_ends)| {
                let profile = fabric
                    .node(*node)
                    .frr
                    .as_ref()
                    .and_then(|frr| frr.profile.as_ref())
                    .and_then(|profile| profile.span());
                let instance = session_ends[0].0.instance;
                let asked = instance.ebgp_requires_policy.as_ref().and_then(|switch| switch.span());
                let name = fabric.name(*node);
                [
                    (asked.or(profile), format!("{name} asks for a policy")),
                    (Some(instance.span), format!("{name} has no `no bgp ebgp-requires-policy`")),
                ]
            }))
            .also(ends().map(|(session_end, family)| (session_end.neighbor.place(), format!("no policy in {family}"))))
            .help(
                "add `no bgp ebgp-requires-policy` to router bgp, or a route-map in each direction, \
            or use `frr defaults datacenter`",
            )
            .done();
        },
    );
}

/// Only where it is written that it is in force: which profile FRR was built with is in no file.
fn is_required(fabric: &Fabric, session_end: &SessionEnd) -> bool {
    match &session_end.instance.ebgp_requires_policy {
        Some(switch) => switch.value,
        None => fabric
            .node(session_end.node)
            .frr
            .as_ref()
            .is_some_and(|frr| frr.profile.is_some() && frr.version.is_some() && frr.ebgp_requires_policy()),
    }
}

/// Whether the ends disagree about their AS, so that the session is not eBGP but down, which is another rule's to tell.
fn is_disputed(fabric: &Fabric, session_end: &SessionEnd) -> bool {
    session_end.other().is_some_and(|other| !session_end.accepts_peer(&fabric.sessions.ends[other]))
}
