//! Interfaces that are too small for the tunnels that run over them: each port is given the largest packet that crosses
//! it on its way to any VTEP.

use super::{
    demand::{Demand, Tunnels, Walk},
    ribs::Ribs,
};
use crate::fabric::{
    Fabric,
    device::{Device, Mtu},
    mtu::TunnelPacket,
};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{
        Vni,
        link::{Link, LinkKind},
    },
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The largest packet that crosses a port.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How large it gets.
    pub need: TunnelPacket,
    /// Who sends it.
    pub from: NodeIndex,
    /// Who it is for, where that is known.
    pub to: Option<NodeIndex>,
}

fn larger(one: Option<Load>, other: Option<Load>) -> Option<Load> {
    one.into_iter().chain(other).min_by_key(|load| load.need.rank())
}

/// An interface that is too small for tunnels that run over it.
pub struct NarrowPort<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The interface.
    pub link: &'m Link,
    /// Its MTU.
    pub mtu: Mtu,
    /// The largest packet of a tunnel that runs over it, outer header and all.
    pub load: Load,
}

/// All of them, in order, and how many interfaces tunnels run over at all; none where every interface is large enough.
#[derive(Default)]
pub struct NarrowPorts<'m> {
    /// Those that are too small.
    pub all: Vec<NarrowPort<'m>>,
    /// How many interfaces tunnels run over, where any is too small.
    pub of: usize,
}

/// What the underlay would take beyond what tunnels put into it.
pub struct Room {
    /// The largest that anybody puts into a tunnel.
    pub need: TunnelPacket,
    /// The smallest interface that tunnels may run over, in bytes.
    pub underlay: u32,
}

/// How much room there is, where the MTU of every interface is known.
pub fn room<'m>(fabric: &Fabric<'m>, demand: &Demand<'m>) -> Option<Room> {
    let need = demand.needs.iter().flatten().min_by_key(|need| need.rank()).copied()?;
    let known: Option<Vec<u32>> = demand.sizes(fabric, &fabric.uplinks).collect();
    Some(Room { need, underlay: known?.into_iter().min()? })
}

/// Finds them.
pub fn narrow<'m>(fabric: &Fabric<'m>, ribs: &Ribs<'m>, demand: &Demand<'m>) -> NarrowPorts<'m> {
    let uplinks = &fabric.uplinks;
    let largest = demand.needs.iter().flatten().map(|need| need.bytes()).max().unwrap_or_default();
    if demand.sizes(fabric, uplinks).flatten().all(|bytes| bytes >= largest) {
        return NarrowPorts::default();
    }
    let loaded = demand.loaded(fabric, ribs, uplinks);
    let refused: BTreeSet<(NodeIndex, &str)> =
        fabric.ospf_conflicts.iter().map(|conflict| (conflict.small.node, conflict.small.link.name.as_str())).collect();
    let mut found = NarrowPorts::default();
    for ((node, ..), (link, load)) in loaded {
        let device = &fabric.devices[node];
        let Some(mtu) = limit(device, link) else { continue };
        found.of += 1;
        let both_default = load.need.default && mtu.default.is_some() && device.is_switch;
        if mtu.bytes < load.need.bytes() && !both_default && !refused.contains(&(node, link.name.as_str())) {
            found.all.push(NarrowPort { node, link, mtu, load });
        }
    }
    found
}

/// What counts of an interface. That the bridge of a VTEP's address sends more than its ports take is for
/// `mtu-bridge-above-port` to say, and that a VLAN asks for more than it gets, for `mtu-vlan-above-parent`.
fn limit<'m>(device: &Device<'m>, link: &'m Link) -> Option<Mtu> {
    let holds = |ip: &IpAddr| link.addresses.iter().any(|own| own.ip == *ip);
    let is_bridge = matches!(link.kind, LinkKind::Bridge { .. });
    match device.mtu_refused(link) {
        Some(_) => None,
        None if is_bridge && device.vteps().keys().any(holds) => device.underlay_mtu(link),
        None => device.mtu_through(link),
    }
}

/// The interfaces that tunnels run over, in order of nodes and lines, with the largest packet that crosses each.
type Loaded<'m> = BTreeMap<(NodeIndex, Span, &'m str), (&'m Link, Load)>;

impl<'m> Demand<'m> {
    /// Tells each port of the ways to an address the largest packet that crosses it. Returns those who send there, and
    /// whose ways are not known.
    fn load(&self, walk: &Walk, here: &BTreeSet<Vni>, loads: &mut [Option<Load>]) -> Vec<NodeIndex> {
        let own = |node: NodeIndex| {
            let need = self.needs[node].iter().find(|need| here.contains(&need.vni)).copied();
            need.map(|need| Load { need, from: node, to: walk.order.first().copied() })
        };
        let mut carried: ByNode<Option<Load>> = ByNode::filled(None, walk.hops.len());
        for node in walk.order.iter().rev().filter(|node| !walk.hops[**node].is_empty()) {
            let load = larger(carried[*node], own(*node));
            for (next, hop) in &walk.hops[*node] {
                carried[*next] = larger(carried[*next], load);
                for port in [hop.out, hop.into] {
                    loads[port as usize] = larger(loads[port as usize], load);
                }
            }
        }
        let reached: BTreeSet<NodeIndex> = walk.order.iter().copied().collect();
        walk.hops.indices().filter(|node| !reached.contains(node) && own(*node).is_some()).collect()
    }

    /// The MTU of every interface that tunnels may run over, in bytes.
    fn sizes(&self, fabric: &Fabric<'m>, uplinks: &ByNode<Vec<&'m Link>>) -> impl Iterator<Item = Option<u32>> {
        let own = uplinks.iter().zip(&fabric.devices);
        let own = own.flat_map(|(links, device)| links.iter().map(|link| device.mtu_through(link)));
        let bytes = |mtu: Option<Mtu>| mtu.map(|mtu| mtu.bytes);
        self.ports.all.iter().map(|port| port.mtu.as_ref().map(|mtu| mtu.bytes)).chain(own.map(bytes))
    }

    fn loaded(&self, fabric: &Fabric<'m>, ribs: &Ribs<'m>, uplinks: &ByNode<Vec<&'m Link>>) -> Loaded<'m> {
        let mut loads: Vec<Option<Load>> = vec![None; self.ports.all.len()];
        let mut lost: BTreeSet<NodeIndex> = BTreeSet::new();
        for (address, vnis) in &self.addresses {
            lost.extend(self.load(&self.walk(fabric, ribs, *address), vnis, &mut loads));
        }
        // Who shares a VNI with nobody that is here, or with somebody whose address is not known.
        let is_open =
            |own: &BTreeMap<NodeIndex, Tunnels>| own.len() < 2 || own.values().any(|own| own.address.is_none());
        lost.extend(self.members.values().filter(|own| is_open(own)).flat_map(BTreeMap::keys));
        let mut loaded: Loaded = BTreeMap::new();
        let mut add = |node: NodeIndex, link: &'m Link, load: Load| {
            let own = loaded.entry((node, link.place(), &link.name)).or_insert((link, load));
            own.1 = if own.1.need.rank() <= load.need.rank() { own.1 } else { load };
        };
        for (port, load) in self.ports.all.iter().zip(&loads) {
            load.iter().for_each(|load| add(port.node, port.link, *load));
        }
        // Where the ways are not known, tunnels of a VNI run over the interface that holds the VTEP's address, over all
        // uplinks where that is a loopback, and through every node that has no VNI and at least two uplinks.
        let mut by_vni: BTreeMap<Vni, Load> = BTreeMap::new();
        for (from, need) in
            self.needs.iter_enumerated().flat_map(|(from, own)| own.iter().map(move |need| (from, *need)))
        {
            let load = Load { need, from, to: None };
            by_vni
                .entry(need.vni)
                .and_modify(|own| *own = larger(Some(*own), Some(load)).unwrap_or(load))
                .or_insert(load);
        }
        let largest = by_vni.values().copied().min_by_key(|load| load.need.rank());
        for (node, device) in fabric.devices.iter_enumerated() {
            if device.local_vnis.is_empty() {
                let passes = uplinks[node].len() > 1 && !(lost.is_empty() && fabric.closed);
                let load = largest.filter(|_| passes);
                load.iter().for_each(|load| uplinks[node].iter().for_each(|link| add(node, link, *load)));
            } else if lost.contains(&node) {
                let own = device.local_vnis.iter().filter_map(|local_vni| by_vni.get(&local_vni.vni).copied());
                let Some(load) = own.min_by_key(|load| load.need.rank()) else { continue };
                // Without a source address of its own, the route to the other end decides.
                let remotes = device.local_vnis.iter().filter(|local_vni| local_vni.tunnel_address().is_none());
                let remotes = remotes.flat_map(|local_vni| &local_vni.vxlan.remotes);
                for link in remotes.filter_map(|remote| device.connected(remote.value)) {
                    add(node, link, load);
                }
                for address in device.vteps().into_keys() {
                    match device.owner(address) {
                        Some(owner) if has_subnet(owner, address) || owner.wireguard.is_some() => {
                            add(node, owner, load)
                        }
                        Some(_) => uplinks[node].iter().for_each(|link| add(node, link, load)),
                        None => {}
                    }
                }
            }
        }
        loaded
    }
}

fn has_subnet(link: &Link, ip: IpAddr) -> bool {
    !matches!(link.kind, LinkKind::Loopback | LinkKind::Dummy)
        && link.addresses.iter().any(|own| own.ip == ip && !own.is_host())
}
