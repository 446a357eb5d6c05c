//! Hosts that several nodes have in common: Ethernet segments by their identifier, and MLAG pairs, which nobody writes
//! down as such.

use super::{device::Device, overlay::Overlay};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{
        Esi, MacAddress, Sourced,
        link::{Link, LinkKind},
        multihoming::{Clag, ClagPeer},
    },
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// The attachments of hosts to several nodes.
pub struct Multihoming<'m> {
    /// The ports of each Ethernet segment, in order of the nodes.
    pub segments: BTreeMap<Esi, Vec<Port<'m>>>,
    /// The nodes on which `clagd` runs.
    pub mlags: BTreeMap<NodeIndex, Mlag<'m>>,
    /// Those of them that belong together, in order.
    pub pairs: Vec<[NodeIndex; 2]>,
    /// The other node of a pair.
    peers: BTreeMap<NodeIndex, NodeIndex>,
    /// Nodes with any line about MLAG; files that were cut out of a node's may lack those of `clagd` itself.
    shares: BTreeSet<NodeIndex>,
}

/// A node's bond to a host that other nodes have bonds to as well.
#[derive(Clone, Copy)]
pub struct Port<'m> {
    /// The node.
    pub node: NodeIndex,
    /// The bond.
    pub link: &'m Link,
    /// Where it is said whose it is.
    pub span: Option<Span>,
}

/// MLAG on one node.
pub struct Mlag<'m> {
    /// The interface under which `clagd` is configured: the VLAN of the peer link.
    pub control: &'m Link,
    /// What it is told there.
    pub clag: &'m Clag,
    /// The peer link itself.
    pub peerlink: &'m Link,
    /// The VTEP address that both nodes have.
    pub anycast: Option<&'m Sourced<IpAddr>>,
    /// Bonds by their `clag-id`.
    pub bonds: BTreeMap<u16, Vec<Port<'m>>>,
}

impl<'m> Mlag<'m> {
    fn of(node: NodeIndex, device: &Device<'m>) -> Option<Self> {
        let links = || device.node.links.values();
        let clags = || links().filter_map(|link| Some((link, link.clag.as_deref()?)));
        let (control, clag) = clags().find(|(_, clag)| clag.runs())?;
        let below = match &control.kind {
            LinkKind::Vlan { raw: Some(raw), .. } => device.link(raw),
            _ => None,
        };
        let mut bonds: BTreeMap<u16, Vec<Port>> = BTreeMap::new();
        for (link, id) in clags().filter_map(|(link, clag)| Some((link, clag.id.as_ref()?))) {
            bonds.entry(id.value).or_default().push(Port { node, link, span: id.span() });
        }
        let anycast = clags().find_map(|(_, clag)| clag.anycast.as_ref());
        Some(Self { control, clag, peerlink: below.unwrap_or(control), anycast, bonds })
    }

    /// The peer's address, where it is written as one.
    pub fn peer(&self) -> Option<Sourced<IpAddr>> {
        let peer = self.clag.peer.clone()?;
        match peer.value {
            ClagPeer::Address(ip) => Some(peer.map(|_| ip)),
            ClagPeer::LinkLocal => None,
        }
    }

    /// Whether a node has the address of the backup; `None` where there is none, or the node may have addresses that
    /// are in no file.
    pub fn backs(&self, peer: &Device) -> Option<bool> {
        let backup = self.clag.backup.as_ref()?;
        let vrf = self.clag.backup_vrf.as_ref().map_or("", |vrf| vrf.as_str());
        let links = || peer.node.links.values();
        let has = links().flat_map(|link| &link.addresses).any(|own| own.ip == backup.value);
        let may_have = links().any(|link| link.dynamic && link.vrf_name() == vrf);
        (has || !may_have && !peer.hooks_mention(&backup.to_string())).then_some(has)
    }

    /// What both nodes of a pair have in common, and no other has unless it was copied: where the backup of each lies,
    /// the shared VTEP address, the system MAC, and the two addresses of the peer link.
    fn keys(&self, node: NodeIndex, owner: impl Fn(IpAddr) -> Option<NodeIndex>) -> [Option<Key>; 4] {
        let both = |a: NodeIndex, b: NodeIndex| Key::Nodes([a.min(b), a.max(b)]);
        let ends = self.peer().and_then(|peer| {
            let own = self.control.addresses.iter().map(|own| own.ip).find(|own| own.is_ipv4() == peer.is_ipv4())?;
            Some(Key::Ends([own.min(peer.value), own.max(peer.value)]))
        });
        [
            self.clag.backup.as_ref().and_then(|backup| owner(backup.value)).map(|other| both(node, other)),
            self.anycast.map(|anycast| Key::Anycast(anycast.value)),
            self.clag.system_mac.as_ref().map(|mac| Key::System(mac.value)),
            ends,
        ]
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Nodes([NodeIndex; 2]),
    Anycast(IpAddr),
    System(MacAddress),
    Ends([IpAddr; 2]),
}

impl<'m> Multihoming<'m> {
    /// Finds what belongs together; `closed` where every node is here.
    pub fn new(devices: &ByNode<Device<'m>>, closed: bool) -> Self {
        let mut segments: BTreeMap<Esi, Vec<Port>> = BTreeMap::new();
        let mut mlags = BTreeMap::new();
        for (node, device) in devices.iter_enumerated() {
            for (name, own) in device.node.frr.iter().flat_map(|frr| &frr.links) {
                if let (Some(esi), Some(link)) = (own.segment.esi(), device.link(name)) {
                    segments.entry(esi).or_default().push(Port { node, link, span: own.segment.span() });
                }
            }
            mlags.extend(Mlag::of(node, device).map(|mlag| (node, mlag)));
        }
        let pairs = pair(devices, &mlags, closed);
        let peers = pairs.iter().flat_map(|[a, b]| [(*a, *b), (*b, *a)]).collect();
        let shares = devices
            .indices()
            .filter(|node| devices[*node].node.links.values().any(|link| link.clag.is_some()))
            .collect();
        Self { segments, mlags, pairs, peers, shares }
    }

    /// Whether a node has any line about MLAG.
    pub fn is_mlag(&self, node: NodeIndex) -> bool {
        self.shares.contains(&node)
    }

    /// The other node of the pair that a node is one of.
    pub fn peer(&self, node: NodeIndex) -> Option<NodeIndex> {
        self.peers.get(&node).copied()
    }

    /// The two sides of each pair.
    pub fn sides(&self) -> impl Iterator<Item = [(NodeIndex, &Mlag<'m>); 2]> {
        self.pairs.iter().filter_map(|[a, b]| Some([(*a, self.mlags.get(a)?), (*b, self.mlags.get(b)?)]))
    }

    /// Whether nodes may share a VTEP address on purpose: an MLAG pair, or nodes of which too little was read to tell.
    pub fn may_share(&self, nodes: impl IntoIterator<Item = NodeIndex>) -> bool {
        let mut pairs = BTreeSet::new();
        nodes.into_iter().all(|node| {
            pairs.extend(self.peer(node).map(|peer| node.min(peer)));
            self.is_mlag(node)
        }) && pairs.len() < 2
    }

    /// The VTEP addresses that nodes share without being a pair.
    pub fn shared_vteps(&self, overlay: &Overlay) -> BTreeSet<IpAddr> {
        let is_shared = |users: &[(NodeIndex, &Sourced<IpAddr>)]| {
            users.len() > 1 && !self.may_share(users.iter().map(|(node, _)| *node))
        };
        overlay.vteps.iter().filter(|(_, users)| is_shared(users)).map(|(address, _)| *address).collect()
    }

    /// Bonds that are one to their host: those of each Ethernet segment, and those of each MLAG pair with one
    /// `clag-id`.
    pub fn bundles(&self) -> impl Iterator<Item = Vec<Port<'m>>> {
        let segments = self.segments.values().cloned();
        let bonds = self.sides().flat_map(|[(_, a), (_, b)]| {
            let one = |id: &u16| Some([*a.bonds.get(id)?.first()?, *b.bonds.get(id)?.first()?].to_vec());
            a.bonds.keys().filter_map(one).collect::<Vec<_>>()
        });
        segments.chain(bonds)
    }
}

/// Pairs nodes by what they have in common: first those that agree in all, and so on, so that neither a value that was
/// copied from another pair nor one that is wrong misleads. Where a node may be missing, the peer of another may be it,
/// and much more must agree than not.
fn pair(devices: &ByNode<Device>, mlags: &BTreeMap<NodeIndex, Mlag>, closed: bool) -> Vec<[NodeIndex; 2]> {
    let addresses = |node: NodeIndex| devices[node].node.links.values().flat_map(|link| &link.addresses);
    let known: BTreeMap<NodeIndex, BTreeSet<IpAddr>> =
        mlags.keys().map(|node| (*node, addresses(*node).map(|own| own.ip).collect())).collect();
    let mut owners: BTreeMap<IpAddr, Option<NodeIndex>> = BTreeMap::new();
    for (node, addresses) in &known {
        for ip in addresses {
            owners.entry(*ip).and_modify(|owner| *owner = None).or_insert(Some(*node));
        }
    }
    let owner = |ip: IpAddr| owners.get(&ip).copied().flatten();
    let is_pair = |a: NodeIndex, b: NodeIndex| {
        let (one, two) = (&mlags[&a], &mlags[&b]);
        let macs = [one, two].map(|mlag| mlag.clag.system_mac.as_ref().map(|mac| mac.value));
        let meets = |from: &Mlag, to: &Mlag| {
            let ends = &to.control.addresses;
            from.peer().filter(|_| !ends.is_empty()).map(|peer| ends.iter().any(|own| own.ip == peer.value))
        };
        let facts = [
            macs[0].zip(macs[1]).map(|(a, b)| a == b),
            one.anycast.zip(two.anycast).map(|(a, b)| a.value == b.value),
            meets(one, two),
            meets(two, one),
            one.backs(&devices[b]),
            two.backs(&devices[a]),
        ];
        let count = |wanted: bool| facts.iter().filter(|fact| **fact == Some(wanted)).count();
        count(true) > count(false) * if closed { 1 } else { 3 }
    };
    let mut left: BTreeMap<NodeIndex, [Option<Key>; 4]> =
        mlags.iter().map(|(node, mlag)| (*node, mlag.keys(*node, owner))).collect();
    let mut masks: Vec<u8> = (1..16).collect();
    masks.sort_by_key(|mask| std::cmp::Reverse(mask.count_ones()));
    let mut pairs = vec![];
    for mask in masks {
        let mut alike: BTreeMap<Vec<Key>, Vec<NodeIndex>> = BTreeMap::new();
        for (node, keys) in &left {
            let wanted = (0..4).filter(|at| mask & (1 << at) != 0).map(|at| keys[at]);
            if let Some(keys) = wanted.collect::<Option<Vec<_>>>() {
                alike.entry(keys).or_default().push(*node);
            }
        }
        for nodes in alike.into_values() {
            if let [a, b] = nodes[..]
                && is_pair(a, b)
            {
                left.remove(&a);
                left.remove(&b);
                pairs.push([a, b]);
            }
        }
    }
    pairs.sort_unstable();
    pairs
}
