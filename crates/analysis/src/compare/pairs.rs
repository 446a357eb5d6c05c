//! What differs in pairs of nodes: flood lists, and who has whose type-5 routes.
//!
//! Receivers with the same sets on both sides lose and gain the same, and are one group. A pair that one side lacks is
//! denied by it only if its route targets forbid it, or no session that nobody can predict may carry the routes.

use super::{
    Changes, Flood, Item, Routes, Side,
    picture::{Member, Picture},
};
use crate::predict::flood::Class;
use evpnlint_core::{
    model::{Prefix, Vni},
    source::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

type Members<'a> = BTreeMap<&'a str, Member<'a>>;
type Names<'a> = Vec<&'a str>;

/// By kind, senders and receivers, the VNIs and the first place.
type Alike<'a> = BTreeMap<(Kind, Names<'a>, Names<'a>), (Vec<Vni>, Option<Span>)>;

/// What some receivers lose and gain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Lost,
    Gained,
    Unknown(Side),
}

/// Receivers that lose or gain the same originators.
struct Group<'a> {
    kind: Kind,
    receivers: Names<'a>,
    originators: Names<'a>,
    span: Option<Span>,
}

/// The sets of one side less those of the other, by their classes.
#[derive(Default)]
struct Less<'a>(BTreeMap<[Option<Class>; 2], Rc<Names<'a>>>);

impl<'a> Less<'a> {
    /// What the first class has and the second has not.
    fn of<'p>(&mut self, classes: [Option<Class>; 2], one: &'p Picture<'a>, other: &'p Picture<'a>) -> Rc<Names<'a>> {
        let found = self.0.entry(classes).or_insert_with(|| {
            let set = |picture: &'p Picture<'a>, class: Option<Class>| picture.sets.get(&class?);
            let without = set(other, classes[1]);
            let all = set(one, classes[0]).into_iter().flatten();
            Rc::new(all.copied().filter(|own| without.is_none_or(|without| !without.contains(own))).collect())
        });
        found.clone()
    }
}

/// Compares the sets of the members of one VNI or VRF.
struct Comparison<'p, 'a> {
    old: &'p Picture<'a>,
    new: &'p Picture<'a>,
    lost: Less<'a>,
    gained: Less<'a>,
}

impl<'p, 'a> Comparison<'p, 'a> {
    fn new(old: &'p Picture<'a>, new: &'p Picture<'a>) -> Self {
        Self { old, new, lost: Less::default(), gained: Less::default() }
    }

    fn groups(&mut self, was: &Members<'a>, is: &Members<'a>) -> Vec<Group<'a>> {
        let mut found: BTreeMap<(Kind, Names<'a>), (Names<'a>, Option<Span>)> = BTreeMap::new();
        let nodes: BTreeSet<&'a str> = was.keys().chain(is.keys()).copied().collect();
        for node in nodes {
            let (before, after) = (was.get(node), is.get(node));
            let classes = [before.map(|own| own.class), after.map(|own| own.class)];
            let lost = self.lost.of(classes, self.old, self.new);
            let gained = self.gained.of([classes[1], classes[0]], self.new, self.old);
            for (originators, side, own, lacks, kind) in
                [(&lost, Side::New, before, after, Kind::Lost), (&gained, Side::Old, after, before, Kind::Gained)]
            {
                if originators.is_empty() {
                    continue;
                }
                let other = if side == Side::New { self.new } else { self.old };
                let wanted = lacks.and_then(|own| other.sets.get(&own.wanted));
                // Without the VNI nothing arrives, whatever the sessions do.
                let is_open = |originator: &str| match wanted {
                    Some(wanted) => wanted.contains(originator) && other.may_join(node, originator),
                    None => other.is_unread(node),
                };
                let others = originators.iter().copied().filter(|own| *own != node);
                let (unknown, sure): (Names<'a>, Names<'a>) = others.partition(|own| is_open(own));
                for (kind, mut names) in [(kind, sure), (Kind::Unknown(side), unknown)] {
                    if names.is_empty() {
                        continue;
                    }
                    // Whoever is of the group itself is counted out below, so that all of a VNI are one group.
                    if originators.contains(&node) {
                        let at = names.partition_point(|own| *own < node);
                        names.insert(at, node);
                    }
                    let group = found.entry((kind, names)).or_insert((vec![], own.and_then(|own| own.span)));
                    group.0.push(node);
                }
            }
        }
        let groups = found.into_iter().map(|((kind, mut originators), (receivers, span))| {
            if let [only] = receivers[..] {
                originators.retain(|own| *own != only);
            }
            Group { kind, receivers, originators, span }
        });
        groups.collect()
    }
}

/// How many pairs of different nodes two sorted lists make.
fn pairs(one: &[&str], other: &[&str]) -> usize {
    let same = one.iter().filter(|own| other.binary_search(own).is_ok()).count();
    one.len() * other.len() - same
}

fn push<T>(changes: &mut Changes<T>, kind: Kind, what: T, span: Option<Span>) {
    let (list, side) = match kind {
        Kind::Lost => (&mut changes.lost, Side::Old),
        Kind::Gained => (&mut changes.gained, Side::New),
        // The line is that of the side that has it.
        Kind::Unknown(Side::New) => (&mut changes.unknown, Side::Old),
        Kind::Unknown(Side::Old) => (&mut changes.unknown, Side::New),
    };
    list.push(Item { what, side, span, cause: None });
}

/// What differs in flood lists.
pub(super) fn floods<'a>(old: &Picture<'a>, new: &Picture<'a>) -> Changes<Flood<'a>> {
    let none = Members::new();
    let mut comparison = Comparison::new(old, new);
    let mut alike: Alike<'a> = BTreeMap::new();
    let vnis: BTreeSet<&Vni> = old.floods.keys().chain(new.floods.keys()).collect();
    for vni in vnis {
        let was = old.floods.get(vni).unwrap_or(&none);
        let is = new.floods.get(vni).unwrap_or(&none);
        for Group { kind, receivers, originators, span } in comparison.groups(was, is) {
            alike.entry((kind, receivers, originators)).or_insert((vec![], span)).0.push(*vni);
        }
    }
    let mut changes = Changes::none();
    for ((kind, senders, vteps), (vnis, span)) in alike {
        let pairs = pairs(&senders, &vteps) * vnis.len();
        push(&mut changes, kind, Flood { vnis, senders, vteps, pairs }, span);
    }
    changes
}

/// What differs in type-5 routes, and in default routes among them.
pub(super) fn routes<'a>(old: &Picture<'a>, new: &Picture<'a>) -> (Changes<Routes<'a>>, Changes<Routes<'a>>) {
    let none = Members::new();
    let mut comparison = Comparison::new(old, new);
    let (mut routes, mut defaults) = (Changes::none(), Changes::none());
    let vrfs: BTreeSet<&'a str> = old.vrfs.keys().chain(new.vrfs.keys()).copied().collect();
    for vrf in vrfs {
        let was = old.vrfs.get(vrf).unwrap_or(&none);
        let is = new.vrfs.get(vrf).unwrap_or(&none);
        let prefixes = |of: &Members<'a>, node: &str| of.get(node).map(|own| own.prefixes.clone()).unwrap_or_default();
        let mut add = |kind, receivers: &Names<'a>, all: BTreeMap<Vec<Prefix>, Names<'a>>, span: Option<Span>| {
            for (prefixes, originators) in all {
                if pairs(receivers, &originators) == 0 {
                    continue;
                }
                let (out, inside): (Vec<Prefix>, Vec<Prefix>) = prefixes.into_iter().partition(|own| own.length() == 0);
                for (changes, prefixes) in [(&mut routes, inside), (&mut defaults, out)] {
                    if !prefixes.is_empty() {
                        let (receivers, originators) = (receivers.clone(), originators.clone());
                        push(changes, kind, Routes { vrf, receivers, originators, prefixes }, span);
                    }
                }
            }
        };
        // Whom a node has routes of no longer.
        for Group { kind, receivers, originators, span } in comparison.groups(was, is) {
            let of = if matches!(kind, Kind::Lost | Kind::Unknown(Side::New)) { was } else { is };
            let mut all: BTreeMap<Vec<Prefix>, Names<'a>> = BTreeMap::new();
            for originator in originators {
                all.entry(prefixes(of, originator).into_iter().collect()).or_default().push(originator);
            }
            add(kind, &receivers, all, span);
        }
        // What those send no longer of whom a node still has routes: receivers of one class on each side have them of the same.
        let mut alike: BTreeMap<[Class; 2], Names<'a>> = BTreeMap::new();
        for (node, own) in was {
            if let Some(after) = is.get(node) {
                alike.entry([own.class, after.class]).or_default().push(node);
            }
        }
        for (node, before) in was {
            let Some(after) = is.get(node).filter(|after| after.prefixes != before.prefixes) else { continue };
            let keeps =
                |picture: &Picture<'a>, class: Class| picture.sets.get(&class).is_some_and(|set| set.contains(node));
            let keeping = alike.iter().filter(|([one, other], _)| keeps(old, *one) && keeps(new, *other));
            let mut receivers: Names<'a> =
                keeping.flat_map(|(_, names)| names).copied().filter(|other| other != node).collect();
            receivers.sort_unstable();
            for (kind, side, one, other) in
                [(Kind::Lost, Side::New, before, after), (Kind::Gained, Side::Old, after, before)]
            {
                let gone: Vec<Prefix> = one.prefixes.difference(&other.prefixes).copied().collect();
                let picture = if side == Side::New { new } else { old };
                let kind = if picture.is_unread(node) { Kind::Unknown(side) } else { kind };
                add(kind, &receivers, BTreeMap::from([(gone, vec![*node])]), one.span);
            }
        }
    }
    (routes, defaults)
}
