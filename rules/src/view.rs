//! What a rule sees that judges nodes by themselves.

use evpnlint_analysis::fabric::{
    Fabric, NodeIndex,
    device::Device,
    gateway::Gateway,
    multihoming::{Mlag, Port},
    sessions::{Answer, SessionEnd},
};
use evpnlint_core::{
    model::{Esi, Fault, Node, Vni, frr::Frr, link::Link},
    words::join_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// One node of a fabric.
#[derive(Clone, Copy)]
pub struct View<'f, 'm> {
    fabric: &'f Fabric<'m>,
    node: NodeIndex,
}

impl<'f, 'm> View<'f, 'm> {
    /// Its name.
    pub(crate) fn name(&self) -> &'f str {
        self.fabric.name(self.node)
    }

    /// What it is configured to do.
    pub(crate) fn node(&self) -> &'m Node {
        self.device().node
    }

    /// Its configuration of FRR.
    pub(crate) fn frr(&self) -> Option<&'m Frr> {
        self.node().frr.as_ref()
    }

    /// Its interfaces.
    pub(crate) fn device(&self) -> &'f Device<'m> {
        &self.fabric.devices[self.node]
    }

    /// Its interfaces, in order of their names.
    pub(crate) fn links(&self) -> impl DoubleEndedIterator<Item = &'m Link> + Clone + use<'m> {
        self.node().links.values()
    }

    /// The text in its files that the reader could not interpret.
    pub(crate) fn faults(&self) -> &'f [&'m Fault] {
        self.fabric.faults_of(self.node)
    }

    /// Whether FRR does not obey some of its lines, so that what it lacks says nothing.
    pub(crate) fn is_misread(&self) -> bool {
        self.fabric.is_misread(self.node)
    }

    /// Its ends of BGP sessions.
    pub(crate) fn session_ends(&self) -> &'f [SessionEnd<'m>] {
        self.fabric.sessions.of(self.node)
    }

    /// What the other end of one of its sessions says of it, where that was read.
    pub(crate) fn other_end(&self, session_end: &SessionEnd) -> Option<&'f SessionEnd<'m>> {
        match session_end.answer {
            Answer::SessionEnd(other) => Some(&self.fabric.sessions.ends[other]),
            _ => None,
        }
    }

    /// The node at the other end of one of its sessions, or what the neighbour is called where that was not read.
    pub(crate) fn peer_name(&self, session_end: &SessionEnd) -> String {
        match session_end.peer() {
            Some(peer) => self.fabric.name(peer).to_owned(),
            None => session_end.neighbor.name.to_string(),
        }
    }

    /// Its gateways of VNIs, in order of the VNIs.
    pub(crate) fn gateways(&self) -> impl Iterator<Item = &'f Gateway<'m>> + use<'f, 'm> {
        let (fabric, node) = (self.fabric, self.node);
        let vnis: BTreeSet<Vni> = self.device().local_vnis.iter().map(|local_vni| local_vni.vni).collect();
        let lists = vnis.into_iter().filter_map(|vni| fabric.overlay.gateways.get(&vni));
        lists.flat_map(move |gateways| on_node(gateways, node, |gateway| gateway.node))
    }

    /// Its MLAG, if it runs `clagd`.
    pub(crate) fn mlag(&self) -> Option<&'f Mlag<'m>> {
        self.fabric.multihoming.mlags.get(&self.node)
    }

    /// Its ports in Ethernet segments, in order of the segments.
    pub(crate) fn segment_ports(&self) -> Vec<&'f Port<'m>> {
        let links = self.frr().into_iter().flat_map(|frr| frr.links.values());
        let segments: BTreeSet<Esi> = links.filter_map(|link| link.segment.esi()).collect();
        let lists = segments.into_iter().filter_map(|esi| self.fabric.multihoming.segments.get(&esi));
        lists.flat_map(|ports| on_node(ports, self.node, |port| port.node)).collect()
    }

    /// Whether Proxmox generates an interface from a store that was read.
    pub(crate) fn is_of_store(&self, link: &Link) -> bool {
        !self.fabric.cluster.intents.is_empty() && self.device().is_generated(link)
    }
}

/// The elements of one node in a list that is in order of the nodes.
fn on_node<T>(all: &[T], node: NodeIndex, node_of: impl Fn(&T) -> NodeIndex) -> &[T] {
    let start = all.partition_point(|element| node_of(element) < node);
    let end = all.partition_point(|element| node_of(element) <= node);
    &all[start..end]
}

/// Every node of a fabric, each by itself.
#[derive(Clone, Copy)]
pub struct Nodes<'f, 'm>(&'f Fabric<'m>);

impl<'f, 'm> Nodes<'f, 'm> {
    /// The nodes of a fabric.
    pub(crate) fn of(fabric: &'f Fabric<'m>) -> Self {
        Self(fabric)
    }

    /// One node after the other.
    pub(crate) fn each(&self) -> impl Iterator<Item = View<'f, 'm>> + use<'f, 'm> {
        let fabric = self.0;
        fabric.nodes().map(move |node| View { fabric, node })
    }

    /// All that is found on the nodes, in their order.
    pub(crate) fn find<T, I: IntoIterator<Item = T>>(
        &self,
        find: impl Fn(View<'f, 'm>) -> I,
    ) -> Vec<(View<'f, 'm>, T)> {
        self.each().flat_map(|view| find(view).into_iter().map(move |found| (view, found))).collect()
    }

    /// The same where each thing comes with its cause: all that have one cause, in order of the nodes.
    pub(crate) fn by_cause<K: Ord, T, I: IntoIterator<Item = (K, T)>>(
        &self,
        find: impl Fn(View<'f, 'm>) -> I,
    ) -> BTreeMap<K, Vec<(View<'f, 'm>, T)>> {
        let mut causes: BTreeMap<K, Vec<(View<'f, 'm>, T)>> = BTreeMap::new();
        for (view, (cause, found)) in self.find(find) {
            causes.entry(cause).or_default().push((view, found));
        }
        causes
    }
}

/// The names of the nodes on which something was found, for a message.
pub(crate) fn names<T>(found: &[(View, T)]) -> String {
    join_names(found.iter().map(|(view, _)| view.name()))
}
