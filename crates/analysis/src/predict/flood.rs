//! Who floods where: for each VNI on each node, the VTEPs whose routes it receives, keeps and can reach.
//!
//! A thousand nodes with a thousand VNIs make a thousand million pairs, nearly all alike. So an *originator*, a node
//! with one of its VTEP addresses, is a bit; what a node receives is a set of bits; and equal sets are kept once. The
//! set of a node holds the node's own bit, so that all members of a whole VNI share one.

use super::{
    flow::Flow,
    graph::{Edge, Graph},
    origin::{self, Origin},
    ribs::Ribs,
    sieve::{self, Kind, Sieve},
};
use crate::{
    fabric::{Fabric, targets},
    index::{ByNode, NodeIndex, NodeSet},
};
use evpnlint_core::model::{RouteTarget, Vni};
use fixedbitset::FixedBitSet;
use indexmap::IndexSet;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A node with one of its VTEP addresses, by its position in [`Floods::originators`].
pub type Originator = usize;

/// All flood lists.
pub struct Floods<'m> {
    /// Nodes with their VTEP addresses.
    pub originators: Vec<(NodeIndex, IpAddr)>,
    /// The members of each VNI, in order of nodes, each node once.
    pub vnis: BTreeMap<Vni, Vec<FloodMember<'m>>>,
    /// The VRFs with an L3VNI, in order of nodes.
    pub vrfs: Vec<FloodMember<'m>>,
    sets: Sets,
}

/// A VNI on a node.
#[derive(Clone, Copy, Debug)]
pub struct FloodMember<'m> {
    /// The VNI, the node, and what it originates for it.
    pub origin: Origin<'m>,
    /// The node with its VTEP address, if it has one.
    pub originator: Option<Originator>,
    /// Which set of originators it floods to, its own among them; of a VRF, those whose type-5 routes it keeps.
    flood: u32,
    /// Which set of originators it keeps type-2 routes of.
    hosts: u32,
    /// Which set of originators it keeps routes of.
    kept: u32,
    /// Which set of originators it would flood to if it received the routes of all; of a VRF, as for `flood`.
    wanted: u32,
}

/// A set of originators. Members with the same one have the same flood list, but for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class(u32);

/// What policies see of a VNI's part on a node: whose routes it takes for whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum TargetPolicy {
    /// Automatic targets, with or without RFC 8365's type.
    Plain(bool),
    /// Written ones: exports, imports, and the number that an automatic import asks for.
    Written(BTreeSet<RouteTarget>, BTreeSet<RouteTarget>, Option<u32>),
}

/// The sets that have been met.
#[derive(Default)]
struct Sets(IndexSet<FixedBitSet>);

impl Sets {
    fn intern(&mut self, set: &FixedBitSet) -> u32 {
        let known = self.0.get_index_of(set);
        known.unwrap_or_else(|| self.0.insert_full(set.clone()).0) as u32
    }

    fn join(&mut self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        let joined = self.get(one).zip(self.get(other)).map(|(one, other)| one | other).unwrap_or_default();
        self.intern(&joined)
    }

    fn get(&self, set: u32) -> Option<&FixedBitSet> {
        self.0.get_index(set as usize)
    }
}

/// Which routes of a VNI or a VRF are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routes {
    /// Whichever.
    Any,
    /// Those that ask for broadcast, of type 3.
    Floods,
    /// Those of hosts, of type 2.
    Hosts,
}

impl<'m> Floods<'m> {
    /// Computes them all.
    pub fn new(fabric: &Fabric<'m>, graph: &Graph<'m>, ribs: &mut Ribs<'m>) -> Self {
        let origins = origin::all(fabric);
        let originators: BTreeSet<(NodeIndex, IpAddr)> =
            origins.iter().filter_map(|origin| Some((origin.node, origin.vtep?))).collect();
        let originators: Vec<(NodeIndex, IpAddr)> = originators.into_iter().collect();
        let index: BTreeMap<(NodeIndex, IpAddr), Originator> =
            originators.iter().enumerate().map(|(at, originator)| (*originator, at)).collect();
        let originator = |node: NodeIndex, vtep: Option<IpAddr>| index.get(&(node, vtep?)).copied();
        let mut hearing = Receiving::new(fabric, graph, &originators, ribs);
        let mut sets = Sets::default();
        let mut by_vni: BTreeMap<Vni, Vec<(&Origin<'m>, Option<TargetPolicy>)>> = BTreeMap::new();
        let mut layer3: Vec<(&Origin<'m>, Option<TargetPolicy>)> = vec![];
        for origin in &origins {
            match origin.layer3 {
                Some(_) => layer3.push((origin, party3(fabric, origin))),
                None => by_vni.entry(origin.vni).or_default().push((origin, party2(fabric, origin))),
            }
        }
        let imports = |party: &TargetPolicy| match party {
            TargetPolicy::Written(_, imports, _) => imports.clone(),
            TargetPolicy::Plain(_) => BTreeSet::new(),
        };
        let parties = by_vni.values().flatten().filter_map(|(_, party)| party.as_ref());
        let wanted: BTreeSet<RouteTarget> = parties.flat_map(imports).collect();
        // The hosts behind an L3VNI, by the VTEPs that originate their routes.
        let hosts = |origin: &Origin| -> Vec<Originator> {
            let vteps = origin.host_vteps(fabric);
            vteps.into_iter().filter_map(|vtep| originator(origin.node, Some(vtep))).collect()
        };
        let (mut floods, mut kept) = (Market::new(originators.len()), Market::new(originators.len()));
        let (mut hosted, mut prefixes) = (Market::new(originators.len()), Market::new(originators.len()));
        for (origin, party) in by_vni.values().flatten().filter(|(origin, _)| origin.lack.is_none()) {
            let (Some(party), Some(originator)) = (party, originator(origin.node, origin.vtep)) else { continue };
            kept.add(fabric, origin, party, originator, &wanted);
            if origin.floods(fabric) {
                floods.add(fabric, origin, party, originator, &wanted);
            }
        }
        for (origin, party) in layer3.iter().filter(|(origin, _)| origin.lack.is_none()) {
            let Some(party) = party else { continue };
            for originator in hosts(origin) {
                kept.add(fabric, origin, party, originator, &wanted);
                hosted.add(fabric, origin, party, originator, &wanted);
            }
            if let Some(originator) = originator(origin.node, origin.vtep).filter(|_| origin.tells_prefixes(fabric)) {
                prefixes.add(fabric, origin, party, originator, &wanted);
            }
        }
        let mut vnis = BTreeMap::new();
        for (vni, members) in by_vni {
            let of = |number| Kind { number, vni: Some(vni) };
            let usable = hearing.usable(&[of(3)]);
            let bridged = hearing.usable(&[of(2), of(3)]);
            let all = floods.all_taken(vni, &members, &mut sets);
            let also = kept.all_taken(vni, &members, &mut sets);
            let told = hearing.usable(&[of(2)]);
            let is_same = std::rc::Rc::ptr_eq(&usable, &bridged) && all == also;
            let is_told_same = std::rc::Rc::ptr_eq(&told, &bridged);
            let mut take = Take { taken: &all, usable: &usable, sets: &mut sets };
            let floods: Vec<u32> = members.iter().map(|(origin, party)| take.of(origin, party, &originator)).collect();
            let wanted: Vec<u32> = members.iter().map(|(origin, party)| take.wanted(origin, party)).collect();
            let kept: Vec<u32> = if is_same {
                floods.clone()
            } else {
                let mut take = Take { taken: &also, usable: &bridged, sets: &mut sets };
                members.iter().map(|(origin, party)| take.of(origin, party, &originator)).collect()
            };
            let hosts: Vec<u32> = if is_told_same {
                kept.clone()
            } else {
                let mut take = Take { taken: &also, usable: &told, sets: &mut sets };
                members.iter().map(|(origin, party)| take.of(origin, party, &originator)).collect()
            };
            let sets = floods.into_iter().zip(hosts).zip(kept).zip(wanted);
            let all =
                members.into_iter().zip(sets).map(|((origin, _), (((flood, hosts), kept), wanted))| FloodMember {
                    origin: *origin,
                    originator: originator(origin.node, origin.vtep),
                    flood,
                    hosts,
                    kept,
                    wanted,
                });
            vnis.insert(vni, all.collect());
        }
        let mut vrfs = vec![];
        if let Some((first, _)) = layer3.first() {
            let mut taken = |market: &Market, number: u8| -> (Vec<u32>, Vec<u32>) {
                let usable = hearing.usable(&[Kind { number, vni: None }]);
                let taken = market.all_taken(first.vni, &layer3, &mut sets);
                let mut take = Take { taken: &taken, usable: &usable, sets: &mut sets };
                let wanted = layer3.iter().map(|(origin, party)| take.wanted(origin, party)).collect();
                (layer3.iter().map(|(origin, party)| take.of(origin, party, &originator)).collect(), wanted)
            };
            let ((hosts, _), (floods, wanted)) = (taken(&hosted, 2), taken(&prefixes, 5));
            for (((origin, _), hosts), (flood, wanted)) in layer3.iter().zip(hosts).zip(floods.into_iter().zip(wanted))
            {
                let kept = sets.join(hosts, flood);
                let originator = originator(origin.node, origin.vtep);
                vrfs.push(FloodMember { origin: **origin, originator, flood, hosts, kept, wanted });
            }
            drop_own_mac(&mut vrfs, &mut sets);
        }
        Self { originators, vnis, vrfs, sets }
    }

    /// The member of a VNI that a node is.
    pub fn member(&self, node: NodeIndex, vni: Vni) -> Option<&FloodMember<'m>> {
        let members = self.vnis.get(&vni)?;
        members.binary_search_by_key(&node, |member| member.origin.node).ok().map(|at| &members[at])
    }

    /// The VRFs of a node that have an L3VNI.
    pub fn vrfs_of(&self, node: NodeIndex) -> &[FloodMember<'m>] {
        let before = self.vrfs.partition_point(|own| own.origin.node < node);
        let after = self.vrfs.partition_point(|own| own.origin.node <= node);
        &self.vrfs[before..after]
    }

    /// The remote VTEPs whose routes a member keeps, each once, in order.
    pub fn remotes(&self, member: &FloodMember<'m>) -> BTreeSet<IpAddr> {
        self.vteps(member, member.kept)
    }

    /// Those of them that it floods to: the ones that send type-3 routes.
    pub fn floods(&self, member: &FloodMember<'m>) -> BTreeSet<IpAddr> {
        self.vteps(member, member.flood)
    }

    fn vteps(&self, member: &FloodMember<'m>, set: u32) -> BTreeSet<IpAddr> {
        let own = member.originator.map(|originator| self.originators[originator].1);
        let kept = self.sets.get(set).into_iter().flat_map(FixedBitSet::ones);
        kept.map(|originator| self.originators[originator].1).filter(|vtep| Some(*vtep) != own).collect()
    }

    /// Whether a member keeps the routes of another.
    pub fn keeps(&self, member: &FloodMember, other: &FloodMember) -> bool {
        self.holds(member.kept, other.originator)
    }

    /// Whether a member keeps the type-2 routes of a node with that VTEP address.
    pub fn takes_host(&self, member: &FloodMember, node: NodeIndex, vtep: IpAddr) -> bool {
        self.holds(member.hosts, self.originators.binary_search(&(node, vtep)).ok())
    }

    /// Whether a member floods to a node with that VTEP address.
    pub fn floods_at(&self, member: &FloodMember, node: NodeIndex, vtep: IpAddr) -> bool {
        self.holds(member.flood, self.originators.binary_search(&(node, vtep)).ok())
    }

    fn holds(&self, set: u32, originator: Option<Originator>) -> bool {
        let set = self.sets.get(set);
        originator.is_some_and(|originator| set.is_some_and(|set| set.contains(originator)))
    }

    /// Who loses whose routes, of members that should keep those of all that originate any: groups of receivers, each
    /// with those whose routes none of them keeps.
    pub fn lost(
        &self,
        members: &[FloodMember<'m>],
        of: Routes,
        tells: impl Fn(&FloodMember<'m>) -> bool,
    ) -> Vec<(Vec<NodeIndex>, Vec<NodeIndex>)> {
        let mut live = FixedBitSet::with_capacity(self.originators.len());
        live.extend(members.iter().filter(|member| tells(member)).filter_map(|member| member.originator));
        let mut by_set: BTreeMap<u32, Vec<NodeIndex>> = BTreeMap::new();
        for member in members {
            let set = match of {
                Routes::Any => member.kept,
                Routes::Floods => member.flood,
                Routes::Hosts => member.hosts,
            };
            by_set.entry(set).or_default().push(member.origin.node);
        }
        let classes = by_set.into_iter().filter_map(|(set, receivers)| {
            let missing: Vec<Originator> = live.difference(self.sets.get(set)?).collect();
            (!missing.is_empty()).then_some((missing, receivers))
        });
        let classes: Vec<(Vec<Originator>, Vec<NodeIndex>)> = classes.collect();
        // Tellers that the same receivers lose are one group.
        let mut losers: BTreeMap<Originator, Vec<usize>> = BTreeMap::new();
        for (class, (missing, _)) in classes.iter().enumerate() {
            missing.iter().for_each(|originator| losers.entry(*originator).or_default().push(class));
        }
        let mut groups: BTreeMap<Vec<usize>, Vec<NodeIndex>> = BTreeMap::new();
        for (originator, classes) in losers {
            groups.entry(classes).or_default().push(self.originators[originator].0);
        }
        let pairs = groups
            .into_iter()
            .flat_map(|(of, originators)| of.into_iter().map(move |class| (class, originators.clone())));
        pairs.map(|(class, originators)| (classes[class].1.clone(), originators)).collect()
    }

    /// Whether a member floods to another.
    pub fn floods_to(&self, member: &FloodMember, other: &FloodMember) -> bool {
        self.holds(member.flood, other.originator)
    }

    /// The flood list of a member, as a set; of a VRF, whose type-5 routes it keeps.
    pub fn class(&self, member: &FloodMember) -> Class {
        Class(member.flood)
    }

    /// What that would be if the member received the routes of all: its route targets alone decide.
    pub fn wanted(&self, member: &FloodMember) -> Class {
        Class(member.wanted)
    }

    /// The nodes of a set; a node with several VTEP addresses may be there several times.
    pub fn nodes(&self, class: Class) -> impl Iterator<Item = NodeIndex> + '_ {
        let set = self.sets.get(class.0).into_iter().flat_map(FixedBitSet::ones);
        set.map(|originator| self.originators[originator].0)
    }

    /// How many different flood lists there are.
    pub fn distinct(&self) -> usize {
        self.sets.0.len()
    }
}

fn party2(fabric: &Fabric, origin: &Origin) -> Option<TargetPolicy> {
    let device = &fabric.devices[origin.node];
    match targets::is_plain(device, origin.vni) {
        Some(rfc8365) => Some(TargetPolicy::Plain(rfc8365)),
        None => targets::of_vni(device, origin.node, origin.vni).map(written),
    }
}

fn party3(fabric: &Fabric, origin: &Origin) -> Option<TargetPolicy> {
    let device = &fabric.devices[origin.node];
    targets::of_vrf(device, origin.node, origin.layer3.unwrap_or(""), origin.vni).map(written)
}

fn written(party: targets::TargetPolicy) -> TargetPolicy {
    TargetPolicy::Written(party.exports, party.imports, party.auto_import)
}

/// The originators, by what they export. An importer asks for targets alone: a route of another VNI that bears one is
/// taken too.
struct Market {
    size: usize,
    /// Those with automatic targets, by VNI and whether they bear RFC 8365's type.
    plain: BTreeMap<(Vni, bool), FixedBitSet>,
    /// The same by whole target, for targets that somebody asks for.
    automatic: BTreeMap<RouteTarget, FixedBitSet>,
    /// Those with written targets, by target.
    written: BTreeMap<RouteTarget, FixedBitSet>,
    /// The same by the number alone, which automatic imports ask for.
    numbers: BTreeMap<u32, FixedBitSet>,
}

impl Market {
    fn new(size: usize) -> Self {
        let (plain, automatic, written, numbers) = Default::default();
        Self { size, plain, automatic, written, numbers }
    }

    fn put<K: Ord>(map: &mut BTreeMap<K, FixedBitSet>, key: K, originator: Originator, size: usize) {
        map.entry(key).or_insert_with(|| FixedBitSet::with_capacity(size)).insert(originator);
    }

    /// Adds an originator. `wanted` are the whole targets that somebody imports.
    fn add(
        &mut self,
        fabric: &Fabric,
        origin: &Origin,
        party: &TargetPolicy,
        originator: Originator,
        wanted: &BTreeSet<RouteTarget>,
    ) {
        match party {
            TargetPolicy::Plain(rfc8365) => {
                Self::put(&mut self.plain, (origin.vni, *rfc8365), originator, self.size);
                if !wanted.is_empty() {
                    let party = targets::of_vni(&fabric.devices[origin.node], origin.node, origin.vni);
                    let own = party.into_iter().flat_map(|party| party.exports).filter(|own| wanted.contains(own));
                    own.for_each(|target| Self::put(&mut self.automatic, target, originator, self.size));
                }
            }
            TargetPolicy::Written(exports, ..) => {
                for target in exports {
                    Self::put(&mut self.written, *target, originator, self.size);
                    Self::put(&mut self.numbers, target.number(), originator, self.size);
                }
            }
        }
    }

    /// What a kind of importer takes of all.
    fn taken(&self, importer: &TargetPolicy, vni: Vni) -> FixedBitSet {
        let mut bits = FixedBitSet::with_capacity(self.size);
        let mut join = |found: Option<&FixedBitSet>| found.into_iter().for_each(|found| bits.union_with(found));
        let number = |number: u32, join: &mut dyn FnMut(Option<&FixedBitSet>)| {
            join(self.numbers.get(&number));
            for rfc8365 in [false, true] {
                join(targets::vni_of(number, rfc8365).and_then(|vni| self.plain.get(&(vni, rfc8365))));
            }
        };
        match importer {
            TargetPolicy::Plain(rfc8365) => number(targets::number(vni, *rfc8365), &mut join),
            TargetPolicy::Written(_, imports, auto) => {
                auto.iter().for_each(|own| number(*own, &mut join));
                for target in imports {
                    if let RouteTarget::Any(any) = target {
                        number(*any, &mut join);
                    }
                    join(self.written.get(target));
                    join(self.automatic.get(target));
                }
            }
        }
        bits
    }

    /// What the importers of one VNI take, each kind once.
    fn all_taken(
        &self,
        vni: Vni,
        importers: &[(&Origin, Option<TargetPolicy>)],
        sets: &mut Sets,
    ) -> BTreeMap<TargetPolicy, (u32, FixedBitSet)> {
        let mut taken: BTreeMap<TargetPolicy, (u32, FixedBitSet)> = BTreeMap::new();
        for importer in importers.iter().filter_map(|(_, party)| party.as_ref()) {
            if !taken.contains_key(importer) {
                let bits = self.taken(importer, vni);
                taken.insert(importer.clone(), (sets.intern(&bits), bits));
            }
        }
        taken
    }
}

/// What is left of it on each node.
struct Take<'a> {
    taken: &'a BTreeMap<TargetPolicy, (u32, FixedBitSet)>,
    usable: &'a ByNode<FixedBitSet>,
    sets: &'a mut Sets,
}

impl Take<'_> {
    /// What the member's route targets ask for, whoever's routes arrive.
    fn wanted(&mut self, origin: &Origin, party: &Option<TargetPolicy>) -> u32 {
        let all = party.as_ref().filter(|_| origin.lack.is_none()).and_then(|party| self.taken.get(party));
        let size = self.usable.first().map_or(0, FixedBitSet::len);
        all.map_or_else(|| self.sets.intern(&FixedBitSet::with_capacity(size)), |(id, _)| *id)
    }

    fn of(
        &mut self,
        origin: &Origin,
        party: &Option<TargetPolicy>,
        originator: &dyn Fn(NodeIndex, Option<IpAddr>) -> Option<Originator>,
    ) -> u32 {
        let size = self.usable.first().map_or(0, FixedBitSet::len);
        let all = party.as_ref().filter(|_| origin.lack.is_none()).and_then(|party| self.taken.get(party));
        let Some((id, all)) = all else { return self.sets.intern(&FixedBitSet::with_capacity(size)) };
        let own = originator(origin.node, origin.vtep);
        let usable = &self.usable[origin.node];
        // The usual case, without a copy: all but the node's own.
        let is_whole = own.is_none_or(|own| all.contains(own))
            && all.as_slice().iter().zip(usable.as_slice()).enumerate().all(|(block, (all, usable))| {
                let bits = usize::BITS as usize;
                let own = own.filter(|own| own / bits == block).map_or(0, |own| 1usize << (own % bits));
                all & !(usable | own) == 0
            });
        if is_whole {
            return *id;
        }
        let mut set = all.clone();
        set.intersect_with(usable);
        if let Some(own) = own {
            set.insert(own);
        }
        self.sets.intern(&set)
    }
}

/// A node drops routes that bear its own router MAC (`bgp_evpn.c`, "rmac self").
fn drop_own_mac(members: &mut [FloodMember], sets: &mut Sets) {
    let mut by_mac: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        if let Some(mac) = member.origin.router_mac {
            by_mac.entry(mac).or_default().push(at);
        }
    }
    for same in by_mac.into_values().filter(|same| same.len() > 1) {
        for at in &same {
            let others = same.iter().filter(|other| members[**other].origin.node != members[*at].origin.node);
            let lost: Vec<Originator> = others.filter_map(|other| members[*other].originator).collect();
            let mut without = |known: u32| {
                let mut set = sets.get(known).cloned().unwrap_or_default();
                lost.iter().for_each(|originator| set.set(*originator, false));
                sets.intern(&set)
            };
            let member = members[*at];
            members[*at].kept = without(member.kept);
            members[*at].hosts = without(member.hosts);
            members[*at].flood = without(member.flood);
        }
    }
}

/// What each node receives of whom, for each class of routes.
struct Receiving<'a, 'm> {
    fabric: &'a Fabric<'m>,
    graph: &'a Graph<'m>,
    originators: &'a [(NodeIndex, IpAddr)],
    sieve: Sieve,
    /// By node, the originators whose address it resolves and has not got itself.
    reachable: ByNode<FixedBitSet>,
    heard: BTreeMap<Vec<Kind>, std::rc::Rc<ByNode<FixedBitSet>>>,
}

impl<'a, 'm> Receiving<'a, 'm> {
    fn new(
        fabric: &'a Fabric<'m>,
        graph: &'a Graph<'m>,
        originators: &'a [(NodeIndex, IpAddr)],
        ribs: &mut Ribs<'m>,
    ) -> Self {
        let nodes = fabric.devices.len();
        let mut reachable = ByNode::filled(FixedBitSet::with_capacity(originators.len()), nodes);
        for (at, (_, vtep)) in originators.iter().enumerate() {
            // The node's own addresses are not among them: such next hops are dropped (`bgp_update_martian_nexthop`).
            let reach = ribs.reach(fabric, *vtep);
            reach.resolved.iter().for_each(|node| reachable[node].insert(at));
        }
        // A VTEP address that is on no interface of the node is its own all the same.
        let mut own: BTreeMap<IpAddr, Vec<Originator>> = BTreeMap::new();
        for (at, (_, vtep)) in originators.iter().enumerate() {
            own.entry(*vtep).or_default().push(at);
        }
        for (node, vtep) in originators {
            own[vtep].iter().for_each(|at| reachable[*node].set(*at, false));
        }
        Self { fabric, graph, originators, sieve: Sieve::new(fabric), reachable, heard: BTreeMap::new() }
    }

    /// By node, the originators whose routes of any of these kinds arrive and lead somewhere.
    fn usable(&mut self, kinds: &[Kind]) -> std::rc::Rc<ByNode<FixedBitSet>> {
        let classes: BTreeSet<Kind> = kinds.iter().map(|kind| self.sieve.class(self.fabric, *kind)).collect();
        let classes: Vec<Kind> = classes.into_iter().collect();
        if let Some(known) = self.heard.get(&classes) {
            return known.clone();
        }
        let (fabric, graph) = (self.fabric, self.graph);
        let nodes: BTreeSet<NodeIndex> = self.originators.iter().map(|(node, _)| *node).collect();
        let nodes: Vec<NodeIndex> = nodes.into_iter().collect();
        let hear = |origin: &NodeIndex| {
            let mut bits = NodeSet::with_capacity(graph.out.len());
            for class in &classes {
                let flow = Flow::new(graph, &[*origin], &|edge: &Edge| sieve::passes(fabric, edge, *class));
                bits.extend(flow.best.iter_enumerated().filter(|(_, best)| best.is_some()).map(|(node, _)| node));
            }
            (*origin, bits)
        };
        let reached: BTreeMap<NodeIndex, NodeSet> = nodes.par_iter().map(hear).collect();
        let mut usable = ByNode::filled(FixedBitSet::with_capacity(self.originators.len()), graph.out.len());
        for (at, (node, _)) in self.originators.iter().enumerate() {
            reached[node].iter().for_each(|receiver| usable[receiver].insert(at));
        }
        for (bits, reachable) in usable.iter_mut().zip(&self.reachable) {
            bits.intersect_with(reachable);
        }
        let usable = std::rc::Rc::new(usable);
        self.heard.insert(classes, usable.clone());
        usable
    }
}
