//! What a generated file says, statement by statement, so that what a node has can be compared with what it should have.

use crate::source::Span;

/// What Proxmox VE's generator would write for one node, beside what the node has.
#[derive(Clone, Debug, Default)]
pub struct Twin {
    /// The number of the applied configuration that it is derived from.
    pub version: Option<u64>,
    /// `frr.conf`; `None` where the generator would leave the file alone.
    pub frr: Option<Pair>,
    /// `interfaces.d/sdn`.
    pub interfaces: Option<Pair>,
    /// What becomes of each line of `frr.conf.local`, in its order.
    pub local: Vec<LocalLine>,
    /// Whether the generator is a newer one, of which not everything is known.
    pub best_effort: bool,
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

/// A line of `frr.conf.local`, and what Proxmox VE's generator makes of it (`append_local_config` in
/// `PVE::Network::SDN::Frr`).
#[derive(Clone, Debug)]
pub struct LocalLine {
    /// Where it stands.
    pub span: Span,
    /// What becomes of it.
    pub fate: LocalFate,
}

/// What becomes of a line of `frr.conf.local`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalFate {
    /// It stands in `frr.conf`, where it was meant to.
    Kept,
    /// It is a comment, or ends a block: there is nothing of it to keep.
    NothingToKeep,
    /// It stands nowhere.
    Lost(Loss),
    /// It looks like a line of the top level, and goes into a block before it that has no end.
    InOpenBlock(InOpenBlock),
    /// It comes behind an address family of its router that is none of the generated ones, whose end is here, and stands
    /// outside the router (1.3 and later).
    OutsideRouter(Span),
    /// It ends a generated block before its time, because the block that opens there has no end of its own (1.3 and later).
    EndsBlockEarly(Span),
    /// It opens a second `router bgp` for a VRF that has one.
    SecondRouter(SecondRouter),
    /// It opens an entry of a generated route-map, behind one that lets everything through.
    BehindCatchAll(Unreachable),
    /// It gives a generated VRF another L3VNI than the store does.
    SecondVni(SecondVni),
}

/// Why a line stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// At the top level only blocks and lists of some kinds are taken over.
    TopLevel,
    /// A list entry counts only with its `seq`.
    Sequence,
    /// A line with an exclamation mark passes for a comment.
    Exclamation,
    /// The entry of a route-map counts only when an `exit` ends it (up to 1.2).
    Unclosed,
}

/// A line in a block that it does not look like a part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InOpenBlock {
    /// The line that opens the block.
    pub opener: Span,
    /// Whether generated lines follow in the block, which a line of the top level would lead out of it.
    pub ends_early: bool,
}

/// A `router bgp` beside the generated one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondRouter {
    /// The AS number that it names.
    pub asn: String,
    /// The AS number of the generated one.
    pub generated: String,
    /// The VRF of both; empty for the default one.
    pub vrf: String,
    /// What the generated one's comes of.
    pub because: Option<Span>,
}

/// An entry of a route-map that no route gets to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The route-map.
    pub map: String,
    /// The sequence number that it gets.
    pub sequence: usize,
    /// That of the generated entry which lets everything through.
    pub catch_all: usize,
}

/// A second `vni` of a VRF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondVni {
    /// The VRF.
    pub vrf: String,
    /// What the line says.
    pub vni: String,
    /// What the generator says.
    pub generated: String,
    /// What that comes of.
    pub because: Option<Span>,
}

/// `interfaces.d/sdn`, as it is spoken of.
pub const INTERFACES: &str = "interfaces.d/sdn";

/// `frr.conf`, as it is spoken of.
pub const FRR: &str = "frr.conf";

impl Said {
    /// Whether it stands in the block that another statement opens, however deep.
    pub fn is_inside(&self, opener: &Self) -> bool {
        let depth = opener.block.len();
        self.block.len() > depth && self.block[..depth] == opener.block && self.block[depth] == opener.text
    }
}

/// Something that could not be derived.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Of which file: [`INTERFACES`] or [`FRR`].
    pub file: &'static str,
    /// What it is of: a zone, a vnet, a controller.
    pub about: String,
    /// Why, in words that end a sentence which begins with its name.
    pub why: String,
    /// Where that is written.
    pub span: Option<Span>,
}
