//! What the files themselves say must work: hosts of one VNI hear each other on all its nodes, each hears its gateway, and
//! those of one VRF reach each other from VNI to VNI. Where no file names a host, an access point on each node stands for
//! all that may be there.
//!
//! Nodes are asked in a ring, so that each is asked in both directions and the work is linear in their number.

use super::{
    Forwarding, SMALL,
    end::OUTSIDE,
    host::{Host, HostIndex},
    journey::{Event, Leg},
    loss::{Fate, Loss},
    machine::Machine,
    ping::{Probe, Verdict},
    wiring::Segment,
};
use crate::fabric::{Fabric, NodeIndex, device::LocalVni, gateway, targets};
use crate::predict::{
    Prediction,
    fate::Cause,
    sieve::{self, Kind},
};
use evpnlint_core::{
    model::{InterfaceAddress, Vni, is_on},
    source::Span,
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// How many questions are asked at most: a flood of `n` nodes counts `n` for each of them.
const MOST_WORK: usize = 200_000;

/// The subnet of access points whose VNI has no gateway: TEST-NET-1 (RFC 5737).
const NOWHERE: InterfaceAddress = InterfaceAddress { ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0)), length: 24 };

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
    /// Why it does not; none where packets are too large, of which other rules know more.
    pub cause: Option<Cause>,
    /// Where both nodes have the VNI.
    pub places: [Option<Span>; 2],
}

/// An access point of a VNI on a node.
struct Place<'m> {
    node: NodeIndex,
    vni: Vni,
    vrf: Option<&'m str>,
    gateways: Vec<IpAddr>,
    addresses: Vec<InterfaceAddress>,
    segment: Segment,
    mtu: u32,
}

/// Asks for all that is expected, of small packets, and tells what does not hold.
pub fn unmet<'m>(prediction: &Prediction<'_, 'm>) -> Vec<Unmet<'m>> {
    let fabric = prediction.fabric;
    let machines: Vec<Machine<'m>> =
        fabric.devices.iter().enumerate().map(|(node, device)| Machine::new(device, node)).collect();
    let places = places(fabric, &machines);
    let hosts = |place: &Place<'m>| Host {
        name: Cow::Borrowed(""),
        guest: None,
        is_made_up: true,
        segment: Some(place.segment),
        node: Some(place.node),
        port_mtu: None,
        addresses: place.addresses.clone(),
        gateways: place.gateways.clone(),
        routes: vec![],
        mtu: place.mtu,
        silent: false,
        span: None,
    };
    let hosts: Vec<Host> = places.iter().map(hosts).collect();
    let forwarding = Forwarding::of(prediction, machines, hosts);
    let mut found = vec![];
    let mut ask = |expected, from: HostIndex, end: NodeIndex, to: Option<IpAddr>| {
        let Some(to) = to else { return };
        let echo = forwarding.ping(Probe { from: from.into(), to, size: SMALL, df: false });
        // Whether an exit has a way out itself, and what lies outside a way back, is its own business.
        let is_out = match expected {
            Expected::Outside(vrf) => {
                let at_exit = |node: NodeIndex| exits(fabric, vrf).contains(&node);
                let routes = |leg: &Leg| matches!(leg.event, Event::Routes(node, ..) if at_exit(node));
                let ends = match &echo.there {
                    Fate::Lost(Loss::NoRoute(node, _) | Loss::Refused(node, _)) => at_exit(*node),
                    fate => fate.arrives(),
                };
                ends || echo.out.iter().any(routes)
            }
            _ => false,
        };
        if !is_out && matches!(echo.verdict(), Verdict::Lost | Verdict::OneWay) {
            let (fate, legs) = match echo.back {
                Some(back) => (back, echo.home),
                None => (echo.there, echo.out),
            };
            let nodes = [places[from].node, end];
            let places = nodes.map(|node| forwarding.place_of(node, places[from].vni));
            let cause = match expected {
                Expected::Outside(vrf) => Some(kept_back(prediction, end, vrf, forwarding.explain(&fate))),
                _ => forwarding.cause(&fate, &legs),
            };
            found.push(Unmet { expected, nodes, cause, places });
        }
    };
    let address =
        |host: HostIndex, is_v4: bool| places[host].addresses.iter().map(|own| own.ip).find(|ip| ip.is_ipv4() == is_v4);
    let mut by_vni: BTreeMap<Vni, Vec<HostIndex>> = BTreeMap::new();
    let mut by_vrf: BTreeMap<&str, BTreeMap<NodeIndex, Vec<HostIndex>>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        by_vni.entry(place.vni).or_default().push(at);
        if let Some(vrf) = place.vrf {
            by_vrf.entry(vrf).or_default().entry(place.node).or_default().push(at);
        }
    }
    for (vni, members) in &by_vni {
        for (from, to) in ring(members) {
            if meant(fabric, *vni, places[from].node, places[to].node) {
                ask(Expected::Bridged(*vni), from, places[to].node, address(to, true));
            }
        }
        for from in members {
            for gateway in &places[*from].gateways {
                ask(Expected::Gateway(*vni), *from, places[*from].node, Some(*gateway));
            }
        }
    }
    for (vrf, nodes) in &by_vrf {
        let nodes: Vec<(&NodeIndex, &Vec<HostIndex>)> = nodes.iter().collect();
        for ((near, ours), (far, theirs)) in ring(&nodes) {
            let other = theirs.iter().find(|to| places[**to].vni != places[ours[0]].vni);
            let to = *other.unwrap_or(&theirs[0]);
            if other.is_some() && routes(&forwarding, vrf, [*near, *far], places[to].vni) {
                for is_v4 in [true, false] {
                    ask(Expected::Routed(vrf), ours[0], *far, address(to, is_v4));
                }
            }
        }
    }
    for (vrf, nodes) in &by_vrf {
        let exits: Vec<NodeIndex> = exits(fabric, vrf);
        let Some(exit) = exits.first() else { continue };
        for (_, ours) in nodes.iter().filter(|(node, _)| !exits.contains(node)) {
            ask(Expected::Outside(vrf), ours[0], *exit, Some(OUTSIDE[0]));
        }
    }
    found
}

/// Why a node does not get the default route that an exit tells of.
fn kept_back(prediction: &Prediction, exit: NodeIndex, vrf: &str, why: String) -> Cause {
    let fabric = prediction.fabric;
    let name = fabric.name(exit);
    let instance = fabric.node(exit).frr.as_ref().and_then(|frr| frr.instance(Some(vrf)));
    let origin = instance.and_then(|own| own.evpn.default_originate_ipv4.as_ref()?.span());
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

/// The nodes that tell others of a default route of a VRF: by `default-originate`.
fn exits(fabric: &Fabric, vrf: &str) -> Vec<NodeIndex> {
    let tells = |node: &NodeIndex| {
        let frr = fabric.node(*node).frr.as_ref();
        let instance = frr.and_then(|frr| frr.instance(Some(vrf).filter(|vrf| !vrf.is_empty())));
        instance.is_some_and(|own| is_on(&own.evpn.default_originate_ipv4))
    };
    (0..fabric.devices.len()).filter(tells).collect()
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
fn routes(forwarding: &Forwarding, vrf: &str, nodes: [NodeIndex; 2], vni: Vni) -> bool {
    let fabric = forwarding.prediction.fabric;
    let has_l3vni = |node: NodeIndex| {
        let frr = fabric.node(node).frr.as_ref();
        frr.and_then(|frr| frr.vrfs.get(vrf)).is_some_and(|own| own.vni.is_some())
    };
    let has = |own: &LocalVni| own.vni == vni && own.svi.is_some_and(|svi| svi.vrf_name() == vrf);
    nodes.into_iter().all(has_l3vni) || fabric.devices[nodes[0]].local_vnis.iter().any(has)
}

fn places<'m>(fabric: &Fabric<'m>, machines: &[Machine<'m>]) -> Vec<Place<'m>> {
    let several = |node: &NodeIndex| fabric.multihoming.pairs.iter().any(|pair| pair.contains(node));
    let mut members: BTreeMap<Vni, Vec<(NodeIndex, &LocalVni<'m>)>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter().enumerate().filter(|(node, _)| !several(node)) {
        let mut seen = BTreeSet::new();
        for own in device.local_vnis.iter().filter(|own| own.layer3.is_none() && !own.is_static()) {
            if seen.insert(own.vni) {
                members.entry(own.vni).or_default().push((node, own));
            }
        }
    }
    let mut all: Vec<(Vni, Vec<(NodeIndex, &LocalVni<'m>)>)> =
        members.into_iter().filter(|(_, members)| members.len() > 1).collect();
    all.sort_by_key(|(vni, members)| (std::cmp::Reverse(members.len()), *vni));
    let mut work = 0;
    let mut found = vec![];
    for (vni, members) in all {
        work += members.len() * members.len();
        if work > MOST_WORK && !found.is_empty() {
            break;
        }
        let shared = |is_v4: bool| members.iter().find_map(|(_, own)| subnet(own, is_v4));
        let shared = [shared(true), shared(false)];
        for (at, (node, own)) in members.iter().enumerate() {
            let Some(segment) = machines[*node].of_vni(vni, None).map(|(domain, _)| Segment::Domain(*node, domain))
            else {
                continue;
            };
            let near = [subnet(own, true).or(shared[0]), subnet(own, false).or(shared[1])];
            let mut addresses: Vec<InterfaceAddress> =
                near.iter().flatten().filter_map(|own| made_up(*own, at)).collect();
            if near.iter().all(Option::is_none) {
                addresses.extend(made_up(NOWHERE, at));
            }
            // Where a node has no gateway, no host may be.
            let gateways = [subnet(own, true), subnet(own, false)].iter().flatten().map(|own| own.ip).collect();
            let mtu = own.bridge.and_then(|bridge| fabric.devices[*node].mtu(bridge)).map_or(1500, |mtu| mtu.bytes);
            let vrf = own.svi.filter(|svi| !svi.addresses.is_empty()).map(|svi| svi.vrf_name());
            found.push(Place { node: *node, vni, vrf, gateways, addresses, segment, mtu });
        }
    }
    found
}

/// The gateway's address of a VNI on a node, with the length of its subnet.
fn subnet(own: &LocalVni, is_v4: bool) -> Option<InterfaceAddress> {
    let all = gateway::addresses(own.svi?, own.bridge);
    let own = all.iter().find(|own| own.ip.is_ipv4() == is_v4)?;
    Some(InterfaceAddress { ip: own.ip, length: own.length })
}

/// An address near the end of a subnet; none where it is too small for that many.
fn made_up(subnet: InterfaceAddress, at: usize) -> Option<InterfaceAddress> {
    let network = subnet.prefix().network();
    let ip = match network {
        IpAddr::V4(network) => {
            let size = 1u64 << (32 - u32::from(subnet.length));
            let host = size.checked_sub(2 + at as u64).filter(|host| *host > 0)?;
            IpAddr::V4(Ipv4Addr::from(u32::from(network) | host as u32))
        }
        IpAddr::V6(network) => {
            let host = 0xfffe_u128.checked_sub(at as u128).filter(|_| subnet.length <= 112)?;
            IpAddr::V6(Ipv6Addr::from(u128::from(network) | host))
        }
    };
    (ip != subnet.ip).then_some(InterfaceAddress { ip, length: subnet.length })
}
