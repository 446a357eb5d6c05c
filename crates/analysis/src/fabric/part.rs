//! What was read of the nodes of one fabric.

use evpnlint_core::model::{
    Cluster, Fault, Node, allow::AllowLeak, guest::Guest, intent::Intent, surroundings::Surroundings,
};

/// What was read of the nodes of one fabric, borrowed from all that was read. Each list is in the order of the list of
/// the same name in [`Cluster`].
#[derive(Default)]
pub struct Part<'m> {
    /// The nodes, sorted by name.
    pub nodes: Vec<&'m Node>,
    /// Proxmox clusters whose store was read.
    pub intents: Vec<&'m Intent>,
    /// The guests of Proxmox clusters.
    pub guests: Vec<&'m Guest>,
    /// Text that the reader could not interpret.
    pub faults: Vec<&'m Fault>,
    /// Leaks between tenants that are wanted, as the user says.
    pub allowed: Vec<&'m AllowLeak>,
    /// What stands around the nodes, as the user says.
    pub surroundings: Option<&'m Surroundings>,
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
        }
    }
}
