//! What FRR will do with all this: which sessions come up, which addresses can be reached, who receives whose EVPN
//! routes and keeps them. [`crate::fabric`] holds what is configured, intended links included; here is what comes of
//! it.
//!
//! | module | what it predicts |
//! |---|---|
//! | [`speaker`] | the router-ids that BGP speakers choose |
//! | [`fate`] | what becomes of a session end, and why |
//! | [`end`] | one end of a session, or the group that a caller joins |
//! | `alone` | what keeps a session down by the configuration of one end |
//! | `agree` | what both ends must agree on |
//! | [`verdict`] | whether a BGP session comes up, and with which address families |
//! | `wire` | the same over links whose ends no address tells |
//! | [`call`] | whether one end calls the other and is heard |
//! | [`terms`] | hold times, roles and BFD, on which both ends must agree |
//! | [`ribs`] | which addresses each node has a route to, over whatever protocol |
//! | [`igp`], [`unicast`] | what OSPF, IS-IS and BGP announce of them |
//! | [`graph`] | the ways that routes of one address family take |
//! | [`flow`] | how far a route gets on them |
//! | [`sieve`] | which EVPN routes the policies of the fabric treat alike |
//! | [`origin`] | which EVPN routes a node originates, and why not |
//! | [`flood`] | the flood list of each VNI on each node |
//! | [`tenant`] | the type-5 routes of each VRF |
//! | [`demand`] | what tunnels ask of the underlay |
//! | [`budget`] | whether tunnels fit the underlay |
//! | [`narrow`] | interfaces that are too small for the tunnels that run over them |
//! | [`ports`] | which ports a packet crosses from node to node |
//! | [`resilience`] | what one failed node, link or session takes away |
//! | [`why`] | one pair of nodes, step by step |
//!
//! A session needs a route to the peer, and routes come over sessions: [`Prediction::new`] repeats both until nothing
//! changes. Mostly every round adds sessions alone; but a session can take away the route that it came up by, and what
//! goes round so is [`fate::State::Unknown`].
//!
//! Three things stand in no file: cabling, the world behind a default gateway, and hosts. Where they decide, a session
//! is [`fate::State::Unknown`] or a route is assumed, never denied.

use crate::fabric::{
    Fabric, NodeIndex,
    sessions::{Answer, SessionEnd, SessionEndIndex, Target},
};
use budget::Budgets;
use demand::Demand;
use evpnlint_core::{model::bgp::Family, source::Span};
use fate::{Fates, SessionFate, State};
use flood::Floods;
use graph::Graph;
use narrow::NarrowPorts;
use resilience::Resilience;
use ribs::Ribs;
use speaker::Speakers;
use std::{cell::OnceCell, collections::BTreeSet, net::IpAddr};

mod agree;
mod alone;
pub mod budget;
pub mod call;
pub mod demand;
pub mod end;
pub mod fate;
pub mod flood;
pub mod flow;
pub mod graph;
pub mod igp;
mod lost;
pub mod narrow;
pub mod origin;
pub mod ports;
pub mod resilience;
pub mod ribs;
pub mod sieve;
pub mod speaker;
pub mod tenant;
pub mod terms;
pub mod unicast;
pub mod verdict;
pub mod why;
mod wire;

/// After how many rounds of sessions and routes what still changes is taken to go round: one for each session that the
/// next depends on, and no fabric is that deep.
const MOST_ROUNDS: usize = 100;

/// What will come of a fabric.
pub struct Prediction<'f, 'm> {
    /// What is configured.
    pub fabric: &'f Fabric<'m>,
    /// Who has which router-id.
    pub speakers: Speakers,
    /// The fate of each session end, by its position in [`crate::fabric::sessions::Sessions::ends`].
    pub sessions: Fates,
    /// Who has a route to which address.
    pub ribs: Ribs<'m>,
    /// The ways that EVPN routes take.
    pub evpn: Graph<'m>,
    /// Who floods where.
    pub floods: Floods<'m>,
    demand: OnceCell<Demand<'m>>,
    narrows: OnceCell<NarrowPorts<'m>>,
    resilience: OnceCell<Resilience<'m>>,
}

impl<'f, 'm> Prediction<'f, 'm> {
    /// Predicts.
    pub fn new(fabric: &'f Fabric<'m>) -> Self {
        let speakers = Speakers::new(fabric);
        let mut ribs = Ribs::new(fabric);
        let mut sessions = verdict::judge(fabric, &speakers, &mut ribs);
        let mut seen: BTreeSet<Vec<State>> = BTreeSet::new();
        while ribs.learn(fabric, &speakers, &sessions) {
            let next = verdict::judge(fabric, &speakers, &mut ribs);
            let states: Vec<State> = next.iter().map(|fate| fate.state).collect();
            let settled = states.iter().zip(&sessions).all(|(next, last)| *next == last.state);
            let goes_round = !seen.insert(states) || seen.len() > MOST_ROUNDS;
            let last = std::mem::replace(&mut sessions, next);
            if settled {
                break;
            }
            if goes_round {
                sessions.iter_mut().zip(last).for_each(|(next, last)| next.flap(last));
                ribs.learn(fabric, &speakers, &sessions);
                break;
            }
        }
        let evpn = Graph::evpn(fabric, &speakers, &sessions);
        let floods = Floods::new(fabric, &evpn, &mut ribs);
        Self {
            fabric,
            speakers,
            sessions,
            ribs,
            evpn,
            floods,
            demand: OnceCell::new(),
            narrows: OnceCell::new(),
            resilience: OnceCell::new(),
        }
    }

    /// What one failure takes away; computed when it is first asked for.
    pub fn resilience(&self) -> &Resilience<'m> {
        self.resilience.get_or_init(|| Resilience::new(self.fabric, &self.evpn, &self.floods))
    }

    /// What tunnels ask of the underlay; computed when it is first asked for.
    pub fn demand(&self) -> &Demand<'m> {
        self.demand.get_or_init(|| Demand::new(self.fabric))
    }

    /// Whether tunnels fit the underlay.
    pub fn budgets(&self) -> Budgets<'_, 'm> {
        Budgets::new(self.fabric, &self.ribs, self.demand())
    }

    /// Whether all that is configured comes up, so far as anybody can say, and every VTEP receives the routes of all
    /// others: what is lost already is reported first, and may be the second way.
    pub fn is_healthy(&self) -> bool {
        let sessions = &self.fabric.sessions;
        let mut session_ends =
            sessions.ends.iter().zip(&self.sessions).filter(|(session_end, _)| session_end.vrf().is_empty());
        let lacks = |session_end: &SessionEnd, fate: &SessionFate| {
            fate.state == State::Down || session_end.is_active(Family::Evpn) && !fate.families.contains(&Family::Evpn)
        };
        !session_ends.any(|(session_end, fate)| lacks(session_end, fate) || self.fabric.is_misread(session_end.node))
            && self.resilience().distribution.learns_all
            && self.resilience().distribution.is_whole()
    }
}

/// A peer that a listen range makes of a caller.
pub struct Caller<'m> {
    /// The node that listens.
    pub node: NodeIndex,
    /// The VRF it listens in; the default one is empty.
    pub vrf: &'m str,
    /// Who calls.
    pub address: IpAddr,
    /// The session end that calls.
    pub session_end: SessionEndIndex,
    /// The listen range.
    pub span: Option<Span>,
}

impl<'m> Prediction<'_, 'm> {
    /// The interfaces that are too small for the tunnels that run over them.
    pub fn narrows(&self) -> &NarrowPorts<'m> {
        self.narrows.get_or_init(|| narrow::narrow(self.fabric, &self.ribs, self.demand()))
    }

    /// The peers of listen ranges whose sessions come up.
    pub fn callers(&self) -> Vec<Caller<'m>> {
        let session_ends = self.fabric.sessions.ends.iter_enumerated();
        let caller =
            |(at, session_end): (SessionEndIndex, &SessionEnd<'m>)| match (session_end.target, session_end.answer) {
                (Target::Port(port), Answer::Range(instance, range)) if self.sessions[at].state == State::Up => {
                    Some(Caller {
                        node: port.node,
                        vrf: instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str()),
                        address: session_end.source_address()?,
                        session_end: at,
                        span: range.range.span(),
                    })
                }
                _ => None,
            };
        session_ends.filter_map(caller).collect()
    }
}
