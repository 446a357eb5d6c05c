//! All nodes together: the graphs between them, and the indexes that rules ask. Computed once; borrows the model.
//!
//! | module | what it knows |
//! |---|---|
//! | [`device`] | one node's interfaces: who is whose master, which SVI serves a VNI, which MTU results |
//! | [`intent`] | what Proxmox's intent means on the nodes that were read |
//! | [`overlay`] | which node carries which VNI and which VRF |
//! | [`sessions`] | the two halves of every BGP session |
//! | [`propagation`] | how far a VTEP's EVPN routes get over them |
//! | [`targets`] | which route targets each node exports and imports |
//! | [`origination`] | whether a node tells anybody about an address of its own |
//! | [`policy`] | what a route-map lets through |
//! | [`underlay`] | which nodes share a link |

use crate::{
    model::{Cluster, Node},
    settle::Completeness,
};
use device::Device;
use overlay::Overlay;
use propagation::Propagation;
use sessions::Sessions;
use std::collections::BTreeMap;
use underlay::Underlay;

pub mod device;
pub mod intent;
pub mod origination;
pub mod overlay;
pub mod policy;
pub mod propagation;
pub mod sessions;
pub mod targets;
pub mod underlay;

/// A node, by its position in [`Cluster::nodes`] and [`Fabric::devices`].
pub type NodeIndex = usize;

/// What the nodes are together.
pub struct Fabric<'m> {
    /// All that was read.
    pub cluster: &'m Cluster,
    /// The interfaces of each node.
    pub devices: Vec<Device<'m>>,
    /// Who carries what.
    pub overlay: Overlay<'m>,
    /// Who talks to whom.
    pub sessions: Sessions<'m>,
    /// Who is wired to whom.
    pub underlay: Underlay<'m>,
    /// How far EVPN routes get.
    pub propagation: Propagation,
    /// Whether every node is here, so that a rule may argue from absence.
    pub closed: bool,
}

impl<'m> Fabric<'m> {
    /// Computes everything. `completeness` overrides what the peers that lead nowhere would say.
    pub fn new(cluster: &'m Cluster, completeness: Completeness) -> Self {
        let devices: Vec<Device> = cluster.nodes.iter().map(Device::new).collect();
        let overlay = Overlay::new(&devices);
        let underlay = Underlay::new(&devices);
        let sessions = Sessions::new(&devices, &underlay);
        let propagation = Propagation::new(&devices, &overlay, &sessions);
        let closed = match completeness {
            Completeness::Complete => true,
            Completeness::Partial => false,
            Completeness::Inferred => sessions.strangers.is_empty() && sessions.is_any(),
        };
        Self { cluster, devices, overlay, sessions, underlay, propagation, closed }
    }

    /// A node.
    pub fn node(&self, index: NodeIndex) -> &'m Node {
        self.devices[index].node
    }

    /// The name of a node.
    pub fn name(&self, index: NodeIndex) -> &'m str {
        &self.node(index).name
    }

    /// The position of the node of that name.
    pub fn index(&self, name: &str) -> Option<NodeIndex> {
        self.devices.iter().position(|device| device.node.name == name)
    }
}

/// Names for a message: all of a few, the first of many and how many more.
pub fn few<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] if names.len() <= 4 => format!("{} and {last}", init.join(", ")),
        _ => format!("{} and {} more", names[..3].join(", "), names.len() - 3),
    }
}

/// Groups things that share a key with one another, directly or through others: one fault seen from several sides is
/// one group. Order is kept.
pub fn connected<K: Ord, T>(things: Vec<(Vec<K>, T)>) -> Vec<Vec<T>> {
    let mut sets = petgraph::unionfind::UnionFind::new(things.len());
    let mut first: BTreeMap<&K, usize> = BTreeMap::new();
    for (at, (keys, _)) in things.iter().enumerate() {
        for key in keys {
            sets.union(*first.entry(key).or_insert(at), at);
        }
    }
    let labels = sets.into_labeling();
    let mut groups: BTreeMap<usize, Vec<T>> = BTreeMap::new();
    let mut order: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, (_, thing)) in things.into_iter().enumerate() {
        let group = *order.entry(labels[at]).or_insert(at);
        groups.entry(group).or_default().push(thing);
    }
    groups.into_values().collect()
}
