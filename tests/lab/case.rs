//! Reads a case: how a fabric differs from its base, and what was measured of it.

use super::{
    patch::Patch,
    pings::{Phase, Pings},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::IpAddr,
    path::Path,
};

/// Whether a case looks odd and works, or has a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Healthy,
    Fault,
}

/// What a fabric is made of, and what it was seen to do.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) base: String,
    pub(crate) kind: Kind,
    /// The folder that no node of the base keeps.
    pub(crate) without: Option<String>,
    pub(crate) patches: Vec<Patch>,
    /// By node and peer.
    pub(crate) sessions: BTreeMap<(String, String), Session>,
    /// By node and VNI.
    pub(crate) vnis: BTreeMap<(String, u32), Vni>,
    pub(crate) phases: Vec<Phase>,
}

/// A neighbour of the default VRF, as bgpd shows it.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// As FRR calls it: `Established` or any other.
    pub(crate) state: String,
    /// What it is activated for: `ipv4`, `evpn`.
    pub(crate) families: BTreeSet<String>,
}

impl Session {
    pub(crate) fn is_up(&self) -> bool {
        self.state == "Established"
    }
}

/// A VNI, as zebra shows it.
#[derive(Clone, Debug)]
pub(crate) struct Vni {
    /// `L2` or `L3`.
    pub(crate) layer: String,
    pub(crate) vtep: Option<IpAddr>,
    pub(crate) state: VniState,
    pub(crate) remote: BTreeSet<IpAddr>,
}

/// What bgpd makes of a VNI that zebra knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VniState {
    /// It knows it.
    Up,
    /// It does not.
    Down,
    /// It knows this L3VNI, and has nothing to tell of its VRF: there is no host and no subnet to announce. Nobody can
    /// have been seen to import it.
    Silent,
}

/// Every case of the lab, by name.
pub(crate) fn all(lab: &Path) -> Vec<Case> {
    let mut paths: Vec<_> = fs::read_dir(lab.join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| Case::read(name(path), &fs::read_to_string(path).unwrap())).collect()
}

impl Case {
    /// # Panics
    /// When the text is no case, with the line that is wrong.
    pub(crate) fn read(name: String, text: &str) -> Self {
        let (change, measured) = text.split_once("\n== measured\n").unwrap_or_else(|| panic!("{name}: no facts"));
        let (head, patches) = change.split_once("\n\n").unwrap_or((change, ""));
        let mut head: BTreeMap<&str, &str> = head
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split_once(' ').unwrap_or_else(|| panic!("{name}: no value: {line}")))
            .collect();
        let mut take = |key: &str| head.remove(key);
        let base = take("base").unwrap_or_else(|| panic!("{name}: no base")).to_owned();
        let kind = match take("kind") {
            Some("healthy") => Kind::Healthy,
            Some("fault") => Kind::Fault,
            kind => panic!("{name}: no such kind: {kind:?}"),
        };
        let without = take("without").map(str::to_owned);
        for (key, words) in [
            ("broken", ["yes", "degraded", "no"].as_slice()),
            ("grade", &["must-flag", "may-warn", "must-be-silent"]),
            ("frr", &["10.3"]),
        ] {
            let word = take(key);
            assert!(word.is_none_or(|word| words.contains(&word)), "{name}: no such {key}: {word:?}");
        }
        assert!(head.is_empty(), "{name}: unknown: {head:?}");

        let patches = Patch::all(&name, patches);
        let (sessions, vnis, phases) = (BTreeMap::new(), BTreeMap::new(), vec![]);
        let mut case = Self { name, base, kind, without, patches, sessions, vnis, phases };
        for line in measured.lines() {
            case.fact(line).unwrap_or_else(|| panic!("{}: no fact: {line}", case.name));
        }
        case
    }

    /// Takes down a line of what was measured, if it is one.
    fn fact(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let node = words.next()?.to_owned();
        if node == "ping" {
            let name = words.next()?;
            let pings = Pings::read(words)?;
            match self.phases.iter_mut().find(|phase| phase.name == name) {
                Some(phase) => phase.pings.push(pings),
                None => self.phases.push(Phase { name: name.to_owned(), pings: vec![pings] }),
            }
            return Some(());
        }
        let twice = match words.next()? {
            "session" => {
                let peer = words.next()?.to_owned();
                let state = words.next()?.to_owned();
                let session = Session { state, families: words.map(str::to_owned).collect() };
                self.sessions.insert((node, peer), session).is_some()
            }
            "vni" => {
                let number = words.next()?.parse().ok()?;
                let layer = words.next().filter(|layer| ["L2", "L3"].contains(layer))?.to_owned();
                let _vrf = words.next()?;
                let vtep = match words.next()? {
                    "-" => None,
                    vtep => Some(vtep.parse().ok()?),
                };
                let state = match words.next()? {
                    "up" => VniState::Up,
                    "down" => VniState::Down,
                    "silent" => VniState::Silent,
                    _ => return None,
                };
                let remote = words.map(|vtep| vtep.parse().ok()).collect::<Option<_>>()?;
                self.vnis.insert((node, number), Vni { layer, vtep, state, remote }).is_some()
            }
            "rib" => false,
            _ => return None,
        };
        (!twice).then_some(())
    }
}
