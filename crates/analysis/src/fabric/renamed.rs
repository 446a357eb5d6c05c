//! Interfaces of SDN fabrics that a node does not have: the store names them, and the node's own file describes others.

use super::{device::Device, part::Part};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{
    intent::Sdn,
    link::{Link, stem},
};
use std::collections::{BTreeMap, BTreeSet};

/// The ports that a store's fabrics name and a node has not, and those that it has instead.
#[derive(Default)]
pub struct Renamed<'m> {
    /// What the fabrics name.
    pub gone: BTreeSet<&'m str>,
    /// Ports that the node's own file describes and nothing uses.
    pub idle: Vec<&'m Link>,
}

/// By node, where the ports of its fabrics have other names by now. Proxmox lists each port in `/etc/network/interfaces`
/// when that is edited in the GUI, but a port works without being listed. So the ports of a fabric count as gone where as
/// many others stand idle, and these are set up to be used, or have a name that Proxmox pins (`nic0`), or other nodes do
/// list theirs.
pub fn renamed<'m>(cluster: &Part<'m>, devices: &ByNode<Device<'m>>) -> BTreeMap<NodeIndex, Renamed<'m>> {
    let mut found = BTreeMap::new();
    for intent in &cluster.intents {
        let sdn = intent.effective();
        for (at, device) in devices.iter_enumerated().filter(|(_, device)| intent.has(&device.node.name)) {
            let wanted = ports(sdn, &device.node.name);
            let gone: BTreeSet<&str> = wanted.iter().copied().filter(|name| !may_have(device, name)).collect();
            let idle = idle(device, &wanted);
            let is_meant = |link: &&&Link| link.auto.is_some() || link.mtu.is_some() || stem(&link.name) == "nic";
            let lists = |other: &Device| {
                let theirs = ports(sdn, &other.node.name);
                other.node.name != device.node.name
                    && !theirs.is_empty()
                    && theirs.iter().all(|name| is_listed(other, name))
            };
            let is_certain = idle.iter().filter(is_meant).count() >= gone.len() || devices.iter().any(lists);
            if !gone.is_empty() && idle.len() >= gone.len() && is_certain && knows_ports(device) {
                found.insert(at, Renamed { gone, idle });
            }
        }
    }
    found
}

/// The ports of a node in fabrics with a protocol between them; those of a WireGuard fabric are made.
fn ports<'m>(sdn: &'m Sdn, node: &str) -> BTreeSet<&'m str> {
    let is_routed = |fabric: &str| sdn.fabric(fabric).is_some_and(|fabric| fabric.protocol != "wireguard");
    let nodes = sdn.fabric_nodes.iter().filter(|own| own.node == node && !own.external && is_routed(&own.fabric));
    nodes.flat_map(|own| own.interfaces.keys().map(String::as_str)).collect()
}

fn is_listed(device: &Device, name: &str) -> bool {
    device.link(name).is_some_and(|link| own_stanza(device, link))
}

/// Whether a file other than the generated one describes an interface.
fn own_stanza(device: &Device, link: &Link) -> bool {
    let generated = device.node.interfaces.as_ref().and_then(|file| file.sdn).map(|span| span.file);
    link.stanzas.iter().any(|stanza| Some(stanza.file) != generated)
}

/// Whether a node may have an interface: it is listed, or part of a bridge, a bond or a VLAN, or named by a hook, or of a
/// kind that something makes.
fn may_have(device: &Device, name: &str) -> bool {
    let is_made = ["vmbr", "bond", "dummy", "wg", "lo"].contains(&stem(name)) || name.contains(['.', ':', '_']);
    is_made
        || is_listed(device, name)
        || device.bridge_of(name).is_some()
        || device.bond_of(name).is_some()
        || device.hooks_mention(name)
}

/// Ports that the node's own file describes, and that nothing there uses.
fn idle<'m>(device: &Device<'m>, wanted: &BTreeSet<&str>) -> Vec<&'m Link> {
    let unused = device.unused_ports();
    unused.filter(|link| own_stanza(device, link) && !wanted.contains(link.name.as_str())).collect()
}

/// Whether the node's own file was read whole.
fn knows_ports(device: &Device) -> bool {
    let is_whole = device.node.interfaces.as_ref().is_some_and(|file| file.template.is_none());
    is_whole && device.node.link("lo").is_some_and(|lo| lo.is_described())
}
