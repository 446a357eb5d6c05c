//! Who is wired to whom over unnumbered links. No file tells, but there is a custom: every leaf has a port for each
//! spine and every spine one for each leaf, in order. Where the ports are exactly as many as that takes, idle ones
//! included, the fabric is taken to be wired so.

use super::{device::Device, session_end::SessionEnd};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::model::{
    bgp::PeerName,
    link::{Link, LinkKind, stem},
};
use std::collections::{BTreeMap, BTreeSet};

/// The other end of a port: the node, and the name of its port.
pub type End = (NodeIndex, String);

/// The cables of a leaf–spine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cabling {
    ends: BTreeMap<NodeIndex, BTreeMap<String, End>>,
}

/// The ports of each node that unnumbered sessions use, and those that look just like them and have none, in order.
pub struct Ports<'m> {
    of: BTreeMap<NodeIndex, Vec<&'m str>>,
}

impl<'m> Ports<'m> {
    /// Collects them.
    pub fn new<'h>(devices: &ByNode<Device<'m>>, unnumbered: impl Iterator<Item = &'h SessionEnd<'m>>) -> Self
    where
        'm: 'h,
    {
        let mut named: BTreeMap<NodeIndex, BTreeSet<&'m str>> = BTreeMap::new();
        for session_end in unnumbered {
            if let PeerName::Interface(name) = &session_end.neighbor.name.value
                && devices[session_end.node].link(name).is_none_or(is_cabled)
            {
                named.entry(session_end.node).or_default().insert(name);
            }
        }
        // A node that has lost its BGP altogether still has the ports.
        let stems: BTreeSet<&str> = named.values().flatten().map(|port| stem(port)).collect();
        let is_bare = |device: &&Device| device.node.frr.as_ref().is_some_and(|frr| frr.bgp.is_empty());
        let looks = |link: &&Link| stems.contains(stem(&link.name)) && link.auto.is_some();
        let bare: Vec<NodeIndex> =
            devices.iter_enumerated().filter(|(_, own)| is_bare(own)).map(|(at, _)| at).collect();
        for node in bare.into_iter().filter(|_| !stems.is_empty()) {
            let unused = devices[node].unused_ports();
            let ports: BTreeSet<&str> = unused.filter(looks).map(|link| link.name.as_str()).collect();
            if !ports.is_empty() {
                named.entry(node).or_insert(ports);
            }
        }
        let all = named.into_iter().map(|(node, named)| {
            let idle: Vec<&str> = alike(&devices[node], &named).into_iter().map(|link| link.name.as_str()).collect();
            let mut ports: Vec<&str> = named.into_iter().chain(idle).collect();
            ports.sort_by_key(|name| natural(name));
            (node, ports)
        });
        Self { of: all.collect() }
    }

    /// The VTEPs, where they are wired to other nodes only, as in every leaf–spine: at least as many ports lead out of
    /// the others.
    pub fn leaves(&self, devices: &ByNode<Device>) -> Option<BTreeSet<NodeIndex>> {
        let (inside, outside): (Vec<_>, Vec<_>) =
            self.of.iter().partition(|(node, _)| !devices[**node].local_vnis.is_empty());
        let count = |side: &[(&NodeIndex, &Vec<&str>)]| side.iter().map(|(_, ports)| ports.len()).sum::<usize>();
        let is_bipartite = !outside.is_empty() && count(&inside) <= count(&outside);
        is_bipartite.then(|| inside.into_iter().map(|(node, _)| *node).collect())
    }

    /// The cables between leaves and the others by custom; `None` where the ports do not come to that.
    pub fn cabling(&self, devices: &ByNode<Device>) -> Option<Cabling> {
        let leaves = self.leaves(devices)?;
        let mut sides: (Vec<_>, Vec<_>) = self.of.iter().partition(|(node, _)| leaves.contains(node));
        let by_name = |(node, _): &(&NodeIndex, &Vec<&str>)| natural(&devices[**node].node.name);
        sides.0.sort_by_key(by_name);
        sides.1.sort_by_key(by_name);
        let (inside, outside) = sides;
        let fits = inside.iter().all(|(_, ports)| ports.len() == outside.len())
            && outside.iter().all(|(_, ports)| ports.len() == inside.len());
        if !fits || inside.is_empty() {
            return None;
        }
        let mut cabling = Cabling::default();
        for (l, (leaf, own)) in inside.iter().enumerate() {
            for (s, (spine, theirs)) in outside.iter().enumerate() {
                let (here, there) = (own[s].to_owned(), theirs[l].to_owned());
                cabling.ends.entry(**leaf).or_default().insert(here.clone(), (**spine, there.clone()));
                cabling.ends.entry(**spine).or_default().insert(there, (**leaf, here));
            }
        }
        Some(cabling)
    }
}

impl Cabling {
    /// Adds a cable.
    pub fn join(&mut self, a: (NodeIndex, &str), b: (NodeIndex, &str)) {
        for ((node, port), (far, there)) in [(a, b), (b, a)] {
            self.ends.entry(node).or_default().insert(port.to_owned(), (far, there.to_owned()));
        }
    }

    /// All ports, each with its other end.
    pub fn ends(&self) -> impl Iterator<Item = ((NodeIndex, &str), &End)> {
        self.ends.iter().flat_map(|(node, ports)| ports.iter().map(|(port, end)| ((*node, port.as_str()), end)))
    }

    /// The other end of a port.
    pub fn end(&self, node: NodeIndex, port: &str) -> Option<&End> {
        self.ends.get(&node)?.get(port)
    }
}

/// The interfaces of a node that are described like some of its ports, and used for nothing.
pub fn alike<'m>(device: &Device<'m>, ports: &BTreeSet<&str>) -> Vec<&'m Link> {
    let siblings: Vec<&Link> = ports.iter().filter_map(|name| device.link(name)).collect();
    let mtu = |link: &Link| link.mtu.as_ref().map(|mtu| mtu.value);
    let is_alike = |link: &&Link| {
        !ports.contains(link.name.as_str())
            && siblings.iter().any(|own| stem(&own.name) == stem(&link.name) && mtu(own) == mtu(link))
    };
    device.unused_ports().filter(is_alike).collect()
}

/// Whether a cable could be in it.
fn is_cabled(link: &Link) -> bool {
    !matches!(link.kind, LinkKind::Bridge { .. } | LinkKind::Vxlan(_) | LinkKind::Dummy | LinkKind::Loopback)
}

/// Names with their numbers as numbers: `swp2` before `swp10`.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![];
    let mut rest = name;
    while !rest.is_empty() {
        let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[word..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| word + end);
        parts.push((rest[..word].to_owned(), rest[word..digits].parse().unwrap_or(u64::MAX)));
        rest = &rest[digits..];
    }
    parts
}
