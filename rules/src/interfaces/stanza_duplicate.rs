use crate::{
    finding::{Member, Out, Severity},
    view::Nodes,
};
use evpnlint_core::{model::link::Repeat, words::join_names};

pub(super) fn check(nodes: &Nodes, out: &mut Out) {
    let causes = nodes.by_cause(|view| {
        let repeats = view.links().flat_map(|link| link.repeats.iter().map(move |repeat| (link, repeat)));
        // An interface may be described in pieces, file by file.
        let matters = |repeat: &Repeat| !repeat.conflicts.is_empty() || repeat.addresses.is_some();
        repeats
            .filter(move |(_, repeat)| matters(repeat))
            .map(|(link, repeat)| ((link.name.as_str(), !repeat.conflicts.is_empty()), repeat))
    });
    for ((interface, differ), found) in causes {
        out.group(
            &found,
            |(view, repeat)| Member::new(view.name(), format_args!("iface {interface}"), repeat.second),
            |found, out| {
                let mut nodes: Vec<&str> = found.iter().map(|(view, _)| view.name()).collect();
                nodes.dedup();
                let conflicts = || found.iter().flat_map(|(_, repeat)| &repeat.conflicts);
                let addresses = || found.iter().filter(|_| !differ).filter_map(|(_, repeat)| repeat.addresses);
                let consequence = if differ {
                    "that disagree: ifupdown2 applies both in turn, and the last holds"
                } else {
                    "with an address each, and gets both"
                };
                let draft = out
                    .report(format!("{interface} on {} has two stanzas {consequence}", join_names(&nodes)))
                    .also(conflicts().map(|(_, second)| (*second, "this holds")))
                    .also(conflicts().map(|(first, _)| (*first, "this does not")))
                    .also(addresses().map(|(_, second)| (second, "one address")))
                    .also(addresses().map(|(first, _)| (first, "another address")))
                    .also(found.iter().flat_map(|(_, repeat)| {
                        [(repeat.second, "described again"), (repeat.first, "described first")]
                    }))
                    .help(format!("keep one `iface {interface}`"));
                if differ { draft.done() } else { draft.cap_severity(Severity::Info).done() }
            },
        );
    }
}
