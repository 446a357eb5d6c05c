//! What came of all that hides findings.

use crate::{
    finding::Finding,
    hides::{Hider, Hides},
};
use evpnlint_analysis::fabric::Fabric;
use std::collections::BTreeSet;

/// What came of entries and comments.
pub struct Usage<'u> {
    /// The entries and comments.
    pub(crate) hides: &'u Hides<'u>,
    fabrics: &'u [Fabric<'u>],
    used: BTreeSet<Hider>,
    /// The rules of which every finding is known.
    whole: BTreeSet<&'static str>,
}

impl<'u> Usage<'u> {
    /// Nothing has been found yet.
    pub(crate) fn new(hides: &'u Hides<'u>, fabrics: &'u [Fabric<'u>]) -> Self {
        Self { hides, fabrics, used: BTreeSet::new(), whole: BTreeSet::new() }
    }

    /// Takes in what a rule has found; `is_whole` where it could look at everything.
    pub(crate) fn add(&mut self, rule: &'static str, is_whole: bool, found: &[Finding]) {
        if is_whole {
            self.whole.insert(rule);
        }
        let members = found.iter().flat_map(|finding| &finding.members);
        self.used.extend(members.flat_map(|member| self.hides.hiders(rule, member)));
    }

    /// Whether something that is to hide a rule's findings hides none, and that rule has looked everywhere.
    pub(crate) fn is_unused(&self, rule: &str, hider: Hider) -> bool {
        self.whole.contains(rule) && !self.used.contains(&hider)
    }

    /// Whether Proxmox writes the file that a place is in: comments in it do not last.
    pub(crate) fn is_generated(&self, file: evpnlint_core::source::FileId) -> bool {
        let Some(place) = self.hides.files.get(file.0 as usize) else { return false };
        let has_twin = || {
            let mut nodes = self.fabrics.iter().flat_map(|fabric| &fabric.cluster.nodes);
            let twin = nodes.find(|node| node.name == place.node).and_then(|node| node.twin.as_ref());
            twin.is_some_and(|twin| twin.frr.is_some())
        };
        match place.inner.as_str() {
            "etc/network/interfaces.d/sdn" => true,
            "etc/frr/frr.conf" => has_twin(),
            inner => inner.starts_with("etc/pve/"),
        }
    }
}
