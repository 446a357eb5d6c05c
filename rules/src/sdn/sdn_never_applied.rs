use crate::finding::{Help, Out};
use evpnlint_analysis::fabric::Fabric;

pub(super) fn check(fabric: &Fabric, out: &mut Out) {
    for intent in &fabric.cluster.intents {
        if intent.running.is_some() || intent.unreadable.is_some() {
            continue;
        }
        let Some(vnet) = intent.pending.vnets.first() else { continue };
        // The hidden `.running-config` is easily left out of a copy: the nodes say whether they were given anything.
        let mut files = fabric.cluster.nodes.iter().filter(|node| intent.nodes.contains(&node.name));
        let read: Vec<_> = files.by_ref().filter_map(|node| node.interfaces.as_ref()).collect();
        if read.is_empty() || read.iter().any(|file| file.sdn.is_some()) {
            continue;
        }
        out.report("the SDN configuration was never applied: its vnets are on no node")
            .about(format!("{} applied", intent.name()))
            .at(vnet.id.span(), "neither .running-config nor a node's interfaces.d/sdn exists")
            .help(Help::lasting("apply it under Datacenter, SDN, or with `pvesh set /cluster/sdn`"))
            .done();
    }
}
