//! What one lost node or BGP session takes away of what VTEPs receive of each other: BGP's decision, made again without
//! it.
//!
//! A route is lost by what its way passes, and by nothing else; so only the nodes and sessions on the ways are tried.
//! VTEPs with the same sessions to the same peers receive and are received alike, and two stand for all. Sessions are
//! taken to be used both ways alike. Policies are not followed here.

use crate::{
    fabric::{Fabric, sessions::SessionEndIndex},
    index::{ByNode, NodeIndex, NodeSet},
    predict::{
        flow::{Flow, Policy},
        graph::{Edge, Graph},
    },
};
use evpnlint_core::model::Asn;
use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

/// How many ways may be followed in all, each time a route is followed through a fabric, before that is given up.
const MOST_CROSSED: usize = 2_000_000_000;

/// What is lost, of those who send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A node.
    Node(NodeIndex),
    /// The only session between two nodes, the lower first.
    Session(NodeIndex, NodeIndex),
}

/// Parts of the VTEPs, by node, of which none receives another's routes any more: at least two.
pub type Parts = Vec<NodeSet>;

/// All that one loss takes away.
pub struct Distribution {
    /// The VTEPs.
    pub vteps: NodeSet,
    /// What is lost, with what it parts.
    pub losses: BTreeMap<Loss, Vec<Parts>>,
    /// By VTEP, the others whose routes it receives over one session between the two alone.
    pub direct: BTreeMap<NodeIndex, NodeSet>,
    /// Whether, for all that is known, every VTEP receives the routes of all others.
    pub learns_all: bool,
    /// The nodes by which VTEPs receive each other's routes.
    pub relays: NodeSet,
    /// How many ways may still be followed.
    left: Cell<usize>,
    /// The VTEPs by class.
    classes: Vec<NodeSet>,
}

impl Distribution {
    /// Follows the routes of all VTEPs.
    pub fn new(fabric: &Fabric, graph: &Graph, vteps: &BTreeSet<NodeIndex>) -> Self {
        let count = graph.out.len();
        let mut own = Self {
            vteps: NodeSet::with_capacity(count),
            losses: BTreeMap::new(),
            direct: BTreeMap::new(),
            relays: NodeSet::with_capacity(count),
            left: Cell::new(MOST_CROSSED),
            learns_all: true,
            classes: vec![],
        };
        own.vteps.extend(vteps.iter().copied());
        let sessions = single(fabric, graph);
        if graph.beyond.iter().all(Vec::is_empty) {
            // Nobody sends on what it receives, as in a full mesh.
            sessions.into_iter().for_each(|loss| own.hear_directly(loss));
            return own;
        }
        let sessions: BTreeSet<Loss> = sessions.into_iter().collect();
        own.classes = classes(graph, vteps);
        let mut tried: BTreeMap<Loss, BTreeSet<usize>> = BTreeMap::new();
        let into = into(graph);
        for class in 0..own.classes.len() {
            // The second receives of the first what all others receive of it.
            for from in own.classes[class].iter().take(2).collect::<Vec<_>>() {
                let mut flow = Flow::new(graph, &[from], &|_| true);
                for loss in own.on_the_way(&flow, from, &sessions) {
                    tried.entry(loss).or_default().insert(class);
                    if let Loss::Node(node) = loss {
                        own.relays.insert(node);
                    }
                }
                own.last_steps(&mut flow, from, class, &into, &sessions);
                own.learns_all &= own.heard(&flow) == own.vteps;
                own.spend(graph, 1);
            }
            if !own.is_whole() {
                return own;
            }
        }
        for (loss, classes) in tried {
            let (touched, staying) = match loss {
                Loss::Node(node) => (vec![node], vec![]),
                Loss::Session(a, b) => (vec![a, b], vec![a, b]),
            };
            let there = |edge: &Edge| match loss {
                Loss::Node(node) => edge.from != node && edge.to != node,
                Loss::Session(..) => session(edge.from, edge.to) != loss,
            };
            let parts = own.parted(graph, &touched.into_iter().collect(), &staying, &classes, &there);
            if !parts.is_empty() {
                own.losses.entry(loss).or_insert(parts);
            }
        }
        // The other end of such a session may be a VTEP itself.
        for (loss, parts) in &mut own.losses {
            if let Loss::Session(a, b) = *loss
                && own.direct.get(&a).is_some_and(|others| others.contains(b))
                && let [parts] = parts.as_mut_slice()
                && let [alone, others] = parts.as_mut_slice()
            {
                others.insert(if alone.contains(a) { b } else { a });
            }
        }
        own
    }

    /// Whether all was followed; else there may be more losses.
    pub fn is_whole(&self) -> bool {
        self.left.get() > 0
    }

    fn spend(&self, graph: &Graph, times: usize) -> bool {
        let cost = 1 + graph.out.iter().map(Vec::len).sum::<usize>();
        self.left.set(self.left.get().saturating_sub(cost.saturating_mul(times)));
        self.is_whole()
    }

    /// The parts of those on one side of a cut that receive nothing of one another when all sessions across it are
    /// lost.
    pub fn on_side(&self, graph: &Graph, side: &NodeSet) -> Vec<Parts> {
        let mut others = NodeSet::all(graph.out.len());
        others.difference_with(side);
        let there = |edge: &Edge| side.contains(edge.from) && side.contains(edge.to);
        self.parted(graph, &others, &[], &(0..self.classes.len()).collect(), &there)
    }

    /// The parts that receive nothing of one another where only some edges are there. Of each of the classes, those
    /// whom the loss touches do not stand for the others; those of them that stay are followed by themselves.
    fn parted(
        &self,
        graph: &Graph,
        touched: &NodeSet,
        staying: &[NodeIndex],
        classes: &BTreeSet<usize>,
        there: &Policy,
    ) -> Vec<Parts> {
        if !self.spend(graph, 2 * (classes.len() + staying.len())) {
            return vec![];
        }
        let lost = |from: NodeIndex| {
            let mut lost = self.heard(&Flow::new(graph, &[from], &|_| true));
            lost.difference_with(&self.heard(&Flow::new(graph, &[from], there)));
            if staying.is_empty() {
                lost.difference_with(touched);
            }
            lost
        };
        let mut by_vtep: BTreeMap<NodeIndex, NodeSet> = BTreeMap::new();
        for vtep in staying.iter().filter(|vtep| self.vteps.contains(**vtep)) {
            by_vtep.insert(*vtep, lost(*vtep));
        }
        for class in classes {
            let mut members = self.classes[*class].difference(touched);
            let Some(first) = members.next() else { continue };
            let gone = lost(first);
            for member in members {
                // What is lost to one of a class is lost to another with the two exchanged.
                let mut own = gone.clone();
                own.set(first, gone.contains(member));
                own.set(member, false);
                by_vtep.insert(member, own);
            }
            by_vtep.insert(first, gone);
        }
        by_vtep.retain(|_, gone| !gone.is_empty());
        parts(&by_vtep, self.vteps.capacity())
    }

    /// Two ways by which a VTEP receives another's routes that have no node and no session in common but their ends:
    /// the nodes on each. Without the nodes of the best way the best other one is taken, which may miss a pair that
    /// crosses.
    pub fn two_ways(&self, graph: &Graph, receiver: NodeIndex, originator: NodeIndex) -> Option<[Vec<NodeIndex>; 2]> {
        let path = |there: &dyn Fn(&Edge) -> bool| {
            let flow = Flow::new(graph, &[originator], there);
            flow.best[receiver].map(|_| flow.path(receiver))
        };
        let first = path(&|_| true)?;
        let [_, passed @ .., _] = first.as_slice() else { return None };
        let is_direct = |edge: &Edge| session(edge.from, edge.to) == session(originator, receiver);
        let second = path(&|edge| match passed {
            [] => !is_direct(edge),
            passed => !passed.contains(&edge.from) && !passed.contains(&edge.to),
        })?;
        Some([first, second])
    }

    fn heard(&self, flow: &Flow) -> NodeSet {
        let mut heard = NodeSet::with_capacity(self.vteps.capacity());
        heard.extend(self.vteps.iter().filter(|vtep| flow.best[*vtep].is_some()));
        heard
    }

    /// What several VTEPs may depend on: the nodes that a route passes, and the sessions to those of them and to VTEPs
    /// that tell it on.
    fn on_the_way(&self, flow: &Flow, from: NodeIndex, sessions: &BTreeSet<Loss>) -> BTreeSet<Loss> {
        let originators = originators(flow);
        let mut found = BTreeSet::new();
        for vtep in self.vteps.iter() {
            let mut at = vtep;
            while let Some(before) = via(flow, at) {
                // What an origin loses with its own session to a node that is no VTEP, it loses as a receiver too.
                let counts = before != from || self.vteps.contains(at);
                if counts && originators.contains(at) && sessions.contains(&session(before, at)) {
                    found.insert(session(before, at));
                }
                if before == from || !found.insert(Loss::Node(before)) {
                    break;
                }
                at = before;
            }
        }
        found
    }

    /// The sessions over which VTEPs receive a route that they send to nobody: whether another peer would send it too
    /// is asked of the peers alone.
    fn last_steps(
        &mut self,
        flow: &mut Flow,
        from: NodeIndex,
        class: usize,
        into: &ByNode<Vec<(NodeIndex, u32)>>,
        sessions: &BTreeSet<Loss>,
    ) {
        let members = self.classes[class].clone();
        let originators = originators(flow);
        // Who could send a peer anything that it has from another.
        let able: NodeSet = flow.best.indices().filter(|node| *node != from && flow.is_able(*node)).collect();
        for vtep in self.vteps.iter().collect::<Vec<_>>() {
            let Some(before) = via(flow, vtep).filter(|_| !originators.contains(vtep)) else { continue };
            let mut peers =
                into[vtep].iter().filter(|(peer, _)| *peer != before && (able.contains(*peer) || *peer == from));
            if !sessions.contains(&session(before, vtep))
                || !able.is_empty() && peers.any(|(peer, at)| flow.tells(*peer, *at))
            {
                continue;
            }
            let mut others = members.clone();
            others.set(vtep, false);
            if before == from {
                others.iter().for_each(|other| self.hear_directly(session(other, vtep)));
                continue;
            }
            let parts = self.losses.entry(session(before, vtep)).or_insert_with(|| {
                let mut alone = NodeSet::with_capacity(into.len());
                alone.insert(vtep);
                vec![vec![alone, NodeSet::with_capacity(into.len())]]
            });
            parts[0][1].union_with(&others);
        }
    }

    fn hear_directly(&mut self, loss: Loss) {
        let Loss::Session(one, other) = loss else { return };
        let count = self.vteps.capacity();
        for (a, b) in
            [(one, other), (other, one)].into_iter().filter(|(a, b)| self.vteps.contains(*a) && self.vteps.contains(*b))
        {
            self.direct.entry(a).or_insert_with(|| NodeSet::with_capacity(count)).insert(b);
        }
    }
}

/// All parts, from what each VTEP loses. Where not all of a part still receive all of it, that is parted further; and
/// where nothing parts as a whole, VTEP by VTEP.
fn parts(lost: &BTreeMap<NodeIndex, NodeSet>, size: usize) -> Vec<Parts> {
    let is_lost = |a: NodeIndex, b: NodeIndex| {
        lost.get(&a).is_some_and(|gone| gone.contains(b)) && lost.get(&b).is_some_and(|gone| gone.contains(a))
    };
    let set = |nodes: &mut dyn Iterator<Item = NodeIndex>| {
        let mut set = NodeSet::with_capacity(size);
        set.extend(nodes);
        set
    };
    let mut found = vec![];
    let mut left: Vec<NodeSet> = vec![set(&mut lost.keys().copied())];
    while let Some(among) = left.pop() {
        let gone = |vtep: NodeIndex| among.iter().filter(move |other| is_lost(vtep, *other));
        let harmed: BTreeSet<NodeIndex> = among.iter().filter(|vtep| gone(*vtep).next().is_some()).collect();
        let parts = joined(&harmed, &|a, b| !is_lost(a, b));
        if parts.len() > 1 {
            let parts: Parts = parts.into_iter().map(|part| set(&mut part.into_iter())).collect();
            left.extend(parts.iter().filter(|part| part.count() > 1).cloned());
            found.push(parts);
        } else if let Some(most) = harmed.iter().max_by_key(|vtep| gone(**vtep).count()) {
            found.push(vec![set(&mut std::iter::once(*most)), set(&mut gone(*most))]);
            left.push(set(&mut harmed.iter().copied().filter(|vtep| vtep != most)));
        }
    }
    found
}

/// The components of some nodes.
fn joined(nodes: &BTreeSet<NodeIndex>, are_near: &dyn Fn(NodeIndex, NodeIndex) -> bool) -> Vec<Vec<NodeIndex>> {
    let mut left = nodes.clone();
    let mut found = vec![];
    while let Some(first) = left.pop_first() {
        let mut part = vec![first];
        let mut at = 0;
        while let Some(node) = part.get(at).copied() {
            let near: Vec<NodeIndex> = left.iter().filter(|other| are_near(node, **other)).copied().collect();
            near.iter().for_each(|other| _ = left.remove(other));
            part.extend(near);
            at += 1;
        }
        found.push(part);
    }
    found
}

/// From whom a node has a route.
fn via(flow: &Flow, node: NodeIndex) -> Option<NodeIndex> {
    flow.best[node].and_then(|best| best.via).map(|(before, _)| before)
}

/// The nodes that others have a route from.
fn originators(flow: &Flow) -> NodeSet {
    flow.best.indices().filter_map(|node| via(flow, node)).collect()
}

/// The session between two nodes.
fn session(a: NodeIndex, b: NodeIndex) -> Loss {
    Loss::Session(a.min(b), a.max(b))
}

/// Pairs of nodes with one session between them whose two ends are known.
fn single(fabric: &Fabric, graph: &Graph) -> Vec<Loss> {
    let mut found = vec![];
    let is_known = |session_end: SessionEndIndex| {
        let unnumbered = fabric.sessions.unnumbered.binary_search(&session_end).is_ok();
        !unnumbered || fabric.sessions.cabling.is_some()
    };
    for (node, edges) in graph.out.iter_enumerated() {
        let mut count: BTreeMap<NodeIndex, (usize, bool)> = BTreeMap::new();
        for edge in edges {
            let (times, known) = count.entry(edge.to).or_insert((0, true));
            *times += 1;
            *known &= edge.session_end.is_none_or(is_known);
        }
        let one = count.into_iter().filter(|(_, (times, known))| *times == 1 && *known);
        found.extend(one.map(|(peer, _)| session(node, peer)));
    }
    found
}

/// By node, the edges into it: the originator, and the position among the originator's edges.
fn into(graph: &Graph) -> ByNode<Vec<(NodeIndex, u32)>> {
    let mut into = ByNode::filled(vec![], graph.out.len());
    for (from, edges) in graph.out.iter_enumerated() {
        edges.iter().enumerate().for_each(|(at, edge)| into[edge.to].push((from, at as u32)));
    }
    into
}

/// What one direction of a session is from a VTEP: whether it leads out, what each end makes of it, the AS numbers that
/// others have too.
type Look = (bool, [bool; 5], u8, [Option<u32>; 2], [Option<u32>; 2], Option<u32>);

/// VTEPs that have the same sessions to the same peers, and differ in nothing but AS numbers that no other node has.
fn classes(graph: &Graph, vteps: &BTreeSet<NodeIndex>) -> Vec<NodeSet> {
    let mut users: BTreeMap<u32, BTreeSet<NodeIndex>> = BTreeMap::new();
    for edge in graph.out.iter().flatten() {
        for asn in edge.prepends.into_iter().flatten() {
            users.entry(asn.0).or_default().insert(edge.from);
        }
        for asn in edge.looks_for.into_iter().flatten() {
            users.entry(asn.0).or_default().insert(edge.to);
        }
    }
    let look = |edge: &Edge, leads_out: bool| -> Look {
        let plain = |asn: Asn| if users.get(&asn.0).is_some_and(|own| own.len() > 1) { asn.0 } else { 0 };
        let list = |own: [Option<Asn>; 2]| own.map(|asn| asn.map(plain));
        let flags = [edge.external, edge.to_client, edge.from_client, edge.lacks_policy, edge.first_as.is_some()];
        let (prepends, looks_for) = (list(edge.prepends), list(edge.looks_for));
        (leads_out, flags, edge.allowas_in, prepends, looks_for, edge.overrides.map(plain))
    };
    // A full mesh has as many edges as pairs, and nearly all look alike.
    let mut known: BTreeMap<Look, u32> = BTreeMap::new();
    let mut looks: BTreeMap<NodeIndex, Vec<(NodeIndex, u32)>> = vteps.iter().map(|vtep| (*vtep, vec![])).collect();
    for edge in graph.out.iter().flatten() {
        for (vtep, peer, leads_out) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
            if let Some(own) = looks.get_mut(&vtep) {
                let next = known.len() as u32;
                own.push((peer, *known.entry(look(edge, leads_out)).or_insert(next)));
            }
        }
    }
    type Sight = (Vec<(NodeIndex, u32)>, Option<NodeIndex>);
    let mut classes: BTreeMap<Sight, NodeSet> = BTreeMap::new();
    for (vtep, mut own) in looks {
        own.sort_unstable();
        // One that reflects has an identity that routes show.
        let reflects = graph.out[vtep].iter().any(|edge| edge.to_client);
        let empty = || NodeSet::with_capacity(graph.out.len());
        classes.entry((own, reflects.then_some(vtep))).or_insert_with(empty).insert(vtep);
    }
    let mut classes: Vec<NodeSet> = classes.into_values().collect();
    classes.sort_by_key(NodeSet::first);
    classes
}
