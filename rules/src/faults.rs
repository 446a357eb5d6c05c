//! Text that the reader could not interpret. The same text on several nodes is one group: it was written once and copied.

use crate::{
    finding::{Draft, Member, Out, Severity},
    plan::Plan,
};
use evpnlint_analysis::fabric::Fabric;
use evpnlint_core::{
    model::{Fault, frr::Frr},
    source::Span,
    words::join_names,
};
use std::collections::BTreeMap;

/// Which faults a rule is given, and which of them together.
#[derive(Clone, Copy)]
pub struct Faults {
    is_wanted: fn(&Fault) -> bool,
    /// What all faults with one cause have in common.
    cause: fn(&Fault) -> String,
    /// What a fault is about, where it is not the words in question: faults of which this is the same are one.
    about: Option<fn(&Fault) -> String>,
}

impl Faults {
    /// These faults; those have one cause that have the same words and the same kind.
    pub(crate) const fn of(is_wanted: fn(&Fault) -> bool) -> Self {
        let cause = |fault: &Fault| format!("{:?} {:?} {}", fault.language, fault.kind, fault.text);
        Self { is_wanted, cause, about: None }
    }

    /// The same, where those have one cause for which this text is the same.
    pub(crate) const fn by(self, cause: fn(&Fault) -> String) -> Self {
        Self { cause, ..self }
    }

    /// The same, where a fault is about this.
    pub(crate) const fn about(self, about: fn(&Fault) -> String) -> Self {
        Self { about: Some(about), ..self }
    }

    /// The same, where each has a cause of its own.
    pub(crate) const fn singly(self) -> Self {
        self.by(|fault| format!("{} {:?}", fault.node, fault.span))
    }
}

/// Faults with one cause.
pub struct Group<'f, 'm> {
    fabric: &'f Fabric<'m>,
    /// At least one; the first is the one to show.
    pub(crate) faults: Vec<&'m Fault>,
}

/// Hands on the groups of the faults that are wanted, in order of their first ones.
pub(crate) fn each<'m>(fabric: &Fabric<'m>, wanted: Faults, out: &mut Out, judge: fn(&Group, &mut Out)) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<(&'m Fault, Member)>> = vec![];
    // The same words several times on a node: how many there are is what can be known.
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for fault in fabric.cluster.faults.iter().copied().filter(|fault| (wanted.is_wanted)(fault)) {
        let at = *places.entry((wanted.cause)(fault)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(vec![]);
        }
        let member = match wanted.about {
            Some(about) => Member::named(about(fault), fault.span),
            None => {
                let mut member = Member::new(&fault.node, &fault.text, fault.span);
                let count = counts.entry(member.about.clone()).or_default();
                *count += 1;
                if *count > 1 {
                    member.about += &format!(" ({count})");
                }
                member
            }
        };
        groups[at].push((fault, member));
    }
    for group in groups {
        out.group(
            &group,
            |(_, member)| member.clone(),
            |group, out| judge(&Group { fabric, faults: group.iter().map(|(fault, _)| *fault).collect() }, out),
        );
    }
}

impl<'m> Group<'_, 'm> {
    /// The fault to show.
    pub(crate) fn first(&self) -> &'m Fault {
        self.faults[0]
    }

    /// Their nodes, for a message.
    pub(crate) fn nodes(&self) -> String {
        let mut names: Vec<&str> = self.faults.iter().map(|fault| fault.node.as_str()).collect();
        names.dedup();
        join_names(names)
    }

    /// Every line that is lost in consequence, with what stands there.
    pub(crate) fn lost(&self) -> impl Iterator<Item = (Span, &'m str)> {
        self.faults.iter().flat_map(|fault| fault.lost.iter().copied().zip(fault.lost_text.iter().map(String::as_str)))
    }

    /// The configuration of FRR on the first node, where it has one.
    pub(crate) fn frr(&self) -> Option<&'m Frr> {
        self.fabric.node(self.fabric.index(&self.first().node)?).frr.as_ref()
    }

    /// What the daemon does with the lines behind, for the end of a message.
    pub(crate) fn takes(&self) -> String {
        match self.lost().count() {
            0 => String::new(),
            1 => ", and misreads the line behind it".to_owned(),
            count => format!(", and misreads the {count} lines behind it"),
        }
    }

    /// Whether anything is lost but the end of a block.
    pub(crate) fn loses(&self) -> bool {
        self.lost().any(|(_, text)| !closes(text))
    }

    /// Whether a line in the file of the first fault takes others along, which is reported of that line.
    pub(crate) fn loses_in_file(&self) -> bool {
        let file = self.first().span.file;
        let faults = self.fabric.cluster.faults.iter().filter(|fault| fault.span.file == file);
        faults.into_iter().any(|fault| fault.lost_text.iter().any(|text| !closes(text)))
    }

    /// Whether Proxmox serves the node of the first fault, and others with FRR: that it has none is an SDN's fault then.
    pub(crate) fn is_served_without_frr(&self) -> bool {
        self.fabric.cluster.intents.iter().any(|intent| {
            let (with, without) = Plan { fabric: self.fabric, intent, sdn: intent.effective() }.served();
            !with.is_empty() && without.iter().any(|device| device.node.name == self.first().node)
        })
    }

    /// The places, each with the same text, and then the lines that are lost.
    pub(crate) fn mark<'o, 'a>(&self, draft: Draft<'o, 'a>, text: &str, lost: &str) -> Draft<'o, 'a> {
        draft.also(self.faults.iter().map(|fault| (fault.span, text))).also(self.lost().map(|(span, _)| (span, lost)))
    }

    /// As loud as the page says if something is lost, else a warning.
    pub(crate) fn severity(&self) -> Severity {
        if self.loses() { Severity::Error } else { Severity::Warning }
    }
}

/// Whether a line only ends a block.
fn closes(text: &str) -> bool {
    text.starts_with("exit") || text == "quit"
}
