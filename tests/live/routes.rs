//! The routing tables of zebra, in the default VRF: what is selected and in the kernel.

use super::fabric::{Fabric, Kind};
use evpnlint::model::Prefix;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A route of a node.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Route {
    pub(crate) node: String,
    pub(crate) prefix: String,
    /// As zebra calls it: `connected`, `static`, `ospf`, `isis`, `openfabric`, `bgp`.
    pub(crate) protocol: String,
    pub(crate) distance: u8,
    /// Each next hop, by the nodes that it may be; none of a connected route. Nobody may have its address.
    pub(crate) next: Vec<BTreeSet<String>>,
    /// Whether it drops what it takes.
    pub(crate) drops: bool,
}

impl Route {
    /// Its prefix. `None` of what zebra has for link-local addresses and groups, which no node routes.
    pub(crate) fn prefix(&self) -> Option<Prefix> {
        let prefix: Prefix = self.prefix.parse().ok()?;
        let is_routed = match prefix.network() {
            IpAddr::V4(ip) => !ip.is_multicast(),
            IpAddr::V6(ip) => !ip.is_multicast() && !ip.is_unicast_link_local(),
        };
        is_routed.then_some(prefix)
    }
}

/// Who is behind a next hop.
pub(crate) struct Nexts<'f> {
    by_address: BTreeMap<IpAddr, BTreeSet<String>>,
    by_port: BTreeMap<(&'f str, &'f str), &'f str>,
}

impl<'f> Nexts<'f> {
    pub(crate) fn new(fabric: &'f Fabric) -> Self {
        let mut by_address: BTreeMap<IpAddr, BTreeSet<String>> = BTreeMap::new();
        for node in &fabric.nodes {
            let all = node.devices.iter().flat_map(|device| &device.addresses);
            for ip in all.filter_map(|address| address.split('/').next()?.parse().ok()) {
                by_address.entry(ip).or_default().insert(node.name.clone());
            }
        }
        let mut by_port = BTreeMap::new();
        for [(one, port), (other, its)] in &fabric.wires {
            let (one, other) = (fabric.nodes[*one].name.as_str(), fabric.nodes[*other].name.as_str());
            by_port.insert((one, port.as_str()), other);
            by_port.insert((other, its.as_str()), one);
        }
        Self { by_address, by_port }
    }

    fn of(&self, node: &str, hop: &Value) -> BTreeSet<String> {
        let address: Option<IpAddr> = hop["ip"].as_str().and_then(|ip| ip.parse().ok());
        let owners = address.and_then(|ip| self.by_address.get(&ip));
        let behind = || hop["interfaceName"].as_str().and_then(|port| self.by_port.get(&(node, port)));
        owners.cloned().unwrap_or_else(|| behind().map(|next| (*next).to_owned()).into_iter().collect())
    }
}

/// The routes in what `show ip route json` says of a node.
pub(crate) fn read(node: &str, said: &Value, nexts: &Nexts) -> Vec<Route> {
    let all = said.as_object().into_iter().flatten().flat_map(|(_, all)| all.as_array().into_iter().flatten());
    let route = |own: &Value| {
        let hops = own["nexthops"].as_array()?.iter().filter(|hop| hop["fib"] == true);
        let protocol = own["protocol"].as_str()?.to_owned();
        let is_connected = protocol == "connected";
        let drops = hops.clone().any(|hop| hop["blackhole"] == true || hop["unreachable"] == true);
        let next = hops.filter(|_| !is_connected && !drops).map(|hop| nexts.of(node, hop));
        Some(Route {
            node: node.to_owned(),
            prefix: own["prefix"].as_str()?.to_owned(),
            protocol,
            distance: own["distance"].as_u64()? as u8,
            next: next.collect(),
            drops,
        })
    };
    let mut routes: Vec<Route> = all
        .filter(|own| own["selected"] == true && own["installed"] == true)
        .filter_map(route)
        .filter(|route| route.prefix().is_some())
        .collect();
    for route in &mut routes {
        route.next.sort();
        route.next.dedup();
    }
    routes
}

/// Every address of a device, and those that tunnels start from.
pub(crate) fn addresses(fabric: &Fabric) -> BTreeSet<IpAddr> {
    let devices = fabric.nodes.iter().flat_map(|node| &node.devices);
    let all = devices.flat_map(|device| {
        let source = match &device.kind {
            Kind::Vxlan { local, .. } => local.clone(),
            _ => None,
        };
        device.addresses.iter().filter_map(|own| Some(own.split('/').next()?.to_owned())).chain(source)
    });
    all.filter_map(|ip| ip.parse().ok()).collect()
}
