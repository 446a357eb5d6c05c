//! Places on nodes that the user names.

use evpnlint_analysis::fabric::{Fabric, NodeIndex};
use evpnlint_core::model::{FaultKind, link::LinkKind};

/// Whether the files of a node would name an interface of that name, and do not.
pub(super) fn lacks(fabric: &Fabric, node: NodeIndex, name: &str) -> bool {
    let device = &fabric.devices[node];
    let Some(file) = &device.node.interfaces else { return false };
    // A file without a loopback is a part of a node's.
    let is_whole = device.link("lo").is_some_and(|lo| lo.is_described());
    let is_lost = |kind: &FaultKind| {
        use FaultKind::{CutShort, MissingFile, NotRead, Template};
        matches!(kind, CutShort { .. } | MissingFile { .. } | NotRead { .. } | Template)
    };
    // What a regular expression of a bridge means may be in no file.
    let is_open = |kind: &LinkKind| matches!(kind, LinkKind::Bridge { open: true, .. });
    is_whole
        && file.template.is_none()
        && device.link(name).is_none()
        && device.bridge_of(name).is_none()
        && device.bond_of(name).is_none()
        && !device.hooks_mention(name)
        && !device.node.links.values().any(|link| is_open(&link.kind))
        && !fabric.faults_of(node).iter().any(|fault| is_lost(&fault.kind))
}

/// Whether a store knows a vnet of that name, which the next apply may make on the node.
pub(super) fn is_vnet(fabric: &Fabric, name: &str) -> bool {
    fabric.cluster.intents.iter().any(|intent| {
        let sdns = [Some(&intent.pending), Some(intent.effective())];
        sdns.into_iter().flatten().any(|sdn| sdn.vnet(name).is_some() || sdn.is_lost(name))
    })
}

/// The names of what a host or a cable may be attached to.
pub(super) fn devices<'f>(fabric: &'f Fabric) -> impl Iterator<Item = &'f str> + Clone {
    let switches = fabric.cluster.surroundings.into_iter().flat_map(|around| &around.switches);
    let nodes = fabric.cluster.nodes.iter().map(|node| node.name.as_str());
    nodes.chain(switches.map(|switch| switch.name.as_str()))
}

/// The names of a node's interfaces.
pub(super) fn ports<'f>(fabric: &'f Fabric, node: NodeIndex) -> impl Iterator<Item = &'f str> + Clone {
    fabric.node(node).links.keys().map(String::as_str)
}
