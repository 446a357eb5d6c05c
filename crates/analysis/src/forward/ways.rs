//! Every one of several equal ways of a request and of its reply. A hash picks one for each flow, so that a flow whose way
//! loses its packets loses all of them, and another nothing.

use super::{
    Forwarding,
    journey::{Journey, Leg, Picks},
    loss::Fate,
    ping::{Echo, Probe, Verdict},
};
use std::collections::BTreeMap;

/// How many ways of a request, and how many of its reply, are followed at most.
pub const MOST_WAYS: usize = 4096;

/// One way of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way<'m> {
    /// What becomes of it.
    pub fate: Fate<'m>,
    /// The steps up to there.
    pub legs: Vec<Leg<'m>>,
}

/// The ways of a packet.
#[derive(Clone, Debug, Default)]
pub struct Ways<'m> {
    /// Those that were followed, each once.
    pub all: Vec<Way<'m>>,
    /// Whether there are more than [`MOST_WAYS`].
    pub is_cut: bool,
}

/// All ways of a request, and of the replies of all who take it.
#[derive(Clone, Debug)]
pub struct EveryWay<'m> {
    /// The ways there.
    pub there: Ways<'m>,
    /// The ways back; none where nobody takes the request.
    pub back: Ways<'m>,
}

impl<'m> Ways<'m> {
    /// Those that lose the packet.
    pub fn lost(&self) -> impl Iterator<Item = &Way<'m>> {
        self.all.iter().filter(|way| matches!(way.fate, Fate::Lost(_)))
    }

    fn are_all_lost(&self) -> bool {
        !self.is_cut && self.lost().count() == self.all.len()
    }

    /// The way that decides: the first that loses the packet, else the first of which nobody can say more, else the first.
    fn deciding(&self) -> Option<&Way<'m>> {
        self.lost().next().or_else(|| self.all.iter().find(|way| !way.fate.arrives())).or(self.all.first())
    }
}

impl<'m> EveryWay<'m> {
    /// The verdict on all ways together. A loss on some of them counts more than a doubt on others.
    pub fn verdict(&self) -> Verdict {
        let both = [&self.there, &self.back];
        let is_lost = both.iter().any(|ways| ways.lost().next().is_some());
        let is_certain = both.iter().all(|ways| !ways.is_cut && ways.all.iter().all(|way| way.fate.arrives()));
        let is_for_host = || self.there.all.iter().any(|way| matches!(way.fate, Fate::Host(_)));
        match is_lost {
            true if self.there.are_all_lost() => Verdict::Lost,
            true if !self.back.all.is_empty() && self.back.are_all_lost() => match is_for_host() {
                true => Verdict::OneWay,
                false => Verdict::Lost,
            },
            true => Verdict::Partial,
            false if is_certain => Verdict::Ok,
            false => Verdict::Unknown,
        }
    }

    /// The request and the reply on the ways that decide.
    pub fn deciding(&self) -> Option<Echo<'m>> {
        let there = self.there.deciding()?.clone();
        let back = self.back.deciding().cloned();
        let (back, home) = back.map_or((None, vec![]), |way| (Some(way.fate), way.legs));
        Some(Echo { there: there.fate, out: there.legs, back, home })
    }
}

impl<'m> Forwarding<'_, 'm> {
    /// Takes a request over every one of the equal ways, and the reply of each who takes it likewise.
    pub fn every_way(&self, probe: Probe<'m>) -> EveryWay<'m> {
        self.asking(probe, || {
            // Whom this wakes is awake on every way.
            self.ping(probe);
            let flooded = self.flooded.take();
            self.follows_one.set(true);
            let mut there = Ways::default();
            self.follow_each(&mut there, |journey| Some(self.request(probe, journey)));
            let mut takers: Vec<&Fate<'m>> = vec![];
            for way in there.all.iter().filter(|way| way.fate.arrives()) {
                if !takers.contains(&&way.fate) {
                    takers.push(&way.fate);
                }
            }
            let mut back = Ways::default();
            for taker in takers {
                self.follow_each(&mut back, |journey| self.reply(probe, taker, journey));
            }
            self.follows_one.set(false);
            self.flooded.replace(flooded);
            EveryWay { there, back }
        })
    }

    /// Follows a packet over one way after the other.
    fn follow_each(&self, found: &mut Ways<'m>, send: impl Fn(&mut Journey<'m>) -> Option<Fate<'m>>) {
        let mut next = Some(Picks::default());
        let mut tries = 0;
        let mut seen: BTreeMap<Vec<Leg<'m>>, Vec<Fate<'m>>> = BTreeMap::new();
        while let Some(picks) = next {
            if tries == MOST_WAYS {
                found.is_cut = true;
                return;
            }
            tries += 1;
            let mut journey = Journey::following(picks);
            let fate = send(&mut journey);
            next = journey.picks.take().and_then(Picks::next);
            let Some(fate) = fate else { continue };
            let way = Way { fate, legs: journey.legs };
            let fates = seen.entry(way.legs.clone()).or_default();
            if !fates.contains(&way.fate) {
                fates.push(way.fate.clone());
                found.all.push(way);
            }
        }
    }
}
