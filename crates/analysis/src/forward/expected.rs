//! What the files themselves say must work: hosts of one VNI hear each other on all its nodes, each hears its gateway, and
//! those of one VRF reach each other from VNI to VNI. Where no file names a host, an access point on each node stands for
//! all that may be there.
//!
//! Nodes are asked in a ring, so that each is asked in both directions and the work is linear in their number.

use super::{
    Forwarding, SMALL,
    end::OUTSIDE,
    host::HostIndex,
    journey::{Event, Sent},
    loss::{Fate, Loss},
    ping::{Echo, Failure, Probe, Verdict},
};
use crate::fabric::{Fabric, NodeIndex, device::LocalVni, targets};
use crate::predict::{
    Prediction,
    fate::Cause,
    sieve::{self, Kind},
};
use evpnlint_core::{
    model::{Sourced, Vni, bgp::Evpn, is_on},
    source::Span,
};
use std::{collections::BTreeMap, net::IpAddr};

/// How many segments all floods may reach before nothing more is asked. A question that is answered seldom needs a flood;
/// one that is lost needs one of all members.
const MOST_WORK: usize = 2_000_000;

/// What is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected<'m> {
    /// Hosts of a VNI on two nodes hear each other.
    Bridged(Vni),
    /// A host of a VNI reaches its gateway.
    Gateway(Vni),
    /// Hosts of a VRF on two nodes reach each other.
    Routed(&'m str),
    /// Hosts of a VRF reach what lies outside, by a node that tells the VRF's others of a default route.
    Outside(&'m str),
}

/// An expectation that does not hold.
pub struct Unmet<'m> {
    /// What was expected.
    pub expected: Expected<'m>,
    /// The nodes that the two hosts are attached to.
    pub nodes: [NodeIndex; 2],
    /// Whether some of several equal ways keep it.
    pub is_partial: bool,
    /// Why it does not; none where packets are too large, of which other rules know more.
    pub cause: Option<Cause>,
    /// Where both nodes have the VNI.
    pub places: [Option<Span>; 2],
}

/// What came of all that was asked.
#[derive(Default)]
pub struct Asked<'m> {
    /// What does not hold.
    pub unmet: Vec<Unmet<'m>>,
    /// What was not asked, or not of all nodes, because too much is lost before; and where the first such node has it.
    pub skipped: BTreeMap<Expected<'m>, Option<Span>>,
}

/// An access point of a VNI on a node.
struct AccessPoint<'m> {
    host: HostIndex,
    node: NodeIndex,
    vni: Vni,
    vrf: Option<&'m str>,
    /// The gateways of the node itself. Where it has none, no host need be.
    gateways: Vec<IpAddr>,
}

/// Somebody at an access point asks an address that somebody at another node has, or leads to.
struct Question<'q, 'm> {
    expected: Expected<'m>,
    from: &'q AccessPoint<'m>,
    to: NodeIndex,
    address: IpAddr,
}

/// By VRF and whether it is of IPv4, the nodes that tell others of a default route: by `default-originate`.
type Exits<'m> = BTreeMap<(&'m str, bool), Vec<NodeIndex>>;

/// Asks for all that is expected, of small packets.
pub fn ask<'m>(prediction: &Prediction<'_, 'm>) -> Asked<'m> {
    let fabric = prediction.fabric;
    let mut forwarding = Forwarding::without_hosts(prediction);
    let points = access_points(&mut forwarding);
    let exits = exits(fabric);
    let mut asked = Asked::default();
    let mut ask = |expected: Expected<'m>, from: &AccessPoint<'m>, to: NodeIndex, address: Option<IpAddr>| {
        let Some(address) = address else { return };
        if forwarding.flood_work.get() > MOST_WORK {
            asked.skipped.entry(expected).or_insert_with(|| forwarding.place_of(from.node, from.vni));
            return;
        }
        let echo = forwarding.ping(Probe { from: from.host.into(), to: address, size: SMALL, df: false });
        let is_out = match expected {
            Expected::Outside(vrf) => exits.get(&(vrf, address.is_ipv4())).is_some_and(|exits| gets_out(exits, &echo)),
            _ => false,
        };
        if !is_out && matches!(echo.verdict(), Verdict::Lost | Verdict::OneWay | Verdict::Partial) {
            asked.unmet.push(unmet(&forwarding, Question { expected, from, to, address }, &echo));
        }
    };
    let address = |point: &AccessPoint, is_v4: bool| forwarding.hosts[point.host].address(is_v4);
    let mut by_vni: BTreeMap<Vni, Vec<&AccessPoint<'m>>> = BTreeMap::new();
    let mut by_vrf: BTreeMap<&'m str, BTreeMap<NodeIndex, Vec<&AccessPoint<'m>>>> = BTreeMap::new();
    for point in &points {
        by_vni.entry(point.vni).or_default().push(point);
        if let Some(vrf) = point.vrf {
            by_vrf.entry(vrf).or_default().entry(point.node).or_default().push(point);
        }
    }
    for (vni, members) in &by_vni {
        for (from, to) in ring(members) {
            if meant(fabric, *vni, from.node, to.node) {
                ask(Expected::Bridged(*vni), from, to.node, address(to, true).or_else(|| address(to, false)));
            }
        }
        for from in members {
            for gateway in &from.gateways {
                ask(Expected::Gateway(*vni), from, from.node, Some(*gateway));
            }
        }
    }
    for (vrf, nodes) in &by_vrf {
        let nodes: Vec<&Vec<&AccessPoint<'m>>> = nodes.values().collect();
        for (ours, theirs) in ring(&nodes) {
            let from = ours[0];
            let Some(to) = theirs.iter().find(|to| to.vni != from.vni) else { continue };
            if routes(fabric, vrf, [from.node, to.node], to.vni) {
                for is_v4 in [true, false] {
                    ask(Expected::Routed(vrf), from, to.node, address(to, is_v4));
                }
            }
        }
    }
    for ((vrf, is_v4), exits) in &exits {
        let outside = OUTSIDE.into_iter().find(|ip| ip.is_ipv4() == *is_v4);
        let nodes = by_vrf.get(vrf).into_iter().flatten();
        for (_, ours) in nodes.filter(|(node, _)| !exits.contains(node)) {
            ask(Expected::Outside(vrf), ours[0], exits[0], outside);
        }
    }
    asked
}

/// What keeps an expectation from holding.
fn unmet<'m>(forwarding: &Forwarding<'_, 'm>, question: Question<'_, 'm>, echo: &Echo<'m>) -> Unmet<'m> {
    let Question { expected, from, to, address } = question;
    let cause = echo.failure().and_then(|Failure { fate, legs, is_reply }| match expected {
        Expected::Outside(vrf) => {
            let route = DefaultRoute { exit: to, vrf, is_v4: address.is_ipv4() };
            Some(kept_back(forwarding.prediction, route, &forwarding.explain(fate)))
        }
        _ => {
            let source = || forwarding.hosts[from.host].address(address.is_ipv4());
            let receiver = if is_reply { source().unwrap_or(address) } else { address };
            let cause = || forwarding.cause(fate, Sent { legs, to: receiver, size: SMALL });
            let is_silent = matches!(fate.reason(), Some(Loss::NoAnswer(..) | Loss::NobodyTakes(_)));
            let nodes = [from.node, to];
            let cause = match (is_silent, are_joined(forwarding.prediction, expected, nodes)) {
                (true, false) => None,
                // The addresses are made up, and say nothing to whoever reads.
                (true, true) => cause().map(|cause| unheard(forwarding.fabric(), cause, nodes)),
                (false, _) => cause(),
            };
            vlans_apart(forwarding.fabric(), expected, nodes).or(cause)
        }
    });
    let nodes = [from.node, to];
    let is_partial = echo.verdict() == Verdict::Partial;
    Unmet { expected, nodes, is_partial, cause, places: nodes.map(|node| forwarding.place_of(node, from.vni)) }
}

/// Whether something carries the frames of two nodes: each floods the VNI to the other, or they are an MLAG pair. Where routes or
/// a peer link are missing, other rules say why nobody answers.
fn are_joined(prediction: &Prediction, expected: Expected, [a, b]: [NodeIndex; 2]) -> bool {
    let floods = |vni: Vni| {
        let member = |node| prediction.floods.member(node, vni);
        let (one, other) = (member(a)?, member(b)?);
        Some(prediction.floods.floods_to(one, other) && prediction.floods.floods_to(other, one))
    };
    let multihoming = &prediction.fabric.multihoming;
    let has_peer_link = |node| {
        let link = multihoming.mlags.get(&node).map(|mlag| &*mlag.peerlink.name);
        link.is_some_and(|link| prediction.fabric.devices[node].bridge_of(link).is_some())
    };
    let is_pair = multihoming.peer(a) == Some(b) && has_peer_link(a) && has_peer_link(b);
    match expected {
        Expected::Bridged(vni) => is_pair || floods(vni) == Some(true),
        Expected::Routed(_) => is_pair,
        Expected::Gateway(_) | Expected::Outside(_) => false,
    }
}

/// The cause of a loss where nobody answers, and no line says why.
fn unheard(fabric: &Fabric, cause: Cause, nodes: [NodeIndex; 2]) -> Cause {
    let [one, other] = nodes.map(|node| fabric.name(node));
    Cause {
        why: format!("what a host on {one} sends there reaches none on {other}, or no answer comes back"),
        remedy: format!("compare the bridges, their VLANs and what routes on them on {one} and {other}"),
        ..cause
    }
}

/// What keeps the two of an MLAG pair apart in a VNI: their peer link carries VLANs, not VNIs.
fn vlans_apart(fabric: &Fabric, expected: Expected, nodes: [NodeIndex; 2]) -> Option<Cause> {
    let Expected::Bridged(vni) = expected else { return None };
    let [a, b] = nodes;
    if fabric.multihoming.peer(a) != Some(b) {
        return None;
    }
    let vlan = |node: NodeIndex| fabric.devices[node].local_vnis.iter().find(|own| own.vni == vni)?.vlan.as_ref();
    let (one, other) = (vlan(a)?, vlan(b)?);
    if one.value == other.value {
        return None;
    }
    let [one_name, other_name] = nodes.map(|node| fabric.name(node));
    let why = format!(
        "VNI {vni} is VLAN {one} on {one_name} and VLAN {other} on {other_name}, and the peer link of the MLAG pair joins VLANs"
    );
    let cause = Cause::new(why, format!("write one VLAN for VNI {vni} on both: `bridge-access {other}` on {one_name}"));
    Some(cause.at(one.span(), format!("VLAN {one}")).at(other.span(), format!("VLAN {other}")))
}

/// Whether a packet gets to an exit. Whether that has a way out itself, and what lies outside a way back, is its own
/// business.
fn gets_out(exits: &[NodeIndex], echo: &Echo) -> bool {
    let ends = match &echo.there {
        Fate::Lost(Loss::NoRoute(node, _) | Loss::Refused(node, _)) => exits.contains(node),
        fate => fate.arrives(),
    };
    ends || echo.out.iter().any(|leg| matches!(leg.event, Event::Routes(node, ..) if exits.contains(&node)))
}

/// A default route that an exit tells of.
struct DefaultRoute<'m> {
    exit: NodeIndex,
    vrf: &'m str,
    is_v4: bool,
}

/// Why a node does not get a default route.
fn kept_back(prediction: &Prediction, route: DefaultRoute, why: &str) -> Cause {
    let DefaultRoute { exit, vrf, is_v4 } = route;
    let fabric = prediction.fabric;
    let name = fabric.name(exit);
    let instance = fabric.node(exit).frr.as_ref().and_then(|frr| frr.instance(Some(vrf).filter(|vrf| !vrf.is_empty())));
    let evpn = instance.map(|own| &own.evpn);
    let origin = evpn.and_then(|own| default_originate(own, is_v4).as_ref()?.span());
    let kind = Kind { number: 5, vni: None };
    let closed = prediction.evpn.out[exit].iter().find(|edge| !sieve::lets_out(fabric, edge, kind));
    let map = closed.and_then(|edge| edge.out?.route_map_out.as_ref());
    let entries = map.and_then(|map| fabric.node(exit).frr.as_ref()?.route_maps.get(&map.value));
    let matches = entries.into_iter().flat_map(|map| &map.entries).flat_map(|entry| &entry.matches);
    let remedy = match map {
        Some(map) => format!("let route-map {map} of {name} pass type-5 routes"),
        None => format!("see why the type-5 routes of {name} do not get there: `evpnlint why`"),
    };
    let cause = Cause::new(format!("{name} tells of a default route, and {why}"), remedy)
        .at(map.and_then(|map| map.span()), "drops type-5 routes")
        .vague(map.is_none())
        .of_all();
    let cause = matches.take(4).fold(cause, |cause, own| cause.at(own.span(), "what it matches"));
    cause.at(origin, "tells of a default route")
}

fn exits<'m>(fabric: &Fabric<'m>) -> Exits<'m> {
    let mut found = Exits::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        for instance in device.node.frr.iter().flat_map(|frr| &frr.bgp) {
            let vrf = instance.vrf.as_ref().map_or("", |vrf| vrf.value.as_str());
            for is_v4 in [true, false].into_iter().filter(|is_v4| is_on(default_originate(&instance.evpn, *is_v4))) {
                found.entry((vrf, is_v4)).or_default().push(node);
            }
        }
    }
    found
}

fn default_originate(evpn: &Evpn, is_v4: bool) -> &Option<Sourced<bool>> {
    if is_v4 { &evpn.default_originate_ipv4 } else { &evpn.default_originate_ipv6 }
}

/// Each with the next, and the last with the first.
fn ring<T: Copy>(all: &[T]) -> Vec<(T, T)> {
    let next = |at: usize| all[(at + 1) % all.len()];
    let pairs = (0..all.len()).map(|at| (all[at], next(at)));
    match all.len() {
        0 | 1 => vec![],
        2 => pairs.take(1).collect(),
        _ => pairs.collect(),
    }
}

/// Whether route targets let one of two nodes take what the other tells of a VNI: two groups that take nothing of each
/// other are kept apart on purpose.
fn meant(fabric: &Fabric, vni: Vni, one: NodeIndex, other: NodeIndex) -> bool {
    let party = |node: NodeIndex| targets::of_vni(&fabric.devices[node], node, vni);
    match (party(one), party(other)) {
        (Some(a), Some(b)) => a.imports_from(&b) || b.imports_from(&a),
        _ => true,
    }
}

/// Whether two nodes are there to route between VNIs of a VRF: both have its L3VNI, or the first has the other VNI too.
fn routes(fabric: &Fabric, vrf: &str, nodes: [NodeIndex; 2], vni: Vni) -> bool {
    let has_l3vni = |node: NodeIndex| {
        let frr = fabric.node(node).frr.as_ref();
        frr.and_then(|frr| frr.vrfs.get(vrf)).is_some_and(|own| own.vni.is_some())
    };
    let has = |own: &LocalVni| own.vni == vni && own.svi.is_some_and(|svi| svi.vrf_name() == vrf);
    nodes.into_iter().all(has_l3vni) || fabric.devices[nodes[0]].local_vnis.iter().any(has)
}

/// Puts an access point on every node of each VNI that several nodes have.
fn access_points<'m>(forwarding: &mut Forwarding<'_, 'm>) -> Vec<AccessPoint<'m>> {
    let fabric = forwarding.fabric();
    let mut members: BTreeMap<Vni, BTreeMap<NodeIndex, &LocalVni<'m>>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        for own in device.local_vnis.iter().filter(|own| own.layer3.is_none() && !own.is_static()) {
            members.entry(own.vni).or_default().entry(node).or_insert(own);
        }
    }
    let mut spare = forwarding.spare();
    let mut points = vec![];
    for (vni, members) in members.into_iter().filter(|(_, members)| members.len() > 1) {
        for (node, own) in members {
            let Some((domain, _)) = forwarding.machines[node].of_vni(vni, None) else { continue };
            let gateways = [true, false].map(|is_v4| Some(forwarding.own_gateway(node, domain, is_v4)?.ip));
            let vrf = own.svi.filter(|svi| !svi.addresses.is_empty()).map(|svi| svi.vrf_name());
            let host = forwarding.put_place(node, domain, &mut spare);
            points.push(AccessPoint { host, node, vni, vrf, gateways: gateways.into_iter().flatten().collect() });
        }
    }
    points
}
