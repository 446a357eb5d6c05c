//! Statements to the model: lines are replayed in file order, as the daemons would obey them, never collected as a set.
//!
//! One file for each kind of block; each function obeys one statement and says whether the daemon would accept it.

use super::{
    mode::Mode,
    parse::{Rule, Statement},
};
use crate::{
    model::{
        Fault, FaultKind, Reading, Sourced,
        bgp::Family,
        frr::{Frr, ObjectKind, Reference},
    },
    source::Span,
};
use std::{collections::BTreeMap, str::FromStr};

mod bgp;
mod evpn;
mod igp;
mod neighbor;
mod policy;
mod system;

/// The state of a replay.
pub(super) struct Replay<'i> {
    pub into: &'i mut Reading,
    pub frr: Frr,
    /// Which instance, map, interface … the current block is about.
    context: Context,
    /// What the model does not keep of an instance of BGP, by its VRF; the default one's under the empty name.
    instances: BTreeMap<String, Instance>,
}

/// What decides how later lines of an instance are taken.
#[derive(Default)]
struct Instance {
    defaults: bgp::Defaults,
    /// The fault, by position, that a name has failed with.
    refused: BTreeMap<String, usize>,
}

#[derive(Default)]
struct Context {
    bgp: Option<usize>,
    family: Option<Family>,
    vni: Option<usize>,
    route_map: Option<(String, u32)>,
    interface: Option<String>,
    vrf: Option<String>,
    ospf: Option<usize>,
    isis: Option<usize>,
}

impl<'i> Replay<'i> {
    pub(super) fn new(into: &'i mut Reading) -> Self {
        Self { into, frr: Frr::default(), context: Context::default(), instances: BTreeMap::new() }
    }

    /// Obeys a statement; `false` if the daemon refuses it.
    pub(super) fn apply(&mut self, statement: &Statement) -> bool {
        let secrets = statement.pair.clone().into_inner().flatten();
        let secrets = secrets.filter(|pair| matches!(pair.as_rule(), Rule::secret | Rule::secret_text));
        self.into.secrets.extend(secrets.map(|pair| statement.place(&pair)));
        if Mode::closed_by(statement.rule()) {
            return true;
        }
        match statement.mode {
            Mode::Config => system::config(self, statement),
            Mode::Vrf => system::vrf(self, statement),
            Mode::Interface => igp::interface(self, statement),
            Mode::Ospf => igp::ospf(self, statement),
            Mode::Isis | Mode::OpenFabric => igp::isis(self, statement),
            Mode::Bgp => bgp::router(self, statement),
            Mode::BgpIpv4Unicast | Mode::BgpIpv6Unicast | Mode::BgpOtherFamily => bgp::family(self, statement),
            Mode::BgpEvpn => evpn::family(self, statement),
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
        bgp::finish(&mut self);
        policy::finish(&mut self);
        self.frr
    }

    fn fault(&mut self, span: Span, kind: FaultKind) {
        self.into.faults.push(Fault::new(span, kind));
    }

    /// Notes that the daemon refuses a line, and why; returns `false` for the caller to pass on.
    fn refuse(&mut self, span: Span, why: impl Into<String>) -> bool {
        self.fault(span, FaultKind::Refused { why: why.into() });
        false
    }

    /// Notes that the daemon refuses a line because of a name that is not there. The first such line is the fault; what
    /// fails for the same name, or for a name that failed, is lost with it.
    fn refuse_for(&mut self, span: Span, missing: &str, also: Option<&str>, why: impl Into<String>) -> bool {
        let next = self.into.faults.len();
        let Some(at) = self.context.bgp else { return self.refuse(span, why) };
        let refused = &mut self.instance(at).refused;
        let fault = refused.get(missing).copied().unwrap_or(next);
        refused.extend([Some(missing), also].into_iter().flatten().map(|name| (name.to_owned(), fault)));
        if fault == next {
            return self.refuse(span, why);
        }
        self.into.faults[fault].lost.push(span);
        false
    }

    /// What is remembered of an instance.
    fn instance(&mut self, at: usize) -> &mut Instance {
        let vrf = self.frr.bgp[at].vrf.as_ref().map_or("", |vrf| vrf.as_str());
        self.instances.entry(vrf.to_owned()).or_default()
    }

    /// Notes that the daemon drops a line with no more than a warning.
    fn drop(&mut self, span: Span, why: impl Into<String>) {
        self.fault(span, FaultKind::Dropped { why: why.into() });
    }

    /// The value of a part, or a fault where it stands; `None` too where the part is not there.
    fn value<T: FromStr>(&mut self, statement: &Statement, rule: Rule, wanted: &'static str) -> Option<Sourced<T>> {
        let (text, span) = statement.word(rule)?;
        self.parse(text, span, wanted)
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
        const ANNOUNCE: [&str; 8] =
            ["password", "secret", "key", "md5", "token", "authentication-key", "key-string", "passphrase"];
        let mut at = 0;
        let mut hidden = false;
        for word in line.split(' ') {
            if hidden {
                self.into.secrets.push(place(at, at + word.len()));
            }
            hidden |= ANNOUNCE.iter().any(|announce| word.eq_ignore_ascii_case(announce));
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
