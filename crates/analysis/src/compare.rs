//! What two fabrics differ in by what comes of them: what works in one and not in the other, whatever lines differ.
//!
//! Each side becomes a `Picture`: sets of what works by names, for positions say nothing across two
//! trees. The difference is a merge of the sets. Flood lists and type-5 routes are pairs of nodes, and a thousand nodes
//! have a million: members with equal lists on both sides are compared once, and told as one group.
//!
//! What depends on what no file says is neither lost nor gained, nor equal: it is unknown, with the side that does not say.

use crate::predict::{
    Prediction,
    fate::{Cause, State},
};
use evpnlint_core::{
    model::{Prefix, Vni, bgp::Family},
    source::Span,
};
use picture::Picture;
use std::collections::BTreeMap;

mod pairs;
mod picture;

/// One of the two trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The first.
    Old,
    /// The second.
    New,
}

/// What differs of one kind of thing, each in order.
#[derive(Debug)]
pub struct Changes<T> {
    /// What works in the old tree alone; the lines are the old tree's.
    pub lost: Vec<Item<T>>,
    /// What works in the new tree alone; the lines are the new tree's.
    pub gained: Vec<Item<T>>,
    /// What cannot be said of one tree at least.
    pub unknown: Vec<Item<T>>,
}

/// One thing that differs.
#[derive(Debug)]
pub struct Item<T> {
    /// What.
    pub what: T,
    /// Whose line that is.
    pub side: Side,
    /// The line that makes it, where one does; of an MTU, the one that bounds it now.
    pub span: Option<Span>,
    /// Why it does not work on the other side, where it is configured there; its places are that side's. Of what is unknown,
    /// why that is so.
    pub cause: Option<Cause>,
}

/// The other end of a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Far<'a> {
    /// A node.
    Node(&'a str),
    /// A peer that no node is known to be, as the node calls it.
    Peer(String),
}

/// The BGP sessions between two nodes in one VRF.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link<'a> {
    /// One node; the first of the two by name.
    pub node: &'a str,
    /// The other end.
    pub far: Far<'a>,
    /// The VRF; the default one is empty.
    pub vrf: &'a str,
}

/// What differs in sessions.
#[derive(Debug)]
pub struct Session<'a> {
    /// Between whom.
    pub link: Link<'a>,
    /// The address families that fewer sessions have on the other side; those that are configured, of what is unknown.
    pub families: Vec<Family>,
    /// Whether no session between the two is up on the other side.
    pub is_whole: bool,
}

/// Which VNIs there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A bridge domain.
    L2,
    /// A VRF's.
    L3,
}

/// A VNI on a node that originates routes for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VniOn<'a> {
    /// The VNI.
    pub vni: Vni,
    /// Its layer.
    pub layer: Layer,
    /// The node.
    pub node: &'a str,
}

/// Who floods to whom.
#[derive(Debug)]
pub struct Flood<'a> {
    /// In which VNIs.
    pub vnis: Vec<Vni>,
    /// Who.
    pub senders: Vec<&'a str>,
    /// To whom, each but itself.
    pub vteps: Vec<&'a str>,
    /// How many pairs those are, in all the VNIs.
    pub pairs: usize,
}

/// Type-5 routes in the tables of a VRF.
#[derive(Debug)]
pub struct Routes<'a> {
    /// The VRF; the default one is empty.
    pub vrf: &'a str,
    /// Whose tables.
    pub receivers: Vec<&'a str>,
    /// Who originates them.
    pub originators: Vec<&'a str>,
    /// The prefixes that all of them originate.
    pub prefixes: Vec<Prefix>,
}

/// How packets leave a VRF of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The VRF is leaked into the default one, whose routes lead out: an exit node.
    Leak,
    /// A static default route.
    Static,
    /// The node offers a default route to its neighbours.
    Offer,
}

/// A way out on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exit<'a> {
    /// The node.
    pub node: &'a str,
    /// The VRF; the default one is empty.
    pub vrf: &'a str,
    /// Which way.
    pub way: Way,
}

/// The largest packets that fit.
#[derive(Debug)]
pub struct Mtu<'a> {
    /// In which VNIs.
    pub vnis: Vec<Vni>,
    /// From which nodes.
    pub nodes: Vec<&'a str>,
    /// What hosts may send, in bytes, before; none where it is not known.
    pub old: Option<u32>,
    /// The same, after.
    pub new: Option<u32>,
}

/// Routes of one tenant in a table of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak<'a> {
    /// Whose routes.
    pub from: &'a str,
    /// Into whose table.
    pub to: &'a str,
}

/// All that differs, causes before consequences.
#[derive(Debug)]
pub struct Difference<'a> {
    /// Nodes.
    pub nodes: Changes<&'a str>,
    /// BGP sessions.
    pub sessions: Changes<Session<'a>>,
    /// VNIs of nodes.
    pub vnis: Changes<VniOn<'a>>,
    /// Flood lists.
    pub floods: Changes<Flood<'a>>,
    /// Type-5 routes, default routes aside.
    pub routes: Changes<Routes<'a>>,
    /// Default routes of type 5.
    pub defaults: Changes<Routes<'a>>,
    /// Other ways out.
    pub exits: Changes<Exit<'a>>,
    /// MTUs.
    pub mtus: Changes<Mtu<'a>>,
    /// Tenants' leaks.
    pub leaks: Changes<Leak<'a>>,
}

/// How much differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What is lost.
    pub lost: usize,
    /// What is gained.
    pub gained: usize,
    /// What is unknown.
    pub unknown: usize,
}

/// What is known of a thing on one side.
#[derive(Clone, Debug)]
struct Fact {
    state: State,
    span: Option<Span>,
    cause: Option<Cause>,
}

impl<'a> Difference<'a> {
    /// Compares two predictions. Where each is of one node, it is taken for the same node, whatever it is called.
    pub fn new<'o: 'a, 'n: 'a>(old: &'a Prediction<'_, 'o>, new: &'a Prediction<'_, 'n>) -> Self {
        let is_one = old.fabric.devices.len() == 1 && new.fabric.devices.len() == 1;
        let alias = new.fabric.nodes().next().filter(|_| is_one).map(|only| new.fabric.name(only));
        let (old, new) = (Picture::new(old, alias), Picture::new(new, alias));
        let (routes, defaults) = pairs::routes(&old, &new);
        Self {
            nodes: merge(&old.nodes, &new.nodes, |node| [old.is_unread(node), new.is_unread(node)]),
            sessions: picture::sessions(&old, &new),
            vnis: merge(&old.vnis, &new.vnis, |own| [old.is_unread(own.node), new.is_unread(own.node)]),
            floods: pairs::floods(&old, &new),
            routes,
            defaults,
            exits: merge(&old.exits, &new.exits, |own| [old.is_unread(own.node), new.is_unread(own.node)]),
            mtus: picture::mtus(&old, &new),
            leaks: merge(&old.leaks, &new.leaks, |_| [false, false]),
        }
    }

    /// How much differs, group for group.
    pub fn counts(&self) -> Counts {
        let all = [
            self.nodes.counts(),
            self.sessions.counts(),
            self.vnis.counts(),
            self.floods.counts(),
            self.routes.counts(),
            self.defaults.counts(),
            self.exits.counts(),
            self.mtus.counts(),
            self.leaks.counts(),
        ];
        all.into_iter().fold(Counts::default(), |sum, own| Counts {
            lost: sum.lost + own.lost,
            gained: sum.gained + own.gained,
            unknown: sum.unknown + own.unknown,
        })
    }
}

impl<T> Changes<T> {
    fn none() -> Self {
        Self { lost: vec![], gained: vec![], unknown: vec![] }
    }

    /// How many there are.
    pub fn counts(&self) -> Counts {
        Counts { lost: self.lost.len(), gained: self.gained.len(), unknown: self.unknown.len() }
    }
}

/// What becomes of a thing that one side has. `hides` says of which side it is not known whether it is there, where no fact
/// tells of it.
fn merge<K: Ord + Clone>(
    old: &BTreeMap<K, Fact>,
    new: &BTreeMap<K, Fact>,
    hides: impl Fn(&K) -> [bool; 2],
) -> Changes<K> {
    let mut changes = Changes::none();
    let only_new = new.keys().filter(|key| !old.contains_key(key));
    for key in old.keys().chain(only_new) {
        let facts = [old.get(key), new.get(key)];
        let [was, is] = std::array::from_fn(|side| match facts[side] {
            Some(fact) => fact.state,
            None if hides(key)[side] => State::Unknown,
            None => State::Down,
        });
        let item = |side, of: Option<&Fact>, cause: Option<&Fact>| Item {
            what: key.clone(),
            side,
            span: of.and_then(|fact| fact.span),
            cause: cause.and_then(|fact| fact.cause.clone()),
        };
        match (was, is) {
            (State::Up, State::Down) => changes.lost.push(item(Side::Old, facts[0], facts[1])),
            (State::Down, State::Up) => changes.gained.push(item(Side::New, facts[1], facts[0])),
            (_, State::Unknown) => changes.unknown.push(item(Side::New, facts[1], facts[1])),
            (State::Unknown, _) => changes.unknown.push(item(Side::Old, facts[0], facts[0])),
            (State::Up, State::Up) | (State::Down, State::Down) => {}
        }
    }
    changes.unknown.sort_by(|a, b| a.what.cmp(&b.what));
    changes
}
