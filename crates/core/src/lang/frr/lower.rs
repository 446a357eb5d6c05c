//! Statements to the model: lines are replayed in file order, as the daemons would obey them, never collected as a set.
//!
//! One file for each kind of block; each function obeys one statement and says whether the daemon would accept it.

use super::{
    mode::Mode,
    outline::Outliner,
    record::{Obeyed, Record},
    statement::Statement,
};
use crate::{
    model::{
        Esi, Fault, FaultKind, Reading, Refusal, Sourced,
        bgp::BgpInstance,
        effective::Fate,
        frr::{Frr, ObjectKind, Reference},
        is_on,
        refusal::{Disregard, EvpnLine, Needless, Reason},
    },
    source::{LanguageId, Span, secrets},
};
use evpnlint_grammar::frr::Rule;
use std::{collections::BTreeMap, str::FromStr};

mod bgp;
mod evpn;
mod igp;
mod lists;
mod membership;
mod multihoming;
mod neighbor;
mod neighbor_family;
mod ospf;
mod peer;
mod policy;
mod session;
mod system;
#[cfg(test)]
mod tests;

/// The state of a replay.
pub(super) struct Replay<'i> {
    pub into: &'i mut Reading,
    pub frr: Frr,
    /// Which instance, map, interface … the current block is about.
    context: Context,
    /// Which interface has an Ethernet segment.
    segments: BTreeMap<Esi, String>,
    /// What the model does not keep of an instance of BGP, by its VRF; the default one's under the empty name.
    instances: BTreeMap<String, Instance>,
    /// What became of each line, where that is asked.
    record: Option<Record>,
    outliner: Outliner,
    /// Why the line that is being obeyed does not count.
    denied: Option<Denied>,
    /// The faults of lines that want `advertise-all-vni` above them, by position, each with the position of its instance.
    early: Vec<(usize, usize)>,
}

/// What decides how later lines of an instance are taken.
#[derive(Default)]
struct Instance {
    defaults: bgp::Defaults,
    /// The fault, by position, that a name has failed with.
    refused: BTreeMap<String, usize>,
}

/// Why a line does not count.
enum Denied {
    /// For the fault of that position.
    Fault(usize),
    /// The daemon refuses it, and everything is as it was meant to be all the same.
    Harmlessly(Needless),
    /// The daemon takes it and does nothing, which harms nobody.
    Silently(Needless),
}

#[derive(Default)]
struct Context {
    bgp: Option<usize>,
    vni: Option<usize>,
    route_map: Option<(String, u32)>,
    interface: Option<String>,
    vrf: Option<String>,
    ospf: Option<usize>,
    ospf6: Option<usize>,
    isis: Option<usize>,
}

impl<'i> Replay<'i> {
    pub(super) fn new(into: &'i mut Reading) -> Self {
        let record = into.effective.is_some().then(Record::default);
        let frr = Frr { runs: into.frr_runs.clone(), ..Frr::default() };
        let (context, instances) = (Context::default(), BTreeMap::new());
        Self {
            into,
            frr,
            context,
            segments: BTreeMap::new(),
            instances,
            record,
            outliner: Outliner::default(),
            denied: None,
            early: vec![],
        }
    }

    /// Obeys a statement; `false` if the daemon refuses it.
    pub(super) fn apply(&mut self, statement: &Statement) -> bool {
        self.denied = None;
        self.into.secrets.extend(statement.secrets());
        if Mode::closed_by(statement.rule()) {
            return true;
        }
        match statement.mode {
            Mode::Config => system::config(self, statement),
            Mode::Vrf => system::vrf(self, statement),
            Mode::Interface => igp::interface(self, statement),
            Mode::Ospf => ospf::ospf(self, statement),
            Mode::Ospf6 => ospf::ospf6(self, statement),
            Mode::Isis | Mode::OpenFabric => igp::isis(self, statement),
            Mode::Bgp => bgp::router(self, statement),
            Mode::BgpEvpn => evpn::family(self, statement),
            mode if mode.family().is_some() => bgp::family(self, statement),
            Mode::BgpVni => evpn::vni(self, statement),
            Mode::RouteMap => policy::entry(self, statement),
            Mode::Bfd => system::bfd(self, statement),
            _ => self.unmodelled(),
        }
    }

    /// Counts a line that is known, and of which the model deliberately takes nothing; `true`, since FRR obeys it.
    fn unmodelled(&mut self) -> bool {
        self.into.coverage.unmodelled += 1;
        true
    }

    /// The model, when every file is read.
    pub(super) fn finish(mut self) -> Frr {
        self.into.effective = self.record.take().map(Record::finish);
        self.into.node.outline = std::mem::take(&mut self.outliner).finish();
        self.place_early();
        bgp::finish(&mut self);
        self.frr
    }

    /// A file begins.
    pub(super) fn begin(&mut self) {
        self.outliner.begin();
        if let Some(record) = &mut self.record {
            record.begin();
        }
    }

    /// FRR leaves the top level, and so the file.
    pub(super) fn stop(&mut self, span: Span) {
        if let Some(record) = &mut self.record {
            record.stop(span);
        }
    }

    /// Notes a line that no grammar knows where it stands.
    pub(super) fn miss(&mut self, span: Span) {
        self.into.coverage.miss(span);
        self.skip(span);
    }

    /// Notes a line that FRR skips.
    pub(super) fn skip(&mut self, span: Span) {
        self.outliner.skip(span);
        if let Some(record) = &mut self.record {
            record.miss(span);
        }
    }

    /// Writes down what became of a statement that was just applied, and the mode that it has opened.
    pub(super) fn note(&mut self, statement: &Statement, opens: Option<Mode>) {
        if self.denied.is_none() {
            self.outliner.note(statement, opens);
        } else {
            self.outliner.skip(statement.span);
        }
        let Some(mut record) = self.record.take() else { return };
        let denied = self.denied.as_ref().map(|denied| match denied {
            Denied::Silently(why) => Fate::Dropped(Reason::Needless(*why)),
            Denied::Harmlessly(why) => Fate::Refused(Reason::Needless(*why)),
            Denied::Fault(at) => match &self.into.faults[*at].kind {
                FaultKind::Dropped(why) => Fate::Dropped(Reason::Disregard(why.clone())),
                FaultKind::Malformed { wanted } => Fate::Refused(Reason::Malformed(wanted)),
                FaultKind::Refused(why) => Fate::Refused(Reason::Refusal(why.clone())),
                _ => Fate::Unrecognised,
            },
        });
        let active = denied.is_none() && bgp::starts_active(self, statement);
        record.note(statement, Obeyed { opens, denied, active, groups_decide: self.groups_decide() });
        self.record = Some(record);
    }

    fn fault(&mut self, span: Span, kind: FaultKind) {
        self.denied = Some(Denied::Fault(self.into.faults.len()));
        self.into.faults.push(Fault::new(LanguageId::Frr, span, kind));
    }

    /// Notes that the daemon refuses a line, and why; returns `false` for the caller to pass on.
    fn refuse(&mut self, span: Span, why: Refusal) -> bool {
        self.fault(span, FaultKind::Refused(why));
        false
    }

    /// Notes that the daemon takes a line and does nothing, which nobody misses.
    fn ignore(&mut self, why: Needless) -> bool {
        self.denied = Some(Denied::Silently(why));
        true
    }

    /// Notes that the daemon refuses a line, and that nobody misses it; returns `false` for the caller to pass on.
    fn refuse_harmlessly(&mut self, why: Needless) -> bool {
        self.denied = Some(Denied::Harmlessly(why));
        false
    }

    /// Notes that the daemon refuses a line because of a name that is not there. The first such line is the fault; what
    /// fails for the same name, or for a name that failed, is lost with it.
    fn refuse_for(&mut self, span: Span, missing: &str, also: Option<&str>, why: Refusal) -> bool {
        let next = self.into.faults.len();
        let Some(at) = self.context.bgp else { return self.refuse(span, why) };
        let refused = &mut self.instance(at).refused;
        let fault = refused.get(missing).copied().unwrap_or(next);
        refused.extend([Some(missing), also].into_iter().flatten().map(|name| (name.to_owned(), fault)));
        if fault == next {
            return self.refuse(span, why);
        }
        self.denied = Some(Denied::Fault(fault));
        self.into.faults[fault].lost.push(span);
        false
    }

    /// Whether the AS of a group counts for all its members, who are all internal or all external: so on 8.4.4 and 10.3,
    /// and no more on 10.7.1 (measured).
    fn groups_decide(&self) -> bool {
        !self.frr.at_least(10, 4)
    }

    /// What is remembered of an instance.
    fn instance(&mut self, at: usize) -> &mut Instance {
        let vrf = self.frr.bgp[at].vrf.as_ref().map_or("", |vrf| vrf.as_str());
        self.instances.entry(vrf.to_owned()).or_default()
    }

    /// Notes that bgpd forgets a line of the instance of that position, for it has not come to `advertise-all-vni` there: it answers
    /// "This command is only supported under EVPN VRF", and vtysh exits with 0 (measured on FRR 8.4.4 and 10.3).
    fn drop_early(&mut self, at: usize, span: Span, command: &str) {
        self.early.push((self.into.faults.len(), at));
        self.drop(span, Disregard::NotEvpn(command.to_owned(), EvpnLine::Below));
    }

    /// Says of those lines where `advertise-all-vni` is, when all has been read.
    fn place_early(&mut self) {
        let has = |instance: &BgpInstance| is_on(&instance.evpn.advertise_all_vni);
        let has_any = self.frr.bgp.iter().any(has);
        for (fault, at) in &self.early {
            let kind = self.into.faults.get_mut(*fault).map(|fault| &mut fault.kind);
            if let Some(FaultKind::Dropped(Disregard::NotEvpn(_, line))) = kind {
                *line = match (self.frr.bgp.get(*at).is_some_and(has), has_any) {
                    (true, _) => EvpnLine::Below,
                    (false, true) => EvpnLine::OtherInstance,
                    (false, false) => EvpnLine::Missing,
                };
            }
        }
    }

    /// Notes that the daemon drops a line with no more than a warning.
    fn drop(&mut self, span: Span, why: Disregard) {
        self.fault(span, FaultKind::Dropped(why));
    }

    /// The value of a part, or a fault where it stands; `None` too where the part is not there.
    fn value<T: FromStr>(&mut self, statement: &Statement, rule: Rule, wanted: &'static str) -> Option<Sourced<T>> {
        let (text, span) = statement.word(rule)?;
        self.parse(text, span, wanted)
    }

    /// The first number with bounds; `None` where there is none.
    fn number<T: FromStr>(&mut self, statement: &Statement) -> Option<Sourced<T>> {
        let (text, span) = statement.number()?;
        text.parse().ok().map(|value| Sourced::written(value, span))
    }

    fn parse<T: FromStr>(&mut self, text: &str, span: Span, wanted: &'static str) -> Option<Sourced<T>> {
        match text.parse() {
            Ok(value) => Some(Sourced::written(value, span)),
            Err(_) => {
                self.fault(span, FaultKind::Malformed { wanted });
                None
            }
        }
    }

    fn define(&mut self, kind: ObjectKind, name: &str, span: Span) {
        self.frr.definitions.entry((kind, name.to_owned())).or_insert(span);
    }

    /// Notes a use of a name, and returns the name.
    fn refer(
        &mut self,
        kind: ObjectKind,
        statement: &Statement,
        rule: Rule,
        role: impl Into<String>,
    ) -> Option<Sourced<String>> {
        let name = name_of(statement, rule)?;
        if !statement.negated {
            self.frr.references.push(Reference { kind, name: name.clone(), role: role.into() });
        }
        Some(name)
    }

    /// A line that nobody understands may hold a secret all the same: what stands behind a word that announces one.
    pub(super) fn note_secrets(&mut self, line: &str, place: impl Fn(usize, usize) -> Span) {
        let mut at = 0;
        let mut hidden = false;
        for word in line.split(' ') {
            if hidden {
                self.into.secrets.push(place(at, at + word.len()));
            }
            hidden |= word.eq_ignore_ascii_case("key") || secrets::announces(word);
            at += word.len() + 1;
        }
    }
}

/// A name, as written.
fn name_of(statement: &Statement, rule: Rule) -> Option<Sourced<String>> {
    statement.word(rule).map(|(text, span)| Sourced::written(text.to_owned(), span))
}

/// A switch that the line turns on, or off behind `no`.
fn switch(statement: &Statement) -> crate::model::Switch {
    Some(Sourced::written(!statement.negated, statement.span))
}
