//! Fabrics drawn at random, as texts; and what is left of them when a thing is taken away, found by trying.

use crate::support::files;
use evpnlint::{index::Position, predict::resilience::links::Place, source::Sources};
use fastrand::Rng;
use std::{collections::BTreeSet, fmt::Write as _};

/// A fabric: OSPF over numbered links, EVPN between loopbacks.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// The first of the nodes are VTEPs.
    nodes: usize,
    vteps: usize,
    /// The nodes that reflect between all that they peer with which do not.
    reflectors: BTreeSet<usize>,
    pub(crate) links: Vec<Link>,
    sessions: BTreeSet<(usize, usize)>,
    /// Each node in an AS of its own; else all in one.
    external: bool,
    /// But for those that are no VTEPs, which share one.
    shared: bool,
}

/// A wire, or with more than two ends a switch that never fails.
#[derive(Debug)]
pub(crate) struct Link {
    /// The nodes with their interfaces.
    pub(crate) ends: Vec<(usize, String)>,
    /// Whether each end is a bond, which does not fail.
    bonds: Vec<bool>,
}

/// What may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Node(usize),
    Link(usize),
    /// The port of a node on a link with more ends.
    Port(usize, usize),
    Session(usize, usize),
}

impl Drawn {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let vteps = rng.usize(2..=5);
        let nodes = vteps + rng.usize(0..=4);
        let reflectors: BTreeSet<usize> = (vteps..nodes).filter(|_| rng.u8(..4) > 0).collect();
        let external = rng.u8(..3) == 0;
        let shared = external && rng.bool();
        // All VTEPs have the same sessions.
        let regular = rng.u8(..3) == 0;
        let mut links: Vec<Link> = vec![];
        let mut ports = vec![0; nodes];
        let mut wire = |ends: &[usize], rng: &mut Rng| {
            let bonds: Vec<bool> = ends.iter().map(|_| rng.u8(..6) == 0).collect();
            let named = ends.iter().zip(&bonds).map(|(node, bond)| {
                ports[*node] += 1;
                (*node, format!("{}{}", if *bond { "bond" } else { "eth" }, ports[*node]))
            });
            links.push(Link { ends: named.collect(), bonds });
        };
        for node in 1..nodes {
            wire(&[rng.usize(..node), node], &mut rng);
        }
        for _ in 0..rng.usize(0..=nodes) {
            let a = rng.usize(..nodes);
            let b = (a + rng.usize(1..nodes)) % nodes;
            wire(&[a, b], &mut rng);
        }
        if nodes > 2 && rng.bool() {
            let mut all: Vec<usize> = (0..nodes).collect();
            rng.shuffle(&mut all);
            let count = rng.usize(3..=nodes);
            wire(&all[..count], &mut rng);
        }
        let mut sessions = BTreeSet::new();
        for a in 0..nodes {
            for b in a + 1..nodes {
                let reflects = reflectors.contains(&a) || reflectors.contains(&b);
                let chance = if reflects || external { 6 } else { 2 };
                let is_drawn = if regular { (a < vteps) != (b < vteps) } else { rng.u8(..8) < chance };
                if is_drawn && !(shared && a >= vteps) {
                    sessions.insert((a, b));
                }
            }
        }
        Self { nodes, vteps, reflectors, links, sessions, external, shared }
    }

    pub(crate) fn sources(&self) -> Sources {
        let mut sources = Sources::default();
        for node in 0..self.nodes {
            let name = format!("n{node}");
            let own = format!("10.0.0.{}", node + 1);
            let mut interfaces = format!("auto lo\niface lo inet loopback\n    address {own}/32\n");
            let mut frr = format!(
                "frr version 10.2\nfrr defaults datacenter\nhostname {name}\n!\ninterface lo\n ip ospf area 0\nexit\n!\n"
            );
            for (number, link) in self.links.iter().enumerate() {
                for (at, (_, port)) in link.ends.iter().enumerate().filter(|(_, (end, _))| *end == node) {
                    let _ = write!(
                        interfaces,
                        "\nauto {port}\niface {port}\n    address 10.1.{number}.{}/24\n    mtu 9000\n",
                        at + 1
                    );
                    if link.bonds[at] {
                        let _ = writeln!(interfaces, "    bond-slaves {port}a {port}b");
                    }
                    let _ = write!(frr, "interface {port}\n ip ospf area 0\nexit\n!\n");
                }
            }
            let asn = |node: usize| self.asn(node);
            let _ = write!(
                frr,
                "router ospf\n ospf router-id {own}\nexit\n!\nrouter bgp {}\n bgp router-id {own}\n no bgp default ipv4-unicast\n \
                 no bgp ebgp-requires-policy\n",
                asn(node)
            );
            let mut evpn = String::new();
            for peer in (0..self.nodes).filter(|peer| self.sessions.contains(&sorted(node, *peer))) {
                let address = format!("10.0.0.{}", peer + 1);
                let _ =
                    write!(frr, " neighbor {address} remote-as {}\n neighbor {address} update-source lo\n", asn(peer));
                if self.external {
                    let _ = writeln!(frr, " neighbor {address} ebgp-multihop 9");
                }
                let _ = writeln!(evpn, "  neighbor {address} activate");
                if self.reflects_to(node, peer) {
                    let _ = writeln!(evpn, "  neighbor {address} route-reflector-client");
                }
            }
            if node < self.vteps {
                evpn += "  advertise-all-vni\n";
                for vni in [100, 200 + node / 2] {
                    let _ = write!(
                        interfaces,
                        "\nauto vxlan{vni}\niface vxlan{vni}\n    vxlan-id {vni}\n    vxlan-local-tunnelip {own}\n\nauto br{vni}\niface \
                         br{vni}\n    bridge-ports vxlan{vni}\n"
                    );
                }
            }
            let _ = write!(frr, " address-family l2vpn evpn\n{evpn} exit-address-family\nexit\n!\n");
            for (inner, text) in [("etc/frr/frr.conf", frr), ("etc/network/interfaces", interfaces)] {
                files::add(&mut sources, &name, inner, text);
            }
        }
        sources
    }

    fn asn(&self, node: usize) -> usize {
        match (self.external, self.shared && node >= self.vteps) {
            (true, true) => 65100,
            (true, false) => 65001 + node,
            (false, _) => 65000,
        }
    }

    fn reflects_to(&self, node: usize, peer: usize) -> bool {
        !self.external && self.reflectors.contains(&node) && !self.reflectors.contains(&peer)
    }

    pub(crate) fn things(&self) -> impl Iterator<Item = Thing> + '_ {
        let links = self.links.iter().enumerate().flat_map(|(at, link)| match link.ends.as_slice() {
            [_, _] if link.bonds == [true, true] => vec![],
            [_, _] => vec![Thing::Link(at)],
            ends => (0..ends.len()).filter(|end| !link.bonds[*end]).map(|end| Thing::Port(ends[end].0, at)).collect(),
        });
        let sessions = self.sessions.iter().map(|(a, b)| Thing::Session(*a, *b));
        (0..self.nodes).map(Thing::Node).chain(links).chain(sessions)
    }

    /// Whom packets of a node get to.
    fn reached(&self, without: Option<Thing>, from: usize) -> BTreeSet<usize> {
        let is_there = |node: usize| without != Some(Thing::Node(node));
        let mut seen: BTreeSet<usize> = [from].into_iter().filter(|from| is_there(*from)).collect();
        let mut left = vec![from];
        while let Some(node) = left.pop() {
            for (at, link) in self.links.iter().enumerate().filter(|(at, _)| without != Some(Thing::Link(*at))) {
                let on = |own: usize| {
                    link.ends.iter().any(|(end, _)| *end == own)
                        && without != Some(Thing::Port(own, at))
                        && is_there(own)
                };
                let next = link.ends.iter().map(|(end, _)| *end).filter(|end| on(node) && on(*end));
                left.extend(next.filter(|end| seen.insert(*end)));
            }
        }
        seen
    }

    /// Whether a VTEP's routes get to another: every way is tried.
    fn hears(&self, without: Option<Thing>, from: usize, to: usize) -> bool {
        let reached = self.reached(without, from);
        let mut left = vec![vec![from]];
        while let Some(way) = left.pop() {
            let at = *way.last().unwrap();
            if at == to {
                return true;
            }
            for next in reached.iter().filter(|next| !way.contains(next)) {
                let session = sorted(at, *next);
                let up = self.sessions.contains(&session) && without != Some(Thing::Session(session.0, session.1));
                if up && self.tells_on(&way, *next) {
                    left.push([way.as_slice(), &[*next]].concat());
                }
            }
        }
        false
    }

    /// Whether the last of a way tells another what it has from the one before, and is believed: RFC 4456, section 6, and
    /// RFC 4271, section 9.1.2.
    fn tells_on(&self, way: &[usize], next: usize) -> bool {
        match way {
            _ if self.external => way.iter().all(|node| self.asn(*node) != self.asn(next)),
            [.., before, at] => self.reflects_to(*at, *before) || self.reflects_to(*at, next),
            _ => true,
        }
    }

    pub(crate) fn lost_packets(&self, thing: Thing, members: &[usize]) -> BTreeSet<(usize, usize)> {
        pairs(members, thing).filter(|(a, b)| !self.reached(Some(thing), *a).contains(b)).collect()
    }

    /// The pairs that hear of each other until the loss, and then not.
    pub(crate) fn lost_routes(&self, thing: Thing, members: &[usize]) -> BTreeSet<(usize, usize)> {
        pairs(members, thing).filter(|(a, b)| self.hears(None, *a, *b) && !self.hears(Some(thing), *a, *b)).collect()
    }

    /// Whether two ways of packets are there, and share no node between their ends and no link that may fail.
    pub(crate) fn are_ways(&self, ways: [&[Place]; 2]) -> bool {
        let inside = |way: &[Place]| {
            let nodes = way[1..way.len() - 1].iter().filter(|place| matches!(place, Place::Node(_)));
            nodes.map(|place| format!("{place:?}")).collect::<BTreeSet<_>>()
        };
        let mut used: Vec<usize> = vec![0; self.links.len()];
        let mut is_there = |way: &[Place]| {
            let nodes: Vec<usize> = way
                .iter()
                .filter_map(|place| if let Place::Node(node) = place { Some(node.get()) } else { None })
                .collect();
            nodes.windows(2).all(|pair| {
                let joins = |link: &Link| pair.iter().all(|node| link.ends.iter().any(|(end, _)| end == node));
                let serves = |at: usize, used: &[usize]| {
                    let link = &self.links[at];
                    link.ends.len() > 2 || used[at] == 0 || used[at] == 1 && link.bonds == [true, true]
                };
                let link = (0..self.links.len()).find(|at| joins(&self.links[*at]) && serves(*at, &used));
                link.map(|at| used[at] += 1).is_some()
            })
        };
        is_there(ways[0]) && is_there(ways[1]) && inside(ways[0]).is_disjoint(&inside(ways[1]))
    }

    /// Whether routes take a way.
    pub(crate) fn is_told_by(&self, way: &[usize]) -> bool {
        (1..way.len())
            .all(|at| self.sessions.contains(&sorted(way[at - 1], way[at])) && self.tells_on(&way[..at], way[at]))
    }
}

fn sorted(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// The pairs of those that a loss leaves.
fn pairs(members: &[usize], thing: Thing) -> impl Iterator<Item = (usize, usize)> + '_ {
    let left = move |node: &&usize| Thing::Node(**node) != thing;
    let all = move || members.iter().filter(left);
    all().flat_map(move |a| all().filter(move |b| *b > a).map(|b| (*a, *b)))
}
