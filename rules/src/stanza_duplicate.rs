//! Two stanzas for one interface that disagree, or that both give it an address.

use evpnlint_analysis::{
    fabric::{Fabric, join_names},
    finding::{Out, Severity},
};
use evpnlint_core::model::link::Repeat;
use std::collections::BTreeMap;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    let mut causes: BTreeMap<(&str, bool), Vec<(usize, &Repeat)>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate() {
        for link in device.node.links.values() {
            for repeat in &link.repeats {
                let differ = !repeat.conflicts.is_empty();
                // An interface may be described in pieces, file by file.
                if differ || repeat.addresses.is_some() {
                    causes.entry((&link.name, differ)).or_default().push((node, repeat));
                }
            }
        }
    }
    for ((interface, differ), found) in causes {
        let mut nodes: Vec<&str> = found.iter().map(|(node, _)| fabric.name(*node)).collect();
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
            .about(format!("{} iface {interface}", nodes[0]))
            .also(conflicts().map(|(_, second)| (*second, "this holds")))
            .also(conflicts().map(|(first, _)| (*first, "this does not")))
            .also(addresses().map(|(_, second)| (second, "one address")))
            .also(addresses().map(|(first, _)| (first, "another address")))
            .also(
                found
                    .iter()
                    .flat_map(|(_, repeat)| [(repeat.second, "described again"), (repeat.first, "described first")]),
            )
            .help(format!("keep one `iface {interface}`"));
        if differ { draft.done() } else { draft.cap_severity(Severity::Info).done() }
    }
}
