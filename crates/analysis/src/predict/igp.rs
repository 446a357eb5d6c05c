//! OSPF, IS-IS and OpenFabric: who is whose neighbour, and who announces which prefix. Within one protocol, whoever is
//! connected through neighbours knows all prefixes; areas and levels filter nothing here. What IS-IS routes on level 1 it
//! prefers to level 2 (RFC 1195, section 3.12).

use crate::{
    fabric::{Fabric, adjacency, device::Device, gateway::is_link_local, origination, policy, underlay::Port},
    index::{ByNode, NodeIndex, NodeSet},
};
use evpnlint_core::model::{
    Prefix, Sourced,
    bgp::Redistribute,
    frr::Frr,
    igp::IsIs,
    is_on,
    link::{Link, LinkKind},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    net::IpAddr,
    ops::Bound,
};

/// One protocol of one address family.
pub struct Igp<'m> {
    /// How much zebra trusts its routes: 110 for OSPF, 115 for IS-IS and OpenFabric; the lower, the more.
    pub distance: u8,
    /// By node, its neighbours, each with what the way out to it costs.
    neighbours: ByNode<BTreeMap<NodeIndex, u32>>,
    /// Who announces what by itself.
    own: Prefixes,
    /// Who announces what, what it has of BGP included.
    prefixes: Prefixes,
    /// Who redistributes routes of BGP, and the route-map that it passes.
    from_bgp: Vec<(NodeIndex, Option<&'m Sourced<String>>)>,
}

/// Who announces what, and what the last step to it costs.
type Prefixes = BTreeMap<Prefix, BTreeMap<NodeIndex, u32>>;

/// What it costs to leave by an interface unless written: IS-IS's default (`DEFAULT_CIRCUIT_METRIC`), and OSPF's at
/// 10 Gbit/s. OSPF's follows from the speed of the port, which is in no file (`ospf_if_get_output_cost`).
const COST: u32 = 10;

/// A node's route of a protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// The length of the prefix.
    pub length: u8,
    /// The next nodes.
    pub next: Vec<NodeIndex>,
}

impl<'m> Igp<'m> {
    /// All protocols that run in the default VRF.
    pub fn all(fabric: &Fabric<'m>) -> Vec<Self> {
        let (one, both) = (isis(fabric, Circuits::LevelOne), isis(fabric, Circuits::All));
        // Of equal routes the first counts. Where all speak level 1 there is nothing to prefer.
        let one = Some(one).filter(|one| one.neighbours != both.neighbours);
        let all = [ospf(fabric), ospf6(fabric)].into_iter().chain(one).chain([both]);
        let all = all.filter(|own| !own.own.is_empty());
        all.map(|own| Self { prefixes: own.own.clone(), ..own }).collect()
    }

    /// Whether anybody redistributes routes of BGP.
    pub fn takes_bgp(&self) -> bool {
        !self.from_bgp.is_empty()
    }

    /// Takes the routes of BGP for those who redistribute them, in place of those taken before.
    pub fn take(&mut self, fabric: &Fabric<'m>, from_bgp: &BTreeMap<Prefix, NodeSet>) {
        self.prefixes = self.own.clone();
        for (node, map) in &self.from_bgp {
            let Some(frr) = &fabric.node(*node).frr else { continue };
            for prefix in from_bgp.iter().filter(|(_, knows)| knows.contains(*node)).map(|(prefix, _)| *prefix) {
                let decides = |map: &Sourced<String>| policy::decide(frr, &map.value, policy::Route::Prefix(prefix));
                let is_denied = map.is_some_and(|map| matches!(decides(map), policy::Decision::Deny(_)));
                if !is_denied {
                    self.prefixes.entry(prefix).or_default().insert(*node, 0);
                }
            }
        }
    }

    /// Every node's route to an address: the cheapest ways to those who announce the longest prefix that it receives.
    pub fn routes(&self, ip: IpAddr) -> ByNode<Option<Route>> {
        let mut routes: ByNode<Option<Route>> = ByNode::filled(None, self.neighbours.len());
        let width = if ip.is_ipv4() { 32 } else { 128 };
        for length in (0..=width).rev() {
            let Some(originators) = self.prefixes.get(&Prefix::new(ip, length)) else { continue };
            let distance = self.distances(originators);
            for (node, own) in distance.iter_enumerated() {
                if *own == u32::MAX || originators.contains_key(&node) || routes[node].is_some() {
                    continue;
                }
                let on_way = |(next, cost): &(&NodeIndex, &u32)| distance[**next].saturating_add(**cost) == *own;
                let next = self.neighbours[node].iter().filter(on_way).map(|(next, _)| *next).collect();
                routes[node] = Some(Route { length, next });
            }
        }
        routes
    }

    /// What the cheapest way from every node to one of these costs; the largest number where there is none.
    fn distances(&self, originators: &BTreeMap<NodeIndex, u32>) -> ByNode<u32> {
        let mut distance: ByNode<u32> = ByNode::filled(u32::MAX, self.neighbours.len());
        let mut queue: BinaryHeap<Reverse<(u32, NodeIndex)>> = BinaryHeap::new();
        for (originator, cost) in originators {
            distance[*originator] = *cost;
            queue.push(Reverse((*cost, *originator)));
        }
        while let Some(Reverse((known, node))) = queue.pop() {
            if known > distance[node] {
                continue;
            }
            for before in self.neighbours[node].keys() {
                // What counts is what it costs the other to come here.
                let Some(cost) = self.neighbours[*before].get(&node) else { continue };
                let sum = known.saturating_add(*cost);
                if sum < distance[*before] {
                    distance[*before] = sum;
                    queue.push(Reverse((sum, *before)));
                }
            }
        }
        distance
    }

    /// All prefixes that somebody announces.
    pub fn prefixes(&self) -> impl Iterator<Item = Prefix> + '_ {
        self.prefixes.keys().copied()
    }

    /// Whether a node receives exactly that prefix, or announces it.
    pub fn knows(&self, node: NodeIndex, prefix: Prefix) -> bool {
        self.own.get(&prefix).is_some_and(|originators| originators.contains_key(&node))
            || self.prefixes.contains_key(&prefix)
                && self.routes(prefix.network())[node].as_ref().is_some_and(|route| route.length == prefix.length())
    }

    fn new(nodes: usize, distance: u8) -> Self {
        Self {
            distance,
            neighbours: ByNode::filled(BTreeMap::new(), nodes),
            own: Prefixes::new(),
            prefixes: Prefixes::new(),
            from_bgp: vec![],
        }
    }

    /// Two neighbours, each with what it costs to leave by its interface. Of several links the cheapest counts.
    fn join(&mut self, (a, from_a): (NodeIndex, u32), (b, from_b): (NodeIndex, u32)) {
        for (from, to, cost) in [(a, b, from_a), (b, a, from_b)] {
            let known = self.neighbours[from].entry(to).or_insert(cost);
            *known = cost.min(*known);
        }
    }

    fn tell(&mut self, node: NodeIndex, prefix: Prefix, cost: u32) {
        let known = self.own.entry(prefix).or_default().entry(node).or_insert(cost);
        *known = cost.min(*known);
    }

    /// Nodes with interfaces that bear no subnet of their own could be wired to each other there.
    fn join_bare(&mut self, bare: &BTreeMap<NodeIndex, u32>) {
        for (a, from_a) in bare {
            for (b, from_b) in bare.range((Bound::Excluded(a), Bound::Unbounded)) {
                self.join((*a, *from_a), (*b, *from_b));
            }
        }
    }
}

/// The interfaces of a node in a VRF that come up; the default one is empty.
pub fn links<'m>(device: &Device<'m>, vrf: &str) -> impl Iterator<Item = &'m Link> {
    let is_up = |link: &&Link| {
        let shut = device.node.frr.as_ref().and_then(|frr| frr.links.get(&link.name)).map(|own| &own.shutdown);
        link.vrf_name() == vrf
            && !matches!(link.kind, LinkKind::Vrf { .. })
            && !device.stays_down(link)
            && !device.is_unread(link)
            && !shut.is_some_and(is_on)
    };
    device.node.links.values().filter(is_up).collect::<Vec<_>>().into_iter()
}

fn is_port(link: &Link) -> bool {
    !matches!(link.kind, LinkKind::Loopback | LinkKind::Dummy)
}

/// The connected prefixes of a VRF, each with its interface.
pub fn connected<'m>(device: &Device<'m>, vrf: &str) -> Vec<(Prefix, &'m Link)> {
    let own = links(device, vrf).flat_map(|link| link.addresses.iter().map(move |own| (own.prefix(), link)));
    own.filter(|(prefix, _)| !prefix.network().is_loopback()).collect()
}

fn ospf<'m>(fabric: &Fabric<'m>) -> Igp<'m> {
    let mut igp = Igp::new(fabric.devices.len(), 110);
    let conflicts: BTreeSet<(NodeIndex, &str)> =
        fabric.ospf_conflicts.iter().map(|own| (own.small.node, own.small.link.name.as_str())).collect();
    let mut bare: BTreeMap<std::net::Ipv4Addr, BTreeMap<NodeIndex, u32>> = BTreeMap::new();
    let runs = |node: NodeIndex| {
        let frr = fabric.node(node).frr.as_ref()?;
        (frr.runs("ospfd")
            && frr.ospf.iter().any(|ospf| ospf.vrf.is_none() && !is_on(&ospf.shutdown) && !frr.is_unread(ospf.span)))
        .then_some(frr)
    };
    for (node, device) in fabric.devices.iter_enumerated() {
        let Some(frr) = runs(node) else { continue };
        for link in links(device, "") {
            for own in link.addresses.iter().filter(|own| own.ip.is_ipv4()) {
                let Some((area, _)) = origination::ospf_area(frr, link, own.ip) else { continue };
                // A loopback is announced as a host, whatever its subnet (RFC 2328, section 12.4.1.1).
                let length = if matches!(link.kind, LinkKind::Loopback) { 32 } else { own.length };
                igp.tell(node, Prefix::new(own.ip, length), ospf_cost(frr, link));
                let passive = origination::is_passive(frr, link).is_some_and(|(passive, _)| passive);
                if own.is_host() && is_port(link) && !passive && !is_broadcast(frr, link) {
                    bare.entry(area).or_default().insert(node, ospf_cost(frr, link));
                }
            }
            let area = frr.links.get(&link.name).and_then(|own| own.ospf.area.as_ref());
            if let Some(area) = area.filter(|_| link.addresses.is_empty() && is_port(link)) {
                bare.entry(area.value).or_default().insert(node, ospf_cost(frr, link));
            }
        }
        for ospf in frr.ospf.iter().filter(|ospf| ospf.vrf.is_none()) {
            redistribute(&mut igp, frr, device, node, &ospf.redistribute, true);
        }
    }
    let speaks = |port: &Port| {
        let frr = runs(port.node)?;
        origination::ospf_area(frr, port.link, port.address.ip)?;
        let (passive, _) = origination::is_passive(frr, port.link)?;
        (!passive && !fabric.devices[port.node].stays_down(port.link)).then_some(())
    };
    for ports in fabric.underlay.subnets.values() {
        let ports: Vec<&Port> =
            ports.iter().filter(|port| port.address.ip.is_ipv4() && speaks(port).is_some()).collect();
        for (at, a) in ports.iter().enumerate() {
            for b in ports[at + 1..].iter().filter(|b| b.node != a.node) {
                let small = [a, b].into_iter().any(|port| conflicts.contains(&(port.node, port.link.name.as_str())));
                let keyed = |port: &Port| {
                    let own = fabric.node(port.node).frr.as_ref().and_then(|frr| frr.links.get(&port.link.name));
                    own.and_then(|own| own.ospf.authentication.as_ref()).map(|kind| kind.value.clone())
                };
                let is_wired = !fabric.wires.apart(&fabric.devices, (a.node, a.link), (b.node, b.link));
                if !small
                    && is_wired
                    && keyed(a) == keyed(b)
                    && adjacency::differences(&fabric.devices, a, b).is_empty()
                {
                    let from = |port: &Port| {
                        let frr = fabric.node(port.node).frr.as_ref();
                        (port.node, frr.map_or(COST, |frr| ospf_cost(frr, port.link)))
                    };
                    igp.join(from(a), from(b));
                }
            }
        }
    }
    bare.values().for_each(|nodes| igp.join_bare(nodes));
    igp
}

/// What OSPF's way out by an interface costs.
fn ospf_cost(frr: &Frr, link: &Link) -> u32 {
    let own = frr.links.get(&link.name).and_then(|own| own.ospf.cost.as_ref());
    own.map_or(if is_port(link) { COST } else { 0 }, |cost| cost.value)
}

/// Room that the kernel leaves for a VLAN tag where it compares a frame with an MTU (`is_skb_forwardable`).
const TAG: u32 = 4;

/// Whether a port of IS-IS takes the hellos of another one, which are as long as that one's MTU unless it pads none
/// (ISO 10589, section 8.2.3).
fn hears(fabric: &Fabric, own: &Port, other: &Port) -> bool {
    let mtu = |port: &Port| fabric.devices[port.node].mtu_through(port.link).map(|mtu| mtu.bytes);
    let frr = fabric.node(other.node).frr.as_ref();
    let padding = frr.and_then(|frr| frr.links.get(&other.link.name)?.isis.padding.as_ref());
    let pads = padding.is_none_or(|on| on.value);
    !pads || mtu(own).zip(mtu(other)).is_none_or(|(own, other)| other <= own + TAG)
}

/// Which circuits of IS-IS count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Circuits {
    /// Those that speak level 1, within their areas.
    LevelOne,
    /// Whichever.
    All,
}

/// What IS-IS's way out by an interface costs, on level 1 where that is spoken.
fn isis_cost(frr: &Frr, link: &Link) -> u32 {
    let Some(own) = frr.links.get(&link.name).map(|own| &own.isis) else { return COST };
    let level = usize::from(adjacency::level_one(frr, link).is_none());
    own.metric[level].as_ref().map_or(COST, |metric| metric.value)
}

/// Whether OSPF takes a port for a broadcast network, where hellos from outside the subnet are ignored
/// (`ospf_check_network_mask`): with a host address, all of them. What a tunnel is depends on the kernel's flags.
fn is_broadcast(frr: &Frr, link: &Link) -> bool {
    let network = frr.links.get(&link.name).and_then(|own| own.ospf.network.as_ref());
    network
        .map_or(!matches!(link.kind, LinkKind::Other(_)) && link.pointopoint.is_none(), |own| own.value == "broadcast")
}

fn redistribute<'m>(
    igp: &mut Igp<'m>,
    frr: &'m Frr,
    device: &Device<'m>,
    node: NodeIndex,
    list: &'m [Redistribute],
    is_v4: bool,
) {
    for own in list {
        if own.protocol.value == "bgp" {
            igp.from_bgp.push((node, own.route_map.as_ref()));
        }
        let prefixes = redistributed(frr, device, "", own).into_iter().map(|(prefix, _)| prefix);
        prefixes.filter(|prefix| prefix.network().is_ipv4() == is_v4).for_each(|prefix| igp.tell(node, prefix, 0));
    }
}

/// The prefixes that a `redistribute` line of a VRF takes: connected and static ones, past its route-map.
pub fn redistributed<'m>(frr: &'m Frr, device: &Device<'m>, vrf: &str, own: &Redistribute) -> Vec<(Prefix, &'m str)> {
    let prefixes: Vec<(Prefix, &str)> = match own.protocol.value.as_str() {
        "connected" => connected(device, vrf).into_iter().map(|(prefix, link)| (prefix, link.name.as_str())).collect(),
        "static" => {
            let own = frr.statics.iter().filter(|route| route.vrf.as_deref().unwrap_or("") == vrf);
            own.map(|route| (route.prefix.value, route.interface.as_ref().map_or("", |link| link.value.as_str())))
                .collect()
        }
        _ => vec![],
    };
    let passes = |(prefix, link): &(Prefix, &str)| {
        own.route_map.as_ref().is_none_or(|map| {
            let route = policy::Route::Connected(*prefix, link);
            !matches!(policy::decide(frr, &map.value, route), policy::Decision::Deny(_))
        })
    };
    prefixes.into_iter().filter(passes).collect()
}

/// IS-IS and OpenFabric, which share everything that matters here, for both address families.
fn isis<'m>(fabric: &Fabric<'m>, which: Circuits) -> Igp<'m> {
    let mut igp = Igp::new(fabric.devices.len(), 115);
    // By area, where areas keep neighbours apart.
    let mut bare: BTreeMap<Option<String>, BTreeMap<NodeIndex, u32>> = BTreeMap::new();
    let area = |frr: &Frr, link: &Link| adjacency::level_one(frr, link).filter(|_| which == Circuits::LevelOne);
    let runs = |node: NodeIndex| {
        let frr = fabric.node(node).frr.as_ref()?;
        let is_on = |own: &IsIs| !frr.is_unread(own.span) && frr.runs(if own.openfabric { "fabricd" } else { "isisd" });
        frr.isis.iter().any(is_on).then_some(frr)
    };
    let speaks = |frr: &Frr, link: &Link| {
        let own = &frr.links.get(&link.name)?.isis;
        // A circuit of an instance that is not there takes no part (isisd/isis_csm.c: it stays up and is never active).
        let tag = own.ipv4.as_ref().or(own.ipv6.as_ref())?;
        let is_there = |isis: &IsIs| isis.tag == tag.value && !frr.is_unread(isis.span);
        let counts = which == Circuits::All || area(frr, link).is_some();
        (counts && frr.isis.iter().any(is_there)).then(|| is_on(&own.passive))
    };
    for (node, device) in fabric.devices.iter_enumerated() {
        let Some(frr) = runs(node) else { continue };
        for link in links(device, "") {
            let Some(passive) = speaks(frr, link) else { continue };
            let cost = isis_cost(frr, link);
            link.addresses.iter().for_each(|own| igp.tell(node, own.prefix(), cost));
            // Hellos need no common subnet: a port that is alone in its own could be wired to any such port.
            let alone = |prefix: Prefix| fabric.underlay.members.get(&prefix).is_none_or(|nodes| nodes.len() < 2);
            if !passive && is_port(link) && link.addresses.iter().all(|own| own.is_host() || alone(own.prefix())) {
                bare.entry(area(frr, link)).or_default().insert(node, cost);
            }
        }
        let lists = frr.isis.iter().flat_map(|isis| &isis.redistribute).filter(|_| which == Circuits::All);
        if lists.clone().any(|own| own.protocol.value == "connected") {
            connected(device, "").into_iter().for_each(|(prefix, _)| igp.tell(node, prefix, 0));
        }
        igp.from_bgp.extend(lists.filter(|own| own.protocol.value == "bgp").map(|own| (node, own.route_map.as_ref())));
    }
    for ports in fabric.underlay.subnets.values() {
        let speaking = |port: &&Port| {
            let down = fabric.devices[port.node].stays_down(port.link);
            !down && runs(port.node).and_then(|frr| speaks(frr, port.link)) == Some(false)
        };
        let ports: Vec<&Port> = ports.iter().filter(speaking).collect();
        for (at, a) in ports.iter().enumerate() {
            let meets = |b: &Port| adjacency::isis_differences(&fabric.devices, a, b).is_empty();
            let is_wired = |b: &Port| !fabric.wires.apart(&fabric.devices, (a.node, a.link), (b.node, b.link));
            let of = |port: &Port| fabric.node(port.node).frr.as_ref().and_then(|frr| area(frr, port.link));
            let is_heard = |b: &Port| hears(fabric, a, b) && hears(fabric, b, a);
            let is_beside = |b: &&&Port| b.node != a.node && of(a) == of(b) && is_wired(b) && meets(b) && is_heard(b);
            let others = ports[at + 1..].iter().filter(is_beside);
            let from = |port: &Port| {
                let frr = fabric.node(port.node).frr.as_ref();
                (port.node, frr.map_or(COST, |frr| isis_cost(frr, port.link)))
            };
            others.for_each(|b| igp.join(from(a), from(b)));
        }
    }
    bare.values().for_each(|nodes| igp.join_bare(nodes));
    igp
}

/// OSPFv3 meets over link-local addresses: whoever speaks it in one area could be wired to each other, unless subnets
/// tell who is.
fn ospf6<'m>(fabric: &Fabric<'m>) -> Igp<'m> {
    let mut igp = Igp::new(fabric.devices.len(), 110);
    let runs = |node: NodeIndex| {
        let frr = fabric.node(node).frr.as_ref()?;
        (frr.runs("ospf6d")
            && frr.ospf6.iter().any(|ospf| ospf.vrf.is_none() && !is_on(&ospf.shutdown) && !frr.is_unread(ospf.span)))
        .then_some(frr)
    };
    let area = |frr: &Frr, link: &Link| {
        let own = &frr.links.get(&link.name)?.ospf6;
        Some((own.area.as_ref()?.value, is_on(&own.passive)))
    };
    let mut bare: BTreeMap<std::net::Ipv4Addr, BTreeMap<NodeIndex, u32>> = BTreeMap::new();
    for (node, device) in fabric.devices.iter_enumerated() {
        let Some(frr) = runs(node) else { continue };
        for link in links(device, "") {
            let Some((area, passive)) = area(frr, link) else { continue };
            let own = || link.addresses.iter().filter(|own| !is_link_local(own.ip));
            own().filter(|own| own.ip.is_ipv6()).for_each(|own| igp.tell(node, own.prefix(), COST));
            if !passive && is_port(link) && own().all(|own| own.is_host()) {
                bare.entry(area).or_default().insert(node, COST);
            }
        }
        for ospf in frr.ospf6.iter().filter(|ospf| ospf.vrf.is_none()) {
            redistribute(&mut igp, frr, device, node, &ospf.redistribute, false);
        }
    }
    for ports in fabric.underlay.subnets.values() {
        let speaking = |port: &Port| {
            let down = fabric.devices[port.node].stays_down(port.link);
            let (area, passive) = runs(port.node).and_then(|frr| area(frr, port.link)).filter(|_| !down)?;
            (!passive).then_some((port.node, area))
        };
        let ports: BTreeSet<_> = ports.iter().filter_map(speaking).collect();
        for a in &ports {
            ports.range(a..).filter(|b| b.1 == a.1 && b.0 != a.0).for_each(|b| igp.join((a.0, COST), (b.0, COST)));
        }
    }
    bare.values().for_each(|nodes| igp.join_bare(nodes));
    igp
}
