//! Guests on the network: which bridge or vnet each of their devices is a port of, on which node.

use super::{
    device::{Device, LocalVni, Mtu},
    part::Part,
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{
        Sourced,
        guest::{Guest, Nic},
        intent::{Intent, Vnet, Zone, ZoneKind},
        link::Link,
    },
    source::Span,
    words::join_names,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A network device of a guest that may run.
pub struct Port<'m> {
    /// The guest.
    pub guest: &'m Guest,
    /// The device.
    pub nic: &'m Nic,
    /// The bridge or vnet.
    pub bridge: &'m Sourced<String>,
    /// The name of the node that the guest is on.
    pub host: &'m str,
    /// The same, where it was read.
    pub node: Option<NodeIndex>,
    /// The cluster, where its SDN configuration was read.
    pub intent: Option<&'m Intent>,
    /// The vnet and its zone as they were applied, else as they will be, where the bridge is one.
    pub vnet: Option<(&'m Vnet, &'m Zone)>,
}

/// Every device of every guest but templates, in order of their numbers. A guest of which two copies are at odds is
/// here once.
pub fn ports<'m>(cluster: &Part<'m>) -> Vec<Port<'m>> {
    let nodes: BTreeMap<&str, NodeIndex> =
        cluster.nodes.iter_enumerated().map(|(at, node)| (node.name.as_str(), at)).collect();
    let vnets: Vec<BTreeMap<&str, (&Vnet, &Zone)>> = cluster.intents.iter().copied().map(vnets).collect();
    let mut known = BTreeSet::new();
    let mut ports = vec![];
    for guest in cluster.guests.iter().copied().filter(|guest| !guest.template) {
        let Some((host, holder)) = home(guest) else { continue };
        // Two fabrics may both have a pve1, told apart by the folder before it.
        let beside = holder.rsplit_once('/').map(|(folder, _)| format!("{folder}/{host}"));
        let of_name = |name: &str| nodes.get(name).copied();
        let node = beside.as_deref().and_then(of_name).or_else(|| of_name(host));
        if !known.insert((node, host, guest.id)) {
            continue;
        }
        let at = cluster.intents.iter().position(|intent| guest.holders.iter().any(|own| intent.nodes.contains(own)));
        for nic in &guest.nics {
            let Some(bridge) = &nic.bridge else { continue };
            let vnet = at.and_then(|at| vnets[at].get(bridge.as_str()).copied());
            let intent = at.map(|at| cluster.intents[at]);
            ports.push(Port { guest, nic, bridge, host, node, intent, vnet });
        }
    }
    ports
}

/// The vnets of a cluster that have a zone, by their ids.
fn vnets(intent: &Intent) -> BTreeMap<&str, (&Vnet, &Zone)> {
    let sdn = intent.effective();
    let zones: BTreeMap<&str, &Zone> = sdn.zones.iter().map(|zone| (zone.id.as_str(), zone)).collect();
    let of_zone = |vnet: &'_ Vnet| zones.get(vnet.zone.as_ref()?.as_str()).copied();
    sdn.vnets.iter().filter_map(|vnet| Some((vnet.id.as_str(), (vnet, of_zone(vnet)?)))).collect()
}

/// The node that a guest is on, and one that holds its configuration.
fn home(guest: &Guest) -> Option<(&str, &str)> {
    let holder = guest.holders.first()?;
    Some((guest.host.as_deref().unwrap_or(holder), holder))
}

impl<'m> Port<'m> {
    /// What to call it: `VM 100 net0`.
    pub fn name(&self) -> String {
        format!("{} {}", self.guest, self.nic.key)
    }

    /// Where its bridge is written.
    pub fn place(&self) -> Option<Span> {
        self.bridge.span()
    }

    /// `vnet web`, or `bridge vmbr0`.
    pub fn wire(&self) -> String {
        format!("{} {}", if self.vnet.is_some() { "vnet" } else { "bridge" }, self.bridge)
    }

    /// A subject for a finding: its cluster, or its node where only that is known, and the bridge.
    pub fn about(&self) -> String {
        let whose = match (self.vnet, self.intent) {
            (Some(_), Some(intent)) => intent.name(),
            _ => self.host,
        };
        format!("{whose} {}", self.bridge)
    }

    /// Its bridge, where the node's interfaces describe it.
    pub fn link(&self, devices: &ByNode<Device<'m>>) -> Option<&'m Link> {
        let link = devices[self.node?].link(self.bridge)?;
        link.is_described().then_some(link)
    }

    /// The MTU of its bridge: that of the node, where its interfaces were read, else that of the zone. Only of bridges
    /// that carry a VNI, or are vnets, and only where somebody wrote it.
    pub fn mtu(&self, devices: &ByNode<Device<'m>>) -> Option<Mtu> {
        if let Some(link) = self.link(devices) {
            let device = &devices[self.node?];
            let is_overlay =
                || device.local_vnis.iter().any(|own| own.bridge.is_some_and(|own| std::ptr::eq(own, link)));
            let is_ours = self.vnet.is_some() || is_overlay();
            return device.mtu(link).filter(|mtu| is_ours && mtu.default.is_none());
        }
        let (vnet, zone) = self.vnet?;
        let bytes = zone.effective_mtu()?;
        let span = zone.mtu.as_ref().and_then(Sourced::span).or(vnet.id.span())?;
        Some(Mtu { bytes, span, default: zone.mtu.is_none().then_some("Proxmox's") })
    }

    /// Whether its vnet's bridge keeps VLANs apart: as the node has it, else as Proxmox will generate it, which in an
    /// evpn zone does not ask `vlanaware`.
    pub fn is_vlan_aware(&self, devices: &ByNode<Device<'m>>) -> bool {
        match (self.link(devices), self.vnet) {
            (Some(link), _) => link.is_vlan_aware(),
            (None, Some((vnet, zone))) => zone.kind != ZoneKind::Evpn && evpnlint_core::model::is_on(&vnet.vlan_aware),
            (None, None) => false,
        }
    }

    /// Which devices can hear each other: those in one vnet wherever they are, of the same VLAN; of another bridge,
    /// those on the same node or in the same VNI.
    pub fn local_vni(&self, devices: &ByNode<Device<'m>>) -> (String, Option<u16>) {
        let tag = self.nic.tag.as_ref().map(|tag| tag.value);
        if let (Some(_), Some(intent)) = (self.vnet, self.intent) {
            return (format!("{} vnet {}", intent.read_from, self.bridge), tag);
        }
        let of_vlan = |own: &&LocalVni| {
            own.bridge.is_some_and(|bridge| bridge.name == self.bridge.value)
                && own.vlan.as_ref().map(|vlan| vlan.value) == tag
        };
        let vni = self.node.and_then(|node| devices[node].local_vnis.iter().find(of_vlan)).map(|own| own.vni);
        match vni {
            Some(vni) => (format!("vni {vni}"), None),
            None => (format!("{} {} bridge {}", self.guest.holders.join(" "), self.host, self.bridge), tag),
        }
    }

    /// The gateways of its vnet, which every node has.
    pub fn gateways(&self) -> impl Iterator<Item = &'m Sourced<IpAddr>> + use<'m> {
        let sdn = self.vnet.and(self.intent).map(|intent| intent.effective());
        let id = self.bridge.as_str();
        sdn.into_iter().flat_map(move |sdn| sdn.subnets_of(id)).filter_map(|subnet| subnet.gateway.as_ref())
    }

    /// The command that writes it anew, without some of its fields and with another. What a shell could take for
    /// anything but words is left for the reader to fill in.
    pub fn command(&self, without: &[&str], with: Option<&str>) -> String {
        let Guest { kind, id, .. } = self.guest;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "=,._:;/-".contains(c);
        if !self.nic.text.chars().all(is_plain) {
            return format!("`{} set {id} --{} …`", kind.tool(), self.nic.key);
        }
        let is_kept = |field: &&str| field.split_once('=').is_none_or(|(name, _)| !without.contains(&name));
        let fields: Vec<&str> = self.nic.text.split(',').filter(is_kept).chain(with).collect();
        format!("`{} set {id} --{} '{}'`", kind.tool(), self.nic.key, fields.join(","))
    }
}

/// Devices that one finding is about, by the key that makes them one; in order.
pub fn grouped<'p, 'm, K: Ord>(
    ports: impl IntoIterator<Item = &'p Port<'m>>,
    key: impl Fn(&Port<'m>) -> K,
) -> BTreeMap<K, Vec<&'p Port<'m>>> {
    let mut groups: BTreeMap<K, Vec<&Port>> = BTreeMap::new();
    for port in ports {
        groups.entry(key(port)).or_default().push(port);
    }
    groups
}

/// The names of devices for a message, and whether they are several.
pub fn names(ports: &[&Port]) -> (String, bool) {
    (join_names(ports.iter().map(|port| port.name())), ports.len() > 1)
}
