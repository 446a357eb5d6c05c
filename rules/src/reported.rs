//! Where rules have found something that will not work, for the rules that report what no other has.

use crate::finding::{Finding, Severity};
use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex, sessions::Target},
    predict::fate::Cause,
};
use evpnlint_core::{
    model::{
        bgp::{Family, Neighbor},
        outline::{Block, Place},
    },
    source::{FileId, Span},
};
use std::collections::{BTreeMap, BTreeSet};

/// The places of all errors and warnings so far.
#[derive(Default)]
pub struct Reported {
    places: BTreeSet<Span>,
    /// The files and the places of each finding of each rule, however harmless it finds that.
    spoken: BTreeMap<&'static str, Vec<Extent>>,
    /// The files of which a rule reports that text in them was not understood.
    misread: BTreeSet<FileId>,
    /// The files and the places of each error and warning that may explain why nodes do not reach each other.
    explanations: Vec<Extent>,
}

/// Where a finding stands.
#[derive(Clone)]
struct Extent {
    files: BTreeSet<FileId>,
    places: BTreeSet<Span>,
}

/// Whether a block goes around a place.
fn is_around(block: &Block, span: Span) -> bool {
    let holds = |place: &Place| (place.opener.start..place.end).contains(&span.start);
    block.places.iter().any(|place| place.opener.file == span.file && holds(place))
}

/// What the findings of a rule say of losses that others predict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// Text was not understood; what it would have said is not known.
    Text,
    /// Something that sessions and routes depend on is wrong.
    Cause,
    /// Something else: how large packets are, who answers for a gateway.
    Other,
}

impl Reported {
    pub(crate) fn add(&mut self, bearing: Bearing, findings: &[Finding]) {
        for finding in findings {
            let places: BTreeSet<Span> = finding.labels().map(|label| label.span).collect();
            let extent = Extent { files: places.iter().map(|span| span.file).collect(), places };
            if finding.severity != Severity::Info {
                self.places.extend(&extent.places);
                match bearing {
                    Bearing::Text => self.misread.extend(&extent.files),
                    Bearing::Cause => self.explanations.push(extent.clone()),
                    Bearing::Other => {}
                }
            }
            self.spoken.entry(finding.rule).or_default().push(extent);
        }
    }

    /// Whether any of it begins in a place.
    pub(crate) fn is_in(&self, place: Span) -> bool {
        let at = |start| Span { start, end: 0, ..place };
        self.places.range(at(place.start)..at(place.end)).next().is_some()
    }

    /// Whether any of it is in a block.
    pub(crate) fn holds(&self, block: &Block) -> bool {
        block.places.iter().any(|place| {
            let at = |start| Span { start, ..place.opener };
            self.places.range(at(place.opener.start)..at(place.end)).next().is_some()
        })
    }

    /// Whether a loss between nodes is reported already, so that nobody needs to hear of it once more:
    ///
    /// * an error or a warning stands on a line of its cause, or involves both sides;
    /// * where no line can be named, one is about a node of either side;
    /// * the rule that knows such causes has spoken of a node concerned, and has judged how bad that is;
    /// * text of such a node was not understood, which is reported, and may have been what is missing;
    /// * or it may be no loss: a router that was not read may bring the route.
    pub(crate) fn claims(&self, fabric: &Fabric, cause: &Cause, [one, other]: [&[NodeIndex]; 2]) -> bool {
        let nodes = || one.iter().chain(other).copied();
        let leads_out = |node| {
            fabric.sessions.of(node).iter().any(|end| matches!(end.target, Target::Unknown))
                || fabric.underlay.outward.contains(&node)
        };
        if cause.needs_all && (!fabric.closed || nodes().any(leads_out)) {
            return true;
        }
        let files_of = |nodes: &[NodeIndex]| nodes.iter().flat_map(|node| fabric.files_of(*node)).copied().collect();
        let [one, other]: [BTreeSet<FileId>; 2] = [files_of(one), files_of(other)];
        let around = |span: Span| {
            let blocks = nodes().flat_map(|node| fabric.node(node).outline.blocks.values());
            blocks.filter(move |block| is_around(block, span))
        };
        let on_line = |span: Span| {
            let mut lines = around(span).flat_map(|block| &block.lines).map(|line| line.span);
            let holds = |line: &Span| line.file == span.file && (line.start..line.end).contains(&span.start);
            self.is_in(lines.find(holds).unwrap_or(span))
        };
        // What has a line of its own is explained by nothing that stands in other blocks only.
        let is_near = |extent: &Extent| {
            let mut own = cause.places.iter().filter_map(|(span, _)| *span).peekable();
            cause.is_vague
                || own.peek().is_none()
                || own.any(|own| around(own).any(|block| extent.places.iter().any(|span| is_around(block, *span))))
        };
        let sides = |extent: &Extent| [&one, &other].map(|side| !extent.files.is_disjoint(side));
        let is_explained = |extent: &Extent| match sides(extent) {
            [true, true] => is_near(extent),
            [of_one, of_other] => cause.is_vague && (of_one || of_other),
        };
        let is_judged = |extent: &Extent| match sides(extent) {
            [true, true] => true,
            [of_one, of_other] => (of_one || of_other) && is_near(extent),
        };
        cause.places.iter().filter_map(|(span, _)| *span).any(on_line)
            || self.explanations.iter().any(is_explained)
            || cause.rule.and_then(|rule| self.spoken.get(rule)).is_some_and(|found| found.iter().any(is_judged))
            || one.iter().chain(&other).any(|file| self.misread.contains(file))
    }

    /// Whether a cause stands whatever the text that was not understood would have said: a line decides it alone, and stands
    /// in a file that was understood.
    pub(crate) fn is_sure(&self, cause: &Cause) -> bool {
        let mut files = cause.places.iter().filter_map(|(span, _)| *span).map(|span| span.file);
        cause.is_definite() && !files.any(|file| self.misread.contains(&file))
    }

    /// Whether it is reported of a node that text in its files was not understood, and others' packets or routes may have to
    /// pass that node: it has no VNI of its own, or it reflects routes. Of what a leaf lacks, [`Reported::claims`] knows.
    pub(crate) fn is_transit_misread(&self, fabric: &Fabric) -> bool {
        let is_client = |neighbor: &Neighbor| neighbor.is_reflector_client(Family::Evpn);
        let reflects = |node: NodeIndex| {
            let instances = fabric.node(node).frr.iter().flat_map(|frr| &frr.bgp);
            instances.flat_map(|instance| instance.neighbors.values()).any(is_client)
        };
        let is_transit = |node: &NodeIndex| fabric.devices[*node].local_vnis.is_empty() || reflects(*node);
        fabric.nodes().filter(is_transit).any(|node| self.is_misread(fabric, node))
    }

    fn is_misread(&self, fabric: &Fabric, node: NodeIndex) -> bool {
        fabric.files_of(node).iter().any(|file| self.misread.contains(file))
    }
}
