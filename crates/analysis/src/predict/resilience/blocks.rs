//! What one failure parts in a graph of links: articulation points and bridges by one walk in depth (Hopcroft, Tarjan 1973),
//! asked for any set of vertices without another walk; and two ways that share nothing, by augmenting (Menger).

use petgraph::{
    graph::{EdgeIndex, NodeIndex, UnGraph},
    visit::EdgeRef,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A vertex or an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// A vertex.
    Vertex(NodeIndex),
    /// An edge.
    Edge(EdgeIndex),
}

/// A piece whose loss parts some vertices from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What is lost.
    pub piece: Piece,
    /// The parts that can no longer reach another or the rest, without the largest one, which is the rest.
    pub off: Vec<Vec<NodeIndex>>,
}

/// A walk in depth through a graph, parallel edges included.
pub struct Blocks {
    /// Vertices in the order of the walk.
    order: Vec<NodeIndex>,
    /// By vertex, where it and all that was first reached through it stand in the order.
    below: Vec<std::ops::Range<usize>>,
    /// By vertex, where the walk began to which it belongs.
    root: Vec<NodeIndex>,
    /// Pieces, each with the vertices whose `below` they part from all else.
    cut: BTreeMap<Piece, Vec<NodeIndex>>,
}

/// A vertex on the way of the walk.
struct Step {
    at: NodeIndex,
    by: Option<EdgeIndex>,
    to: Vec<(NodeIndex, EdgeIndex)>,
    low: usize,
}

impl Blocks {
    /// Walks.
    pub fn new<V, E>(graph: &UnGraph<V, E>) -> Self {
        let count = graph.node_count();
        let mut own = Self {
            order: Vec::with_capacity(count),
            below: vec![0..0; count],
            root: graph.node_indices().collect(),
            cut: BTreeMap::new(),
        };
        let mut seen: Vec<Option<usize>> = vec![None; count];
        for root in graph.node_indices() {
            if seen[root.index()].is_none() {
                own.walk(graph, root, &mut seen);
            }
        }
        own
    }

    fn walk<V, E>(&mut self, graph: &UnGraph<V, E>, root: NodeIndex, seen: &mut [Option<usize>]) {
        let enter = |own: &mut Self, at: NodeIndex, by: Option<EdgeIndex>, seen: &mut [Option<usize>]| {
            let position = own.order.len();
            seen[at.index()] = Some(position);
            own.order.push(at);
            own.root[at.index()] = root;
            let to = graph.edges(at).map(|edge| (edge.target(), edge.id())).collect();
            Step { at, by, to, low: position }
        };
        let mut branches = vec![];
        let mut path = vec![enter(self, root, None, seen)];
        while let Some(step) = path.last_mut() {
            if let Some((to, edge)) = step.to.pop() {
                match seen[to.index()] {
                    Some(position) if Some(edge) != step.by => step.low = step.low.min(position),
                    Some(_) => {}
                    None => {
                        let next = enter(self, to, Some(edge), seen);
                        path.push(next);
                    }
                }
                continue;
            }
            let Some(Step { at, by, low, .. }) = path.pop() else { break };
            let position = seen[at.index()].unwrap_or_default();
            self.below[at.index()] = position..self.order.len();
            let (Some(before), Some(by)) = (path.last_mut(), by) else { continue };
            before.low = before.low.min(low);
            let above = seen[before.at.index()].unwrap_or_default();
            if low > above {
                self.cut.entry(Piece::Edge(by)).or_default().push(at);
            }
            if before.at == root {
                branches.push(at);
            } else if low >= above {
                self.cut.entry(Piece::Vertex(before.at)).or_default().push(at);
            }
        }
        if branches.len() > 1 {
            self.cut.insert(Piece::Vertex(root), branches);
        }
    }

    /// Whether there is any way between two vertices.
    pub fn are_joined(&self, a: NodeIndex, b: NodeIndex) -> bool {
        self.root[a.index()] == self.root[b.index()]
    }

    /// All that parts anything, in order.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> + '_ {
        self.cut.keys().copied()
    }

    /// All that parts some of these vertices from others, in order of the pieces. A vertex that is itself lost is not
    /// counted.
    pub fn cuts(&self, members: &BTreeSet<NodeIndex>) -> Vec<Cut> {
        let mut places: Vec<usize> = members.iter().map(|member| self.below[member.index()].start).collect();
        places.sort_unstable();
        let within = |range: &std::ops::Range<usize>| {
            let from = places.partition_point(|place| *place < range.start);
            from..places.partition_point(|place| *place < range.end)
        };
        let mut cuts = vec![];
        for (piece, tops) in &self.cut {
            let whole = within(&self.below[self.root[tops[0].index()].index()]);
            let is_lost = |at: &usize| *piece == Piece::Vertex(self.order[places[*at]]);
            let parts: Vec<std::ops::Range<usize>> =
                tops.iter().map(|top| within(&self.below[top.index()])).filter(|part| !part.is_empty()).collect();
            let (inside, lost) =
                (parts.iter().map(|part| part.len()).sum::<usize>(), whole.clone().filter(is_lost).count());
            let outside = whole.len() - inside - lost;
            let Some(most) = parts.iter().map(|part| part.len()).max() else { continue };
            if parts.len() + usize::from(outside > 0) < 2 {
                continue;
            }
            let name = |at: usize| self.order[places[at]];
            let mut off: Vec<Vec<NodeIndex>> = parts.into_iter().map(|part| part.map(name).collect()).collect();
            // The largest is not listed, so that a fabric of single ports takes no square of its size; of two, that with
            // the first vertex.
            if outside <= most {
                let is_outside =
                    |at: &usize| !is_lost(at) && !tops.iter().any(|top| self.below[top.index()].contains(&places[*at]));
                let rest = whole.filter(|at| outside > 0 && is_outside(at)).map(name).collect::<Vec<_>>();
                off.extend([rest].into_iter().filter(|rest| !rest.is_empty()));
                let largest =
                    (0..off.len()).max_by_key(|at| (off[*at].len(), std::cmp::Reverse(off[*at].iter().min())));
                largest.map(|at| off.swap_remove(at));
            }
            off.iter_mut().for_each(|part| part.sort_unstable());
            off.sort();
            cuts.push(Cut { piece: *piece, off });
        }
        cuts
    }

    /// On which side a vertex is when a piece is lost: two are on one side where they still reach each other. `None` for
    /// what is lost, or never was joined to it.
    pub fn side(&self, piece: Piece, vertex: NodeIndex) -> Option<usize> {
        let tops = self.cut.get(&piece)?;
        if piece == Piece::Vertex(vertex) || !self.are_joined(tops[0], vertex) {
            return None;
        }
        let place = self.below[vertex.index()].start;
        // The walk leaves one branch before it enters the next.
        let before = tops.partition_point(|top| self.below[top.index()].start <= place);
        let inside = before.checked_sub(1).filter(|top| self.below[tops[*top].index()].contains(&place));
        Some(inside.map_or(0, |top| top + 1))
    }
}

/// A way: the edges in order, from one end to the other.
pub type Way = Vec<EdgeIndex>;

/// Two ways between two vertices that have no edge and no vertex in common but these.
pub fn two_ways<V, E>(graph: &UnGraph<V, E>, from: NodeIndex, to: NodeIndex) -> Option<[Way; 2]> {
    let first = search(graph, from, to, &BTreeMap::new())?;
    // By vertex of the first way, the edge by which it is left.
    let mut used: BTreeMap<NodeIndex, EdgeIndex> = BTreeMap::new();
    for (vertex, edge) in &first {
        used.insert(*vertex, *edge);
    }
    let second = search(graph, from, to, &used)?;
    // What both use, in opposite directions, neither needs.
    let one: BTreeSet<EdgeIndex> = first.iter().map(|(_, edge)| *edge).collect();
    let other: BTreeSet<EdgeIndex> = second.iter().map(|(_, edge)| *edge).collect();
    let mut left: BTreeMap<NodeIndex, Vec<EdgeIndex>> = BTreeMap::new();
    for (vertex, edge) in first.iter().chain(&second) {
        if !(one.contains(edge) && other.contains(edge)) {
            left.entry(*vertex).or_default().push(*edge);
        }
    }
    let mut way = || {
        let (mut at, mut way) = (from, vec![]);
        while at != to {
            let edge = left.get_mut(&at)?.pop()?;
            let (a, b) = graph.edge_endpoints(edge)?;
            at = if a == at { b } else { a };
            way.push(edge);
        }
        Some(way)
    };
    Some([way()?, way()?])
}

/// The shortest way, each edge with the vertex that it leaves. What another way uses already may be walked back only:
/// who comes upon one of its vertices from aside must go back on it before leaving it.
fn search<V, E>(
    graph: &UnGraph<V, E>,
    from: NodeIndex,
    to: NodeIndex,
    used: &BTreeMap<NodeIndex, EdgeIndex>,
) -> Option<Vec<(NodeIndex, EdgeIndex)>> {
    let back: BTreeMap<NodeIndex, EdgeIndex> = used
        .iter()
        .filter_map(|(vertex, edge)| {
            let (a, b) = graph.edge_endpoints(*edge)?;
            Some((if a == *vertex { b } else { a }, *edge))
        })
        .collect();
    // A vertex, and whether it was come upon by going back.
    type State = (NodeIndex, bool);
    let mut before: BTreeMap<State, (State, EdgeIndex)> = BTreeMap::new();
    let mut queue: VecDeque<State> = VecDeque::from([(from, true)]);
    while let Some((at, by_back)) = queue.pop_front() {
        let bound = at != from && used.contains_key(&at) && !by_back;
        for edge in graph.edges(at) {
            let (next, id) = (edge.target(), edge.id());
            let goes_back = at != from && back.get(&at) == Some(&id);
            if used.get(&at) == Some(&id) || bound && !goes_back || next == from {
                continue;
            }
            let state = (next, goes_back);
            if before.contains_key(&state) {
                continue;
            }
            before.insert(state, ((at, by_back), id));
            if next == to {
                let (mut way, mut at) = (vec![], state);
                while let Some((last, edge)) = before.get(&at) {
                    way.push((last.0, *edge));
                    at = *last;
                }
                way.reverse();
                return Some(way);
            }
            queue.push_back(state);
        }
    }
    None
}
