//! What a generated file says, statement by statement, so that what a node has can be compared with what it should have.

use crate::source::Span;

/// What Proxmox VE's generator would write for one node, beside what the node has.
#[derive(Clone, Debug, Default)]
pub struct Twin {
    /// The cluster, by position among [`super::Cluster::intents`].
    pub intent: usize,
    /// `frr.conf`; `None` where the generator would leave the file alone.
    pub frr: Option<Pair>,
    /// `interfaces.d/sdn`.
    pub interfaces: Option<Pair>,
    /// Why there is less than the whole: what the generator gives up, or what no file tells.
    pub gaps: Vec<Gap>,
}

/// One file, as it should be and as it is.
#[derive(Clone, Debug, Default)]
pub struct Pair {
    /// What would be generated; its places are in the cluster's store and in the node's other files.
    pub expected: Script,
    /// What was read; `None` where there is no such file.
    pub actual: Option<Script>,
}

/// A file, statement by statement, in its order.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The statements; one that opens a block is among them.
    pub said: Vec<Said>,
}

/// A statement, as whoever reads the file keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The openers of the blocks around it, from the outside.
    pub block: Vec<String>,
    /// The statement with its keywords in full and single blanks; secrets are masked.
    pub text: String,
    /// Where it stands; of one that would be generated, what it comes of.
    pub span: Option<Span>,
}

/// Something that could not be derived.
#[derive(Clone, Debug)]
pub struct Gap {
    /// What it is of: a zone, a vnet, a controller.
    pub about: String,
    /// Why, in words that end a sentence which begins with its name.
    pub why: String,
    /// Where that is written.
    pub span: Option<Span>,
}
