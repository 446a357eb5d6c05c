//! What one failed node, link or BGP session takes away of each VNI and each VRF, with proof: what is cut off, or for
//! each pair of neighbours in a ring of all VTEPs two ways that share nothing. With such a ring the loss of any one
//! thing leaves every two of the others joined, one way round or the other.
//!
//! | module | what it knows |
//! |---|---|
//! | [`links`] | the links that tunnels run over |
//! | [`blocks`] | what one loss parts in them |
//! | [`distribution`] | what one loss parts of those who receive each other's EVPN routes |
//!
//! All VNIs share one graph of links, which is walked once, and VNIs with the same VTEPs share an answer.

use super::{
    flood::{FloodMember, Floods},
    graph::Graph,
};
use crate::{
    fabric::Fabric,
    index::{NodeIndex, NodeSet},
};
use blocks::two_ways;
use distribution::{Distribution, Loss, Parts};
use evpnlint_core::model::{Vni, is_on, link::Link};
use links::{End, Links, Place};
use petgraph::graph::NodeIndex as Vertex;
use std::collections::{BTreeMap, BTreeSet};

pub mod blocks;
pub mod distribution;
pub mod links;

/// What can fail.
#[derive(Clone, Debug)]
pub enum Element<'m> {
    /// A node.
    Node(NodeIndex),
    /// A link, by its ends as far as files tell, or a port of a node with all that runs over it.
    Link(Vec<End<'m>>),
    /// The BGP session between two nodes.
    Session(NodeIndex, NodeIndex),
}

/// What one failure takes away of some VTEPs.
#[derive(Clone, Debug)]
pub struct Lost<'m> {
    /// What fails.
    pub by: Element<'m>,
    /// Parts of the VTEPs that have nothing any more of each other, and of those below.
    pub off: Vec<Vec<NodeIndex>>,
    /// The others, where not all of them lose something.
    pub from: Option<Vec<NodeIndex>>,
}

/// VNIs and VRFs with the same VTEPs.
#[derive(Debug)]
pub struct Group<'m> {
    /// The L2VNIs.
    pub vnis: Vec<Vni>,
    /// The VRFs, by their L3VNIs; the default one is empty.
    pub vrfs: Vec<&'m str>,
    /// The VTEPs: at least two.
    pub vteps: Vec<NodeIndex>,
    /// What packets lose.
    pub links: Vec<Lost<'m>>,
    /// What EVPN routes lose.
    pub routes: Vec<Lost<'m>>,
    /// How many pairs of the VTEPs receive each other's routes over one session between the two alone.
    pub direct: usize,
}

/// Something of a VNI or a VRF that one node alone does.
#[derive(Clone, Debug)]
pub struct SinglePoint<'m> {
    /// The node.
    pub node: NodeIndex,
    /// How many nodes depend on it, itself among them.
    pub of: usize,
    /// What it does alone.
    pub task: Task<'m>,
}

/// What one node may do for many.
#[derive(Clone, Debug)]
pub enum Task<'m> {
    /// It leads out of this VRF.
    Exit(&'m str),
    /// It routes for this L2VNI.
    Gateway(Vni, &'m Link),
}

/// The answer for a fabric.
pub struct Resilience<'m> {
    /// The links.
    pub links: Links<'m>,
    /// What is received.
    pub distribution: Distribution,
    /// VNIs and VRFs by their VTEPs, those with the most first.
    pub groups: Vec<Group<'m>>,
    /// What one node does alone.
    pub soles: Vec<SinglePoint<'m>>,
}

impl<'m> Resilience<'m> {
    /// Computes it, from the ways of EVPN routes and who floods where.
    pub fn new(fabric: &Fabric<'m>, evpn: &Graph<'m>, floods: &Floods<'m>) -> Self {
        let links = Links::new(fabric);
        let distribution = Distribution::new(fabric, evpn, &vteps(floods));
        let routes = losses((fabric, evpn), &links, &distribution);
        let mut groups: BTreeMap<Vec<NodeIndex>, (Vec<Vni>, Vec<&'m str>)> = BTreeMap::new();
        for (vni, members) in &floods.vnis {
            groups.entry(live(members)).or_default().0.push(*vni);
        }
        for (vrf, members) in by_vrf(floods) {
            groups.entry(live(&members)).or_default().1.push(vrf);
        }
        let group = |(vteps, (vnis, vrfs)): (Vec<NodeIndex>, (Vec<Vni>, Vec<&'m str>))| {
            let set: NodeSet = vteps.iter().copied().collect();
            let direct = vteps.iter().filter_map(|vtep| Some(distribution.direct.get(vtep)?.intersection_count(&set)));
            Group {
                vnis,
                vrfs,
                links: if fabric.closed { links.lost(&vteps) } else { vec![] },
                routes: routes
                    .iter()
                    .flat_map(|(by, all)| all.iter().filter_map(|parts| no_longer_learnt(by, parts, &set)))
                    .collect(),
                direct: direct.sum::<usize>() / 2,
                vteps,
            }
        };
        let mut groups: Vec<Group> = groups.into_iter().filter(|(vteps, _)| vteps.len() > 1).map(group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.vteps.len()));
        Self { links, distribution, groups, soles: soles(fabric) }
    }

    /// Two ways of packets between two VTEPs.
    pub fn ways(&self, [a, b]: [NodeIndex; 2]) -> Option<[Vec<Place<'m>>; 2]> {
        let graph = &self.links.graph;
        let found = || {
            let (from, to) = (self.links.vteps[a]?, self.links.vteps[b]?);
            Some(two_ways(graph, from, to)?.map(|way| {
                let mut at = from;
                let steps = way.into_iter().filter_map(|edge| {
                    let (x, y) = graph.edge_endpoints(edge)?;
                    at = if x == at { y } else { x };
                    Some(graph[at])
                });
                std::iter::once(graph[from]).chain(steps).collect::<Vec<Place>>()
            }))
        };
        let is_seen = |ways: &[Vec<Place>; 2]| !ways.iter().flatten().any(|place| *place == Place::Unseen);
        found().filter(is_seen)
    }
}

impl Group<'_> {
    /// The VTEPs in a ring, by pairs of neighbours. Two are a ring of one pair.
    pub fn ring(&self) -> impl Iterator<Item = [NodeIndex; 2]> + '_ {
        let count = self.vteps.len();
        let pairs = if count == 2 { 1 } else { count };
        (0..pairs).map(move |at| [self.vteps[at], self.vteps[(at + 1) % count]])
    }
}

impl<'m> Links<'m> {
    /// What each node and each link by itself takes away of some VTEPs, as far as there are ways now.
    pub fn lost(&self, vteps: &[NodeIndex]) -> Vec<Lost<'m>> {
        let members: BTreeSet<Vertex> = vteps.iter().filter_map(|vtep| self.vteps[*vtep]).collect();
        let mut found: Vec<Lost> = vec![];
        let mut seen = BTreeSet::new();
        for cut in self.blocks.cuts(&members) {
            let (node, ends) = (self.node(cut.piece), self.ends(cut.piece));
            let by = match node {
                Some(node) => Element::Node(node),
                None if ends.is_empty() => continue,
                None => Element::Link(ends),
            };
            // A node that is lost has its VTEP address with it, wherever that stands.
            let names =
                |part: Vec<Vertex>| part.into_iter().filter_map(|vertex| self.owner(vertex)).collect::<Vec<_>>();
            let off = cut.off.into_iter().map(names).map(|mut part| {
                part.retain(|own| Some(*own) != node);
                part.sort_unstable();
                part
            });
            let off: Vec<Vec<NodeIndex>> = off.filter(|part| !part.is_empty()).collect();
            let others = vteps.iter().filter(|vtep| Some(**vtep) != node).count();
            let gone = off.iter().map(Vec::len).sum::<usize>();
            if gone == 0 || off.len() == 1 && gone == others {
                continue;
            }
            if seen.insert((by.key(), off.clone())) {
                found.push(Lost { by, off, from: None });
            }
        }
        // A port that takes no more with it than the link that it is an end of is told by the link.
        let mut alike: BTreeMap<Vec<Vec<NodeIndex>>, Vec<Element>> = BTreeMap::new();
        for lost in &found {
            alike.entry(lost.off.clone()).or_default().push(lost.by.clone());
        }
        found.retain(|lost| !alike[&lost.off].iter().any(|other| other.holds(&lost.by)));
        found
    }
}

impl<'m> Element<'m> {
    /// The node, if it is one.
    pub fn node(&self) -> Option<NodeIndex> {
        match self {
            Self::Node(node) => Some(*node),
            _ => None,
        }
    }

    /// Whether it is a link that has all the ends of another, and more.
    fn holds(&self, other: &Self) -> bool {
        let (Self::Link(_), Self::Link(_)) = (self, other) else { return false };
        let (all, some) = (self.key().1, other.key().1);
        all.len() > some.len() && some.iter().all(|end| all.contains(end))
    }

    /// What tells it from others.
    pub fn key(&self) -> (u8, Vec<(NodeIndex, &'m str)>) {
        match self {
            Self::Node(node) => (0, vec![(*node, "")]),
            Self::Link(ends) => (1, ends.iter().map(|(node, link)| (*node, link.name.as_str())).collect()),
            Self::Session(a, b) => (2, vec![(*a, ""), (*b, "")]),
        }
    }
}

/// The nodes that originate routes of any VNI.
fn vteps(floods: &Floods) -> BTreeSet<NodeIndex> {
    live(floods.vnis.values().flatten().chain(&floods.vrfs)).into_iter().collect()
}

/// Those of some members that originate routes, in order.
fn live<'a, 'm: 'a>(members: impl IntoIterator<Item = &'a FloodMember<'m>>) -> Vec<NodeIndex> {
    let originating = members.into_iter().filter(|member| member.origin.lack.is_none() && member.origin.vtep.is_some());
    originating.map(|member| member.origin.node).collect::<BTreeSet<_>>().into_iter().collect()
}

fn by_vrf<'m>(floods: &Floods<'m>) -> BTreeMap<&'m str, Vec<FloodMember<'m>>> {
    let mut found: BTreeMap<&str, Vec<FloodMember>> = BTreeMap::new();
    for member in &floods.vrfs {
        found.entry(member.origin.vrf).or_default().push(*member);
    }
    found
}

/// What each loss takes away of what is received: of nodes and sessions, and of links and nodes without which the
/// originators cannot be reached.
fn losses<'m>(
    (fabric, graph): (&Fabric<'m>, &Graph<'m>),
    links: &Links<'m>,
    distribution: &Distribution,
) -> Vec<(Element<'m>, Vec<Parts>)> {
    let own = distribution.losses.iter().map(|(loss, parts)| match *loss {
        Loss::Node(node) => (Element::Node(node), parts.clone()),
        Loss::Session(a, b) => (Element::Session(a, b), parts.clone()),
    });
    let mut found: Vec<(Element, Vec<Parts>)> = own.collect();
    if !fabric.closed || distribution.relays.is_empty() {
        return found;
    }
    for piece in links.blocks.pieces() {
        let ends = links.ends(piece);
        let by = match links.node(piece) {
            Some(node) => Element::Node(node),
            None if ends.is_empty() => continue,
            None => Element::Link(ends),
        };
        // A node's sessions are on the side of its VTEP address, or without one of itself.
        let side = |node: NodeIndex| links.blocks.side(piece, links.vteps[node].unwrap_or(links.nodes[node]));
        let mut vteps: BTreeMap<usize, usize> = BTreeMap::new();
        distribution.vteps.iter().filter_map(side).for_each(|side| *vteps.entry(side).or_default() += 1);
        // Within a side nothing changes where it holds every node by which others receive routes.
        let matters = |(own, count): (&usize, &usize)| {
            (*count > 1 && distribution.relays.iter().any(|relay| side(relay) != Some(*own))).then_some(*own)
        };
        let mut parts = vec![];
        let sides: Vec<usize> = vteps.iter().filter_map(matters).collect();
        for own in &sides {
            let mut nodes = NodeSet::with_capacity(graph.out.len());
            nodes.extend(graph.out.indices().filter(|node| side(*node) == Some(*own)));
            parts.extend(distribution.on_side(graph, &nodes));
        }
        if !sides.is_empty() {
            found.retain(|(known, _)| known.key() != by.key());
            found.push((by, parts));
        }
    }
    found
}

/// What a loss takes away of some VTEPs.
fn no_longer_learnt<'m>(by: &Element<'m>, parts: &Parts, vteps: &NodeSet) -> Option<Lost<'m>> {
    let inside = parts.iter().map(|part| part.intersection(vteps).collect::<Vec<NodeIndex>>());
    let mut off: Vec<Vec<NodeIndex>> = inside.filter(|part| !part.is_empty()).collect();
    if off.len() < 2 {
        return None;
    }
    off.sort_by_key(|part| (std::cmp::Reverse(part.len()), part.first().copied()));
    let is_lost = |vtep: &NodeIndex| matches!(by, Element::Node(node) if node == vtep);
    let harmed: usize = off.iter().map(Vec::len).sum();
    let is_all = harmed == vteps.iter().filter(|vtep| !is_lost(vtep)).count();
    let rest = off.remove(0);
    Some(Lost { by: by.clone(), off, from: (!is_all).then_some(rest) })
}

/// What one node does alone for others.
fn soles<'m>(fabric: &Fabric<'m>) -> Vec<SinglePoint<'m>> {
    let mut found = vec![];
    let exits = &fabric.exits;
    for (vrf, nodes) in &fabric.overlay.l3vnis {
        let leads_out = |node: NodeIndex| {
            let frr = fabric.node(node).frr.as_ref();
            let instance = frr.and_then(|frr| frr.instance(Some(vrf)));
            let mut statics = frr.into_iter().flat_map(|frr| &frr.statics);
            exits.iter().any(|exit| exit.node == node && exit.vrf == *vrf)
                || statics.any(|route| route.vrf.as_deref() == Some(vrf) && route.prefix.length() == 0)
                || instance.is_some_and(|own| {
                    let evpn = &own.evpn;
                    !own.neighbors.is_empty()
                        || is_on(&evpn.default_originate_ipv4)
                        || is_on(&evpn.default_originate_ipv6)
                })
        };
        let nodes: BTreeSet<NodeIndex> = nodes.iter().map(|(node, _)| *node).collect();
        let mut out = nodes.iter().copied().filter(|node| leads_out(*node));
        if let (Some(node), None, true) = (out.next(), out.next(), nodes.len() > 1) {
            found.push(SinglePoint { node, of: nodes.len(), task: Task::Exit(vrf) });
        }
    }
    for (vni, gateways) in &fabric.overlay.gateways {
        let members = fabric.overlay.vnis.get(vni).into_iter().flatten();
        let members: BTreeSet<NodeIndex> = members.map(|member| member.node).collect();
        let mut routing = gateways.iter().filter(|gateway| !gateway.addresses.is_empty());
        if let (Some(gateway), None, true) = (routing.next(), routing.next(), members.len() > 1) {
            found.push(SinglePoint { node: gateway.node, of: members.len(), task: Task::Gateway(*vni, gateway.svi) });
        }
    }
    found
}
