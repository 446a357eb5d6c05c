//! Where prediction and measurement differ.

use super::{
    case::{self, Case, VniState},
    pings::Shares,
};
use crate::support::prediction;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    iter::{self, Sum},
    net::IpAddr,
    ops::AddAssign,
};

/// A difference.
#[derive(Clone, Debug)]
pub(crate) struct Disagreement {
    /// The case, what differs, what was predicted of it and what was measured.
    pub(crate) line: String,
    /// What evpnlint says for itself.
    pub(crate) why: Option<String>,
}

/// How often prediction and measurement agree.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) agreed: usize,
    pub(crate) all: usize,
}

/// What came of comparing one case or more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) cases: usize,
    /// Of (case, node, peer).
    pub(crate) sessions: Count,
    /// Of (case, node, VNI).
    pub(crate) vnis: Count,
    pub(crate) pings: Shares,
    pub(crate) disagreements: Vec<Disagreement>,
}

/// What is predicted of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Predicted {
    pub(crate) sessions: Vec<prediction::Session>,
    pub(crate) vnis: Vec<prediction::Vni>,
    /// For each phase of the case.
    pub(crate) reach: Vec<Vec<prediction::Row>>,
}

impl Tally {
    pub(crate) fn of(case: &Case, predicted: &Predicted) -> Self {
        let mut tally = Self { cases: 1, ..Self::default() };
        tally.compare_sessions(case, &predicted.sessions);
        tally.compare_vnis(case, &predicted.vnis);
        assert_eq!(case.phases.len(), predicted.reach.len(), "{}: not every phase", case.name);
        for (phase, rows) in iter::zip(&case.phases, &predicted.reach) {
            let (shares, disagreements) = Shares::of(case, phase, rows);
            tally.pings += shares;
            tally.disagreements.extend(disagreements);
        }
        tally
    }

    /// Sessions of other VRFs than the default one were not measured. One that is to be down and that FRR does not know
    /// is no session to either.
    fn compare_sessions(&mut self, case: &Case, sessions: &[prediction::Session]) {
        let sessions = sessions.iter().filter(|it| it.vrf == "default");
        let predicted = once(case, sessions.map(|it| ((it.node.clone(), peer(&it.peer)), it)));
        let measured = once(case, case.sessions.iter().map(|((node, name), it)| ((node.clone(), peer(name)), it)));
        for key @ (node, peer) in both(&predicted, &measured) {
            let (predicted, measured) = (predicted.get(key).copied(), measured.get(key).copied());
            if measured.is_none() && predicted.is_some_and(|it| it.state == "down") {
                continue;
            }
            let agreed = predicted.is_some_and(|it| agree(it, measured));
            self.sessions.add(agreed);
            if !agreed {
                let predicted_words = predicted.map(|it| words(&it.state, &families(it)));
                let measured = measured.map(|it| words(&it.state, &it.families));
                let why = predicted.and_then(|it| it.why.clone());
                self.differ(&format!("{} {node} session {peer}", case.name), predicted_words, measured, why);
            }
        }
    }

    /// A VNI that bgpd does not know is as good as none.
    fn compare_vnis(&mut self, case: &Case, vnis: &[prediction::Vni]) {
        let predicted = once(case, vnis.iter().map(|it| ((it.node.clone(), it.vni), it)));
        for key @ (node, number) in both(&predicted, &case.vnis) {
            let (predicted, measured) = (predicted.get(key).filter(|it| it.live), case.vnis.get(key));
            if measured.is_none() && predicted.is_none() {
                continue;
            }
            let predicted = predicted.map(|it| {
                let unseen = unseen(case, *number, measured);
                let remote = it.remote_vteps.difference(&unseen).copied().collect();
                Live { layer: &it.layer, vtep: it.vtep, remote }
            });
            let measured = measured.filter(|it| it.state != VniState::Down).map(|it| Live {
                layer: &it.layer,
                vtep: it.vtep,
                remote: it.remote.clone(),
            });
            let agreed = predicted == measured;
            self.vnis.add(agreed);
            if !agreed {
                let words = |it: Live| it.to_string();
                let what = format!("{} {node} vni {number}", case.name);
                self.differ(&what, predicted.map(words), measured.map(words), None);
            }
        }
    }

    fn differ(&mut self, what: &str, predicted: Option<String>, measured: Option<String>, why: Option<String>) {
        let or_none = |it: Option<String>| it.unwrap_or_else(|| "none".to_owned());
        let line = format!("{what}: predicted {}, measured {}", or_none(predicted), or_none(measured));
        self.disagreements.push(Disagreement { line, why });
    }
}

/// By key, and each only once.
fn once<K: Ord + Clone + fmt::Debug, V>(case: &Case, entries: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut all = BTreeMap::new();
    for (key, value) in entries {
        assert!(all.insert(key.clone(), value).is_none(), "{}: {key:?} is told twice", case.name);
    }
    all
}

fn both<'a, K: Ord, A, B>(one: &'a BTreeMap<K, A>, other: &'a BTreeMap<K, B>) -> BTreeSet<&'a K> {
    one.keys().chain(other.keys()).collect()
}

/// An address in its usual spelling, or an interface.
fn peer(name: &str) -> String {
    name.parse::<IpAddr>().map_or_else(|_| name.to_owned(), |address| address.to_string())
}

/// FRR shows for what its own end is activated, which holds all that both are.
fn agree(predicted: &prediction::Session, measured: Option<&case::Session>) -> bool {
    match (predicted.state.as_str(), measured) {
        ("up", Some(measured)) => measured.is_up() && families(predicted).is_subset(&measured.families),
        ("down", measured) => !measured.is_some_and(case::Session::is_up),
        _ => false,
    }
}

/// What a session carries, in the words of the lab.
fn families(session: &prediction::Session) -> BTreeSet<String> {
    let word = |family: &String| match family.as_str() {
        "ipv4 unicast" => "ipv4".to_owned(),
        "l2vpn evpn" => "evpn".to_owned(),
        other => other.to_owned(),
    };
    session.families.iter().map(word).collect()
}

fn words(state: &str, families: &BTreeSet<String>) -> String {
    families.iter().fold(state.to_owned(), |words, family| words + " " + family)
}

/// Those who say nothing of an L3VNI, so that nobody can be seen to import it.
fn unseen(case: &Case, number: u32, measured: Option<&case::Vni>) -> BTreeSet<IpAddr> {
    let same = case.vnis.iter().filter(|((_, it), vni)| *it == number && vni.state == VniState::Silent);
    let seen = |vtep: &IpAddr| measured.is_some_and(|it| it.remote.contains(vtep));
    same.filter_map(|(_, vni)| vni.vtep).filter(|vtep| !seen(vtep)).collect()
}

/// A VNI that bgpd knows.
#[derive(PartialEq, Eq)]
struct Live<'a> {
    layer: &'a str,
    vtep: Option<IpAddr>,
    remote: BTreeSet<IpAddr>,
}

impl fmt::Display for Live<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} ", self.layer)?;
        match self.vtep {
            Some(vtep) => write!(to, "{vtep}")?,
            None => write!(to, "-")?,
        }
        self.remote.iter().try_for_each(|vtep| write!(to, " {vtep}"))
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.agreed += other.agreed;
        self.all += other.all;
    }
}

impl Count {
    pub(crate) fn add(&mut self, agreed: bool) {
        self.agreed += usize::from(agreed);
        self.all += 1;
    }

    pub(crate) fn per_cent(self) -> f64 {
        let float = |count: usize| f64::from(u32::try_from(count).unwrap());
        100.0 * float(self.agreed) / float(self.all)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} of {} agree ({:.2} %)", self.agreed, self.all, self.per_cent())
    }
}

impl Sum for Tally {
    fn sum<Tallies: Iterator<Item = Self>>(tallies: Tallies) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum.cases += tally.cases;
            sum.sessions += tally.sessions;
            sum.vnis += tally.vnis;
            sum.pings += tally.pings;
            sum.disagreements.extend(tally.disagreements);
            sum
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} cases; sessions: {}; VNIs: {}; pings: {}", self.cases, self.sessions, self.vnis, self.pings)
    }
}
