//! Where those who tell of a thing meet those who want it: everybody hears everybody but himself.

use super::graph::{Graph, How, Step};
use crate::index::NodeIndex;
use petgraph::graph::NodeIndex as Vertex;
use std::collections::BTreeMap;

/// Tellers and receivers, by what they tell and want. Each comes with a place, which does not hear itself: its node, or its
/// VRF. Tellers come in order of their places.
pub(super) struct Meetings<K> {
    all: BTreeMap<K, [Vec<Guest>; 2]>,
}

/// Where somebody is, his vertex, and the step from it or to it.
type Guest = (usize, Vertex, Step);

impl<K> Default for Meetings<K> {
    fn default() -> Self {
        Self { all: BTreeMap::new() }
    }
}

impl<K: Ord> Meetings<K> {
    pub(super) fn tell(&mut self, what: K, place: usize, from: Vertex, step: Step) {
        self.all.entry(what).or_default()[0].push((place, from, step));
    }

    pub(super) fn hear(&mut self, what: K, place: usize, to: Vertex, step: Step) {
        self.all.entry(what).or_default()[1].push((place, to, step));
    }

    /// Two chains over the places that tell, one up and one down: whoever hears listens to the one from below him and to
    /// the one from above, so that edges grow with those who meet, and not with their square.
    pub(super) fn connect(self, graph: &mut Graph) {
        for [originators, receivers] in self.all.into_values() {
            if receivers.is_empty() {
                continue;
            }
            let mut places: Vec<usize> = originators.iter().map(|(place, ..)| *place).collect();
            places.dedup();
            let pass = |node: NodeIndex| Step { node, span: None, how: How::Pass, sure: true };
            let [up, down] = [0, 1].map(|_| places.iter().map(|_| graph.between()).collect::<Vec<Vertex>>());
            for at in 1..places.len() {
                graph.add(up[at - 1], up[at], pass(0));
                graph.add(down[at], down[at - 1], pass(0));
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
