//! Runs the rules on fabrics, and gathers what they report.

use crate::{
    ALL, Rule, SECTIONS,
    check::{Check, Layer},
    faults,
    finding::{Finding, Out},
    generated,
    header::Needs,
    hides::{Hider, Hides, Known},
    objects::Objects,
    plan,
    reported::{Bearing, Reported},
    severity::{self, Level},
    usage::Usage,
    view::Nodes,
};
use evpnlint_analysis::{fabric::Fabric, predict::Prediction};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What rules found, and which could not speak.
#[derive(Clone, Debug, Default)]
pub struct RunResult {
    /// What nothing hides, sorted by place, rule and message.
    pub findings: Vec<Finding>,
    /// The keys of all members of findings, those that are hidden by the baseline included: what a new baseline holds.
    pub known: Known,
    /// How many members are hidden by entries and comments.
    pub ignored: usize,
    /// The keys that the baseline has too.
    pub met: BTreeSet<(&'static str, String)>,
    /// The rules that are reported and could look at everything.
    pub whole: BTreeSet<&'static str>,
    /// Rules that were chosen but need what was not there.
    pub not_run: Vec<&'static str>,
    /// How many findings are of rules that are only to be counted.
    pub hidden: usize,
    /// How many findings there are beyond [`MOST_FINDINGS`].
    pub unlisted: usize,
}

/// The most findings of a run. Nobody reads more; where there are more, the most severe are kept.
pub const MOST_FINDINGS: usize = 10_000;

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They are reported.
    Reported,
    /// They are counted.
    Counted,
    /// The rule does not even run.
    Skipped,
}

/// A rule that runs, what becomes of its findings, and those.
type Run = (&'static Rule, Fate, Vec<Finding>);

/// Runs the rules on each fabric. What rules think of each other's findings does not depend on `levels`.
pub fn run<'m>(fabrics: &[Fabric<'m>], hides: &Hides, levels: &[Level], fate: impl Fn(&Rule) -> Fate) -> RunResult {
    let mut runs: Vec<Run> = ALL.iter().map(|rule| (*rule, fate(rule), vec![])).collect();
    runs.retain(|(_, fate, _)| *fate != Fate::Skipped);
    let of_fabric = |fabric: &'_ Fabric<'m>| fabric.cluster.intents.iter().map(|intent| Objects::of(intent)).collect();
    let stores: Vec<Vec<Objects>> = fabrics.iter().map(of_fabric).collect();
    runs.par_iter_mut().for_each(|(rule, _, found)| on_configuration(rule, fabrics, &stores, hides, found));
    // Predictions grow as they are asked.
    let mut predictions: Vec<Option<Prediction>> = fabrics.iter().map(|_| None).collect();
    for (rule, _, found) in &mut runs {
        on_predictions(rule, fabrics, &mut predictions, hides, found);
    }
    // What is lost comes behind the rules that know why, and a rule that compares comes last: each reports what no other
    // rule has.
    let mut reported = Reported::default();
    runs.iter().for_each(|(rule, _, found)| reported.add(bearing(rule), found));
    for layer in Layer::ALL {
        for (rule, _, found) in &mut runs {
            on_losses(layer, rule, fabrics, &mut predictions, &mut reported, hides, found);
        }
    }
    for (rule, _, found) in &mut runs {
        on_differences(rule, fabrics, &mut reported, hides, found);
    }
    let told = runs.iter_mut().map(|(rule, fate, found)| generated::Run {
        id: rule.id,
        explains: rule.explains,
        is_reported: *fate == Fate::Reported,
        found,
    });
    generated::settle(fabrics, &stores, &mut told.collect::<Vec<_>>());
    // What is ignored shows when all that could be has been found.
    let mut usage = Usage::new(hides, fabrics);
    for (rule, _, found) in &runs {
        let is_whole = fabrics.iter().all(|fabric| may_run(rule, fabric));
        usage.add(rule.id, is_whole, found);
    }
    for (rule, _, found) in &mut runs {
        if let Check::Ignores(check) = rule.check {
            check(&usage, &mut Out::new(rule.id, rule.header().severity, hides, found));
        }
    }
    let mut result = RunResult::default();
    for (rule, fate, found) in runs {
        match fate {
            Fate::Reported => {
                if !fabrics.iter().all(|fabric| may_run(rule, fabric)) {
                    result.not_run.push(rule.id);
                } else {
                    result.whole.insert(rule.id);
                }
                for mut finding in found {
                    finding.severity = severity::of(rule.page, &finding, levels, hides);
                    result.take(finding, hides);
                }
            }
            _ => result.hidden += found.len(),
        }
    }
    let by_place =
        |a: &Finding, b: &Finding| (a.primary.span, a.rule, &a.message).cmp(&(b.primary.span, b.rule, &b.message));
    result.findings.sort_by(by_place);
    result.unlisted = result.findings.len().saturating_sub(MOST_FINDINGS);
    if result.unlisted > 0 {
        result.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        result.findings.truncate(MOST_FINDINGS);
        result.findings.sort_by(by_place);
    }
    result
}

impl RunResult {
    /// Takes in what nothing hides of a finding, and counts the rest.
    fn take(&mut self, mut finding: Finding, hides: &Hides) {
        let mut is_shown = false;
        for member in &finding.members {
            let hiders: Vec<Hider> = hides.hiders(finding.rule, member).collect();
            if hiders.contains(&Hider::Baseline) {
                self.met.insert((finding.rule, member.about.clone()));
            }
            match hiders.first() {
                Some(Hider::Entry(_) | Hider::Comment(..)) => {
                    self.ignored += 1;
                    continue;
                }
                Some(Hider::Baseline) => {}
                None => is_shown = true,
            }
            self.known.entry(finding.rule.to_owned()).or_default().insert(member.about.clone());
        }
        if is_shown {
            self.findings.push(finding.rest.take().map_or(finding, |rest| *rest));
        }
    }
}

/// What a rule's findings say of losses that others predict.
fn bearing(rule: &Rule) -> Bearing {
    let section = SECTIONS.iter().find(|section| section.rules.iter().any(|own| own.id == rule.id));
    section.map_or(Bearing::Other, |section| section.bearing)
}

/// Whether a rule has all that it needs: one that argues from absence needs every node.
fn may_run(rule: &Rule, fabric: &Fabric) -> bool {
    rule.header().needs != Needs::Complete || fabric.closed
}

fn on_configuration(rule: &Rule, fabrics: &[Fabric], stores: &[Vec<Objects>], hides: &Hides, found: &mut Vec<Finding>) {
    let mut out = Out::new(rule.id, rule.header().severity, hides, found);
    for (fabric, stores) in fabrics.iter().zip(stores).filter(|(fabric, _)| may_run(rule, fabric)) {
        let nodes = Nodes::of(fabric);
        match rule.check {
            Check::Text(wanted, check) => faults::each(fabric, wanted, &mut out, check),
            Check::Node(check) => nodes.each().for_each(|view| check(view, &mut out)),
            Check::Nodes(check) => check(&nodes, &mut out),
            Check::Sdn(check) => plan::each(fabric, stores, &mut out, check),
            Check::Fabric(check) => check(fabric, &mut out),
            Check::Predicted(_) | Check::Lost(..) | Check::Compared(_) | Check::Ignores(_) => {}
        }
    }
}

fn on_predictions<'p, 'm>(
    rule: &Rule,
    fabrics: &'p [Fabric<'m>],
    predictions: &mut [Option<Prediction<'p, 'm>>],
    hides: &Hides,
    found: &mut Vec<Finding>,
) {
    let Check::Predicted(check) = rule.check else { return };
    let mut out = Out::new(rule.id, rule.header().severity, hides, found);
    for (fabric, prediction) in fabrics.iter().zip(predictions).filter(|(fabric, _)| may_run(rule, fabric)) {
        check(prediction.get_or_insert_with(|| Prediction::new(fabric)), &mut out);
    }
}

fn on_losses<'p, 'm>(
    layer: Layer,
    rule: &Rule,
    fabrics: &'p [Fabric<'m>],
    predictions: &mut [Option<Prediction<'p, 'm>>],
    reported: &mut Reported,
    hides: &Hides,
    found: &mut Vec<Finding>,
) {
    let Check::Lost(of, check) = rule.check else { return };
    if of != layer {
        return;
    }
    let mut out = Out::new(rule.id, rule.header().severity, hides, found);
    for (fabric, prediction) in fabrics.iter().zip(predictions).filter(|(fabric, _)| may_run(rule, fabric)) {
        check(prediction.get_or_insert_with(|| Prediction::new(fabric)), reported, &mut out);
    }
    reported.add(bearing(rule), found);
}

fn on_differences(rule: &Rule, fabrics: &[Fabric], reported: &mut Reported, hides: &Hides, found: &mut Vec<Finding>) {
    let Check::Compared(check) = rule.check else { return };
    let mut out = Out::new(rule.id, rule.header().severity, hides, found);
    for fabric in fabrics.iter().filter(|fabric| may_run(rule, fabric)) {
        check(fabric, reported, &mut out);
    }
    reported.add(bearing(rule), found);
}
