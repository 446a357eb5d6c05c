//! One side of a comparison: what works there, by names.

use super::{Changes, Exit, Fact, Far, Item, Layer, Leak, Link, Mtu, Session, Side, VniOn, Way};
use crate::{
    fabric::{NodeIndex, sessions::SessionEnd},
    predict::{
        Prediction,
        budget::Fit,
        fate::{Cause, SessionFate, State},
        flood::{Class, FloodMember},
    },
};
use evpnlint_core::{
    model::{
        Prefix, Vni,
        bgp::{Family, Neighbor},
        is_on,
    },
    source::Span,
};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// The families that sessions may have.
const FAMILIES: [Family; 5] =
    [Family::Ipv4Unicast, Family::Ipv6Unicast, Family::Evpn, Family::Ipv4Labeled, Family::Ipv6Labeled];

/// What works in a fabric.
pub(super) struct Picture<'a> {
    pub(super) nodes: BTreeMap<&'a str, Fact>,
    pub(super) vnis: BTreeMap<VniOn<'a>, Fact>,
    pub(super) exits: BTreeMap<Exit<'a>, Fact>,
    pub(super) leaks: BTreeMap<Leak<'a>, Fact>,
    /// The members of each L2VNI, and those of each VRF with an L3VNI.
    pub(super) floods: BTreeMap<Vni, BTreeMap<&'a str, Member<'a>>>,
    pub(super) vrfs: BTreeMap<&'a str, BTreeMap<&'a str, Member<'a>>>,
    /// The nodes of each flood list that occurs.
    pub(super) sets: BTreeMap<Class, BTreeSet<&'a str>>,
    ends: BTreeMap<EndKey<'a>, End<'a>>,
    mtus: BTreeMap<(Vni, &'a str), Room>,
    /// Nodes of which some text is not known.
    unread: BTreeSet<&'a str>,
    /// Nodes that sessions which nobody can predict may join, by the part of the fabric that those are in.
    parts: BTreeMap<&'a str, usize>,
}

/// A VNI or VRF on a node.
pub(super) struct Member<'a> {
    pub(super) class: Class,
    pub(super) wanted: Class,
    pub(super) span: Option<Span>,
    /// The type-5 routes that the node makes of the VRF.
    pub(super) prefixes: BTreeSet<Prefix>,
    pub(super) node: &'a str,
}

/// The end of a session: the node, the VRF, and how the node calls the peer.
type EndKey<'a> = (&'a str, &'a str, String);

/// What becomes of it.
struct End<'a> {
    fate: &'a SessionFate,
    families: Vec<Family>,
    with: Option<&'a str>,
    span: Option<Span>,
}

/// The sessions between two nodes.
#[derive(Default)]
struct Sessions {
    /// How many ends are up with each family.
    up: BTreeMap<Family, usize>,
    /// The first that is up.
    span: Option<Span>,
    /// One that nobody can predict, its families, and why.
    unknown: Option<(Vec<Family>, Option<Span>, Option<Cause>)>,
    /// Why one stays down.
    cause: Option<Cause>,
}

/// The room in the tunnels of a VNI from a node.
#[derive(Clone, Copy)]
struct Room {
    /// The largest packet of a host, in bytes, where it is known; at most that where `is_whole` is not set.
    bytes: Option<u32>,
    is_whole: bool,
    span: Option<Span>,
}

impl<'a> Picture<'a> {
    /// Takes it. `alias` is the name of the only node.
    pub(super) fn new<'m: 'a>(prediction: &'a Prediction<'_, 'm>, alias: Option<&'a str>) -> Self {
        let (fabric, floods) = (prediction.fabric, &prediction.floods);
        let name = |node: NodeIndex| -> &'a str { alias.unwrap_or_else(|| fabric.name(node)) };
        let mut picture = Self {
            nodes: fabric.nodes().map(|node| (name(node), Fact::up(None))).collect(),
            vnis: BTreeMap::new(),
            exits: exits(prediction, &name),
            leaks: leaks(prediction),
            floods: BTreeMap::new(),
            vrfs: BTreeMap::new(),
            sets: BTreeMap::new(),
            ends: session_ends(prediction, &name),
            mtus: rooms(prediction, &name),
            unread: BTreeSet::new(),
            parts: parts(prediction, &name),
        };
        let hiding = fabric.cluster.faults.iter().filter(|fault| fault.hides_text());
        picture.unread = hiding.map(|fault| fabric.index(&fault.node).map_or(fault.node.as_str(), &name)).collect();
        for member in floods.vnis.values().flatten() {
            let own = picture.add(prediction, member, Layer::L2, &name);
            picture.floods.entry(member.origin.vni).or_default().insert(own.node, own);
        }
        for member in &floods.vrfs {
            let mut own = picture.add(prediction, member, Layer::L3, &name);
            own.prefixes = prediction.originated(member).into_iter().map(|route| route.prefix).collect();
            picture.vrfs.entry(member.origin.vrf).or_default().insert(own.node, own);
        }
        picture
    }

    fn add<'m: 'a>(
        &mut self,
        prediction: &'a Prediction<'_, 'm>,
        member: &FloodMember<'m>,
        layer: Layer,
        name: &impl Fn(NodeIndex) -> &'a str,
    ) -> Member<'a> {
        let (fabric, floods, origin) = (prediction.fabric, &prediction.floods, &member.origin);
        let (class, wanted) = (floods.class(member), floods.wanted(member));
        for class in [class, wanted] {
            self.sets.entry(class).or_insert_with(|| floods.nodes(class).map(name).collect());
        }
        let node = name(origin.node);
        let fact = match origin.lack {
            None => Fact::up(origin.span),
            Some(lack) => Fact { state: State::Down, span: origin.span, cause: Some(lack.cause(fabric, origin)) },
        };
        self.vnis.insert(VniOn { vni: origin.vni, layer, node }, fact);
        Member { class, wanted, span: origin.span, prefixes: BTreeSet::new(), node }
    }

    /// Whether some text of a node is not known, so that what it lacks says nothing.
    pub(super) fn is_unread(&self, node: &str) -> bool {
        self.unread.contains(node)
    }

    /// Whether some text of an end of a session is not known.
    fn hides(&self, link: &Link<'a>) -> bool {
        self.is_unread(link.node) || matches!(link.far, Far::Node(far) if self.is_unread(far))
    }

    /// Whether routes of one node may reach another in a way that nobody can predict.
    pub(super) fn may_join(&self, one: &str, other: &str) -> bool {
        let part = |node| self.parts.get(node);
        self.is_unread(one) || self.is_unread(other) || part(one).is_some_and(|part_of| Some(part_of) == part(other))
    }
}

impl Fact {
    fn up(span: Option<Span>) -> Self {
        Self { state: State::Up, span, cause: None }
    }
}

/// The ends of all sessions.
fn session_ends<'a, 'm: 'a>(
    prediction: &'a Prediction<'_, 'm>,
    name: &impl Fn(NodeIndex) -> &'a str,
) -> BTreeMap<EndKey<'a>, End<'a>> {
    let ends = prediction.fabric.sessions.ends.iter().zip(&prediction.sessions);
    let of = |(end, fate): (&'a SessionEnd<'m>, &'a SessionFate)| {
        let active = || FAMILIES.into_iter().filter(|family| end.is_active(*family)).collect();
        let families = if fate.state == State::Unknown { active() } else { fate.families.clone() };
        let own = End { fate, families, with: fate.with.map(name), span: end.neighbor.place() };
        ((name(end.node), end.vrf(), end.neighbor.name.to_string()), own)
    };
    ends.map(of).collect()
}

/// The sessions of one side. Where cables are inferred, a node that goes may take with it who is at the end of a port:
/// then it is whoever the other side knows.
fn links<'a>(own: &Picture<'a>, other: &Picture<'a>) -> BTreeMap<Link<'a>, Sessions> {
    let mut links: BTreeMap<Link<'a>, Sessions> = BTreeMap::new();
    for (key, end) in &own.ends {
        let (node, vrf, peer) = key;
        let known = end.with.or_else(|| other.ends.get(key)?.with);
        if known.is_some_and(|far| !own.nodes.contains_key(far)) {
            continue;
        }
        let link = match known {
            Some(far) => Link { node: node.min(&far), far: Far::Node(far.max(node)), vrf },
            None => Link { node, far: Far::Peer(peer.clone()), vrf },
        };
        let sessions = links.entry(link).or_default();
        match end.fate.state {
            State::Up => {
                sessions.span = sessions.span.or(end.span);
                end.families.iter().for_each(|family| *sessions.up.entry(*family).or_default() += 1);
            }
            State::Unknown => {
                sessions.unknown.get_or_insert_with(|| (end.families.clone(), end.span, end.fate.cause.clone()));
            }
            State::Down => sessions.cause = sessions.cause.take().or_else(|| end.fate.cause.clone()),
        }
    }
    links
}

/// What differs in sessions: how many are up between two nodes, with each family.
pub(super) fn sessions<'a>(old: &Picture<'a>, new: &Picture<'a>) -> Changes<Session<'a>> {
    let mut changes = Changes::none();
    let none = Sessions::default();
    let (before, after) = (links(old, new), links(new, old));
    let only_new = after.keys().filter(|link| !before.contains_key(link));
    for link in before.keys().chain(only_new) {
        let (was, is) = (before.get(link), after.get(link));
        let hidden = [(Side::New, new, is), (Side::Old, old, was)];
        let hidden = hidden.iter().find(|(_, picture, own)| own.is_none() && picture.hides(link));
        let hidden = hidden.map(|(side, ..)| *side);
        let (was, is) = (was.unwrap_or(&none), is.unwrap_or(&none));
        let fewer = |than: &Sessions, own: &Sessions| -> Vec<Family> {
            let count = |family: &Family| own.up.get(family).copied().unwrap_or(0);
            than.up.iter().filter(|(family, number)| count(family) < **number).map(|(family, _)| *family).collect()
        };
        let mut add = |side, by: &Sessions, other: &Sessions, families: Vec<Family>| {
            if !families.is_empty() {
                let what = Session { link: link.clone(), families, is_whole: other.up.is_empty() };
                let item = Item { what, side, span: by.span, cause: other.cause.clone() };
                if side == Side::Old { changes.lost.push(item) } else { changes.gained.push(item) }
            }
        };
        let unknown = match (&was.unknown, &is.unknown) {
            (_, Some(own)) => Some((Side::New, Some(own))),
            (Some(own), None) => Some((Side::Old, Some(own))),
            (None, None) => hidden.map(|side| (side, None)),
        };
        match unknown {
            None => {
                add(Side::Old, was, is, fewer(was, is));
                add(Side::New, is, was, fewer(is, was));
            }
            Some((side, own)) => {
                let (families, span, cause) = own.cloned().unwrap_or_default();
                let what = Session { link: link.clone(), families, is_whole: was.up.is_empty() || is.up.is_empty() };
                changes.unknown.push(Item { what, side, span, cause });
            }
        }
    }
    changes.unknown.sort_by(|a, b| a.what.link.cmp(&b.what.link));
    changes
}

/// The parts of the fabric in which a session that nobody can predict may carry routes between nodes.
fn parts<'a, 'm: 'a>(
    prediction: &'a Prediction<'_, 'm>,
    name: &impl Fn(NodeIndex) -> &'a str,
) -> BTreeMap<&'a str, usize> {
    let fabric = prediction.fabric;
    let number: BTreeMap<NodeIndex, usize> = fabric.nodes().enumerate().map(|(at, node)| (node, at)).collect();
    // Whoever stands behind a peer that was not read is one more, and the same for all.
    let outside = number.len();
    let mut sets = UnionFind::<usize>::new(outside + 1);
    for edge in prediction.evpn.out.iter().flatten() {
        sets.union(number[&edge.from], number[&edge.to]);
    }
    let mut doubts: Vec<usize> = vec![];
    for (end, fate) in fabric.sessions.ends.iter().zip(&prediction.sessions) {
        let may_carry = end.vrf().is_empty() && (fate.with.is_some() || end.is_active(Family::Evpn));
        if fate.state == State::Unknown && may_carry {
            sets.union(number[&end.node], fate.with.map_or(outside, |far| number[&far]));
            doubts.push(number[&end.node]);
        }
    }
    let doubtful: BTreeSet<usize> = doubts.into_iter().map(|node| sets.find(node)).collect();
    let of = number.into_iter().map(|(node, at)| (name(node), sets.find(at)));
    of.filter(|(_, part)| doubtful.contains(part)).collect()
}

fn exits<'a, 'm: 'a>(
    prediction: &'a Prediction<'_, 'm>,
    name: &impl Fn(NodeIndex) -> &'a str,
) -> BTreeMap<Exit<'a>, Fact> {
    let fabric = prediction.fabric;
    let mut found = BTreeMap::new();
    for exit in &fabric.exits {
        let key = Exit { node: name(exit.node), vrf: exit.vrf, way: Way::Leak };
        found.entry(key).or_insert_with(|| Fact::up(exit.import.span()));
    }
    for node in fabric.nodes() {
        let Some(frr) = &fabric.node(node).frr else { continue };
        for route in frr.statics.iter().filter(|route| route.prefix.value.length() == 0 && !route.blackhole) {
            let key = Exit { node: name(node), vrf: route.vrf.as_deref().unwrap_or(""), way: Way::Static };
            found.entry(key).or_insert_with(|| Fact::up(route.prefix.span()));
        }
        for instance in &frr.bgp {
            let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
            let offers = |own: &Neighbor| {
                let families = [Family::Ipv4Unicast, Family::Ipv6Unicast].into_iter();
                families.filter_map(|family| own.family(family)).find_map(|own| {
                    Some(own.default_originate.as_ref().filter(|_| is_on(&own.default_originate))?.span())
                })
            };
            if let Some(span) = instance.neighbors.values().find_map(offers) {
                found.entry(Exit { node: name(node), vrf, way: Way::Offer }).or_insert_with(|| Fact::up(span));
            }
        }
    }
    found
}

fn leaks<'a, 'm: 'a>(prediction: &'a Prediction<'_, 'm>) -> BTreeMap<Leak<'a>, Fact> {
    let tenants = &prediction.fabric.tenants;
    let mut found = BTreeMap::new();
    tenants.each_leak(
        |_, _| true,
        |leak| {
            let line = leak.hops.iter().find(|hop| hop.is_local()).or(leak.hops.first());
            let state = if leak.sure { State::Up } else { State::Unknown };
            let key = Leak { from: tenants.all[leak.from].title(), to: tenants.all[leak.to].title() };
            found.insert(key, Fact { state, span: line.and_then(|hop| hop.span), cause: None });
        },
    );
    found
}

fn rooms<'a, 'm: 'a>(
    prediction: &'a Prediction<'_, 'm>,
    name: &impl Fn(NodeIndex) -> &'a str,
) -> BTreeMap<(Vni, &'a str), Room> {
    let budgets = prediction.budgets();
    let tightest = budgets.tightest(None).into_iter().map(|((vni, node), budget)| {
        let (need, least) = (budget.need, budgets.least(budget.limit));
        let port = budget.limit.and_then(|limit| limit.port).map(|port| &prediction.demand().ports.all[port as usize]);
        let room = Room {
            bytes: least.map(|least| need.inner.min(least.saturating_sub(need.overhead))),
            is_whole: budgets.fit(&budget) != Fit::Unknown,
            span: port.and_then(|port| Some(port.mtu.as_ref()?.span)),
        };
        ((vni, name(node)), room)
    });
    tightest.collect()
}

/// What differs in MTUs, where a VNI is on both sides; what has the same values on both sides is one group.
pub(super) fn mtus<'a>(old: &Picture<'a>, new: &Picture<'a>) -> Changes<Mtu<'a>> {
    let mut changes = Changes::none();
    type Values = (Option<u32>, Option<u32>);
    type Group<'a> = BTreeMap<(Verdict, Values), BTreeMap<Vni, Vec<(&'a str, Option<Span>)>>>;
    let mut groups: Group<'a> = BTreeMap::new();
    let both = old.mtus.iter().filter_map(|(key, was)| Some((*key, *was, *new.mtus.get(key)?)));
    for ((vni, node), was, is) in both {
        let Some((verdict, span)) = verdict(was, is) else { continue };
        let group = groups.entry((verdict, (was.bytes, is.bytes))).or_default();
        group.entry(vni).or_default().push((node, span));
    }
    for ((verdict, (old, new)), of) in groups {
        let mut by_nodes: BTreeMap<Vec<(&'a str, Option<Span>)>, Vec<Vni>> = BTreeMap::new();
        of.into_iter().for_each(|(vni, nodes)| by_nodes.entry(nodes).or_default().push(vni));
        for (nodes, vnis) in by_nodes {
            let span = nodes.iter().find_map(|(_, span)| *span);
            let what = Mtu { vnis, nodes: nodes.into_iter().map(|(node, _)| node).collect(), old, new };
            let (list, side) = match verdict {
                // The port that is too small is the new tree's.
                Verdict::Lost => (&mut changes.lost, Side::New),
                Verdict::Gained => (&mut changes.gained, Side::New),
                Verdict::Unknown(side) => (&mut changes.unknown, side),
            };
            list.push(Item { what, side, span, cause: None });
        }
    }
    changes
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Lost,
    Gained,
    Unknown(Side),
}

/// What becomes of the room in a tunnel, and the port that decides it. What is not wholly known is a bound from above.
fn verdict(was: Room, is: Room) -> Option<(Verdict, Option<Span>)> {
    match (was.bytes, is.bytes) {
        (Some(before), Some(after)) if after < before && was.is_whole => Some((Verdict::Lost, is.span)),
        (Some(before), Some(after)) if after > before && is.is_whole => Some((Verdict::Gained, is.span)),
        (before, after) if before == after && was.is_whole == is.is_whole => {
            (!is.is_whole).then_some((Verdict::Unknown(Side::New), is.span))
        }
        _ if !is.is_whole => Some((Verdict::Unknown(Side::New), is.span)),
        _ => Some((Verdict::Unknown(Side::Old), was.span)),
    }
}
