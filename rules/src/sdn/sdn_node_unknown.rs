use crate::{
    finding::{Out, Severity},
    plan::Plan,
};
use evpnlint_core::{near::slip, source::Span};
use std::collections::BTreeMap;

/// A place that names a node, what the node is there, and how bad it is if there is none.
type Named = (Option<Span>, String, Severity);

pub(super) fn check(plan: &Plan, out: &mut Out) {
    let Some(members) = plan.members() else { return };
    let mut unknown: BTreeMap<&str, Vec<Named>> = BTreeMap::new();
    let mut add = |name, place, role, severity| {
        if !members.contains(name) {
            unknown.entry(name).or_default().push((place, role, severity));
        }
    };
    for (name, role, severity) in plan.node_names(&members) {
        add(name.as_str(), name.span(), role, severity);
    }
    for node in plan.sdn.fabric_nodes.iter().filter(|node| !node.external) {
        add(&node.node, node.id.span(), format!("a node of fabric {}", node.fabric), Severity::Warning);
    }
    for (name, places) in unknown {
        let whose = if plan.intent.members.is_empty() {
            "no node of that name is here"
        } else {
            "corosync knows no such member"
        };
        let help = match slip(name, members.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "take it out, or choose a member instead: a node that has left the cluster stays in the lists"
                .to_owned(),
        };
        let severity = places.iter().map(|(.., severity)| *severity).max();
        out.report(format!("{name} is {}, but {whose}", places[0].1))
            .about(plan.about(format_args!("node {name}")))
            .also(places.into_iter().map(|(place, role, _)| (place, role)))
            .also(plan.intent.members.iter().map(|member| (member.span(), "a member")))
            .help(help)
            .cap_severity(severity.unwrap_or(Severity::Warning))
            .done();
    }
}
