//! A neighbour without an AS.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::Out,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut without: BTreeMap<(usize, Option<&str>), Vec<&evpnlint_analysis::fabric::sessions::SessionEnd>> =
        BTreeMap::new();
    for session_end in fabric
        .sessions
        .ends
        .iter()
        .filter(|session_end| session_end.neighbor.remote_as.is_none() && !fabric.is_misread(session_end.node))
    {
        let group = session_end.neighbor.group.as_ref().map(|group| group.value.as_str());
        without.entry((session_end.node, group)).or_default().push(session_end);
    }
    for ((node, group), session_ends) in without {
        let name = fabric.name(node);
        let peers = join_names(session_ends.iter().map(|session_end| &session_end.neighbor.name));
        let of_group =
            group.and_then(|group| session_ends[0].instance.groups.get(group)).and_then(|group| group.place());
        let whose = group.map_or(String::new(), |group| format!(", and neither has peer-group {group}"));
        let verb = if session_ends.len() == 1 { "has" } else { "have" };
        out.report(format!("{peers} {verb} no remote-as on {name}{whose}: bgpd never opens these sessions"))
            .about(format!(
                "{name} neighbor {}",
                group.map_or_else(|| session_ends[0].neighbor.name.to_string(), str::to_owned)
            ))
            .at(of_group, "the group is made here, without an AS")
            .also(session_ends.iter().map(|session_end| (session_end.neighbor.place(), "a neighbour without an AS")))
            .help(format!(
                "add `neighbor {} remote-as …`",
                group.map_or_else(|| session_ends[0].neighbor.name.to_string(), str::to_owned)
            ))
            .done();
    }
}
