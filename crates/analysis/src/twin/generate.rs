//! Which cluster a node runs by, and the texts that Proxmox VE would generate for the node.

use super::{draft::Drafts, frr, generator::Generation, interfaces, seat::Seat};
use evpnlint_core::{
    model::{Node, intent::Intent},
    source::Span,
};
use std::borrow::Borrow;

/// The texts of a node that the generator reads, or that tell which generator wrote them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'t> {
    /// `frr.conf.local`, with its place.
    pub local: Option<(Span, &'t str)>,
    /// `frr.conf`.
    pub frr: Option<&'t str>,
}

/// The cluster that a node runs by: the one whose store it holds; else the only one, if that knows the node or the node
/// has a file that was generated.
pub fn cluster_of<'i>(node: &Node, intents: &'i [impl Borrow<Intent>]) -> Option<&'i Intent> {
    let is_generated = node.interfaces.as_ref().is_some_and(|file| file.sdn.is_some());
    let mut all = intents.iter().map(Borrow::borrow);
    all.find(|intent| intent.nodes.contains(&node.name)).or_else(|| match intents {
        [only] => Some(only.borrow()).filter(|only| only.has(&node.name) || only.members.is_empty() && is_generated),
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
