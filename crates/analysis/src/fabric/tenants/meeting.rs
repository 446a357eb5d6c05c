//! Where originators of a thing meet its receivers: every receiver has it of every originator but itself.

use super::graph::{Graph, How, Step};
use crate::index::{NodeIndex, Position};
use petgraph::graph::NodeIndex as Vertex;
use std::collections::BTreeMap;

/// Originators and receivers, by what they originate and want. Each comes with a place, its node or its VRF, which
/// receives nothing of itself. Originators come in order of their places.
pub(super) struct Meetings<K, P> {
    all: BTreeMap<K, [Vec<Party<P>>; 2]>,
}

/// The place of an originator or a receiver, its vertex, and the step from it or to it.
type Party<P> = (P, Vertex, Step);

impl<K, P> Default for Meetings<K, P> {
    fn default() -> Self {
        Self { all: BTreeMap::new() }
    }
}

impl<K: Ord, P: Ord + Copy> Meetings<K, P> {
    pub(super) fn originate(&mut self, what: K, place: P, from: Vertex, step: Step) {
        self.all.entry(what).or_default()[0].push((place, from, step));
    }

    pub(super) fn receive(&mut self, what: K, place: P, to: Vertex, step: Step) {
        self.all.entry(what).or_default()[1].push((place, to, step));
    }

    /// Two chains over the places of originators, one up and one down: a receiver has an edge from the chain below it
    /// and from the chain above it, so that edges grow with those who meet, and not with their square.
    pub(super) fn connect(self, graph: &mut Graph) {
        for [originators, receivers] in self.all.into_values() {
            if receivers.is_empty() {
                continue;
            }
            let mut places: Vec<P> = originators.iter().map(|(place, ..)| *place).collect();
            places.dedup();
            // Along the chains nothing is written, on any node.
            let pass = || Step { node: NodeIndex::new(0), span: None, how: How::Pass, sure: true };
            let [up, down] = [0, 1].map(|_| places.iter().map(|_| graph.between()).collect::<Vec<Vertex>>());
            for at in 1..places.len() {
                graph.add(up[at - 1], up[at], pass());
                graph.add(down[at], down[at - 1], pass());
            }
            for (place, from, step) in originators {
                let at = places.partition_point(|other| *other < place);
                graph.add(from, up[at], step);
                graph.add(from, down[at], step);
            }
            for (place, to, step) in receivers {
                let below = places.partition_point(|other| *other < place);
                let above = places.partition_point(|other| *other <= place);
                if let Some(from) = below.checked_sub(1) {
                    graph.add(up[from], to, step);
                }
                if let Some(from) = down.get(above) {
                    graph.add(*from, to, step);
                }
            }
        }
    }
}
