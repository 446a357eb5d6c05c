use crate::finding::Out;
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{model::Node, words::join_names};

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let nodes = &fabric.cluster.nodes;
    let is = |node: &Node, name: &str| {
        node.name == name
            || node.name.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
            || node.hostname.as_ref().is_some_and(|own| own.value == name)
    };
    for intent in &fabric.cluster.intents {
        let was_read = |name: &str| nodes.iter().any(|node| is(node, name));
        let (read, left): (Vec<_>, Vec<_>) = intent.members.iter().partition(|member| was_read(member));
        let unmatched_peers = nodes.iter().filter(|node| !intent.members.iter().any(|member| is(node, member))).count();
        // A node in a folder of another name may be a member after all.
        if read.is_empty() || left.is_empty() || unmatched_peers >= left.len() {
            continue;
        }
        let (members, was, theirs) =
            if left.len() == 1 { ("member", "was", "its") } else { ("members", "were", "their") };
        out.report(format!(
            "{members} {} of the cluster {} {was} not read: what only {theirs} own files tell is not checked",
            join_names(&left),
            intent.name()
        ))
        .about(format!("{} members", intent.name()))
        .also(left.iter().map(|member| (member.span(), "not read")))
        .help(format!("give the `/etc` of {} too, and all nodes are compared", join_names(&left)))
        .done();
    }
}
