//! Two stanzas for one interface.

use crate::{
    fabric::{Fabric, few},
    finding::{Out, Severity},
};
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(&str, bool), Vec<_>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        for link in device.node.links.iter().filter(|link| !link.repeats.is_empty()) {
            let differ = link.repeats.iter().any(|repeat| !repeat.conflicts.is_empty());
            causes.entry((&link.name, differ)).or_default().push((node, link));
        }
    }
    for ((interface, differ), found) in causes {
        let nodes = few(found.iter().map(|(node, _)| fabric.name(*node)));
        let repeats = || found.iter().flat_map(|(_, link)| &link.repeats);
        let conflicts = || repeats().flat_map(|repeat| &repeat.conflicts);
        let draft = out
            .report(if differ {
                format!(
                    "{interface} on {nodes} has two stanzas that disagree: ifupdown2 applies both \
                    in turn, and the last holds"
                )
            } else {
                format!("{interface} on {nodes} has two stanzas: ifupdown2 applies both, and addresses add up")
            })
            .about(format!("{} iface {interface}", fabric.name(found[0].0)))
            .also(conflicts().map(|(_, second)| (*second, "this holds")))
            .also(conflicts().map(|(first, _)| (*first, "this does not")))
            .also(repeats().map(|repeat| (repeat.second, "described again")))
            .also(repeats().map(|repeat| (repeat.first, "described first")))
            .help(format!("keep one `iface {interface}`"));
        if differ { draft.done() } else { draft.at_most(Severity::Info).done() }
    }
}
