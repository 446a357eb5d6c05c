//! What the generator knows of the node that it writes for.

use super::generator::{self, Generation};
use evpnlint_core::model::{
    Node,
    intent::{Controller, ControllerKind, FabricNode, Intent, Sdn, Zone},
    link::LinkKind,
};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

/// A node, as the generator sees it.
pub struct Seat<'m> {
    /// The cluster's store.
    pub intent: &'m Intent,
    /// What was applied.
    pub sdn: &'m Sdn,
    /// The node.
    pub node: &'m Node,
    /// Which generator wrote its files.
    pub generation: Generation,
    /// The bgp controller of the node; of several, Proxmox takes any.
    pub bgp: Option<&'m Controller>,
    /// The isis controller of the node.
    pub isis: Option<&'m Controller>,
    /// The IPv4 address of each interface as Proxmox reads it: from `/etc/network/interfaces` alone, and of several the
    /// last.
    addresses: BTreeMap<&'m str, IpAddr>,
    /// All addresses in that file, and whether Proxmox knows them.
    own: BTreeMap<IpAddr, bool>,
}

/// A node's tunnel endpoint for one EVPN controller or VXLAN zone.
#[derive(Clone, Debug, Default)]
pub struct Vtep {
    /// The address; unknown where only the kernel's routes tell it and no generated file shows it.
    pub address: Option<IpAddr>,
    /// The interface whose address the sessions come from, if the configuration names one.
    pub loopback: Option<String>,
    /// How the address is known.
    pub known: Known,
    /// The other nodes, in the generator's order, with the node itself still among them.
    pub peers: Vec<IpAddr>,
}

/// How an address is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// It is that of the interface that a node's controller names.
    Loopback,
    /// It is a peer of the list that an interface of the node has.
    Peer,
    /// It is the node's in the fabric.
    Fabric,
    /// The generator would ask the kernel; a file that it has generated shows what it was told.
    Seen,
    /// The generator would ask the kernel, and nothing shows the answer.
    #[default]
    Unknown,
}

impl<'m> Seat<'m> {
    pub(super) fn new(intent: &'m Intent, sdn: &'m Sdn, node: &'m Node, frr: Option<&str>) -> Self {
        let own = |kind| {
            let is_own = |controller: &&Controller| {
                controller.kind == kind && controller.node.as_ref().is_some_and(|own| own.value == node.name)
            };
            sdn.controllers.iter().find(is_own)
        };
        let (bgp, isis) = (own(ControllerKind::Bgp), own(ControllerKind::Isis));
        let main = node.interfaces.as_ref().map(|file| file.main);
        let (mut addresses, mut own) = (BTreeMap::new(), BTreeMap::new());
        for link in node.links.values() {
            let in_main = link.addresses.iter().filter(|own| own.span().map(|span| span.file) == main);
            for ip in in_main.map(|own| own.value.ip) {
                own.insert(ip, ip.is_ipv6());
                if ip.is_ipv4() {
                    addresses.insert(link.name.as_str(), ip);
                }
            }
        }
        own.extend(addresses.values().map(|ip| (*ip, true)));
        Self { intent, sdn, node, generation: generator::of(node, frr), bgp, isis, addresses, own }
    }

    /// The nodes of a fabric, in the order of their ids.
    pub fn fabric_nodes(&self, fabric: &str) -> Vec<&'m FabricNode> {
        let mut nodes: Vec<_> = self.sdn.fabric_nodes.iter().filter(|node| node.fabric == fabric).collect();
        nodes.sort_by(|a, b| a.id.value.cmp(&b.id.value));
        nodes
    }

    /// The node's endpoint for an EVPN controller. The generator of interfaces asks the isis controller whenever the bgp
    /// controller names no loopback, that of FRR's configuration only where there is no bgp controller.
    pub fn vtep(&self, controller: &'m Controller, for_frr: bool) -> Vtep {
        if let Some(fabric) = &controller.fabric {
            return self.in_fabric(fabric);
        }
        let isis = self.isis.filter(|_| !(for_frr && self.bgp.is_some()));
        let loopback = self.bgp.and_then(|bgp| bgp.loopback.as_ref());
        let loopback = loopback.or_else(|| isis.and_then(|isis| isis.loopback.as_ref()));
        let peers = controller.peers.iter().map(|peer| peer.value).collect();
        self.by_peers(peers, loopback.map(|loopback| loopback.value.clone()))
    }

    /// The node's endpoint in a VXLAN zone.
    pub fn vtep_of_zone(&self, zone: &'m Zone) -> Vtep {
        // Where both are written, Proxmox takes the peers.
        match &zone.fabric {
            Some(fabric) if zone.peers.is_empty() => self.in_fabric(fabric),
            _ => self.by_peers(zone.peers.iter().map(|peer| peer.value).collect(), None),
        }
    }

    /// The endpoint by a list of peers: the address of the loopback, else the first peer that is an address of the node,
    /// else what the kernel says. A peer that is an address of the node, but none that Proxmox knows, is what the kernel
    /// says where no file shows that it was another.
    pub fn by_peers(&self, peers: Vec<IpAddr>, loopback: Option<String>) -> Vtep {
        let of_loopback = loopback.as_deref().and_then(|name| self.addresses.get(name).copied());
        let own = || peers.iter().copied().filter(|peer| self.own.contains_key(peer));
        let (address, known) = if of_loopback.is_some() {
            (of_loopback, Known::Loopback)
        } else if let Some(peer) = own().find(|peer| self.own[peer]) {
            (Some(peer), Known::Peer)
        } else if let Some(peer) = own().next() {
            match self.seen().filter(|seen| self.has(*seen)) {
                Some(seen) => (Some(seen), Known::Seen),
                None => (Some(peer), Known::Peer),
            }
        } else {
            let seen = self.seen();
            (seen, if seen.is_some() { Known::Seen } else { Known::Unknown })
        };
        Vtep { address, loopback, known, peers }
    }

    fn in_fabric(&self, fabric: &str) -> Vtep {
        let nodes = self.fabric_nodes(fabric);
        let ip = |node: &&FabricNode| node.ip.as_ref().map(|ip| ip.value);
        let own = nodes.iter().find(|node| node.node == self.node.name);
        Vtep {
            address: own.and_then(ip),
            loopback: Some(format!("dummy_{fabric}")),
            known: Known::Fabric,
            peers: nodes.iter().filter_map(ip).collect(),
        }
    }

    /// Whether the node has an address, whatever file says so.
    fn has(&self, ip: IpAddr) -> bool {
        self.node.links.values().any(|link| link.addresses.iter().any(|own| own.value.ip == ip))
    }

    /// The router id that `frr.conf` shows, in the default VRF.
    pub fn router_id(&self) -> Option<Ipv4Addr> {
        let bgp = self.node.frr.iter().flat_map(|frr| &frr.bgp);
        bgp.filter(|bgp| bgp.vrf.is_none()).find_map(|bgp| bgp.router_id.as_ref()).map(|own| own.value)
    }

    /// The source address that `frr.conf` shows for routes learned by the node's bgp controller.
    pub fn correct_source(&self) -> Option<IpAddr> {
        let map = self.node.frr.as_ref()?.route_maps.get("correct_src")?;
        let mut sets = map.entries.iter().flat_map(|entry| &entry.sets);
        sets.find_map(|set| set.words.strip_prefix("src ")?.parse().ok())
    }

    /// The tunnel address that the node's generated file shows.
    fn seen(&self) -> Option<IpAddr> {
        let sdn = self.node.interfaces.as_ref()?.sdn?.file;
        self.node.links.values().find_map(|link| match &link.kind {
            LinkKind::Vxlan(vxlan) => {
                let local = vxlan.local.as_ref()?;
                (local.span()?.file == sdn).then_some(local.value)
            }
            _ => None,
        })
    }
}
