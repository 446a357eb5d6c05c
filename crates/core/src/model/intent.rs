//! What was meant: Proxmox VE's SDN configuration, one store for a whole cluster.
//!
//! The `.cfg` files hold what will be applied next ([`Intent::pending`]), `.running-config` what was applied last
//! ([`Intent::running`]). Nodes generate `frr.conf` and `interfaces.d/sdn` from the latter.

use super::{InterfaceAddress, MacAddress, Prefix, RouteTarget, Sourced, Switch, Vni};
use crate::source::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// One cluster's SDN configuration.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// The node, or the folder, whose copy of the store was read.
    pub read_from: String,
    /// The nodes that hold the same store.
    pub nodes: Vec<String>,
    /// The `.cfg` files.
    pub pending: Sdn,
    /// `.running-config`, if SDN was ever applied.
    pub running: Option<Sdn>,
    /// Where `.running-config` stops being JSON; Proxmox takes such a file for an empty one.
    pub unreadable: Option<Span>,
    /// The version counter of `.running-config`.
    pub version: Option<Sourced<u64>>,
    /// `corosync.conf`: the members by name, the authority for node names.
    pub members: Vec<Sourced<String>>,
    /// `corosync.conf`: the addresses of the members, `ring0_addr` to `ring7_addr`, each with the member's name; host names in
    /// their place are left out.
    pub rings: Vec<(String, Sourced<IpAddr>)>,
    /// The nodes that guests are on, by the folders of `/etc/pve/nodes`; each is at a guest's file.
    pub hosts: Vec<Sourced<String>>,
    /// The name of the cluster.
    pub cluster_name: Option<String>,
}

impl Intent {
    /// What to call it: the name of the cluster, else of the node whose copy was read.
    pub fn name(&self) -> &str {
        self.cluster_name.as_deref().unwrap_or(&self.read_from)
    }

    /// Whether a node runs by it, as far as names tell: it holds the store, or is a member.
    pub fn has(&self, node: &str) -> bool {
        self.nodes.iter().any(|own| own == node) || self.members.iter().any(|own| own.value == node)
    }

    /// What nodes run by: what was applied, else what would be.
    pub fn effective(&self) -> &Sdn {
        self.running.as_ref().unwrap_or(&self.pending)
    }
}

/// The objects of an SDN configuration, each by its id in order of the files.
#[derive(Clone, Debug, Default)]
pub struct Sdn {
    /// `zones.cfg`.
    pub zones: Vec<Zone>,
    /// `vnets.cfg`.
    pub vnets: Vec<Vnet>,
    /// `subnets.cfg`.
    pub subnets: Vec<Subnet>,
    /// `controllers.cfg`.
    pub controllers: Vec<Controller>,
    /// `fabrics.cfg`.
    pub fabrics: Vec<SdnFabric>,
    /// The nodes of `fabrics.cfg`.
    pub fabric_nodes: Vec<FabricNode>,
    /// The names in `route-maps.cfg`, one for each entry.
    pub route_maps: Vec<Sourced<String>>,
    /// The names in `prefix-lists.cfg`.
    pub prefix_lists: Vec<Sourced<String>>,
    /// Ids that are written but whose sections Proxmox does not see, or not whole, for a fault that was noted.
    pub lost: Vec<Sourced<String>>,
    /// The same objects word by word, to compare what runs with what is pending.
    pub objects: Vec<Object>,
    /// The stores that were read, empty or not: `zones`, `vnets` … In another, absence says nothing.
    pub stores: Vec<&'static str>,
}

impl Sdn {
    /// The zone of that id.
    pub fn zone(&self, id: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.id.value == id)
    }

    /// The vnet of that id.
    pub fn vnet(&self, id: &str) -> Option<&Vnet> {
        self.vnets.iter().find(|vnet| vnet.id.value == id)
    }

    /// The controller of that id.
    pub fn controller(&self, id: &str) -> Option<&Controller> {
        self.controllers.iter().find(|controller| controller.id.value == id)
    }

    /// The fabric of that id.
    pub fn fabric(&self, id: &str) -> Option<&SdnFabric> {
        self.fabrics.iter().find(|fabric| fabric.id.value == id)
    }

    /// Whether a store was read, so that what is not in it is not there.
    pub fn knows(&self, store: &str) -> bool {
        self.stores.contains(&store)
    }

    /// Whether an id is written, though its section is lost.
    pub fn is_lost(&self, id: &str) -> bool {
        self.lost.iter().any(|lost| lost.value == id)
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty() && self.vnets.is_empty() && self.controllers.is_empty() && self.fabrics.is_empty()
    }

    /// The subnets of a vnet.
    pub fn subnets_of(&self, vnet: &str) -> impl Iterator<Item = &Subnet> {
        self.subnets.iter().filter(move |subnet| subnet.vnet.as_ref().is_some_and(|own| own.as_str() == vnet))
    }

    /// The vnets of a zone.
    pub fn vnets_of(&self, zone: &str) -> impl Iterator<Item = &Vnet> {
        self.vnets.iter().filter(move |vnet| vnet.zone.as_ref().is_some_and(|own| own.as_str() == zone))
    }

    /// The subnets of a zone: those of its vnets.
    pub fn subnets_in(&self, zone: &str) -> impl Iterator<Item = &Subnet> {
        self.vnets_of(zone).flat_map(|vnet| self.subnets_of(&vnet.id))
    }

    /// The zone that a vnet belongs to.
    pub fn zone_of(&self, vnet: &Vnet) -> Option<&Zone> {
        self.zone(vnet.zone.as_ref()?)
    }
}

/// An object, word by word.
#[derive(Clone, Debug)]
pub struct Object {
    /// `zones`, `vnets` …
    pub store: &'static str,
    /// Its id.
    pub id: Sourced<String>,
    /// Its properties; lists are sets, because Proxmox writes most of them in no order, and a switch that is off is
    /// absent.
    pub properties: BTreeMap<String, BTreeSet<String>>,
}

/// The kind of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "Proxmox's own words")]
pub enum ZoneKind {
    Simple,
    Vlan,
    Qinq,
    Vxlan,
    Evpn,
    Faucet,
}

/// A zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its id, 2 to 8 characters by the API; the file may hold more.
    pub id: Sourced<String>,
    /// Its kind.
    pub kind: ZoneKind,
    /// The nodes it is restricted to; empty for all.
    pub nodes: Vec<Sourced<String>>,
    /// The MTU of its vnets, in bytes; 1450 unless written, in evpn and vxlan zones.
    pub mtu: Option<Sourced<u32>>,
    /// The controller's id.
    pub controller: Option<Sourced<String>>,
    /// The L3VNI.
    pub vrf_vxlan: Option<Sourced<Vni>>,
    /// The anycast MAC.
    pub mac: Option<Sourced<MacAddress>>,
    /// Exit nodes.
    pub exit_nodes: Vec<Sourced<String>>,
    /// The primary exit node.
    pub exit_primary: Option<Sourced<String>>,
    /// `exitnodes-local-routing`.
    pub exit_local_routing: Switch,
    /// `advertise-subnets`.
    pub advertise_subnets: Switch,
    /// `disable-arp-nd-suppression`.
    pub suppression_disabled: Switch,
    /// `rt-import`.
    pub rt_import: Vec<Sourced<RouteTarget>>,
    /// `peers`, of a vxlan zone.
    pub peers: Vec<Sourced<IpAddr>>,
    /// `fabric`, of a vxlan zone.
    pub fabric: Option<Sourced<String>>,
    /// `secondary-controllers` (1.4 and later).
    pub secondary_controllers: Vec<Sourced<String>>,
    /// `vxlan-port`.
    pub vxlan_port: Option<Sourced<u32>>,
    /// `bridge`, of a vlan or qinq zone.
    pub bridge: Option<Sourced<String>>,
    /// `tag`, of a qinq zone.
    pub tag: Option<Sourced<u32>>,
    /// `vlan-protocol`, of a qinq zone: 802.1q unless written.
    pub vlan_protocol: Option<Sourced<String>>,
    /// `dhcp`.
    pub dhcp: Option<Sourced<String>>,
}

/// A vnet: a bridge of that name on every node.
#[derive(Clone, Debug)]
pub struct Vnet {
    /// Its id.
    pub id: Sourced<String>,
    /// The zone's id.
    pub zone: Option<Sourced<String>>,
    /// The VNI, or the VLAN.
    pub tag: Option<Sourced<u32>>,
    /// `vlanaware`.
    pub vlan_aware: Switch,
    /// `alias`, free text.
    pub alias: Option<Sourced<String>>,
}

/// A subnet of a vnet.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// Its id, `zone-network-length`.
    pub id: Sourced<String>,
    /// The zone in its id.
    pub zone: Option<String>,
    /// The network in its id, host bits as written.
    pub network: Option<Sourced<InterfaceAddress>>,
    /// The vnet's id.
    pub vnet: Option<Sourced<String>>,
    /// The anycast gateway.
    pub gateway: Option<Sourced<IpAddr>>,
    /// `snat`.
    pub snat: Switch,
    /// `dhcp-range`.
    pub dhcp_ranges: Vec<Span>,
}

impl Zone {
    /// Whether its vnets are VXLAN segments, whose tags are VNIs.
    pub fn is_overlay(&self) -> bool {
        matches!(self.kind, ZoneKind::Vxlan | ZoneKind::Evpn)
    }

    /// Whether it exists on a node.
    pub fn is_on(&self, node: &str) -> bool {
        self.nodes.is_empty() || self.nodes.iter().any(|own| own.value == node)
    }

    /// The MTU of its vnets in bytes, as Proxmox generates it; `None` where it generates none.
    pub fn effective_mtu(&self) -> Option<u32> {
        match (&self.mtu, self.is_overlay()) {
            (Some(mtu), _) if mtu.value > 0 => Some(mtu.value),
            (_, true) => Some(1450),
            _ => None,
        }
    }
}

impl Subnet {
    /// The prefix.
    pub fn prefix(&self) -> Option<Prefix> {
        self.network.as_ref().map(|network| network.prefix())
    }
}

/// The kind of a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "Proxmox's own words")]
pub enum ControllerKind {
    Evpn,
    Bgp,
    Isis,
    Faucet,
}

/// A controller.
#[derive(Clone, Debug)]
pub struct Controller {
    /// Its id.
    pub id: Sourced<String>,
    /// Its kind.
    pub kind: ControllerKind,
    /// The AS number; 0 makes Proxmox generate nothing, without a word.
    pub asn: Option<Sourced<u32>>,
    /// The VTEPs of all nodes, or the peers of a node's uplink.
    pub peers: Vec<Sourced<IpAddr>>,
    /// The fabric's id, instead of peers.
    pub fabric: Option<Sourced<String>>,
    /// The node a bgp or isis controller is for.
    pub node: Option<Sourced<String>>,
    /// `nodes`, of an evpn controller (1.4 and later).
    pub nodes: Vec<Sourced<String>>,
    /// `ebgp`.
    pub ebgp: Switch,
    /// `ebgp-multihop`, in hops.
    pub ebgp_multihop: Option<Sourced<u32>>,
    /// `loopback`.
    pub loopback: Option<Sourced<String>>,
    /// `bgp-multipath-as-path-relax`, of a bgp controller.
    pub multipath_relax: Switch,
    /// `peer-group-name`, of an evpn controller; `VTEP` unless written (1.4 and later).
    pub peer_group: Option<Sourced<String>>,
    /// `bgp-mode`, of an evpn controller: `auto`, which it is unless written, `external` or `internal` (1.4 and later).
    pub bgp_mode: Option<Sourced<String>>,
    /// `route-map-in`.
    pub route_map_in: Option<Sourced<String>>,
    /// `route-map-out`.
    pub route_map_out: Option<Sourced<String>>,
    /// `isis-domain`.
    pub isis_domain: Option<Sourced<String>>,
    /// `isis-net`.
    pub isis_net: Option<Sourced<String>>,
    /// `isis-ifaces`.
    pub isis_ifaces: Vec<Sourced<String>>,
}

/// A fabric of `fabrics.cfg`.
#[derive(Clone, Debug)]
pub struct SdnFabric {
    /// Its id.
    pub id: Sourced<String>,
    /// `openfabric`, `ospf`, `bgp`, `wireguard`.
    pub protocol: String,
    /// `ip_prefix`, with host bits as written.
    pub ip_prefix: Option<Sourced<InterfaceAddress>>,
    /// `ip6_prefix`, with host bits as written.
    pub ip6_prefix: Option<Sourced<InterfaceAddress>>,
    /// `area`, of an ospf fabric.
    pub area: Option<Sourced<String>>,
    /// `hello_interval`, of an openfabric fabric, in seconds, 1 to 600; FRR's own is 3.
    pub hello_interval: Option<Sourced<u32>>,
    /// `csnp_interval`, of an openfabric fabric, in seconds, 1 to 600; FRR's own is 10.
    pub csnp_interval: Option<Sourced<u32>>,
    /// `bfd`, of a bgp fabric.
    pub bfd: Switch,
    /// `redistribute`, of an ospf or bgp fabric (1.5 and later).
    pub redistribute: Vec<Sourced<Redistribution>>,
    /// `route_filter`: the prefix list of what gets the node's address as its source (1.5 and later).
    pub route_filter: Option<Sourced<String>>,
    /// `route_map_in`, of a bgp fabric.
    pub route_map_in: Option<Sourced<String>>,
    /// `route_map_out`, of a bgp fabric.
    pub route_map_out: Option<Sourced<String>>,
}

/// What a fabric takes in from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Redistribution {
    /// `connected`, `static` …
    pub source: String,
    /// `metric`.
    pub metric: Option<String>,
    /// `route-map`.
    pub route_map: Option<String>,
}

/// A node's part in a fabric.
#[derive(Clone, Debug)]
pub struct FabricNode {
    /// `fabric_node`, as written.
    pub id: Sourced<String>,
    /// The fabric's id.
    pub fabric: String,
    /// The node's name.
    pub node: String,
    /// `ip`.
    pub ip: Option<Sourced<IpAddr>>,
    /// `ip6`.
    pub ip6: Option<Sourced<IpAddr>>,
    /// Whether it is a peer outside the cluster (`role external`, of bgp and wireguard fabrics).
    pub external: bool,
    /// `asn`, of a bgp fabric.
    pub asn: Option<Sourced<u32>>,
    /// The interfaces by name.
    pub interfaces: BTreeMap<String, Sourced<FabricPort>>,
}

/// An interface of a node's, as it is part of a fabric.
#[derive(Clone, Debug, Default)]
pub struct FabricPort {
    /// `ip`, its own address.
    pub ip: Option<InterfaceAddress>,
    /// `ip6`, its own address.
    pub ip6: Option<InterfaceAddress>,
    /// `hello_multiplier`, of openfabric, 2 to 100; FRR's own is 10.
    pub hello_multiplier: Option<u32>,
    /// `network_type`, of ospf.
    pub network_type: Option<String>,
}
