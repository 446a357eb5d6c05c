//! A neighbour without an AS.

use evpnlint_analysis::{
    fabric::{Fabric, few},
    finding::Out,
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut without: BTreeMap<(usize, Option<&str>), Vec<&evpnlint_analysis::fabric::sessions::Half>> = BTreeMap::new();
    for half in
        fabric.sessions.halves.iter().filter(|half| half.neighbor.remote_as.is_none() && !fabric.is_misread(half.node))
    {
        let group = half.neighbor.group.as_ref().map(|group| group.value.as_str());
        without.entry((half.node, group)).or_default().push(half);
    }
    for ((node, group), halves) in without {
        let name = fabric.name(node);
        let peers = few(halves.iter().map(|half| &half.neighbor.name));
        let of_group = group.and_then(|group| halves[0].instance.groups.get(group)).and_then(|group| group.place());
        let whose = group.map_or(String::new(), |group| format!(", and neither has peer-group {group}"));
        let verb = if halves.len() == 1 { "has" } else { "have" };
        out.report(format!("{peers} {verb} no remote-as on {name}{whose}: bgpd never opens these sessions"))
            .about(format!(
                "{name} neighbor {}",
                group.map_or_else(|| halves[0].neighbor.name.to_string(), str::to_owned)
            ))
            .at(of_group, "the group is made here, without an AS")
            .also(halves.iter().map(|half| (half.neighbor.place(), "a neighbour without an AS")))
            .help(format!(
                "add `neighbor {} remote-as …`",
                group.map_or_else(|| halves[0].neighbor.name.to_string(), str::to_owned)
            ))
            .done();
    }
}
