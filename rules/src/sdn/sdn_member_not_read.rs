use crate::finding::{Out, Severity};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{model, words::join_names};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        let left = model::absent(intent, fabric.cluster.nodes.iter().copied());
        if left.is_empty() {
            continue;
        }
        let (members, was, theirs) =
            if left.len() == 1 { ("member", "was", "its") } else { ("members", "were", "their") };
        let draft = out
            .report(format!(
                "{members} {} of the cluster {} {was} not read: what only {theirs} own files tell is not checked",
                join_names(&left),
                intent.name()
            ))
            .about(format!("{} members", intent.name()))
            .also(left.iter().map(|member| (member.span(), "not read")))
            .help(format!("give the `/etc` of {} too, and all nodes are compared", join_names(&left)));
        // Whoever looks at one node does so on purpose.
        if intent.members.len().max(intent.hosts.len()) - left.len() > 1 {
            draft.done()
        } else {
            draft.cap_severity(Severity::Info).done()
        }
    }
}
