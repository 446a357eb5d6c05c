//! What evpnlint says that a fabric will do.

use super::tree::program;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeSet, net::IpAddr, path::Path};

/// A line of `show --as sessions`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Session {
    pub(crate) node: String,
    pub(crate) vrf: String,
    pub(crate) peer: String,
    /// `up`, `down` or `unknown`.
    pub(crate) state: String,
    /// What both ends are activated for.
    pub(crate) families: Vec<String>,
    pub(crate) why: Option<String>,
}

/// A line of `show --as vnis`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Vni {
    pub(crate) node: String,
    pub(crate) vni: u32,
    #[serde(rename = "type")]
    pub(crate) layer: String,
    pub(crate) vtep: Option<IpAddr>,
    /// Whether bgpd is to know it.
    pub(crate) live: bool,
    /// Those that any route is kept of.
    pub(crate) remote_vteps: BTreeSet<IpAddr>,
    /// Those that type-3 routes are kept of.
    #[serde(default)]
    pub(crate) flood_vteps: BTreeSet<IpAddr>,
}

/// A line of `show --as reach`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) from: String,
    /// A host, or `gateway`.
    pub(crate) to: String,
    /// `ipv4` or `ipv6`.
    pub(crate) family: String,
    /// `ok`, `one-way`, `lost` or `unknown`, as the others.
    pub(crate) small: String,
    pub(crate) full: String,
    pub(crate) full_df: String,
    pub(crate) why: Option<String>,
}

pub(crate) fn sessions(fabric: &Path) -> Vec<Session> {
    #[derive(Deserialize)]
    struct Shown {
        sessions: Vec<Session>,
    }
    show::<Shown>("sessions", fabric, &[]).sessions
}

pub(crate) fn vnis(fabric: &Path) -> Vec<Vni> {
    #[derive(Deserialize)]
    struct Shown {
        vnis: Vec<Vni>,
    }
    show::<Shown>("vnis", fabric, &[]).vnis
}

/// `options` are what is changed: `--without`, `--move`.
pub(crate) fn reach(fabric: &Path, options: &[&str]) -> Vec<Row> {
    #[derive(Deserialize)]
    struct Shown {
        reach: Vec<Row>,
    }
    show::<Shown>("reach", fabric, options).reach
}

/// What hosts, guests and places reach as the files are, complete or not; nothing where there is no such place.
pub(crate) fn reach_of(fabric: &Path) -> Vec<Row> {
    #[derive(Deserialize)]
    struct Shown {
        reach: Vec<Row>,
    }
    let ran = program().args(["show", "--as", "reach", "--format", "json"]).arg(fabric).output().unwrap();
    serde_json::from_slice::<Shown>(&ran.stdout).map(|shown| shown.reach).unwrap_or_default()
}

fn show<Shown: DeserializeOwned>(what: &str, fabric: &Path, options: &[&str]) -> Shown {
    let mut command = program();
    command.args(["show", "--as", what, "--complete", "--format", "json"]).args(options).arg(fabric);
    let ran = command.output().unwrap();
    let error = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{}: {what}: {}: {error}", fabric.display(), ran.status);
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{}: {what}: {error}", fabric.display()))
}
