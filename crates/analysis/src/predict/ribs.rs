//! Which addresses each node has a route to, in the default VRF: connected subnets, static routes, interior protocols,
//! BGP, default gateways. As in zebra the longest prefix counts, then the administrative distance; then the route must
//! lead, node by node, to one that has the address.

use super::{
    fate::Fates,
    igp::{self, Igp, Route},
    speaker::Speakers,
    unicast::{Equal, Hop, Unicast},
};
use crate::{
    fabric::{
        Fabric,
        device::Device,
        forwarding::{self, Off},
        underlay::Port,
    },
    index::{ByNode, NodeIndex, NodeSet},
};
use evpnlint_core::model::{
    Prefix,
    bgp::Family,
    frr::{Frr, StaticRoute},
    link::Link,
};
use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
    rc::Rc,
};

/// How a node gets to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Over as many links; none to an address of its own.
    Hops(u8),
    /// By a default gateway or something else that no file tells more of.
    Assumed,
    /// Not at all.
    None,
}

/// How all nodes get to one address.
#[derive(Clone, Debug)]
pub struct Reach {
    /// By node, the way of a packet.
    pub ways: ByNode<Way>,
    /// The nodes whose routing table has a route that next hops are resolved by, wherever it ends (`zebra_rnh.c`).
    pub resolved: NodeSet,
}

/// The routes of all nodes.
pub struct Ribs<'m> {
    nodes: ByNode<Node<'m>>,
    igps: Vec<Igp<'m>>,
    unicast: Vec<Unicast<'m>>,
    reaches: BTreeMap<IpAddr, Rc<Reach>>,
}

/// What a node knows by itself.
struct Node<'m> {
    /// The connected prefixes, each with the first interface that has an address there.
    connected: BTreeMap<Prefix, &'m Link>,
    /// The lengths among them, the longest first.
    lengths: Vec<u8>,
    /// Prefixes of addresses on ports of bridges: packets for them leave by the port, and no answer comes back to it.
    swallowed: BTreeSet<Prefix>,
    /// Addresses at the other ends of point-to-point links.
    pointopoint: BTreeSet<IpAddr>,
    /// Why packets of others do not pass: IPv4, then IPv6.
    off: [Option<Off>; 2],
    /// Where its default routes lead, and whether some lead nobody knows where.
    gateways: Vec<Next>,
    has_default: bool,
    /// Whether default routes resolve next hops.
    resolves_via_default: bool,
    /// Whether hook commands may make routes, or not all interfaces are known.
    may_know_more: bool,
}

/// The route by which a node sends to an address: of those with the longest prefix, the one with the least distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The length of its prefix.
    pub length: u8,
    /// How much zebra trusts it: 0 if connected, 1 if static, 20 from another AS (`zebra_rib.c`, `route_info`).
    pub distance: u8,
    /// Where it leads.
    pub step: Step,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To these nodes: on a connected subnet those there that have the address.
    Next(Rc<[Next]>),
    /// Where no file tells more of.
    Assumed,
    /// Nowhere: it drops what it takes.
    Dropped,
}

/// The next node on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The node.
    pub node: NodeIndex,
    /// What tells the link.
    pub by: By,
}

/// What tells the link to the next node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// An address of that node, in a subnet of this one.
    Address(IpAddr),
    /// An adjacency of an interior protocol.
    Adjacency,
    /// An unnumbered BGP session.
    Session,
}

impl Next {
    fn adjacent(node: NodeIndex) -> Self {
        Self { node, by: By::Adjacency }
    }

    fn at(node: NodeIndex, address: IpAddr) -> Self {
        Self { node, by: By::Address(address) }
    }
}

/// All equal-cost ways of all nodes to one address, each found when somebody asks.
pub struct Ways<'w, 'm> {
    /// Who has it.
    pub owners: BTreeSet<NodeIndex>,
    ribs: &'w Ribs<'m>,
    fabric: &'w Fabric<'m>,
    around: Around<'m>,
    bgp: Vec<Equal<'w, 'm>>,
    entries: RefCell<BTreeMap<NodeIndex, Option<Entry>>>,
}

impl Ways<'_, '_> {
    /// The next nodes on the ways of one; none where the way is not known, or there is none.
    pub fn next(&self, node: NodeIndex) -> Rc<[Next]> {
        match self.entry(node).map(|entry| entry.step) {
            Some(Step::Next(next)) => next,
            Some(Step::Assumed | Step::Dropped) | None => Rc::from([]),
        }
    }

    /// The route of a node that has not got the address itself.
    pub fn entry(&self, node: NodeIndex) -> Option<Entry> {
        if let Some(known) = self.entries.borrow().get(&node) {
            return known.clone();
        }
        let entry = self.find(node);
        self.entries.borrow_mut().insert(node, entry.clone());
        entry
    }

    fn find(&self, node: NodeIndex) -> Option<Entry> {
        if self.owners.contains(&node) {
            return None;
        }
        let bgp = self.bgp.iter().map(|equal| (equal.length(), equal.hops(node)));
        self.ribs.step(self.fabric, node, &self.around, bgp)
    }
}

/// What is known of an address whoever sends to it.
struct Around<'m> {
    ip: IpAddr,
    /// Its owners' ports in a subnet that holds it.
    on_subnet: Vec<Port<'m>>,
    /// By interior protocol, its distance and every node's route.
    igp: Vec<(u8, ByNode<Option<Route>>)>,
}

fn owners(fabric: &Fabric, ip: IpAddr) -> BTreeSet<NodeIndex> {
    fabric.underlay.owners("", ip).map(|port| port.node).collect()
}

impl<'m> Ribs<'m> {
    /// All that needs no BGP session.
    pub fn new(fabric: &Fabric<'m>) -> Self {
        let nodes = fabric.nodes().map(|node| Node::new(fabric, node)).collect();
        Self { nodes, igps: Igp::all(fabric), unicast: vec![], reaches: BTreeMap::new() }
    }

    /// Takes the routes that come over BGP sessions, in place of those before. Whether there are any.
    pub fn learn(&mut self, fabric: &Fabric<'m>, speakers: &Speakers, sessions: &Fates) -> bool {
        let families = [Family::Ipv4Unicast, Family::Ipv6Unicast];
        let carried: Vec<Family> = families.into_iter().filter(|family| Unicast::is_any(fabric, *family)).collect();
        let tables = |igps: &[Igp]| -> Vec<Unicast<'m>> {
            let all = carried.iter().map(|family| Unicast::new(fabric, speakers, sessions, *family, igps));
            all.filter(|own| own.tells()).collect()
        };
        self.unicast = tables(&self.igps);
        if self.igps.iter().any(Igp::takes_bgp) {
            let from_bgp = self.unicast.iter_mut().flat_map(|unicast| unicast.known(fabric)).collect();
            self.igps.iter_mut().for_each(|igp| igp.take(fabric, &from_bgp));
            // What an interior protocol has from BGP, another node may bring back.
            self.unicast = tables(&self.igps);
        }
        let is_any = !self.unicast.is_empty();
        if is_any {
            self.reaches.clear();
        }
        is_any
    }

    /// Whether an address is directly connected, in the default VRF.
    pub fn connects(&self, node: NodeIndex, ip: IpAddr) -> bool {
        let own = &self.nodes[node];
        own.covering(ip).is_some() || own.pointopoint.contains(&ip)
    }

    /// How every node gets to an address.
    pub fn reach(&mut self, fabric: &Fabric<'m>, ip: IpAddr) -> Rc<Reach> {
        if let Some(known) = self.reaches.get(&ip) {
            return known.clone();
        }
        let found = Rc::new(self.find(fabric, ip));
        self.reaches.insert(ip, found.clone());
        found
    }

    /// The same, of routes that are final: nothing is kept.
    pub fn reaches(&self, fabric: &Fabric<'m>, ip: IpAddr) -> Reach {
        let bgp = self.equal(fabric, ip);
        self.found(fabric, ip, |node| bgp.iter().map(move |equal| (equal.length(), equal.hops(node))))
    }

    fn find(&mut self, fabric: &Fabric<'m>, ip: IpAddr) -> Reach {
        let bgp = self.learnt(fabric, ip);
        self.found(fabric, ip, |node| bgp.iter().map(move |(length, hops)| (*length, hops[node].clone())))
    }

    fn equal<'w>(&'w self, fabric: &'w Fabric<'m>, ip: IpAddr) -> Vec<Equal<'w, 'm>> {
        let tables = self.unicast.iter().filter(|table| table.family == Family::of(ip));
        tables.flat_map(|table| table.equal(fabric, ip)).collect()
    }

    /// `bgp` is what BGP offers a node: for each prefix around the address, the longest first, its length and the next hops.
    fn found<H, O>(&self, fabric: &Fabric<'m>, ip: IpAddr, bgp: impl Fn(NodeIndex) -> O) -> Reach
    where
        H: IntoIterator<Item = Hop>,
        O: Iterator<Item = (u8, H)>,
    {
        let count = self.nodes.len();
        let owners = owners(fabric, ip);
        let mut ways = ByNode::filled(Way::None, count);
        let mut queue = VecDeque::new();
        for owner in &owners {
            ways[*owner] = Way::Hops(0);
            queue.push_back(*owner);
        }
        let mut back: ByNode<Vec<NodeIndex>> = ByNode::filled(vec![], count);
        let mut assumed: VecDeque<NodeIndex> = VecDeque::new();
        let mut resolved = NodeSet::with_capacity(count);
        let around = self.around(fabric, ip);
        for node in fabric.nodes().filter(|node| !owners.contains(node)) {
            let Some(Entry { length, step, .. }) = self.step(fabric, node, &around, bgp(node)) else { continue };
            let own = &self.nodes[node];
            let resolves = length > 0 || own.resolves_via_default || own.may_know_more;
            resolved.set(node, resolves);
            match step {
                Step::Next(next) => next.iter().for_each(|next| back[next.node].push(node)),
                Step::Assumed => assumed.push_back(node),
                Step::Dropped => {}
            }
        }
        while let Some(node) = queue.pop_front() {
            let Way::Hops(hops) = ways[node] else { continue };
            if hops > 0 && self.off(node, ip.is_ipv4()).is_some() {
                continue;
            }
            for before in &back[node] {
                if ways[*before] == Way::None {
                    ways[*before] = Way::Hops(hops.saturating_add(1));
                    queue.push_back(*before);
                }
            }
        }
        while let Some(node) = assumed.pop_front() {
            if ways[node] == Way::None {
                ways[node] = Way::Assumed;
                assumed.extend(&back[node]);
            }
        }
        Reach { ways, resolved }
    }

    /// Why a node does not pass on tunnel packets of others.
    pub fn off(&self, node: NodeIndex, is_v4: bool) -> Option<Off> {
        self.nodes[node].off[usize::from(!is_v4)]
    }

    /// All equal-cost ways of all nodes to an address.
    pub fn ways<'w>(&'w self, fabric: &'w Fabric<'m>, ip: IpAddr) -> Ways<'w, 'm> {
        let (owners, around) = (owners(fabric, ip), self.around(fabric, ip));
        Ways { owners, ribs: self, fabric, around, bgp: self.equal(fabric, ip), entries: RefCell::default() }
    }

    fn around(&self, fabric: &Fabric<'m>, ip: IpAddr) -> Around<'m> {
        let on_subnet: Vec<Port<'m>> = fabric
            .underlay
            .owners("", ip)
            .filter(|port| !port.address.is_host() && !fabric.devices[port.node].stays_down(port.link))
            .filter(|port| !self.nodes[port.node].swallowed.contains(&port.address.prefix()))
            .copied()
            .collect();
        Around { ip, on_subnet, igp: self.igps.iter().map(|igp| (igp.distance, igp.routes(ip))).collect() }
    }

    /// What BGP says of an address: for each prefix around it, the longest first, every node's next hop.
    fn learnt(&mut self, fabric: &Fabric<'m>, ip: IpAddr) -> Vec<(u8, Rc<ByNode<Option<Hop>>>)> {
        let tables = self.unicast.iter_mut().filter(|table| table.family == Family::of(ip));
        tables.flat_map(|table| table.towards(fabric, ip)).collect()
    }

    /// The route by which a node sends what is for an address.
    fn step<H: IntoIterator<Item = Hop>>(
        &self,
        fabric: &Fabric<'m>,
        node: NodeIndex,
        around: &Around<'m>,
        bgp: impl Iterator<Item = (u8, H)>,
    ) -> Option<Entry> {
        let Around { ip, on_subnet, igp } = around;
        let ip = *ip;
        let own = &self.nodes[node];
        let mut best: Option<((u8, Reverse<u8>), Step)> = None;
        let mut offer = |length: u8, distance: u8, step: Step| {
            let rank = (length, Reverse(distance));
            if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, step));
            }
        };
        if let Some((prefix, link)) = own.covering(ip) {
            let is_apart = |port: &Port| fabric.wires.apart(&fabric.devices, (node, link), (port.node, port.link));
            let near = on_subnet.iter().filter(|port| port.address.prefix().overlaps(prefix) && !is_apart(port));
            let mut next: Vec<Next> = near.map(|port| Next::at(port.node, ip)).collect();
            next.dedup();
            offer(prefix.length(), 0, Step::Next(next.into()));
        }
        if own.pointopoint.contains(&ip) {
            let owners = fabric.underlay.owners("", ip).map(|port| port.node).filter(|owner| *owner != node);
            offer(128, 0, Step::Next(owners.map(|owner| Next::at(owner, ip)).collect()));
        }
        for route in manual(&fabric.devices[node]).filter(|route| route.prefix.contains(ip)) {
            let step = if route.drops {
                Step::Dropped
            } else {
                let via = route.via;
                // zebra takes no gateway that is the node's own, or that only the route itself leads to.
                let only_itself =
                    |via: IpAddr| !route.has_interface && own.covering(via).is_none() && route.prefix.contains(via);
                if via.is_some_and(|via| own.is_own_port(fabric, node, via) || only_itself(via)) {
                    continue;
                }
                let owners = |via| fabric.underlay.owners("", via).map(move |port| Next::at(port.node, via));
                let next: Vec<Next> = via.into_iter().flat_map(owners).filter(|next| next.node != node).collect();
                let is_known = fabric.closed && via.is_some_and(|via| own.covering(via).is_some());
                if next.is_empty() && !is_known { Step::Assumed } else { Step::Next(next.into()) }
            };
            offer(route.prefix.length(), route.distance, step);
        }
        for (distance, routes) in igp {
            if let Some(route) = &routes[node] {
                let next = route.next.iter().map(|next| Next::adjacent(*next));
                offer(route.length, *distance, Step::Next(next.collect()));
            }
        }
        for (length, hops) in bgp {
            let mut hops = hops.into_iter().peekable();
            let Some(is_external) = hops.peek().map(|first| first.external) else { continue };
            let next: Vec<Next> = hops.filter_map(|hop| self.resolve(node, &hop)).flatten().collect();
            if !next.is_empty() {
                offer(length, if is_external { 20 } else { 200 }, Step::Next(next.into()));
                break;
            }
        }
        if !own.gateways.is_empty() {
            offer(0, 0, Step::Next(own.gateways.as_slice().into()));
        } else if own.has_default || own.may_know_more {
            offer(0, 0, Step::Assumed);
        }
        best.map(|((length, Reverse(distance)), step)| Entry { length, distance, step })
    }

    /// The nodes by which a next hop of BGP is reached; `None` where it cannot be resolved (`bgp_nht.c`).
    fn resolve(&self, node: NodeIndex, hop: &Hop) -> Option<Vec<Next>> {
        let Some(address) = hop.address else { return Some(vec![Next { node: hop.node, by: By::Session }]) };
        let own = &self.nodes[node];
        if own.covering(address).is_some() || own.pointopoint.contains(&address) {
            return Some(vec![Next::at(hop.node, address)]);
        }
        let by_igp = || self.igps.iter().find_map(|igp| igp.routes(address)[node].clone());
        let next = by_igp().map(|route| route.next).or_else(|| own.may_know_more.then(|| vec![hop.node]));
        next.map(|next| next.into_iter().map(Next::adjacent).collect())
    }
}

/// A route that somebody wrote, in the default VRF.
struct Manual {
    prefix: Prefix,
    via: Option<IpAddr>,
    has_interface: bool,
    drops: bool,
    distance: u8,
}

/// The routes that somebody wrote: in FRR, where a distance of 255 keeps a route out, and in hook commands.
fn manual<'d>(device: &'d Device<'_>) -> impl Iterator<Item = Manual> + 'd {
    let obeyed = |frr: &'d Frr| {
        let is_unread = |route: &StaticRoute| route.prefix.span().is_some_and(|span| frr.is_unread(span));
        frr.statics.iter().filter(move |route| !is_unread(route))
    };
    let statics = device.node.frr.iter().flat_map(obeyed).filter(|route| route.vrf.is_none());
    let statics = statics.map(|route| Manual {
        prefix: route.prefix.value,
        via: route.via.as_ref().map(|via| via.value),
        has_interface: route.interface.is_some(),
        drops: route.blackhole,
        distance: route.distance.as_ref().map_or(1, |own| own.value),
    });
    let hooks = device.hook_routes.iter().filter(|route| route.is_added && route.vrf.is_empty());
    let hooks = hooks.map(|route| Manual {
        prefix: route.prefix,
        via: route.via,
        has_interface: route.interface.is_some(),
        drops: route.refuses,
        distance: route.distance,
    });
    statics.filter(|route| route.distance < u8::MAX).chain(hooks)
}

impl<'m> Node<'m> {
    fn new(fabric: &Fabric<'m>, node: NodeIndex) -> Self {
        let device = &fabric.devices[node];
        let frr = device.node.frr.as_ref();
        let connected = igp::connected(device, "");
        let is_port = |link: &Link| device.bridge_of(&link.name).is_some() || device.bond_of(&link.name).is_some();
        let swallowed = connected.iter().filter(|(_, link)| is_port(link)).map(|(prefix, _)| *prefix).collect();
        // Of two interfaces in one subnet, the first counts.
        let connected: BTreeMap<Prefix, &Link> = connected.into_iter().rev().collect();
        let lengths: BTreeSet<Reverse<u8>> = connected.keys().map(|prefix| Reverse(prefix.length())).collect();
        let links = || igp::links(device, "");
        let gateways = links().flat_map(|link| &link.gateways);
        let owners = |ip| fabric.underlay.owners("", ip).map(move |port| Next::at(port.node, ip));
        let gateways = gateways.flat_map(|gateway| owners(gateway.value));
        let is_partial = device.node.interfaces.is_none() && connected.keys().all(|prefix| prefix.is_host());
        Self {
            lengths: lengths.into_iter().map(|Reverse(length)| length).collect(),
            connected,
            swallowed,
            pointopoint: links().filter_map(|link| link.pointopoint.as_ref()).map(|far| far.ip).collect(),
            off: [true, false].map(|is_v4| forwarding::off_between(device, is_v4)),
            gateways: gateways.filter(|gateway| gateway.node != node).collect(),
            has_default: links().any(|link| link.dynamic || !link.gateways.is_empty()),
            resolves_via_default: frr.is_none_or(|frr| frr.resolves_via_default()),
            may_know_more: device.has_unclear_routes || is_partial,
        }
    }

    /// Whether an address is the node's own, on an interface that is no loopback.
    fn is_own_port(&self, fabric: &Fabric, node: NodeIndex, ip: IpAddr) -> bool {
        self.covering(ip).is_some() && fabric.underlay.owners("", ip).any(|port| port.node == node)
    }

    /// The longest connected prefix around an address.
    fn covering(&self, ip: IpAddr) -> Option<(Prefix, &'m Link)> {
        let width = if ip.is_ipv4() { 32 } else { 128 };
        let lengths = self.lengths.iter().filter(|length| **length < width);
        lengths.map(|length| Prefix::new(ip, *length)).find_map(|prefix| Some((prefix, *self.connected.get(&prefix)?)))
    }
}
