//! What reading could make nothing of: the same on several nodes is one thing, since it was written once.

use super::{Fabric, join_names};
use crate::finding::{Draft, Severity};
use evpnlint_core::{
    model::{Fault, FaultKind, frr::Frr},
    source::Span,
};
use std::collections::BTreeMap;

/// Faults with one cause.
pub struct Group<'m> {
    /// At least one; the first is the one to show.
    pub faults: Vec<&'m Fault>,
}

/// The faults of a kind, with the same words and the same kind together.
pub fn groups<'m>(fabric: &Fabric<'m>, wanted: impl Fn(&FaultKind) -> bool) -> Vec<Group<'m>> {
    group_by(fabric, wanted, |fault| format!("{} {:?} {}", fault.language, fault.kind, fault.text))
}

/// The faults of a kind, those together that share a key.
pub fn group_by<'m>(
    fabric: &Fabric<'m>,
    wanted: impl Fn(&FaultKind) -> bool,
    key: impl Fn(&Fault) -> String,
) -> Vec<Group<'m>> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = vec![];
    for fault in fabric.cluster.faults.iter().filter(|fault| wanted(&fault.kind)) {
        let at = *places.entry(key(fault)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group { faults: vec![] });
        }
        groups[at].faults.push(fault);
    }
    groups
}

impl<'m> Group<'m> {
    /// The fault to show.
    pub fn first(&self) -> &'m Fault {
        self.faults[0]
    }

    /// Their nodes, for a message.
    pub fn nodes(&self) -> String {
        let mut names: Vec<&str> = self.faults.iter().map(|fault| fault.node.as_str()).collect();
        names.dedup();
        join_names(names)
    }

    /// The subject: the first node, and the words in question.
    pub fn about(&self) -> String {
        format!("{} {}", self.first().node, self.first().text)
    }

    /// Every line that is lost in consequence, with what stands there.
    pub fn lost(&self) -> impl Iterator<Item = (Span, &'m str)> {
        self.faults.iter().flat_map(|fault| fault.lost.iter().copied().zip(fault.lost_text.iter().map(String::as_str)))
    }

    /// What FRR is told on the first node, where the fault is in a file of FRR's.
    pub fn frr(&self, fabric: &Fabric<'m>) -> Option<&'m Frr> {
        let nodes = &fabric.cluster.nodes;
        let at = nodes.binary_search_by(|node| node.name.as_str().cmp(&self.first().node)).ok()?;
        nodes[at].frr.as_ref()
    }

    /// What the daemon does with the lines behind, for the end of a message.
    pub fn takes(&self) -> String {
        match self.lost().count() {
            0 => String::new(),
            1 => ", and misreads the line behind it".to_owned(),
            count => format!(", and misreads the {count} lines behind it"),
        }
    }

    /// Whether anything is lost but the end of a block.
    pub fn loses(&self) -> bool {
        self.lost().any(|(_, text)| !closes(text))
    }

    /// The places, each with the same text, and then the lines that are lost.
    pub fn mark<'o, 'a>(&self, draft: Draft<'o, 'a>, text: &str, lost: &str) -> Draft<'o, 'a> {
        draft.also(self.faults.iter().map(|fault| (fault.span, text))).also(self.lost().map(|(span, _)| (span, lost)))
    }

    /// As loud as the page says if something is lost, else a warning.
    pub fn severity(&self) -> Severity {
        if self.loses() { Severity::Error } else { Severity::Warning }
    }
}

/// Whether a line does no more than end a block.
fn closes(text: &str) -> bool {
    text.starts_with("exit") || text == "quit"
}
