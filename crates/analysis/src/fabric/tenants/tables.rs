//! All VRFs of all nodes.

use crate::{
    fabric::device::Device,
    index::{ByNode, NodeIndex},
};
use evpnlint_core::model::link::LinkKind;
use std::collections::{BTreeMap, BTreeSet};

/// A VRF of a node, by its position.
pub(super) type TableIndex = usize;

/// All VRFs of all nodes.
pub(super) struct Tables<'m> {
    pub(super) all: Vec<(NodeIndex, &'m str)>,
    index: BTreeMap<(NodeIndex, &'m str), TableIndex>,
}

impl<'m> Tables<'m> {
    /// The VRFs that a node has, in order of nodes and names; a default one for each node. What is only named as that
    /// of another's routes is none.
    pub(super) fn new(devices: &ByNode<Device<'m>>) -> Self {
        let mut all = vec![];
        for (node, device) in devices.iter_enumerated() {
            let mut names: BTreeSet<&str> = [""].into();
            if let Some(frr) = &device.node.frr {
                names.extend(frr.vrfs.keys().map(String::as_str));
                names.extend(frr.bgp.iter().filter_map(|instance| instance.vrf.as_ref()).map(|vrf| vrf.as_str()));
            }
            for link in device.node.links.values() {
                names.insert(link.vrf_name());
                if matches!(link.kind, LinkKind::Vrf { .. }) {
                    names.insert(&link.name);
                }
            }
            all.extend(names.into_iter().map(|name| (node, name)));
        }
        let index = all.iter().enumerate().map(|(at, table)| (*table, at)).collect();
        Self { all, index }
    }

    pub(super) fn at(&self, node: NodeIndex, vrf: &str) -> Option<TableIndex> {
        self.index.get(&(node, vrf)).copied()
    }
}

/// The name of a VRF, from what FRR writes: the default one's is empty.
pub fn named(vrf: &str) -> &str {
    if vrf == "default" { "" } else { vrf }
}
