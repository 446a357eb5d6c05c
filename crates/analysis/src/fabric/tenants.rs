//! Tenants, and whose routes get into whose tables.
//!
//! *A leaks into B* where routes of a VRF of tenant A get into a table of one of tenant B, on whatever node. It is a walk
//! over a graph (`graph.rs`): a vertex is a table, with how a route came into it, since bgpd goes by that; an edge is a
//! line that takes routes along. What is reached is the least fixed point, and the way there the witness.
//!
//! What a VRF has from EVPN it does not send over EVPN again (`is_route_injectable_into_evpn`), and what it has from
//! the VPN table of its node, by which `import vrf` works too, it does not give there again
//! (`is_route_injectable_into_vpn`): two `import vrf` on one node do not add up. But each may take the other way: what
//! was leaked is sent over EVPN, on the next node it is a route of EVPN, and can be leaked once more.
//!
//! Routes between nodes go by route targets; that sessions carry them is taken for granted. A node takes what others
//! originate, never its own (`install_uninstall_routes_for_vrf` asks for `BGP_ROUTE_NORMAL`). VPN tables end at their
//! node, and what leaves the fabric through a neighbour and comes back through another is not followed.

use super::{device::Device, overlay::Overlay};
use crate::index::{ByNode, NodeIndex};
use evpnlint_core::{
    model::{Vni, allow::AllowLeak, bgp::Family},
    source::Span,
};
use graph::{Graph, How, Step};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};
use tables::{TableIndex, Tables};
use walk::Walker;

pub use tables::named;

mod build;
mod graph;
mod meeting;
mod tables;
mod walk;

/// A tenant, by its position in [`Tenants::all`].
pub type TenantIndex = usize;

/// Who is there, and the ways between them.
pub struct Tenants<'m> {
    /// In order of their names.
    pub all: Vec<Tenant<'m>>,
    tables: Tables<'m>,
    /// For each table, whose it is.
    owners: Vec<TenantIndex>,
    /// The ways of IPv4, and those of IPv6.
    graphs: [Graph; 2],
}

/// A tenant: VRFs that bear one name or one L3VNI, on whatever nodes. The default VRFs are one, which is nobody's.
#[derive(Clone, Debug)]
pub struct Tenant<'m> {
    /// The name that the most of its VRFs bear; of several such, the first. The default VRF's is empty.
    pub name: &'m str,
    /// All names.
    pub names: BTreeSet<&'m str>,
    /// The L3VNIs.
    pub l3vnis: BTreeSet<Vni>,
    tables: Vec<TableIndex>,
}

impl Tenant<'_> {
    /// Whether it is the default VRF: the underlay, and the way out of the fabric.
    pub fn is_default(&self) -> bool {
        self.names.contains("")
    }

    /// Its name, as FRR writes it.
    pub fn title(&self) -> &str {
        title(self.name)
    }
}

/// The name of a VRF as FRR writes it.
pub fn title(vrf: &str) -> &str {
    if vrf.is_empty() { "default" } else { vrf }
}

/// Routes of one tenant in a table of another.
#[derive(Clone, Debug)]
pub struct Leak<'m> {
    /// Whose routes.
    pub from: TenantIndex,
    /// Into whose table.
    pub to: TenantIndex,
    /// Whether they get there for all that configuration says; else it depends on a route-map that asks what no file
    /// tells.
    pub sure: bool,
    /// The shortest way, step by step.
    pub hops: Vec<Hop<'m>>,
    /// The tenants on that way, `from` first and `to` last.
    pub legs: Vec<TenantIndex>,
}

/// One step of the way.
#[derive(Clone, Copy, Debug)]
pub struct Hop<'m> {
    /// On which node.
    pub node: NodeIndex,
    /// The line that does it.
    pub span: Option<Span>,
    how: How,
    /// The VRF that it leads out of.
    from: Option<&'m str>,
    /// The VRF that it leads into.
    to: Option<&'m str>,
}

/// Tables that give each other what they have of each other, over several nodes: a route goes round.
pub struct Loop<'m> {
    /// Whose tables.
    pub tenants: BTreeSet<TenantIndex>,
    /// On which nodes.
    pub nodes: BTreeSet<NodeIndex>,
    /// The lines that leak, and those that send it on, in order of their places.
    pub hops: Vec<Hop<'m>>,
}

impl<'m> Tenants<'m> {
    /// Reads off the nodes who is there, and builds the ways.
    pub fn new(devices: &ByNode<Device<'m>>, overlay: &Overlay<'m>) -> Self {
        let tables = Tables::new(devices);
        let (all, owners) = owners(overlay, &tables);
        let families = [Family::Ipv4Unicast, Family::Ipv6Unicast];
        let graphs = families.map(|family| build::graph(devices, overlay, &tables, family));
        Self { all, tables, owners, graphs }
    }

    /// The VRFs of each node, by the names that FRR gives them.
    pub fn vrfs(&self) -> impl Iterator<Item = (NodeIndex, &'m str)> {
        self.tables.all.iter().map(|(node, vrf)| (*node, title(vrf)))
    }

    /// Whether BGP has any routes of the tenant's own, on whatever node.
    pub fn originates(&self, tenant: TenantIndex) -> bool {
        let tables = &self.all[tenant].tables;
        self.graphs.iter().any(|graph| tables.iter().any(|table| graph.originates(*table)))
    }

    /// The entry of the user's list that allows routes of a tenant in a table of another, if one does.
    pub fn allowed<'a>(&self, list: &[&'a AllowLeak], from: TenantIndex, to: TenantIndex) -> Option<&'a AllowLeak> {
        let names = |tenant: TenantIndex| self.all[tenant].names.iter().map(|name| title(name));
        list.iter().copied().find(|allowed| allowed.allows(names(from), names(to)))
    }

    /// Calls `visit` with each leak, in order of the tenants: the sure way where there is one, and of those the
    /// shortest. A walk that has got from a tenant to another goes on from there if `goes_on` of the two.
    pub fn each_leak(&self, goes_on: impl Fn(TenantIndex, TenantIndex) -> bool, mut visit: impl FnMut(Leak<'m>)) {
        let mut walkers = self.graphs.each_ref().map(Walker::new);
        for from in 0..self.all.len() {
            for leak in self.leaks_from(from, &mut walkers, &goes_on).into_values() {
                visit(leak);
            }
        }
    }

    fn leaks_from(
        &self,
        from: TenantIndex,
        walkers: &mut [Walker<'_>; 2],
        goes_on: impl Fn(TenantIndex, TenantIndex) -> bool,
    ) -> BTreeMap<TenantIndex, Leak<'m>> {
        let mut leaks: BTreeMap<TenantIndex, Leak> = BTreeMap::new();
        for sure in [true, false] {
            for walker in walkers.iter_mut().filter(|walker| sure || walker.graph.has_doubts) {
                let owner = |table: TableIndex| self.owners[table];
                let enters = |table| owner(table) == from || goes_on(from, owner(table));
                for (table, edges) in walker
                    .walk(&self.all[from].tables, sure, enters, |table| (owner(table) != from).then(|| owner(table)))
                {
                    let hops: Vec<Hop> = edges.iter().filter_map(|edge| self.hop(walker.graph, *edge)).collect();
                    let known = leaks.get(&owner(table));
                    if known.is_none_or(|known| known.sure == sure && known.hops.len() > hops.len()) {
                        let legs = self.legs(from, walker.graph, &edges);
                        leaks.insert(owner(table), Leak { from, to: owner(table), sure, hops, legs });
                    }
                }
            }
        }
        leaks
    }

    /// The loops that no AS path ends: their nodes are in one AS.
    pub fn loops(&self, devices: &ByNode<Device<'m>>) -> Vec<Loop<'m>> {
        let mut found: BTreeMap<BTreeSet<TenantIndex>, Loop> = BTreeMap::new();
        for graph in &self.graphs {
            for edges in graph.loops() {
                let mut hops: Vec<Hop> = edges.iter().filter_map(|edge| self.hop(graph, *edge)).collect();
                let nodes: BTreeSet<NodeIndex> = hops.iter().map(|hop| hop.node).collect();
                let asn = |node: &NodeIndex| Some(devices[*node].node.frr.as_ref()?.evpn()?.asn.value);
                if nodes.iter().map(asn).collect::<BTreeSet<_>>().len() > 1 {
                    continue;
                }
                hops.retain(|hop| hop.is_local() || hop.how == How::Advertise);
                let ends = edges.iter().filter_map(|edge| graph.ends(*edge).1);
                let tenants: BTreeSet<TenantIndex> = ends.map(|table| self.owners[table]).collect();
                let known =
                    found.entry(tenants.clone()).or_insert(Loop { tenants, nodes: BTreeSet::new(), hops: vec![] });
                known.nodes.extend(nodes);
                known.hops.extend(hops);
            }
        }
        let mut found: Vec<Loop> = found.into_values().collect();
        for own in &mut found {
            own.hops.sort_by_key(|hop| hop.span);
            own.hops.dedup_by_key(|hop| hop.span);
        }
        found
    }

    /// What an edge does, in words; `None` for one that only holds the graph together.
    fn hop(&self, graph: &Graph, edge: graph::Edge) -> Option<Hop<'m>> {
        let Step { node, span, how, .. } = *graph.step(edge);
        let (from, to) = graph.ends(edge);
        let vrf = |table: Option<TableIndex>| table.map(|table| self.tables.all[table].1);
        (how != How::Pass).then(|| Hop { node, span, how, from: vrf(from), to: vrf(to) })
    }

    fn legs(&self, from: TenantIndex, graph: &Graph, edges: &[graph::Edge]) -> Vec<TenantIndex> {
        let mut legs = vec![from];
        for owner in edges.iter().filter_map(|edge| graph.ends(*edge).1).map(|table| self.owners[table]) {
            if legs.last() != Some(&owner) {
                legs.push(owner);
            }
        }
        legs
    }
}

/// Groups the tables: those of one name, or of one L3VNI, are one tenant's.
fn owners<'m>(overlay: &Overlay<'m>, tables: &Tables<'m>) -> (Vec<Tenant<'m>>, Vec<TenantIndex>) {
    let mut sets = UnionFind::<TableIndex>::new(tables.all.len());
    let mut first: BTreeMap<&str, TableIndex> = BTreeMap::new();
    for (table, (_, vrf)) in tables.all.iter().enumerate() {
        sets.union(*first.entry(vrf).or_insert(table), table);
    }
    let mut bearers: BTreeMap<Vni, TableIndex> = BTreeMap::new();
    let configured: Vec<(Vni, &str)> = overlay.told_l3vnis().map(|(vni, (vrf, ..))| (vni, vrf)).collect();
    for (vni, vrf) in &configured {
        if let Some(table) = first.get(vrf) {
            sets.union(*bearers.entry(*vni).or_insert(*table), *table);
        }
    }
    let mut groups: BTreeMap<TableIndex, Vec<TableIndex>> = BTreeMap::new();
    for table in 0..tables.all.len() {
        groups.entry(sets.find(table)).or_default().push(table);
    }
    let mut l3vnis: BTreeMap<TableIndex, BTreeSet<Vni>> = BTreeMap::new();
    for (vni, table) in bearers {
        l3vnis.entry(sets.find(table)).or_default().insert(vni);
    }
    let mut all: Vec<Tenant> = groups
        .into_iter()
        .map(|(root, own)| {
            let mut count: BTreeMap<&str, usize> = BTreeMap::new();
            own.iter().for_each(|table| *count.entry(tables.all[*table].1).or_default() += 1);
            let most = count.values().copied().max();
            let name = count.iter().find(|(_, number)| Some(**number) == most).map_or("", |(name, _)| name);
            let l3vnis = l3vnis.remove(&root).unwrap_or_default();
            Tenant { name, names: count.into_keys().collect(), l3vnis, tables: own }
        })
        .collect();
    all.sort_by_key(|tenant| tenant.name);
    let mut owners = vec![0; tables.all.len()];
    for (at, tenant) in all.iter().enumerate() {
        tenant.tables.iter().for_each(|table| owners[*table] = at);
    }
    (all, owners)
}

impl Hop<'_> {
    /// What it does, in words, with the name of the node.
    pub fn text(&self, devices: &ByNode<Device>) -> String {
        let node = &devices[self.node].node.name;
        let vrf = title(self.to.or(self.from).unwrap_or(""));
        let other = title(self.from.unwrap_or(""));
        match self.how {
            How::Originate => format!("{node} takes routes of VRF {vrf} into BGP"),
            How::Advertise => format!("{node} tells what is in VRF {vrf} in type-5 routes"),
            How::Hosts => format!("{node} tells of the hosts of VRF {vrf} in type-2 routes"),
            How::Default => format!("{node} tells a default route of VRF {vrf}"),
            How::Export(target) => format!("{node} exports VRF {vrf} with {target}"),
            How::Import(target) => format!("{node} imports {target} into VRF {vrf}"),
            How::ImportAuto(number) => format!("{node} imports *:{number} into VRF {vrf}, which has it from its L3VNI"),
            How::ImportVrf => format!("{node} leaks VRF {other} into VRF {vrf}"),
            How::ToVpn(target) => format!("{node} gives VRF {vrf} to its VPN table with {target}"),
            How::FromVpn(target) => format!("{node} takes {target} from its VPN table into VRF {vrf}"),
            How::Static(prefix) => format!("{node} routes {prefix} out of VRF {vrf} into VRF {other}"),
            How::Redistribute => format!("{node} takes static routes of VRF {vrf} into BGP"),
            How::Bridge(vni) => format!("{node} routes vni {vni} in VRF {vrf}"),
            How::Join(one, other) => format!("{node} bridges vni {one} and vni {other}"),
            How::Pass => String::new(),
        }
    }

    /// Whether it leaks between VRFs of one node.
    pub fn is_local(&self) -> bool {
        matches!(self.how, How::ImportVrf | How::FromVpn(_))
    }

    /// The VNIs that it bridges together, if it does.
    pub fn joins(&self) -> Option<[Vni; 2]> {
        match self.how {
            How::Join(one, other) => Some([one, other]),
            _ => None,
        }
    }
}
