//! What was read of the nodes of one fabric.

use crate::index::ByNode;
use evpnlint_core::model::{
    Cluster, Fault, Node, allow::AllowLeak, guest::Guest, intent::Intent, surroundings::Surroundings,
};
use std::collections::BTreeSet;

/// What was read of the nodes of one fabric, borrowed from all that was read. Each list is in the order of the list of
/// the same name in [`Cluster`].
#[derive(Default)]
pub struct Part<'m> {
    /// The nodes, sorted by name.
    pub nodes: ByNode<&'m Node>,
    /// Proxmox clusters whose store was read.
    pub intents: Vec<&'m Intent>,
    /// The guests of Proxmox clusters.
    pub guests: Vec<&'m Guest>,
    /// Text that the reader could not interpret.
    pub faults: Vec<&'m Fault>,
    /// Leaks between tenants that are wanted, as the user says.
    pub allowed: Vec<&'m AllowLeak>,
    /// What stands around the nodes: all of it, in each part.
    pub surroundings: Option<&'m Surroundings>,
    /// The devices that it names and that are nowhere: no node of any part, no switch, and no host.
    pub unknown_devices: BTreeSet<&'m str>,
    /// Whether it is the part in which is told what belongs to none.
    pub is_first: bool,
}

impl<'m> From<&'m Cluster> for Part<'m> {
    fn from(cluster: &'m Cluster) -> Self {
        Self {
            nodes: cluster.nodes.iter().collect(),
            intents: cluster.intents.iter().collect(),
            guests: cluster.guests.iter().collect(),
            faults: cluster.faults.iter().collect(),
            allowed: cluster.allowed.iter().collect(),
            surroundings: Some(&cluster.surroundings),
            unknown_devices: unknown_devices(cluster),
            is_first: true,
        }
    }
}

fn unknown_devices(cluster: &Cluster) -> BTreeSet<&str> {
    let around = &cluster.surroundings;
    if around.is_empty() {
        return BTreeSet::new();
    }
    let nodes = cluster.nodes.iter().map(|node| &node.name);
    let members = cluster.intents.iter().flat_map(|intent| {
        let members = intent.members.iter().map(|member| &member.value);
        intent.nodes.iter().chain(members)
    });
    let switches = around.switches.iter().map(|switch| &switch.name.value);
    let mut known: BTreeSet<&str> = nodes.chain(members).chain(switches).map(String::as_str).collect();
    let mut unknown_devices: BTreeSet<&str> = around.hosts.iter().map(|host| host.node.as_str()).collect();
    unknown_devices.retain(|name| !known.contains(name));
    known.extend(around.hosts.iter().map(|host| host.name.as_str()));
    let ends = around.cables.iter().flat_map(|cable| [&cable.a, &cable.b]).map(|end| end.device.as_str());
    unknown_devices.extend(ends.filter(|name| !known.contains(name)));
    unknown_devices
}
