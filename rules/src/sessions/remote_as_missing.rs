use crate::{finding::Out, view::View};
use evpnlint_analysis::fabric::sessions::SessionEnd;
use evpnlint_core::words::join_names;
use std::collections::BTreeMap;

pub(super) fn check(view: View, out: &mut Out) {
    if view.is_misread() {
        return;
    }
    let mut without: BTreeMap<Option<&str>, Vec<&SessionEnd>> = BTreeMap::new();
    for session_end in view.session_ends().iter().filter(|session_end| session_end.neighbor.remote_as.is_none()) {
        let group = session_end.neighbor.group.as_ref().map(|group| group.value.as_str());
        without.entry(group).or_default().push(session_end);
    }
    for (group, session_ends) in without {
        let name = view.name();
        let peers = join_names(session_ends.iter().map(|session_end| &session_end.neighbor.name));
        let of_group =
            group.and_then(|group| session_ends[0].instance.groups.get(group)).and_then(|group| group.place());
        let whose = group.map_or(String::new(), |group| format!(", and neither has peer-group {group}"));
        let verb = if session_ends.len() == 1 { "has" } else { "have" };
        let neighbor = group.map_or_else(|| session_ends[0].neighbor.name.to_string(), str::to_owned);
        out.report(format!("{peers} {verb} no remote-as on {name}{whose}: bgpd never opens these sessions"))
            .about(format!("{name} neighbor {neighbor}"))
            .at(of_group, "the group is made here, without an AS")
            .also(session_ends.iter().map(|session_end| (session_end.neighbor.place(), "a neighbour without an AS")))
            .help(format!("add `neighbor {neighbor} remote-as …`"))
            .done();
    }
}
