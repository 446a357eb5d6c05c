//! Who floods where: for each VNI on each node, the VTEPs whose routes it hears, keeps and can reach.
//!
//! A thousand nodes with a thousand VNIs make a thousand million pairs, nearly all alike. So a *teller*, a node with one
//! of its VTEP addresses, is a bit; what a node hears is a set of bits; and equal sets are kept once. The set of a node
//! holds the node's own bit, so that all members of a whole VNI share one.

use super::{
    flow::Flow,
    graph::{Edge, Graph},
    origin::{self, Origin},
    ribs::{Ribs, Way},
    sieve::{self, Kind, Sieve},
};
use crate::{
    fabric::{Fabric, NodeIndex, targets},
    model::{RouteTarget, Vni},
};
use fixedbitset::FixedBitSet;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::IpAddr,
};

/// A node with one of its VTEP addresses, by its position in [`Floods::tellers`].
pub type Teller = usize;

/// All flood lists.
pub struct Floods<'m> {
    /// Nodes with their VTEP addresses.
    pub tellers: Vec<(NodeIndex, IpAddr)>,
    /// The members of each VNI, by node.
    pub vnis: BTreeMap<Vni, Vec<Member<'m>>>,
    /// The VRFs with an L3VNI, by node.
    pub vrfs: Vec<Member<'m>>,
    sets: Vec<FixedBitSet>,
}

/// A VNI on a node.
#[derive(Clone, Copy, Debug)]
pub struct Member<'m> {
    /// The VNI, the node, and what it tells of it.
    pub origin: Origin<'m>,
    /// The node with its VTEP address, if it has one.
    pub teller: Option<Teller>,
    /// Which set of tellers it keeps, its own among them.
    set: u32,
}

/// What policies see of a VNI's part on a node: whose routes it takes for whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Party {
    /// Automatic targets, with or without RFC 8365's type.
    Plain(bool),
    /// Written ones: exports, imports, and the number that an automatic import asks for.
    Written(BTreeSet<RouteTarget>, BTreeSet<RouteTarget>, Option<u32>),
}

/// The sets that have been met.
struct Sets {
    sets: Vec<FixedBitSet>,
    known: HashMap<FixedBitSet, u32>,
}

impl Sets {
    fn intern(&mut self, set: &FixedBitSet) -> u32 {
        if let Some(known) = self.known.get(set) {
            return *known;
        }
        let at = self.sets.len() as u32;
        self.sets.push(set.clone());
        self.known.insert(set.clone(), at);
        at
    }
}

impl<'m> Floods<'m> {
    /// Computes them all.
    pub fn new(fabric: &Fabric<'m>, graph: &Graph<'m>, ribs: &mut Ribs<'m>) -> Self {
        let origins = origin::all(fabric);
        let tellers: BTreeSet<(NodeIndex, IpAddr)> =
            origins.iter().filter_map(|origin| Some((origin.node, origin.vtep?))).collect();
        let tellers: Vec<(NodeIndex, IpAddr)> = tellers.into_iter().collect();
        let index: HashMap<(NodeIndex, IpAddr), Teller> =
            tellers.iter().enumerate().map(|(at, teller)| (*teller, at)).collect();
        let teller = |origin: &Origin| index.get(&(origin.node, origin.vtep?)).copied();
        let mut hearing = Hearing::new(fabric, graph, &tellers, ribs);
        let mut sets = Sets { sets: vec![], known: HashMap::new() };
        let mut by_vni: BTreeMap<Vni, Vec<&Origin<'m>>> = BTreeMap::new();
        for origin in origins.iter().filter(|origin| origin.layer3.is_none()) {
            by_vni.entry(origin.vni).or_default().push(origin);
        }
        let mut vnis = BTreeMap::new();
        for (vni, origins) in by_vni {
            let usable = hearing.usable(&[Kind { number: 3, vni: Some(vni) }]);
            let parties = origins.iter().map(|origin| party2(fabric, origin)).collect();
            let floods = |origin: &Origin| origin.floods(fabric);
            vnis.insert(vni, members(&origins, parties, &usable, &teller, &floods, &mut sets));
        }
        let layer3: Vec<&Origin<'m>> = origins.iter().filter(|origin| origin.layer3.is_some()).collect();
        let vrfs = if layer3.is_empty() {
            vec![]
        } else {
            let usable = hearing.usable(&[Kind { number: 2, vni: None }, Kind { number: 5, vni: None }]);
            let parties = layer3.iter().map(|origin| party3(fabric, origin)).collect();
            let speaks = |origin: &Origin| origin.lack.is_none() && origin.speaks(fabric);
            let mut vrfs = members(&layer3, parties, &usable, &teller, &speaks, &mut sets);
            drop_own_mac(&layer3, &mut vrfs, &mut sets);
            vrfs
        };
        Self { tellers, vnis, vrfs, sets: sets.sets }
    }

    /// The remote VTEPs of a member, each once, in order.
    pub fn remotes(&self, member: &Member) -> BTreeSet<IpAddr> {
        let own = member.teller.map(|teller| self.tellers[teller].1);
        let kept = self.sets.get(member.set as usize).into_iter().flat_map(FixedBitSet::ones);
        kept.map(|teller| self.tellers[teller].1).filter(|vtep| Some(*vtep) != own).collect()
    }

    /// Whether a member keeps the routes of another.
    pub fn keeps(&self, member: &Member, other: &Member) -> bool {
        let set = self.sets.get(member.set as usize);
        other.teller.is_some_and(|teller| set.is_some_and(|set| set.contains(teller)))
    }

    /// How many different flood lists there are.
    pub fn distinct(&self) -> usize {
        self.sets.len()
    }
}

fn party2(fabric: &Fabric, origin: &Origin) -> Option<Party> {
    let device = &fabric.devices[origin.node];
    match targets::is_plain(device, origin.vni) {
        Some(rfc8365) => Some(Party::Plain(rfc8365)),
        None => targets::of_vni(device, origin.node, origin.vni).map(written),
    }
}

fn party3(fabric: &Fabric, origin: &Origin) -> Option<Party> {
    let device = &fabric.devices[origin.node];
    targets::of_vrf(device, origin.node, origin.layer3.unwrap_or(""), origin.vni).map(written)
}

fn written(party: targets::Party) -> Party {
    Party::Written(party.exports, party.imports, party.auto_import)
}

/// Who keeps whose routes, of those that bear one VNI or are VRFs.
fn members<'m>(
    origins: &[&Origin<'m>],
    parties: Vec<Option<Party>>,
    usable: &[FixedBitSet],
    teller: &dyn Fn(&Origin) -> Option<Teller>,
    tells: &dyn Fn(&Origin) -> bool,
    sets: &mut Sets,
) -> Vec<Member<'m>> {
    let size = usable.first().map_or(0, FixedBitSet::len);
    let mut classes: BTreeMap<&Party, FixedBitSet> = BTreeMap::new();
    for (origin, party) in origins.iter().zip(&parties) {
        let Some(party) = party else { continue };
        let bits = classes.entry(party).or_insert_with(|| FixedBitSet::with_capacity(size));
        if let Some(teller) = teller(origin).filter(|_| tells(origin)) {
            bits.insert(teller);
        }
    }
    // What each class of importers takes of all classes of exporters.
    let Some(vni) = origins.first().map(|origin| origin.vni) else { return vec![] };
    let whole: BTreeMap<&Party, FixedBitSet> = classes
        .keys()
        .map(|importer| {
            let mut bits = FixedBitSet::with_capacity(size);
            for (exporter, theirs) in &classes {
                if imports(importer, exporter, vni) {
                    bits.union_with(theirs);
                }
            }
            (*importer, bits)
        })
        .collect();
    let ids: BTreeMap<&Party, u32> = whole.iter().map(|(party, bits)| (*party, sets.intern(bits))).collect();
    let mut buffer = FixedBitSet::with_capacity(size);
    let one = |(origin, party): (&&Origin<'m>, &Option<Party>)| {
        let own = teller(origin);
        let set = match party.as_ref().filter(|_| origin.lack.is_none()) {
            None => sets.intern(&FixedBitSet::with_capacity(size)),
            Some(party) => {
                let all = &whole[party];
                buffer.clear();
                buffer.union_with(all);
                buffer.intersect_with(&usable[origin.node]);
                if let Some(own) = own {
                    buffer.insert(own);
                }
                if buffer == *all { ids[party] } else { sets.intern(&buffer) }
            }
        };
        Member { origin: **origin, teller: own, set }
    };
    origins.iter().zip(&parties).map(one).collect()
}

/// Whether an importer takes what an exporter tells: automatic targets meet by their number, written ones as they are.
fn imports(importer: &Party, exporter: &Party, vni: Vni) -> bool {
    if let (Party::Plain(a), Party::Plain(b)) = (importer, exporter) {
        return a == b;
    }
    let spell = |party: &Party| match party {
        Party::Written(exports, imports, auto) => targets::Party::of(exports.clone(), imports.clone(), *auto),
        Party::Plain(rfc8365) => targets::Party::automatic(vni, *rfc8365),
    };
    spell(importer).imports_from(&spell(exporter))
}

/// A node drops routes that bear its own router MAC (`bgp_evpn.c`, "rmac self").
fn drop_own_mac(origins: &[&Origin], members: &mut [Member], sets: &mut Sets) {
    let mut by_mac: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, origin) in origins.iter().enumerate() {
        if let Some(mac) = origin.router_mac {
            by_mac.entry(mac).or_default().push(at);
        }
    }
    for same in by_mac.into_values().filter(|same| same.len() > 1) {
        for at in &same {
            let others = same.iter().filter(|other| origins[**other].node != origins[*at].node);
            let lost: Vec<Teller> = others.filter_map(|other| members[*other].teller).collect();
            let Some(mut set) = sets.sets.get(members[*at].set as usize).cloned() else { continue };
            lost.into_iter().for_each(|teller| set.set(teller, false));
            members[*at].set = sets.intern(&set);
        }
    }
}

/// What each node hears of whom, for each class of routes.
struct Hearing<'a, 'm> {
    fabric: &'a Fabric<'m>,
    graph: &'a Graph<'m>,
    tellers: &'a [(NodeIndex, IpAddr)],
    sieve: Sieve,
    /// By node, the tellers whose address it can reach and has not got itself.
    reachable: Vec<FixedBitSet>,
    heard: HashMap<Vec<Kind>, std::rc::Rc<Vec<FixedBitSet>>>,
}

impl<'a, 'm> Hearing<'a, 'm> {
    fn new(
        fabric: &'a Fabric<'m>,
        graph: &'a Graph<'m>,
        tellers: &'a [(NodeIndex, IpAddr)],
        ribs: &mut Ribs<'m>,
    ) -> Self {
        let nodes = fabric.devices.len();
        let mut reachable = vec![FixedBitSet::with_capacity(tellers.len()); nodes];
        for (at, (_, vtep)) in tellers.iter().enumerate() {
            let ways = ribs.ways(fabric, *vtep);
            for (node, way) in ways.iter().enumerate() {
                // Next hops of one's own are dropped (`bgp_update_martian_nexthop`).
                let usable = !matches!(way, Way::None | Way::Hops(0));
                reachable[node].set(at, usable);
            }
        }
        // A VTEP address that is on no interface of the node is its own all the same.
        let mut own: HashMap<IpAddr, Vec<Teller>> = HashMap::new();
        for (at, (_, vtep)) in tellers.iter().enumerate() {
            own.entry(*vtep).or_default().push(at);
        }
        for (node, vtep) in tellers {
            own[vtep].iter().for_each(|at| reachable[*node].set(*at, false));
        }
        Self { fabric, graph, tellers, sieve: Sieve::new(fabric), reachable, heard: HashMap::new() }
    }

    /// By node, the tellers whose routes of any of these kinds arrive and lead somewhere.
    fn usable(&mut self, kinds: &[Kind]) -> std::rc::Rc<Vec<FixedBitSet>> {
        let classes: BTreeSet<Kind> = kinds.iter().map(|kind| self.sieve.class(self.fabric, *kind)).collect();
        let classes: Vec<Kind> = classes.into_iter().collect();
        if let Some(known) = self.heard.get(&classes) {
            return known.clone();
        }
        let (fabric, graph) = (self.fabric, self.graph);
        let nodes: BTreeSet<NodeIndex> = self.tellers.iter().map(|(node, _)| *node).collect();
        let nodes: Vec<NodeIndex> = nodes.into_iter().collect();
        let hear = |origin: &NodeIndex| {
            let mut bits = FixedBitSet::with_capacity(graph.out.len());
            for class in &classes {
                let flow = Flow::new(graph, &[*origin], &|edge: &Edge| sieve::passes(fabric, edge, *class));
                flow.best.iter().enumerate().filter(|(_, best)| best.is_some()).for_each(|(node, _)| bits.insert(node));
            }
            (*origin, bits)
        };
        let reached: HashMap<NodeIndex, FixedBitSet> = nodes.par_iter().map(hear).collect();
        let mut usable = vec![FixedBitSet::with_capacity(self.tellers.len()); graph.out.len()];
        for (at, (node, _)) in self.tellers.iter().enumerate() {
            reached[node].ones().for_each(|hearer| usable[hearer].insert(at));
        }
        for (bits, reachable) in usable.iter_mut().zip(&self.reachable) {
            bits.intersect_with(reachable);
        }
        let usable = std::rc::Rc::new(usable);
        self.heard.insert(classes, usable.clone());
        usable
    }
}
