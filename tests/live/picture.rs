//! What a fabric does, measured or predicted, in the words of `evpnlint show --format json`.

use super::{
    pings::{Fdb, Ping},
    routes::Route,
};
use crate::support::prediction::{self, Session, Vni};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    path::Path,
};

/// The sessions and the VNIs of a fabric; and what is measured alone, which [`super::compare`] compares.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Picture {
    pub(crate) sessions: Vec<Session>,
    pub(crate) vnis: Vec<Vni>,
    /// The addresses of all nodes.
    pub(crate) addresses: BTreeSet<IpAddr>,
    pub(crate) routes: Vec<Route>,
    pub(crate) hosts: Vec<Attached>,
    pub(crate) pings: Vec<Ping>,
    pub(crate) fdb: Vec<Fdb>,
}

/// Where a host is attached.
#[derive(Serialize, Deserialize)]
pub(crate) struct Attached {
    pub(crate) node: String,
    pub(crate) bridge: String,
    pub(crate) mac: String,
}

impl Picture {
    /// What evpnlint makes of the files in `folder`.
    pub(crate) fn predict(folder: &Path) -> Self {
        let (sessions, vnis) = (prediction::sessions(folder), prediction::vnis(folder));
        Self { sessions, vnis, ..Self::default() }
    }

    /// What is compared: the families of a session that is not down; the VTEP of an L2VNI that lives, and those to which
    /// it floods. What is not there does nothing, so an end that is down and one that is not there are the same.
    fn facts(&self) -> BTreeMap<String, String> {
        let sessions = self.sessions.iter().filter(|session| session.state != "down");
        let sessions = sessions.map(|session| {
            let families: BTreeSet<&str> = session.families.iter().map(String::as_str).collect();
            let families: Vec<&str> = families.into_iter().collect();
            (title(session), format!("{} {}", session.state, families.join(", ")))
        });
        let vnis = self.vnis.iter().filter(|vni| vni.layer == "L2" && (vni.live || !vni.flood_vteps.is_empty()));
        let vnis = vnis.map(|vni| {
            let vteps = vni.vtep.iter().chain(&vni.flood_vteps).map(ToString::to_string);
            (format!("{} VNI {}", vni.node, vni.vni), vteps.collect::<Vec<_>>().join(" "))
        });
        sessions.chain(vnis).collect()
    }

    /// In what a prediction and a measurement differ, a line each.
    pub(crate) fn differences(&self, measured: &Self) -> Vec<String> {
        let (said, seen) = (self.facts(), measured.facts());
        let differs = |what: &&String| said.get(*what) != seen.get(*what);
        let all: BTreeSet<&String> = said.keys().chain(seen.keys()).filter(differs).collect();
        let tell = |what: &String| {
            let value = |facts: &BTreeMap<_, String>| facts.get(what).map_or("none", String::as_str).to_owned();
            let about = self.sessions.iter().find(|session| title(session) == *what);
            let why = about.and_then(|session| session.why.as_ref()).map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{what}: predicted {}{why}, measured {}", value(&said), value(&seen))
        };
        all.into_iter().map(tell).collect()
    }
}

fn title(session: &Session) -> String {
    format!("{} {} session {}", session.node, session.vrf, session.peer)
}
