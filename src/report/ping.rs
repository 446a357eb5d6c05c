//! A packet's way there and back, one line a step, and the verdict.

use super::{Style, layout};
use evpnlint_analysis::forward::{
    Forwarding,
    end::End,
    journey::{Leg, Sent},
    loss::Fate,
    ping::{Echo, Probe, Sender, Verdict},
    remedy::Remedy,
    ways::{EveryWay, MOST_WAYS, Way, Ways},
};
use evpnlint_core::source::{Sources, Span};
use serde::Serialize;
use std::{fmt, io, net::IpAddr};

/// A ping, and what came of it.
pub struct Asked<'m> {
    /// Who sends, and who is to answer.
    pub ends: [End; 2],
    /// Their addresses.
    pub addresses: [IpAddr; 2],
    /// What was sent.
    pub probe: Probe<'m>,
    /// What becomes of it: on the ways that decide, where every way was asked for.
    pub echo: Echo<'m>,
    /// Every one of the equal ways, where that was asked for.
    pub every_way: Option<EveryWay<'m>>,
}

/// How many ways there, and how many back, are shown at most.
const MOST_SHOWN: usize = 16;

impl Asked<'_> {
    /// The verdict on all that was asked.
    pub fn verdict(&self) -> Verdict {
        self.every_way.as_ref().map_or_else(|| self.echo.verdict(), EveryWay::verdict)
    }
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    verdict: String,
    from: Party,
    to: Party,
    family: &'static str,
    /// Bytes of the whole packet.
    size: u32,
    df: bool,
    there: Vec<Step<'a>>,
    back: Vec<Step<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ways: Option<AllWays<'a>>,
    /// Why the reply does not come back.
    why: Option<String>,
    remedy: Option<Cure<'a>>,
}

/// Every one of the equal ways.
#[derive(Serialize)]
struct AllWays<'a> {
    there: Several<'a>,
    back: Several<'a>,
}

/// The ways of a request, or of its reply.
#[derive(Serialize)]
struct Several<'a> {
    /// How many were followed.
    of: usize,
    /// How many of them lose it.
    lost: usize,
    /// Whether there are more than were followed.
    cut: bool,
    shown: Vec<Course<'a>>,
}

/// One way.
#[derive(Serialize)]
struct Course<'a> {
    steps: Vec<Step<'a>>,
    remedy: Option<Cure<'a>>,
}

/// An end of a ping.
#[derive(Serialize)]
struct Party {
    /// What it is called; an address without a host has no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    address: IpAddr,
    made_up: bool,
}

#[derive(Serialize)]
struct Step<'a> {
    ok: Mark,
    what: String,
    #[serde(flatten)]
    place: Option<Place<'a>>,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct Cure<'a> {
    what: String,
    #[serde(flatten)]
    place: Option<Place<'a>>,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
}

/// How a step ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// The packet gets on.
    Ok,
    /// It is lost.
    Lost,
    /// Nobody can say.
    Unknown,
}

impl Serialize for Mark {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Ok => to.serialize_bool(true),
            Self::Lost => to.serialize_bool(false),
            Self::Unknown => to.serialize_none(),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Some(name) = &self.name else { return self.address.fmt(f) };
        write!(f, "{name} ({}{})", self.address, if self.made_up { ", made up" } else { "" })
    }
}

/// Writes it in lines: what is asked, the way there, the way back, the verdict, and what to change.
///
/// # Errors
/// When it cannot be written.
pub fn text(
    forwarding: &Forwarding,
    asked: &Asked,
    style: Style,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let report = report(forwarding, asked, sources);
    let paint = |text: &str, code: &str| match style.colour {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let at = |place: &Option<Place>| {
        place.as_ref().map_or_else(String::new, |place| format!("  [{}:{}]", place.path, place.line))
    };
    let df = if report.df { ", not to be fragmented" } else { "" };
    writeln!(out, "{} to {}: {} bytes{df}", report.from, report.to, report.size)?;
    let mut write = |head: &str, steps: &[Step]| {
        writeln!(out, "{head}")?;
        steps.iter().try_for_each(|Step { ok, what, place }| {
            let mark = match ok {
                Mark::Ok => paint("ok  ", "32"),
                Mark::Lost => paint("FAIL", "31"),
                Mark::Unknown => paint("?   ", "33"),
            };
            writeln!(out, "{mark}  {what}{}", at(place))
        })
    };
    match &report.ways {
        None => {
            for (way, steps) in [("there", &report.there), ("back", &report.back)] {
                if !steps.is_empty() {
                    write(way, steps)?;
                }
            }
        }
        Some(ways) => {
            for (head, ways) in [("there", &ways.there), ("back", &ways.back)] {
                for (number, course) in (1..).zip(&ways.shown) {
                    match ways.of {
                        1 => write(head, &course.steps)?,
                        of => write(&format!("{head}, way {number} of {of}"), &course.steps)?,
                    }
                }
                let more = ways.of - ways.shown.len();
                if more > 0 {
                    let cut = if ways.cut { ", nor are those that were not followed" } else { "" };
                    write(&format!("{head}: {more} more are not shown{cut}"), &[])?;
                }
            }
        }
    }
    writeln!(out, "{}", verdict(asked.verdict(), report.ways.as_ref()))?;
    let mut remedies: Vec<&Cure> = report.remedy.iter().collect();
    for course in report.ways.iter().flat_map(|ways| ways.there.shown.iter().chain(&ways.back.shown)) {
        remedies.extend(course.remedy.as_ref().filter(|remedy| !remedies.contains(remedy)));
    }
    remedies.iter().try_for_each(|remedy| writeln!(out, "help: {}", remedy.what))
}

/// The verdict, in words.
fn verdict(verdict: Verdict, ways: Option<&AllWays>) -> String {
    let is_cut = ways.is_some_and(|ways| ways.there.cut || ways.back.cut);
    match (verdict, ways) {
        (Verdict::Ok, Some(AllWays { there, back })) if there.of + back.of > 2 => {
            format!("passes: the reply comes back, over all {} ways there and {} back", there.of, back.of)
        }
        (Verdict::Ok, _) => "passes: the reply comes back".to_owned(),
        (Verdict::OneWay, _) => "one way: the request arrives, and the reply is lost".to_owned(),
        (Verdict::Lost, _) => "lost: no reply comes back".to_owned(),
        (Verdict::Partial, Some(AllWays { there, back })) => format!(
            "does not always pass: {} of {} ways lose it there, and {} of {} back",
            there.lost, there.of, back.lost, back.of
        ),
        (Verdict::Partial, None) => "does not always pass".to_owned(),
        (Verdict::Unknown, _) if is_cut => {
            format!("unknown: there are more than {MOST_WAYS} ways, and none of those that were followed loses it")
        }
        (Verdict::Unknown, _) => "unknown: nobody can say from the files alone".to_owned(),
    }
}

/// Writes everything.
///
/// # Errors
/// When it cannot be written.
pub fn json(forwarding: &Forwarding, asked: &Asked, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &report(forwarding, asked, sources))?;
    writeln!(out)
}

fn report<'a>(forwarding: &Forwarding, asked: &Asked, sources: &'a Sources) -> Report<'a> {
    let Asked { ends, addresses, probe, echo, every_way } = asked;
    let [from, to] = [0, 1].map(|at| {
        let sender = (at == 0).then_some(probe.from);
        party(forwarding, ends[at], addresses[at], sender)
    });
    let failure = echo.failure();
    let receiver = |is_reply: bool| match (is_reply, probe.from) {
        (false, _) => probe.to,
        (true, Sender::Node(_, _, source) | Sender::Outside(_, source)) => source,
        (true, Sender::Host(_)) => addresses[0],
    };
    let remedy = |fate: &Fate, legs: &[Leg], is_reply: bool| {
        forwarding.remedy(fate, Sent { legs, to: receiver(is_reply), size: probe.size })
    };
    let cure = |Remedy { what, span }| Cure { what, place: span.map(|span| place(span, sources)) };
    let way = |legs: &[Leg], fate: &Fate, is_reply: bool| {
        let remedy = remedy(fate, legs, is_reply);
        let cause = remedy.as_ref().and_then(|remedy| remedy.span);
        Course { steps: steps(forwarding, legs, fate, cause, sources), remedy: remedy.map(cure) }
    };
    let several = |ways: &Ways, is_reply: bool| {
        let mut shown: Vec<&Way> = ways.all.iter().collect();
        if shown.len() > MOST_SHOWN {
            // Those that fail tell more than those that do not.
            shown.sort_by_key(|way| (way.fate.arrives(), matches!(way.fate, Fate::Unknown(_))));
            shown.truncate(MOST_SHOWN);
        }
        let shown = shown.into_iter().map(|Way { fate, legs }| way(legs, fate, is_reply)).collect();
        Several { of: ways.all.len(), lost: ways.lost().count(), cut: ways.is_cut, shown }
    };
    Report {
        version: 1,
        verdict: asked.verdict().to_string(),
        from,
        to,
        family: if probe.to.is_ipv4() { "ipv4" } else { "ipv6" },
        size: probe.size,
        df: probe.df,
        there: way(&echo.out, &echo.there, false).steps,
        back: echo.back.as_ref().map_or_else(Vec::new, |back| way(&echo.home, back, true).steps),
        ways: every_way
            .as_ref()
            .map(|ways| AllWays { there: several(&ways.there, false), back: several(&ways.back, true) }),
        why: failure.map(|failure| forwarding.explain(failure.fate)),
        remedy: failure.and_then(|own| remedy(own.fate, own.legs, own.is_reply)).map(cure),
    }
}

fn party(forwarding: &Forwarding, end: End, address: IpAddr, sender: Option<Sender>) -> Party {
    let host = match (end, sender) {
        (End::Host(host), _) | (End::Address(_), Some(Sender::Host(host))) => Some(&forwarding.hosts[host]),
        _ => None,
    };
    let node = match (end, sender) {
        (_, Some(Sender::Node(node, _, own))) => Some((node, own)),
        (End::Node(node), _) => Some((node, address)),
        _ => None,
    };
    let name = match (host, node) {
        (Some(host), _) => Some(host.name.to_string()),
        (None, Some((node, _))) => Some(forwarding.prediction.fabric.name(node).to_owned()),
        (None, None) => (end == End::Outside).then(|| "outside".to_owned()),
    };
    let is_made_up = end == End::Outside || host.is_some_and(|host| host.is_made_up);
    Party { name, address: node.map_or(address, |(_, own)| own), made_up: is_made_up }
}

/// The steps of a way, and how it ends. `cause` is the line that decides a loss.
fn steps<'a>(
    forwarding: &Forwarding,
    legs: &[Leg],
    fate: &Fate,
    cause: Option<Span>,
    sources: &'a Sources,
) -> Vec<Step<'a>> {
    let mut steps: Vec<Step> = vec![];
    for Leg { event, span } in legs {
        let place = span.map(|span| place(span, sources));
        steps.push(Step { ok: Mark::Ok, what: forwarding.describe(event), place });
    }
    let ok = match fate {
        Fate::Host(_) | Fate::Node(..) | Fate::Outside(_) => Mark::Ok,
        Fate::Lost(_) | Fate::Partial(_) => Mark::Lost,
        Fate::Unknown(_) => Mark::Unknown,
    };
    let place = cause.filter(|_| ok != Mark::Ok).map(|span| place(span, sources));
    steps.push(Step { ok, what: forwarding.explain(fate), place });
    steps
}

fn place(span: Span, sources: &Sources) -> Place<'_> {
    let (path, line) = layout::place(span, sources);
    Place { path, line }
}
