//! Breadth-first walks over the ways. Steps that do nothing cost nothing.

use super::{
    graph::{Class, Edge, Graph, How},
    tables::TableIndex,
};
use petgraph::graph::NodeIndex as Vertex;
use std::collections::{BTreeSet, VecDeque};

/// Walks one graph again and again, from whoever is asked of, without clearing what it remembers.
pub(super) struct Walker<'g> {
    pub graph: &'g Graph,
    /// Of each vertex, the last walk that reached it, how far it was, and the edge that it came by.
    reached: Vec<(u32, u32, Option<Edge>)>,
    walk: u32,
}

impl<'g> Walker<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self { graph, reached: vec![(0, 0, None); graph.len()], walk: 0 }
    }

    /// The tables that routes of these get into, the first of each group with the shortest way there. Where the walk
    /// `enters` a table, it goes on from it; `group` says which tables count, and what for.
    pub(super) fn walk<G: Ord>(
        &mut self,
        from: &[TableIndex],
        sure: bool,
        enters: impl Fn(TableIndex) -> bool,
        group: impl Fn(TableIndex) -> Option<G>,
    ) -> Vec<(TableIndex, Vec<Edge>)> {
        self.walk += 1;
        let (mut queue, mut found, mut seen) = (VecDeque::new(), vec![], BTreeSet::new());
        for table in from {
            let start = Graph::vertex(*table, Class::Here);
            self.reached[start.index()] = (self.walk, 0, None);
            queue.push_back((start, 0));
        }
        while let Some((vertex, distance)) = queue.pop_front() {
            if self.reached[vertex.index()].1 < distance {
                continue;
            }
            if let Some(table) = self.graph.table(vertex) {
                if let Some(group) = group(table)
                    && seen.insert(group)
                {
                    found.push((table, self.way(vertex)));
                }
                if !enters(table) {
                    continue;
                }
            }
            for (edge, next) in self.graph.out(vertex) {
                let step = self.graph.step(edge);
                if sure && !step.sure {
                    continue;
                }
                let further = distance + u32::from(step.how != How::Pass);
                let known = &mut self.reached[next.index()];
                if known.0 == self.walk && known.1 <= further {
                    continue;
                }
                *known = (self.walk, further, Some(edge));
                if further == distance { queue.push_front((next, further)) } else { queue.push_back((next, further)) }
            }
        }
        found
    }

    fn way(&self, to: Vertex) -> Vec<Edge> {
        let mut way = vec![];
        let mut at = Some(to);
        while let Some(edge) = at.and_then(|vertex| self.reached[vertex.index()].2) {
            way.push(edge);
            at = self.graph.source(edge);
        }
        way.reverse();
        way
    }
}
