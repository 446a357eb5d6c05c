use super::applied;
use crate::{fabric::Fabric, finding::Out, model::Sourced, settle::near};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    applied::each(fabric, out, |plan, out| {
        let Some(members) = plan.members() else { return };
        let mut unknown: BTreeMap<&str, Vec<(&Sourced<String>, String)>> = BTreeMap::new();
        for (name, role) in plan.node_names() {
            if !members.contains(name.as_str()) {
                unknown.entry(name.as_str()).or_default().push((name, role));
            }
        }
        for (name, places) in unknown {
            let whose = if plan.intent.members.is_empty() {
                "no node of that name is here"
            } else {
                "corosync knows no such member"
            };
            let help = match near(name, members.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "take the name out, or write that of a member".to_owned(),
            };
            out.report(format!("{name} is {}, but {whose}", places[0].1))
                .about(plan.about(format_args!("node {name}")))
                .also(places.iter().map(|(name, role)| (name.span(), role.clone())))
                .also(plan.intent.members.iter().map(|member| (member.span(), "a member")))
                .help(help)
                .done();
        }
    });
}
