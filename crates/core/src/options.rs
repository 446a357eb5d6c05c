//! What the user says of the whole fabric, and no file of a node does.

use crate::model::{
    Cluster, Fault, Sourced, allow::AllowLeak, frr::Version, ignore::Ignores, surroundings::Surroundings,
};

/// What the user says; what is left out follows from the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The FRR that runs on every node. Where it is not given, `frr version` in each file decides, else the newest known.
    pub frr_version: Option<Version>,
    /// Leaks between tenants that are wanted. Their spans are in a file among the sources.
    pub allowed_leaks: Vec<AllowLeak>,
    /// What stands around the nodes. Its spans are in a file among the sources.
    pub surroundings: Surroundings,
    /// Whether every node is here.
    pub completeness: Completeness,
    /// The names of the nodes that there are to be. Their spans are in a file among the sources.
    pub nodes: Vec<Sourced<String>>,
    /// Findings that are known and not to be told. Their spans are in a file among the sources.
    pub ignores: Ignores,
}

/// Whether every node is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Yes, the user says.
    Complete,
    /// No, the user says.
    Partial,
    /// If no peer leads nowhere.
    #[default]
    Inferred,
}

impl Completeness {
    /// What holds for these nodes. Where configuration was not read, nothing follows from what is missing, unless the
    /// user says that it does.
    #[must_use]
    pub fn of(self, cluster: &Cluster) -> Self {
        let is_absent = || cluster.intents.iter().any(|intent| !cluster.absent(intent).is_empty());
        match self {
            Self::Inferred if cluster.faults.iter().any(Fault::is_unread) || is_absent() => Self::Partial,
            given => given,
        }
    }
}

impl From<Completeness> for Options {
    fn from(completeness: Completeness) -> Self {
        Self { completeness, ..Self::default() }
    }
}
