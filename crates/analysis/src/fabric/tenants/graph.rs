//! The ways of routes of one address family between VRFs: which line takes what from where to where.

use super::tables::TableIndex;
use crate::index::NodeIndex;
use evpnlint_core::{
    model::{Prefix, RouteTarget, Vni},
    source::Span,
};
use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, EdgeIndex, NodeIndex as Vertex},
    visit::{EdgeFiltered, EdgeRef as _},
};
use std::collections::BTreeSet;

/// An edge of the graph.
pub(super) type Edge = EdgeIndex<u32>;

/// How a route came into a table, by which bgpd decides where it may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// It is the VRF's own, whether or not BGP has it: a connected subnet, a host.
    Here,
    /// BGP has it from another protocol, from a `network` line, or from a neighbour.
    Own,
    /// From EVPN.
    Evpn,
    /// From the VPN table of the node, and it did not begin in EVPN.
    Leaked,
    /// From the VPN table of the node, and it began in EVPN.
    Again,
    /// A static route through another VRF.
    Static,
    /// No route: hosts of the other VRF are in the same broadcast domain.
    Bridged,
    /// On its way out of the VRF into EVPN.
    Reported,
}

/// How many classes there are.
const CLASSES: usize = Class::Reported as usize + 1;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Originate,
    Advertise,
    Hosts,
    Default,
    Export(RouteTarget),
    Import(RouteTarget),
    ImportAuto(u32),
    ImportVrf,
    ToVpn(RouteTarget),
    FromVpn(RouteTarget),
    Static(Prefix),
    Redistribute,
    Bridge(Vni),
    Join(Vni, Vni),
    /// Nothing: the edge only spares others.
    Pass,
}

/// An edge: a line that takes routes along.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub node: NodeIndex,
    pub span: Option<Span>,
    pub how: How,
    /// Whether no route-map is in the way that may drop them all.
    pub sure: bool,
}

/// The ways of one address family. The first vertices are the tables, class by class; what comes behind them stands
/// between tables: a route target, a segment.
pub(super) struct Graph {
    inner: DiGraph<(), Step>,
    tables: usize,
    /// Whether any step is not sure.
    pub has_doubts: bool,
    /// Whether anything is leaked through a VPN table: without that, no route goes round.
    leaks: bool,
}

impl Graph {
    /// A graph of that many tables, without any edge.
    pub(super) fn new(tables: usize) -> Self {
        let mut graph = Self { inner: DiGraph::default(), tables, has_doubts: false, leaks: false };
        for _ in 0..tables * CLASSES {
            graph.inner.add_node(());
        }
        graph
    }

    /// The vertex of a table's routes of a class.
    pub(super) fn vertex(table: TableIndex, class: Class) -> Vertex {
        Vertex::new(table * CLASSES + class as usize)
    }

    /// The table of a vertex, if it is one's.
    pub(super) fn table(&self, vertex: Vertex) -> Option<TableIndex> {
        Some(vertex.index() / CLASSES).filter(|table| *table < self.tables)
    }

    pub(super) fn between(&mut self) -> Vertex {
        self.inner.add_node(())
    }

    pub(super) fn add(&mut self, from: Vertex, to: Vertex, step: Step) {
        self.has_doubts |= !step.sure;
        self.leaks |= matches!(step.how, How::ImportVrf | How::FromVpn(_));
        self.inner.add_edge(from, to, step);
    }

    pub(super) fn len(&self) -> usize {
        self.inner.node_count()
    }

    /// Whether BGP has a table's own routes.
    pub(super) fn originates(&self, table: TableIndex) -> bool {
        let own = Self::vertex(table, Class::Own);
        self.out(Self::vertex(table, Class::Here)).any(|(_, to)| to == own)
    }

    pub(super) fn step(&self, edge: Edge) -> &Step {
        &self.inner[edge]
    }

    /// The edges out of a vertex, each with the vertex that it leads to.
    pub(super) fn out(&self, vertex: Vertex) -> impl Iterator<Item = (Edge, Vertex)> {
        self.inner.edges(vertex).map(|edge| (edge.id(), edge.target()))
    }

    /// The vertex that an edge begins at.
    pub(super) fn source(&self, edge: Edge) -> Option<Vertex> {
        self.inner.edge_endpoints(edge).map(|(from, _)| from)
    }

    /// The tables that an edge begins and ends at.
    pub(super) fn ends(&self, edge: Edge) -> (Option<TableIndex>, Option<TableIndex>) {
        let ends = self.inner.edge_endpoints(edge);
        (ends.and_then(|(from, _)| self.table(from)), ends.and_then(|(_, to)| self.table(to)))
    }

    /// The edges on which routes surely go round, one list for each loop.
    pub(super) fn loops(&self) -> Vec<Vec<Edge>> {
        if !self.leaks {
            return vec![];
        }
        let sure = EdgeFiltered::from_fn(&self.inner, |edge: petgraph::graph::EdgeReference<Step>| edge.weight().sure);
        let mut found: Vec<Vec<Edge>> = vec![];
        for component in kosaraju_scc(&sure).into_iter().filter(|component| component.len() > 1) {
            let inside: BTreeSet<Vertex> = component.into_iter().collect();
            let edges = inside.iter().flat_map(|vertex| self.out(*vertex));
            found.push(edges.filter(|(_, to)| inside.contains(to)).map(|(edge, _)| edge).collect());
        }
        found.sort();
        found
    }
}
