//! What Proxmox VE's SDN would generate for a node: `interfaces.d/sdn` and `frr.conf`, from the cluster's applied
//! configuration and the node's own files. A pure function of the model to texts; `reading.rs` has them read like
//! any others, so that what should be and what is are compared by meaning.
//!
//! | file | what it does |
//! |---|---|
//! | `seat.rs` | what the generator knows of the node: its VTEP address, controllers, AS number |
//! | `generator.rs` | which generation of the generator wrote what is on disk |
//! | `interfaces.rs` | `interfaces.d/sdn` |
//! | `frr.rs` | `frr.conf`, up to the user's own lines |
//! | `local.rs` | `frr.conf.local`, merged into it |
//! | `reading.rs` | both, and what the node has, read by [`lang`](evpnlint_core::lang) |
//!
//! Where the generator asks the kernel (`ip route get`), no file has the answer: the node's own generated files are
//! taken at their word.

use evpnlint_core::{
    model::{
        Node,
        intent::Intent,
        twin::{Gap, LocalLine},
    },
    source::Span,
};

pub mod draft;
mod drift;
mod frr;
pub mod generator;
mod interfaces;
mod local;
mod reading;
pub mod seat;

pub use draft::Draft;
pub use drift::{Drift, drift};
use generator::Generation;
pub use reading::attach;
use seat::Seat;

/// The texts of a node that the generator reads, or that tell which generator wrote them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'t> {
    /// `frr.conf.local`, with its place.
    pub local: Option<(Span, &'t str)>,
    /// `frr.conf`.
    pub frr: Option<&'t str>,
}

/// The texts that would be generated for a node.
#[derive(Debug, Default)]
pub struct Drafts {
    /// `interfaces.d/sdn`.
    pub interfaces: Draft,
    /// `frr.conf`; `None` where the generator would not touch it.
    pub frr: Option<Draft>,
    /// What becomes of each line of `frr.conf.local`, in its order.
    pub local: Vec<LocalLine>,
    /// Whether the generator is a newer one, of which not everything is known.
    pub best_effort: bool,
    /// What is missing from both, and why.
    pub gaps: Vec<Gap>,
}

/// The cluster that a node runs by: the one whose store it holds; else the only one, if that knows the node or the node
/// has a file that was generated.
pub fn cluster_of<'i>(node: &Node, intents: &'i [Intent]) -> Option<&'i Intent> {
    let is_generated = node.interfaces.as_ref().is_some_and(|file| file.sdn.is_some());
    intents.iter().find(|intent| intent.nodes.contains(&node.name)).or_else(|| match intents {
        [only] if only.has(&node.name) || only.members.is_empty() && is_generated => Some(only),
        _ => None,
    })
}

/// Derives what a node's generated files should say; `None` where SDN was never applied.
pub fn drafts(intent: &Intent, node: &Node, texts: Texts) -> Option<Drafts> {
    let sdn = intent.running.as_ref()?;
    let mut drafts = Drafts::default();
    let seat = Seat::new(intent, sdn, node, texts.frr);
    drafts.best_effort = seat.generation == Generation::Newest;
    interfaces::write(&seat, &mut drafts);
    frr::write(&seat, texts.local, &mut drafts);
    Some(drafts)
}
