//! What Proxmox VE's SDN has generated, and which object of a cluster's store each line of it comes of. The next apply
//! writes such a file anew, so what is wrong in it is mended in the store.

mod advice;

use crate::{
    finding::{Finding, Label},
    objects::{Kind, Objects},
    shown,
};
use advice::{Advice, File, Source};
use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex},
    twin::drift,
};
use evpnlint_core::{
    model::{
        Node,
        twin::{FRR, INTERFACES, Pair, Said},
    },
    source::{FileId, Span},
};
use std::collections::{BTreeMap, BTreeSet};

/// The generated files of a fabric.
pub(crate) struct Generated<'m> {
    files: BTreeMap<FileId, File>,
    /// All files of nodes that have a generated one.
    of_nodes: BTreeSet<FileId>,
    /// The statements that Proxmox generates, in the files that the nodes have, each with what it comes of.
    lines: BTreeMap<Span, Source<'m>>,
    stores: &'m [Objects<'m>],
}

impl<'m> Generated<'m> {
    /// The generated files among those of a fabric's nodes.
    fn of(fabric: &Fabric<'m>, stores: &'m [Objects<'m>]) -> Self {
        let mut generated = Self { files: BTreeMap::new(), of_nodes: BTreeSet::new(), lines: BTreeMap::new(), stores };
        for at in fabric.nodes() {
            let node: &'m Node = fabric.node(at);
            generated.add_interfaces(node);
            generated.add_frr(fabric, at, node);
            if fabric.files_of(at).iter().any(|file| generated.files.contains_key(file)) {
                generated.of_nodes.extend(fabric.files_of(at));
            }
        }
        generated
    }

    fn add_interfaces(&mut self, node: &'m Node) {
        let Some(first) = node.interfaces.as_ref().and_then(|file| file.sdn) else { return };
        let pair = node.twin.as_ref().and_then(|twin| twin.interfaces.as_ref());
        self.add(first.file, INTERFACES, pair);
    }

    /// `frr.conf` is generated where the store has something for FRR. Where no store tells, the node's own interfaces do: an
    /// EVPN zone leaves a device for its VRF.
    fn add_frr(&mut self, fabric: &Fabric, at: NodeIndex, node: &'m Node) {
        let Some(file) = node.frr.as_ref().and_then(|frr| frr.bgp.first()?.asn.span()).map(|span| span.file) else {
            return;
        };
        match &node.twin {
            Some(twin) => {
                if let Some(pair) = &twin.frr {
                    self.add(file, FRR, Some(pair));
                }
            }
            None => {
                let device = &fabric.devices[at];
                let is_zone = |name: &str| ["vrfvx_", "vrfbr_", "vrf_"].iter().any(|begin| name.starts_with(begin));
                if node.links.values().any(|link| is_zone(&link.name) && device.is_generated(link)) {
                    self.add(file, FRR, None);
                }
            }
        }
    }

    fn add(&mut self, file: FileId, name: &'static str, pair: Option<&'m Pair>) {
        let has_drifted = pair.is_some_and(|pair| !drift(pair).is_empty());
        self.files.insert(file, File { name, is_derived: pair.is_some(), has_drifted });
        let Some(pair) = pair else { return };
        let mut expected: BTreeMap<(&[String], &str), Vec<&Said>> = BTreeMap::new();
        for said in pair.expected.said.iter().rev() {
            expected.entry((&said.block, &said.text)).or_default().push(said);
        }
        for said in pair.actual.iter().flat_map(|actual| &actual.said) {
            let wanted = expected.get_mut(&(&*said.block, &*said.text)).and_then(Vec::pop);
            if let (Some(span), Some(wanted)) = (said.span, wanted) {
                let source = wanted.span.map_or(Source::Always, |because| self.source(because));
                self.lines.insert(span, source);
            }
        }
    }

    /// What a place that made a line is.
    fn source(&self, because: Span) -> Source<'m> {
        let origin = self.stores.iter().find_map(|objects| objects.origin(because));
        origin.map_or(Source::Node(because), Source::Store)
    }

    /// What the line comes of in which a place is, if Proxmox generates that line.
    fn line(&self, place: Span) -> Option<Source<'m>> {
        let (line, source) = self.lines.range(..=Span { end: u32::MAX, ..place }).next_back()?;
        (line.file == place.file && place.start < line.end).then_some(*source)
    }

    /// The objects of the store that a finding shows, by itself or by a line that comes of one.
    fn shown(&self, finding: &Finding) -> BTreeSet<(Kind, &'m str)> {
        let of = |span: Span| match self.line(span) {
            Some(Source::Store(origin)) => Some(origin),
            _ => self.stores.iter().find_map(|objects| objects.origin(span)),
        };
        finding.labels().filter_map(|label| of(label.span)).map(|origin| (origin.kind, origin.id)).collect()
    }

    fn is_in(&self, finding: &Finding) -> bool {
        self.files.contains_key(&finding.primary.span.file)
    }

    /// Shows where in the store a finding on a generated line is mended, and says what to do there.
    fn advise(&self, finding: &mut Finding) {
        let place = finding.primary.span;
        let Some(file) = self.files.get(&place.file) else { return };
        let source = self.line(place);
        let because = match source {
            Some(Source::Store(origin)) => Some((origin.place, "Proxmox generates the line from this")),
            Some(Source::Node(span)) => Some((span, "the line comes from here")),
            Some(Source::Always) | None => None,
        };
        let is_of_store = |span: Span| self.stores.iter().any(|objects| objects.origin(span).is_some());
        if let Some((span, text)) = because.filter(|_| !finding.labels().any(|label| is_of_store(label.span))) {
            finding.show(span, text);
        }
        let is_others = |span: Span| !self.of_nodes.contains(&span.file) && !is_of_store(span);
        let involves_others = finding.labels().any(|label| is_others(label.span));
        let advice = Advice { file: *file, source, involves_others };
        finding.help = Some(advice.around(finding.help.take()));
        if let Some(rest) = &mut finding.rest {
            self.advise(rest);
        }
    }
}

/// A rule that has run.
pub(crate) struct Run<'r> {
    /// The rule's id.
    pub(crate) id: &'static str,
    /// The rules whose findings it explains.
    pub(crate) explains: &'static [&'static str],
    /// Whether its findings are reported.
    pub(crate) is_reported: bool,
    /// What it has found.
    pub(crate) found: &'r mut Vec<Finding>,
}

/// Leaves out what a rule that judges the store explains of its generated files, and says of the rest where it is mended.
pub(crate) fn settle(fabrics: &[Fabric], stores: &[Vec<Objects>], runs: &mut [Run]) {
    for (fabric, stores) in fabrics.iter().zip(stores) {
        let generated = Generated::of(fabric, stores);
        if generated.files.is_empty() {
            continue;
        }
        // By the rule and the object that are explained: the run, and the finding in it, that explains them.
        let mut explained: BTreeMap<(&str, Kind, &str), (usize, usize)> = BTreeMap::new();
        for (at_run, run) in runs.iter().enumerate().filter(|(_, run)| run.is_reported) {
            for (at, finding) in run.found.iter().enumerate().filter(|_| !run.explains.is_empty()) {
                for (kind, id) in generated.shown(finding) {
                    for explains in run.explains {
                        explained.entry((*explains, kind, id)).or_insert((at_run, at));
                    }
                }
            }
        }
        let mut witnesses: Vec<((usize, usize), Label)> = vec![];
        for run in runs.iter_mut() {
            let id = run.id;
            run.found.retain(|finding| {
                let mut keys = generated.shown(finding).into_iter().map(|(kind, object)| (id, kind, object));
                let by = keys.find_map(|key| explained.get(&key)).filter(|_| generated.is_in(finding));
                witnesses.extend(by.into_iter().flat_map(|by| finding.labels().map(|label| (*by, label.clone()))));
                by.is_none()
            });
        }
        for ((run, at), label) in witnesses {
            let finding = runs[run].found.get_mut(at).filter(|finding| finding.related.len() < shown::PLACES);
            if let Some(finding) = finding {
                finding.show(label.span, &label.text);
            }
        }
        for run in runs.iter_mut() {
            run.found.iter_mut().for_each(|finding| generated.advise(finding));
        }
    }
}
