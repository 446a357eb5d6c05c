//! Which nodes are of a kind: those whose configurations are made of the same kinds of lines, whatever names, addresses
//! and numbers are in them. Nobody says which node is a leaf; its siblings do.

use super::{Fabric, sessions::Target};
use crate::index::NodeIndex;
use indexmap::IndexMap;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// How many of a hundred kinds of lines that two nodes have between them both must have to be siblings. One that lacks
/// a line of its siblings', or a few, still is one, and so is a border leaf with a few more.
const ALIKE: usize = 75;

/// How many roles are told apart; what is like none of them has none. Bounds the work in a fabric without any likeness.
const MOST_ROLES: usize = 64;

/// Whether a node has no VNI, and the numbers of its kinds of lines, sorted.
type Shape = (bool, Vec<u32>);

/// The nodes by role, each in the order of the nodes.
///
/// The most frequent set of kinds of lines is what the first role is like, and so on: whatever is like an earlier one
/// belongs to it.
pub fn roles(fabric: &Fabric) -> Vec<Vec<NodeIndex>> {
    let mut numbers: IndexMap<(&str, &str), u32> = IndexMap::new();
    let mut shapes: BTreeMap<Shape, Vec<NodeIndex>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        let blocks = device.node.outline.blocks.values();
        let lines = blocks.flat_map(|block| block.lines.iter().map(|line| (&*block.kind, &*line.phrase.kind)));
        let shape = lines.map(|line| {
            let next = numbers.len() as u32;
            *numbers.entry(line).or_insert(next)
        });
        let mut shape: Vec<u32> = shape.collect();
        shape.sort_unstable();
        shape.dedup();
        if !shape.is_empty() {
            shapes.entry((device.local_vnis.is_empty(), shape)).or_default().push(node);
        }
    }
    let mut shapes: Vec<_> = shapes.into_iter().collect();
    shapes.sort_by_key(|(_, nodes)| (Reverse(nodes.len()), nodes.first().copied()));
    let mut roles: Vec<(Shape, Vec<NodeIndex>)> = vec![];
    for (shape, nodes) in shapes {
        match roles.iter().position(|(own, _)| own.0 == shape.0 && are_alike(&own.1, &shape.1)) {
            Some(known) => roles[known].1.extend(nodes),
            None if roles.len() < MOST_ROLES => roles.push((shape, nodes)),
            None => {}
        }
    }
    let mut roles: Vec<_> = roles.into_iter().map(|(_, nodes)| nodes).collect();
    roles.iter_mut().for_each(|nodes| nodes.sort_unstable());
    let peers = Peers::new(fabric);
    roles.iter().flat_map(|nodes| peers.apart(nodes)).collect()
}

/// With whom each node has BGP sessions.
#[derive(Default)]
struct Peers {
    /// Who is known, whichever end is written.
    known: BTreeMap<NodeIndex, BTreeSet<NodeIndex>>,
    /// How many are at the other end of a port, whoever that is.
    unnumbered: BTreeMap<NodeIndex, usize>,
}

impl Peers {
    fn new(fabric: &Fabric) -> Self {
        let mut peers = Self::default();
        for session_end in &fabric.sessions.ends {
            match session_end.peer() {
                Some(peer) => {
                    peers.known.entry(session_end.node).or_default().insert(peer);
                    peers.known.entry(peer).or_default().insert(session_end.node);
                }
                None if matches!(session_end.target, Target::Interface) => {
                    *peers.unnumbered.entry(session_end.node).or_default() += 1
                }
                None => {}
            }
        }
        peers
    }

    /// The nodes of a role in two: those that talk to more than half as many as they are, as a spine or a reflector
    /// does that is made of the same kinds of lines as its leaves, and the rest. In a mesh, all are in the first.
    fn apart(&self, nodes: &[NodeIndex]) -> [Vec<NodeIndex>; 2] {
        let members: BTreeSet<NodeIndex> = nodes.iter().copied().collect();
        let is_hub = |node: &NodeIndex| {
            let known = self.known.get(node).map_or(0, |own| own.intersection(&members).count());
            2 * (known + self.unnumbered.get(node).copied().unwrap_or(0)) > nodes.len()
        };
        let (hubs, rest) = nodes.iter().copied().partition(is_hub);
        [hubs, rest]
    }
}

/// Whether two sorted sets have nearly everything in common.
fn are_alike(a: &[u32], b: &[u32]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() * 100 < long.len() * ALIKE {
        return false;
    }
    let (mut common, mut rest) = (0, long);
    for one in short {
        let at = rest.partition_point(|other| other < one);
        rest = &rest[at..];
        common += usize::from(rest.first() == Some(one));
    }
    common * 100 >= (a.len() + b.len() - common) * ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;
    use evpnlint_core::options::{Completeness, Options};
    use evpnlint_core::{
        lang,
        source::{File, Sources},
    };

    /// The names of the nodes by role, of `frr.conf`s by node.
    fn names(nodes: &[(String, String)]) -> Vec<Vec<String>> {
        let mut sources = Sources::default();
        for (node, text) in nodes {
            sources.add(File::new(node, node, "etc/frr/frr.conf", text));
        }
        let cluster = lang::read(&sources, &Options::default());
        let fabric = Fabric::new(&cluster, Completeness::Partial);
        let mut roles = roles(&fabric);
        roles.retain(|nodes| !nodes.is_empty());
        roles.iter().map(|nodes| nodes.iter().map(|node| fabric.name(*node).to_owned()).collect()).collect()
    }

    fn bgp(own: usize, peers: &[usize], more: &str) -> String {
        let peers: String = peers.iter().map(|peer| format!(" neighbor 10.0.0.{peer} peer-group F\n")).collect();
        format!(
            "interface lo\n ip address 10.0.0.{own}/32\nexit\nrouter bgp {}\n bgp router-id 10.0.0.{own}\n \
             bgp bestpath as-path multipath-relax\n no bgp default ipv4-unicast\n neighbor F peer-group\n \
             neighbor F remote-as external\n neighbor F update-source lo\n{peers}{more}exit\n",
            65000 + own
        )
    }

    #[test]
    fn siblings_are_made_of_the_same_kinds_of_lines() {
        let leaf = |own: usize, more: &str| (format!("leaf{own}"), bgp(own, &[8, 9], more));
        let mut nodes: Vec<_> = (1..6).map(|own| leaf(own, "")).collect();
        nodes[1].1 = nodes[1].1.replace(" bgp bestpath as-path multipath-relax\n", "");
        nodes.push(leaf(6, " neighbor F bfd\n timers bgp 1 3\n"));
        let all: Vec<String> = nodes.iter().map(|(name, _)| name.clone()).collect();
        let ospf =
            "router ospf\n ospf router-id 10.0.0.7\n passive-interface lo\n max-metric router-lsa administrative\n";
        nodes.push(("other".to_owned(), ospf.to_owned()));
        let expected = [all, vec!["other".to_owned()]];
        assert_eq!(names(&nodes), expected);
        nodes.reverse();
        assert_eq!(names(&nodes), expected);
    }

    #[test]
    fn a_spine_is_no_leaf_though_it_is_made_of_the_same_lines() {
        let mut nodes: Vec<_> = (1..7).map(|own| (format!("leaf{own}"), bgp(own, &[9], ""))).collect();
        let leaves: Vec<String> = nodes.iter().map(|(name, _)| name.clone()).collect();
        nodes.push(("spine".to_owned(), bgp(9, &[1, 2, 3, 4, 5, 6], "")));
        assert_eq!(names(&nodes), [vec!["spine".to_owned()], leaves]);
        let ports = |own: usize, count: usize| {
            let ports: String =
                (1..=count).map(|port| format!(" neighbor swp{port} interface peer-group F\n")).collect();
            bgp(own, &[], &ports)
        };
        (1..).zip(&mut nodes).for_each(|(own, (name, text))| *text = ports(own, if name == "spine" { 6 } else { 2 }));
        assert_eq!(names(&nodes)[0], ["spine"]);
    }

    #[test]
    fn sets_are_alike_by_what_they_have_in_common() {
        let set = |to| (0..to).collect::<Vec<u32>>();
        assert!(are_alike(&set(100), &set(ALIKE as u32)) && !are_alike(&set(100), &set(ALIKE as u32 - 1)));
        assert!(!are_alike(&[1, 3, 5, 7], &[0, 2, 4, 6]));
    }
}
