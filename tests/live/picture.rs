//! What a fabric does, measured or predicted, in the words of `evpnlint show --format json`.

use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

/// The sessions and the VNIs of a fabric.
#[derive(Serialize, Deserialize)]
pub(crate) struct Picture {
    pub(crate) sessions: Vec<Session>,
    pub(crate) vnis: Vec<Vni>,
}

/// One end of a session.
#[derive(Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) node: String,
    pub(crate) vrf: String,
    pub(crate) peer: String,
    pub(crate) state: String,
    pub(crate) families: Vec<String>,
    pub(crate) dynamic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

/// A VNI at a node.
#[derive(PartialEq, Serialize, Deserialize)]
pub(crate) struct Vni {
    pub(crate) node: String,
    pub(crate) vni: u64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) vtep: Option<String>,
    pub(crate) live: bool,
    pub(crate) remote_vteps: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

#[derive(Deserialize)]
struct Sessions {
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct Vnis {
    vnis: Vec<Vni>,
}

/// What evpnlint makes of the files in `folder`.
///
/// # Errors
/// In words, where it does not say it.
pub(crate) fn predict(folder: &Path) -> Result<Picture, String> {
    let show = |what: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evpnlint"));
        command.args(["show", "--as", what, "--format", "json", "--complete"]).arg(folder);
        let output = command.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(output.stdout) } else { Err(said) }
    };
    let sessions: Sessions = serde_json::from_slice(&show("sessions")?).map_err(|error| error.to_string())?;
    let vnis: Vnis = serde_json::from_slice(&show("vnis")?).map_err(|error| error.to_string())?;
    Ok(Picture { sessions: sessions.sessions, vnis: vnis.vnis })
}

impl Picture {
    /// What is compared: a session that is not down, a VNI that floods somewhere. What is not there does nothing, so an
    /// end that is down and one that is not there are the same.
    fn facts(&self) -> BTreeMap<String, String> {
        let sessions = self.sessions.iter().filter(|session| session.state != "down");
        let sessions = sessions.map(|session| (session.title(), session.state.clone()));
        let vnis = self.vnis.iter().filter(|vni| !vni.remote_vteps.is_empty());
        let vnis = vnis.map(|vni| (vni.title(), vni.remote_vteps.join(" ")));
        sessions.chain(vnis).collect()
    }

    /// In what a prediction and a measurement differ, a line each.
    pub(crate) fn differences(&self, measured: &Self) -> Vec<String> {
        let (said, seen) = (self.facts(), measured.facts());
        let differs = |what: &&String| said.get(*what) != seen.get(*what);
        let all: BTreeSet<&String> = said.keys().chain(seen.keys()).filter(differs).collect();
        let sessions = self.sessions.iter().map(|session| (session.title(), &session.why));
        let reasons: BTreeMap<_, _> = sessions.chain(self.vnis.iter().map(|vni| (vni.title(), &vni.why))).collect();
        let tell = |what: &String| {
            let value = |facts: &BTreeMap<_, String>| facts.get(what).map_or("none", String::as_str).to_owned();
            let why = reasons.get(what).and_then(|why| why.as_ref()).map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{what}: predicted {}{why}, measured {}", value(&said), value(&seen))
        };
        all.into_iter().map(tell).collect()
    }
}

impl Session {
    fn title(&self) -> String {
        format!("{} {} session {}", self.node, self.vrf, self.peer)
    }
}

impl Vni {
    fn title(&self) -> String {
        format!("{} VNI {}", self.node, self.vni)
    }
}
