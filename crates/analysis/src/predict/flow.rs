//! How far one route gets: BGP's decision on every node, repeated until nobody changes their mind.
//!
//! Of RFC 4271 section 9.1.2 and bgpd's `bgp_path_info_cmp`, what decides between ways to one origin: the length of the
//! AS path, external before internal, the length of the cluster list. Local preference, which policies set, is not
//! followed; what ties is left to the order of nodes.

use super::graph::{Edge, Graph};
use crate::index::{ByNode, NodeIndex, NodeSet};
use evpnlint_core::model::Asn;
use std::{
    collections::{BTreeMap, VecDeque},
    net::Ipv4Addr,
};

/// How a node came by a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Learnt {
    /// It is its own.
    Own,
    /// From another AS.
    External,
    /// From a client.
    FromClient,
    /// From another internal peer.
    Internal,
}

/// A node's best way to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    /// How it was learnt.
    pub learnt: Learnt,
    /// From whom: the node, and the position of the way among those out of it. None of its own.
    pub via: Option<(NodeIndex, u32)>,
    /// The AS path.
    path: List,
    /// The cluster list (RFC 4456).
    clusters: List,
    /// ORIGINATOR_ID.
    originator: Option<Ipv4Addr>,
}

/// A list of numbers in a [`Lists`], by its newest entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct List {
    head: u32,
    length: u32,
}

/// Lists that share their tails: what travels only grows.
#[derive(Default)]
struct Lists {
    entries: Vec<(u32, u32)>,
}

impl Lists {
    fn push(&mut self, list: List, value: u32) -> List {
        self.entries.push((value, list.head));
        List { head: self.entries.len() as u32, length: list.length + 1 }
    }

    fn iter(&self, list: List) -> impl Iterator<Item = u32> + '_ {
        let mut head = list.head;
        (0..list.length).map_while(move |_| {
            let (value, next) = *self.entries.get(head.checked_sub(1)? as usize)?;
            head = next;
            Some(value)
        })
    }
}

/// Whether the policies of both ends let the route over an edge.
pub type Policy<'p> = dyn Fn(&Edge) -> bool + 'p;

/// Why a route does not get over an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// The originator has it from an internal peer, and reflects neither from it nor towards the receiver.
    NotReflected,
    /// RFC 8212.
    LacksPolicy,
    /// A route-map or a list drops it.
    Policy,
    /// The path does not begin with this AS, the sender's.
    FirstAs(Asn),
    /// The receiver finds its own AS in the path.
    AsLoop(Asn),
    /// The receiver finds its own cluster-id in the cluster list.
    ClusterLoop(Ipv4Addr),
    /// The receiver finds its own router-id as the originator.
    Originator(Ipv4Addr),
}

/// A route on its way through a graph.
pub struct Flow<'g, 'm> {
    graph: &'g Graph<'m>,
    lists: Lists,
    /// The best way of each node.
    pub best: ByNode<Option<Best>>,
}

impl<'g, 'm> Flow<'g, 'm> {
    /// Lets a route flow from everybody who originates it.
    pub fn new(graph: &'g Graph<'m>, origins: &[NodeIndex], policy: &Policy) -> Self {
        let mut flow = Self { graph, lists: Lists::default(), best: ByNode::filled(None, graph.out.len()) };
        let own =
            Best { learnt: Learnt::Own, via: None, path: List::default(), clusters: List::default(), originator: None };
        let mut queue: VecDeque<NodeIndex> = VecDeque::new();
        let mut ranks = Ranks { counts: BTreeMap::new(), missing: graph.receivers.clone() };
        for origin in origins {
            ranks.change(*origin, flow.best[*origin].replace(own), own);
            queue.push_back(*origin);
        }
        // Policies can make BGP oscillate (RFC 3345); what has not settled by then stays as it is.
        let mut patience = 64 * graph.out.len() + 64;
        while let Some(node) = queue.pop_front() {
            let Some(best) = flow.best[node] else { continue };
            if patience == 0 {
                break;
            }
            patience -= 1;
            if ranks.worst().is_some_and(|worst| worst <= best.least_prospect(graph.least_prepends[node])) {
                continue;
            }
            let all = &graph.out[node];
            let mut tell = |at: u32, edge: &Edge<'m>| {
                // Most edges lead to nodes that know better already.
                if flow.best[edge.to].is_some_and(|known| known.rank() <= best.prospect(edge)) {
                    return;
                }
                if let Ok(next) = flow.cross(&best, at, edge, policy) {
                    ranks.change(edge.to, flow.best[edge.to].replace(next), next);
                    queue.push_back(edge.to);
                }
            };
            if best.learnt == Learnt::Internal {
                graph.beyond[node].iter().for_each(|at| tell(*at, &all[*at as usize]));
            } else {
                all.iter().enumerate().for_each(|(at, edge)| tell(at as u32, edge));
            }
        }
        flow
    }

    /// What a node would receive of another's best route over an edge.
    ///
    /// # Errors
    /// What stops it.
    pub fn cross(&mut self, best: &Best, at: u32, edge: &Edge, policy: &Policy) -> Result<Best, Stop> {
        let (originator, receiver) = (&self.graph.routers[edge.from], &self.graph.routers[edge.to]);
        let passes = edge.external
            || match best.learnt {
                Learnt::Own | Learnt::External => true,
                Learnt::FromClient => !edge.to_client || originator.between_clients,
                Learnt::Internal => edge.to_client,
            };
        if !passes {
            return Err(Stop::NotReflected);
        }
        if edge.lacks_policy {
            return Err(Stop::LacksPolicy);
        }
        if !policy(edge) {
            return Err(Stop::Policy);
        }
        let mut next = Best {
            learnt: match (edge.external, edge.from_client) {
                (true, _) => Learnt::External,
                (false, true) => Learnt::FromClient,
                (false, false) => Learnt::Internal,
            },
            via: Some((edge.from, at)),
            ..*best
        };
        if edge.external {
            next.clusters = List::default();
            next.originator = None;
        } else if matches!(best.learnt, Learnt::FromClient | Learnt::Internal) {
            // A reflector names the node that it has the route from, and itself.
            let sender = best.via.and_then(|(from, _)| self.graph.routers[from].id);
            next.originator = best.originator.or(sender);
            if let Some(cluster) = originator.cluster {
                next.clusters = self.lists.push(next.clusters, u32::from(cluster));
            }
        }
        if let Some(id) = next.originator.filter(|id| Some(*id) == receiver.id) {
            return Err(Stop::Originator(id));
        }
        if let Some(cluster) = receiver.cluster
            && self.lists.iter(next.clusters).any(|own| own == u32::from(cluster))
        {
            return Err(Stop::ClusterLoop(cluster));
        }
        let keeps = edge.keeps_path && next.path.length > 0;
        for asn in edge.prepends.into_iter().flatten().filter(|_| !keeps) {
            next.path = self.lists.push(next.path, asn.0);
        }
        if let Some(asn) = edge.first_as
            && self.lists.iter(next.path).next() != Some(asn.0)
        {
            return Err(Stop::FirstAs(asn));
        }
        for own in edge.looks_for.into_iter().flatten() {
            let times = if edge.overrides == Some(own) {
                0
            } else {
                self.lists.iter(next.path).filter(|asn| *asn == own.0).count()
            };
            if times > usize::from(edge.allowas_in) {
                return Err(Stop::AsLoop(own));
            }
        }
        Ok(next)
    }

    /// All ways to a node that are as good as its best one, as `maximum-paths` uses them: the node that sends, and the
    /// position of the way among those out of it.
    pub fn ties(&mut self, node: NodeIndex, policy: &Policy) -> Vec<(NodeIndex, u32)> {
        let graph = self.graph;
        let Some(known) = self.best[node].map(|known| known.rank()) else { return vec![] };
        let mut is_equal = |(from, at): &(NodeIndex, u32)| {
            let edge = &graph.out[*from][*at as usize];
            let best = self.best[*from].filter(|best| known >= best.prospect(edge));
            best.is_some_and(|best| self.cross(&best, *at, edge, policy).is_ok_and(|next| next.rank() == known))
        };
        graph.into(node).iter().copied().filter(|way| is_equal(way)).collect()
    }

    /// Whether a node may send on what it has received.
    pub fn is_able(&self, node: NodeIndex) -> bool {
        self.best[node].is_some_and(|best| best.learnt != Learnt::Internal || !self.graph.beyond[node].is_empty())
    }

    /// Whether what a node has gets over one of the ways out of it, whatever policies say.
    pub fn tells(&mut self, node: NodeIndex, at: u32) -> bool {
        let edge = &self.graph.out[node][at as usize];
        self.best[node].is_some_and(|best| self.cross(&best, at, edge, &|_| true).is_ok())
    }

    /// The nodes by which a route came to a node, from its origin on.
    pub fn path(&self, to: NodeIndex) -> Vec<NodeIndex> {
        let mut path = vec![to];
        let mut at = to;
        while let Some((from, _)) = self.best[at].and_then(|best| best.via).filter(|_| path.len() <= self.best.len()) {
            path.push(from);
            at = from;
        }
        path.reverse();
        path
    }
}

/// What decides between two ways: the lower, the better.
type Rank = (bool, u32, bool, u32);

/// The ranks of the best ways that nodes have so far.
struct Ranks {
    counts: BTreeMap<Rank, usize>,
    /// The nodes that somebody sends to, and that have none.
    missing: NodeSet,
}

impl Ranks {
    fn change(&mut self, node: NodeIndex, before: Option<Best>, after: Best) {
        self.missing.set(node, false);
        *self.counts.entry(after.rank()).or_default() += 1;
        if let Some(count) = before.and_then(|before| self.counts.get_mut(&before.rank())) {
            *count -= 1;
        }
    }

    /// The worst, once all nodes that can have one do.
    fn worst(&self) -> Option<Rank> {
        let mut ranks = self.counts.iter().rev().filter(|(_, count)| **count > 0).map(|(rank, _)| *rank);
        ranks.next().filter(|_| self.missing.is_empty())
    }
}

impl Best {
    fn rank(&self) -> Rank {
        (self.learnt != Learnt::Own, self.path.length, self.learnt != Learnt::External, self.clusters.length)
    }

    /// No more than the least rank that it can have behind any edge out of a node.
    fn least_prospect(&self, prepends: u32) -> Rank {
        (true, self.path.length + prepends, false, 0)
    }

    /// The least rank that it can have behind an edge.
    fn prospect(&self, edge: &Edge) -> Rank {
        let length = self.path.length + edge.prepended();
        let reflected = matches!(self.learnt, Learnt::FromClient | Learnt::Internal);
        let clusters = if edge.external { 0 } else { self.clusters.length + u32::from(reflected) };
        (true, length, !edge.external, clusters)
    }
}
