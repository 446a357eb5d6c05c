//! Routes, pings and what bridges learn: what is predicted of a folder, beside what was measured of it.

use super::{
    picture::Picture,
    pings::{Fdb, Ping},
    routes::Route,
};
use crate::support::files;
use evpnlint::{
    config::Config,
    fabric::Fabric,
    forward::{
        Forwarding,
        ping::{Probe, Sender, Verdict},
    },
    index::NodeIndex,
    lang,
    model::{Prefix, Vni},
    options::Completeness,
    predict::{
        Prediction,
        ribs::{Entry, Step, Ways},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::IpAddr,
    path::Path,
};

/// Where the hosts and the cables of a fabric are written down, as `evpnlint.toml` would have them.
pub(crate) const HOSTS: &str = "hosts.toml";
pub(crate) const CABLES: &str = "cables.toml";

/// How often something was compared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// How often both say the same.
    pub(crate) alike: usize,
    /// How often they do not.
    pub(crate) unlike: usize,
    /// How often nothing is predicted.
    pub(crate) open: usize,
    /// Of what is alike, how often it is what nobody hopes for: no route, no reply.
    pub(crate) poor: usize,
}

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// A route that zebra has selected, or that there is none to an address.
    Routes,
    /// Whether a node answers another one.
    NodePings,
    /// Whether a host answers another one.
    HostPings,
    /// The VTEPs that the kernel floods a VNI to.
    FloodLists,
    /// The VTEPs that the kernel sends to what is for a host's MAC address.
    Macs,
}

impl What {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Routes => "routes",
            Self::NodePings => "pings of nodes",
            Self::HostPings => "pings of hosts",
            Self::FloodLists => "flood lists",
            Self::Macs => "MAC addresses",
        }
    }
}

/// Whether evpnlint is told the cables of a fabric, and its switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cables {
    Untold,
    Told,
}

/// All that was compared of a fabric, and in what it differs.
#[derive(Default)]
pub(crate) struct Comparison {
    pub(crate) counts: BTreeMap<(Cables, What), Count>,
    pub(crate) differences: Vec<String>,
}

/// What is compared of one prediction.
struct Tally<'c> {
    cables: Cables,
    into: &'c mut Comparison,
}

impl Count {
    pub(crate) fn join(&mut self, other: &Self) {
        self.alike += other.alike;
        self.unlike += other.unlike;
        self.open += other.open;
        self.poor += other.poor;
    }
}

impl Tally<'_> {
    fn add(&mut self, what: What, same: Option<bool>, is_poor: bool, difference: impl FnOnce() -> String) {
        let count = self.into.counts.entry((self.cables, what)).or_default();
        match same {
            None => count.open += 1,
            Some(true) => {
                count.alike += 1;
                count.poor += usize::from(is_poor);
            }
            Some(false) => {
                count.unlike += 1;
                let difference = format!("{}: {}", what.name(), difference());
                if !self.into.differences.contains(&difference) {
                    self.into.differences.push(difference);
                }
            }
        }
    }
}

/// Compares all that was measured of the files in `folder`.
pub(crate) fn compare(folder: &Path, cables: Cables, measured: &Picture, into: &mut Comparison) {
    let mut text = fs::read_to_string(folder.join(HOSTS)).unwrap_or_default();
    if cables == Cables::Told {
        text += &fs::read_to_string(folder.join(CABLES)).unwrap_or_default();
    }
    let mut sources = files::load(folder);
    let options = Config::parse(Path::new("evpnlint.toml"), &text).unwrap().options(&mut sources);
    let cluster = lang::read(&sources, &options);
    let fabric = Fabric::new(&cluster, Completeness::Complete);
    let prediction = Prediction::new(&fabric);
    let forwarding = Forwarding::new(&prediction);
    let mut tally = Tally { cables, into };
    routes(&prediction, measured, &mut tally);
    for ping in &measured.pings {
        one_ping(&forwarding, ping, &mut tally);
    }
    learnt(&prediction, measured, &mut tally);
}

/// The longest of a node's routes to an address.
fn longest<'p>(routes: &[(Prefix, &'p Route)], to: IpAddr) -> Option<(Prefix, &'p Route)> {
    routes.iter().filter(|(prefix, _)| prefix.contains(to)).max_by_key(|(prefix, _)| prefix.length()).copied()
}

/// Compares, for every address of the fabric and for the first one of every prefix that a node has, which route leads there.
/// Each route of a node counts once.
fn routes(prediction: &Prediction, measured: &Picture, into: &mut Tally) {
    let fabric = prediction.fabric;
    let mut tables: BTreeMap<&str, Vec<(Prefix, &Route)>> = BTreeMap::new();
    for route in &measured.routes {
        tables.entry(&route.node).or_default().extend(route.prefix().map(|prefix| (prefix, route)));
    }
    let firsts = tables.values().flatten().map(|(prefix, _)| prefix.network());
    let all: BTreeSet<IpAddr> = measured.addresses.iter().copied().chain(firsts).collect();
    let ways: BTreeMap<IpAddr, Ways> = all.iter().map(|ip| (*ip, prediction.ribs.ways(fabric, *ip))).collect();
    for (name, table) in &tables {
        let Some(node) = fabric.index(name) else { continue };
        // By prefix, an address that is routed otherwise than predicted, else whether all is.
        let mut verdicts: BTreeMap<Option<Prefix>, (Option<bool>, String)> = BTreeMap::new();
        for (to, ways) in ways.iter().filter(|(_, ways)| !ways.owners.contains(&node)) {
            let found = longest(table, *to);
            let entry = ways.entry(node);
            let same = agrees(fabric, entry.as_ref(), found);
            let words = || {
                let seen = found.map_or("none".to_owned(), |(_, route)| tell(route));
                format!("{name} to {to}: predicted {}, measured {seen}", say(fabric, entry.as_ref()))
            };
            let Some((prefix, _)) = found else {
                into.add(What::Routes, same, true, words);
                continue;
            };
            let worse = |known: Option<bool>| same == Some(false) && known != same || known.is_none() && same.is_some();
            if verdicts.get(&Some(prefix)).is_none_or(|(known, _)| worse(*known)) {
                verdicts.insert(Some(prefix), (same, words()));
            }
        }
        for (same, words) in verdicts.into_values() {
            into.add(What::Routes, same, false, || words);
        }
    }
}

/// Whether a route is the one that is predicted. `None` where nothing is.
fn agrees(fabric: &Fabric, entry: Option<&Entry>, found: Option<(Prefix, &Route)>) -> Option<bool> {
    let Some(entry) = entry else { return Some(found.is_none()) };
    let next = match &entry.step {
        Step::Assumed => return None,
        Step::Dropped => vec![],
        Step::Next(next) => next.iter().map(|next| fabric.name(next.node)).collect(),
    };
    let Some((prefix, route)) = found else { return Some(false) };
    let is_alike = entry.length == prefix.length() && entry.distance == route.distance;
    // Of an address that several nodes have, zebra does not say whose it is.
    let both = || {
        let may_be = |hop: &BTreeSet<String>| next.iter().any(|next| hop.contains(*next));
        let is_in = |next: &&str| route.next.iter().any(|hop| hop.contains(*next));
        route.next.iter().all(may_be) && next.iter().all(is_in)
    };
    let is_dropped = matches!(entry.step, Step::Dropped);
    let leads = if route.protocol == "connected" { !is_dropped } else { is_dropped == route.drops && both() };
    Some(is_alike && leads)
}

fn say(fabric: &Fabric, entry: Option<&Entry>) -> String {
    let Some(Entry { length, distance, step }) = entry else { return "none".to_owned() };
    let how = match step {
        Step::Next(next) => {
            let names: BTreeSet<&str> = next.iter().map(|next| fabric.name(next.node)).collect();
            format!("via {}", names.into_iter().collect::<Vec<_>>().join(", "))
        }
        Step::Assumed => "somewhere".to_owned(),
        Step::Dropped => "dropped".to_owned(),
    };
    format!("/{length} [{distance}] {how}")
}

fn tell(route: &Route) -> String {
    let next = route.next.iter().map(|hop| match hop.len() {
        0 => "nobody".to_owned(),
        _ => hop.iter().cloned().collect::<Vec<_>>().join(" or "),
    });
    let how = if route.drops { "dropped".to_owned() } else { next.collect::<Vec<_>>().join(", ") };
    format!("{} {} [{}] via {how}", route.protocol, route.prefix, route.distance)
}

fn one_ping(forwarding: &Forwarding, ping: &Ping, into: &mut Tally) {
    let Ping { from, source, to, size, df, answered } = ping;
    let host = forwarding.hosts.iter().position(|host| host.name == *from);
    let node = || forwarding.prediction.fabric.index(from);
    let (what, sender) = match host {
        Some(host) => (What::HostPings, Sender::Host(host)),
        None => (What::NodePings, Sender::Node(node().unwrap(), "", *source)),
    };
    let echo = forwarding.ping(Probe { from: sender, to: *to, size: *size, df: *df });
    let verdict = echo.verdict();
    let same = match verdict {
        Verdict::Ok => Some(*answered),
        Verdict::OneWay | Verdict::Lost => Some(!answered),
        Verdict::Partial | Verdict::Unknown => None,
    };
    into.add(what, same, !answered, || {
        let why = forwarding.why_not(&echo).unwrap_or_default();
        let may = if *df { "whole" } else { "in pieces" };
        let seen = if *answered { "answered" } else { "not answered" };
        format!("{from} to {to}, {size} bytes {may}: predicted {verdict} ({why}), measured {seen}")
    });
}

/// Compares what the bridges of all nodes have learnt from BGP.
fn learnt(prediction: &Prediction, measured: &Picture, into: &mut Tally) {
    let fabric = prediction.fabric;
    let of = |node: &str, vni: u32, mac: &str| -> BTreeSet<IpAddr> {
        let is_it = |own: &&Fdb| own.node == node && own.vni == vni && own.mac == mac;
        measured.fdb.iter().filter(is_it).flat_map(|own| own.vteps.iter().copied()).collect()
    };
    let join = |vteps: &BTreeSet<IpAddr>| vteps.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    for (vni, members) in &prediction.floods.vnis {
        for member in members {
            let name = fabric.name(member.origin.node);
            let mut add = |what: What, mac: &str, said: BTreeSet<IpAddr>| {
                let seen = of(name, vni.number(), mac);
                into.add(what, Some(said == seen), said.is_empty(), || {
                    format!("{name} VNI {vni} {mac}: predicted {}, measured {}", join(&said), join(&seen))
                });
            };
            // Who asks nobody to flood to it floods to nobody.
            let flood = Some(member).filter(|member| member.origin.floods(fabric));
            add(What::FloodLists, ZEROS, flood.map(|own| prediction.floods.floods(own)).unwrap_or_default());
            for host in measured.hosts.iter().filter(|host| host.node != name) {
                let Some(far) = fabric.index(&host.node) else { continue };
                let vtep = behind(prediction, far, *vni, &host.bridge);
                let said = vtep.into_iter().filter(|vtep| prediction.floods.takes_host(member, far, *vtep));
                add(What::Macs, &host.mac, said.collect());
            }
        }
    }
}

const ZEROS: &str = "00:00:00:00:00:00";

/// The VTEP address that a node originates a VNI's routes with, if a bridge of it has that VNI.
fn behind(prediction: &Prediction, node: NodeIndex, vni: Vni, bridge: &str) -> Option<IpAddr> {
    let own = &prediction.fabric.devices[node].local_vnis;
    let is_there = own.iter().any(|own| own.vni == vni && own.bridge.is_some_and(|own| own.name == bridge));
    let member = prediction.floods.member(node, vni).filter(|member| is_there && member.origin.lack.is_none());
    member?.origin.vtep
}
