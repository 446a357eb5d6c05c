//! Which node carries which VNI and which VRF: a graph of memberships, in which a VNI's neighbours are its VTEPs.

use super::{
    NodeIndex,
    device::{Device, Segment},
};
use crate::model::Vni;
use petgraph::graphmap::UnGraphMap;
use std::collections::BTreeMap;

/// A vertex of the overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vertex<'m> {
    /// A node.
    Node(NodeIndex),
    /// A VNI.
    Vni(Vni),
    /// A tenant's VRF, by name.
    Vrf(&'m str),
}

/// The overlay.
pub struct Overlay<'m> {
    /// Node — VNI and node — VRF, an edge for each membership.
    pub graph: UnGraphMap<Vertex<'m>, ()>,
    /// The members of each VNI, in order of the nodes.
    pub vnis: BTreeMap<Vni, Vec<Member<'m>>>,
}

/// A node's part in a VNI.
#[derive(Clone)]
pub struct Member<'m> {
    /// The node.
    pub node: NodeIndex,
    /// How it carries it.
    pub segment: Segment<'m>,
}

impl<'m> Overlay<'m> {
    /// Collects the memberships of all nodes.
    pub fn new(devices: &[Device<'m>]) -> Self {
        let mut graph = UnGraphMap::new();
        let mut vnis: BTreeMap<Vni, Vec<Member>> = BTreeMap::new();
        for (node, device) in devices.iter().enumerate() {
            graph.add_node(Vertex::Node(node));
            for segment in &device.segments {
                graph.add_edge(Vertex::Node(node), Vertex::Vni(segment.vni), ());
                vnis.entry(segment.vni).or_default().push(Member { node, segment: segment.clone() });
                if let Some(vrf) = segment.layer3.or(segment.vrf().map(|vrf| vrf.value.as_str())) {
                    graph.add_edge(Vertex::Node(node), Vertex::Vrf(vrf), ());
                }
            }
        }
        Self { graph, vnis }
    }
}
