//! One pair of nodes, step by step: from what the one originates to what the other does with it. The first step that
//! fails ends the walk.

use super::{
    Prediction,
    fate::{Cause, State},
    flood::FloodMember,
    flow::{Flow, Stop},
    graph::Edge,
    lost,
    origin::Origin,
    ribs::{Reach, Way},
    sieve::{self, Kind},
    tenant,
};
use crate::fabric::{
    NodeIndex,
    policy::{Decision, Route, decide},
    propagation::Cause as Gap,
    sessions::{Answer, SessionEndIndex},
    targets,
};
use evpnlint_core::{
    model::{
        Node, Vni,
        bgp::{BgpInstance, Family},
        is_on,
    },
    source::Span,
    words::join_names,
};
use std::{collections::BTreeMap, net::IpAddr};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Whether the one learns what is behind the other in an L2VNI.
    Vni(Vni),
    /// Whether the one learns the other's part of a tenant's VRF.
    Vrf(String),
    /// Whether the one learns the MAC addresses behind the other in an L2VNI.
    Hosts(Vni),
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happens, or does not.
    pub what: String,
    /// The line that decides it.
    pub place: Option<Span>,
    /// Why it fails; the walk ends here.
    pub cause: Option<Cause>,
}

/// The steps of one walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// In order; only the last may fail.
    pub steps: Vec<Step>,
}

/// The walk ended.
struct Ended;

/// How many `match` lines of a route-map are pointed at.
const MOST_MATCHES: usize = 4;

impl Walk {
    /// Whether no step fails.
    pub fn arrives(&self) -> bool {
        self.steps.last().is_some_and(|last| last.cause.is_none())
    }

    fn good(&mut self, place: Option<Span>, what: impl Into<String>) {
        self.steps.push(Step { what: what.into(), place, cause: None });
    }

    fn bad(&mut self, cause: Cause) -> Ended {
        let place = cause.places.iter().find_map(|(span, _)| *span);
        self.steps.push(Step { what: cause.why.clone(), place, cause: Some(cause) });
        Ended
    }
}

impl<'m> Prediction<'_, 'm> {
    /// Walks from what `originator` originates to what `receiver` does with it.
    pub fn why(&mut self, receiver: NodeIndex, originator: NodeIndex, question: &Question) -> Walk {
        let mut walk = Walk::default();
        let _ = self.walk(receiver, originator, question, &mut walk);
        walk
    }

    fn walk(
        &mut self,
        receiver: NodeIndex,
        originator: NodeIndex,
        question: &Question,
        walk: &mut Walk,
    ) -> Result<(), Ended> {
        let member = |of: NodeIndex| match question {
            Question::Vni(vni) | Question::Hosts(vni) => self.floods.member(of, *vni),
            Question::Vrf(vrf) => {
                let name = if vrf == "default" { "" } else { vrf.as_str() };
                self.floods.vrfs_of(of).iter().find(|own| own.origin.layer3 == Some(name))
            }
        };
        let name = |node: NodeIndex| self.fabric.name(node);
        let what = match question {
            Question::Vni(vni) | Question::Hosts(vni) => format!("VNI {vni}"),
            Question::Vrf(vrf) => format!("VRF {vrf} with an L3VNI"),
        };
        let mut both = vec![];
        for node in [originator, receiver] {
            match member(node) {
                Some(member) => both.push(*member),
                None => {
                    let cause =
                        Cause::new(format!("{} has no {what}", name(node)), format!("configure it on {}", name(node)));
                    return Err(walk.bad(cause));
                }
            }
        }
        let (from, to) = (both[0], both[1]);
        self.originates(&from, question, walk)?;
        if let Some(lack) = to.origin.lack {
            return Err(walk.bad(lack.cause(self.fabric, &to.origin)));
        }
        let kind = match question {
            Question::Vni(vni) => Kind { number: 3, vni: Some(*vni) },
            Question::Hosts(vni) => Kind { number: 2, vni: Some(*vni) },
            Question::Vrf(_) if from.origin.tells_prefixes(self.fabric) => Kind { number: 5, vni: None },
            Question::Vrf(_) => Kind { number: 2, vni: None },
        };
        self.travels(receiver, originator, kind, walk)?;
        self.is_imported(&from, &to, question, walk)?;
        self.resolves(&from, &to, walk)?;
        let vtep = from.origin.vtep.map_or_else(String::new, |vtep| vtep.to_string());
        walk.good(
            to.origin.span,
            match question {
                Question::Vni(vni) => {
                    format!("{} floods VNI {vni} to {vtep}, and sends there what is behind it", name(receiver))
                }
                Question::Vrf(vrf) => format!("{} routes VRF {vrf} to {vtep}", name(receiver)),
                Question::Hosts(vni) => format!("{} sends what is behind VNI {vni} to {vtep}", name(receiver)),
            },
        );
        Ok(())
    }

    /// Whether anything is originated at all.
    fn originates(&self, from: &FloodMember<'m>, question: &Question, walk: &mut Walk) -> Result<(), Ended> {
        let origin = &from.origin;
        let name = self.fabric.name(origin.node);
        if let Some(lack) = origin.lack {
            return Err(walk.bad(lack.cause(self.fabric, origin)));
        }
        let vtep = origin.vtep.map_or_else(String::new, |vtep| vtep.to_string());
        walk.good(origin.span, format!("{name} carries VNI {} with the VTEP address {vtep}", origin.vni));
        let frr = self.fabric.node(origin.node).frr.as_ref();
        let evpn = frr.and_then(|frr| frr.evpn());
        let all = evpn.and_then(|instance| instance.evpn.advertise_all_vni.as_ref());
        match question {
            Question::Vni(_) if !origin.floods(self.fabric) => {
                let off = evpn.and_then(|instance| instance.evpn.flooding.as_ref()).and_then(|off| off.span());
                let cause = Cause::new(
                    format!("{name} sends no type-3 routes: `flooding disable` is on"),
                    "remove `flooding disable`, unless ARP suppression answers for all hosts",
                );
                Err(walk.bad(cause.at(off, "no flooding")))
            }
            Question::Vni(vni) => {
                let party = targets::of_vni(&self.fabric.devices[origin.node], origin.node, *vni);
                let targets = party.map(|party| party.exports_shown()).unwrap_or_default();
                let place = all.and_then(|all| all.span());
                walk.good(place, format!("{name} tells of it in a type-3 route with route target {targets}"));
                Ok(())
            }
            Question::Hosts(_) => {
                walk.good(all.and_then(|all| all.span()), format!("{name} tells of its hosts in type-2 routes"));
                Ok(())
            }
            Question::Vrf(vrf) => {
                let prefixes: Vec<String> =
                    self.originated(from).iter().map(|route: &tenant::Route| route.prefix.to_string()).collect();
                let hosts = !origin.host_vteps(self.fabric).is_empty();
                let instance = frr.and_then(|frr| frr.instance(Some(vrf.as_str())));
                let place = instance.map(|instance| instance.evpn.span.unwrap_or(instance.span));
                if prefixes.is_empty() && !hosts {
                    let cause = Cause::new(
                        format!(
                            "{name} tells nothing of VRF {vrf}: no prefix of it is advertised, and no L2VNI routes into it"
                        ),
                        "add `advertise ipv4 unicast` to the VRF's l2vpn evpn, and something to its ipv4 unicast",
                    );
                    return Err(
                        walk.bad(cause.at(place, "nothing to tell").judged_by("type5-not-advertised").meant(true))
                    );
                }
                let routes = match (prefixes.is_empty(), hosts) {
                    (true, _) => "the hosts behind its L2VNIs, in type-2 routes".to_owned(),
                    (false, true) => {
                        format!("{} in type-5 routes, and its hosts in type-2 routes", join_names(prefixes))
                    }
                    (false, false) => format!("{} in type-5 routes", join_names(prefixes)),
                };
                walk.good(place, format!("{name} tells of {routes}"));
                Ok(())
            }
        }
    }

    /// How the route gets from session to session.
    fn travels(&self, receiver: NodeIndex, originator: NodeIndex, kind: Kind, walk: &mut Walk) -> Result<(), Ended> {
        let fabric = self.fabric;
        let policy = |edge: &Edge| sieve::passes(fabric, edge, kind);
        let mut flow = Flow::new(&self.evpn, &[originator], &policy);
        let path = match flow.best[receiver] {
            Some(_) => flow.path(receiver),
            None => self.intended(originator, receiver),
        };
        if path.is_empty() {
            return Err(walk.bad(self.no_chain(originator, receiver)));
        }
        let mut best = flow.best[originator];
        for pair in path.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let edges = self.evpn.out[from].iter().enumerate().filter(|(_, edge)| edge.to == to);
            let edges: Vec<(usize, &Edge)> = edges.collect();
            if edges.is_empty() {
                return Err(walk.bad(self.no_session(from, to)));
            }
            let Some(own) = best else { return Err(Ended) };
            let mut stop = None;
            let mut next = None;
            for (at, edge) in edges {
                match flow.cross(&own, at as u32, edge, &policy) {
                    Ok(found) => {
                        next = Some((found, edge));
                        break;
                    }
                    Err(why) => stop = stop.or(Some((why, edge))),
                }
            }
            match (next, stop) {
                (Some((found, edge)), _) => {
                    walk.good(place(edge, self), passes(edge, self));
                    best = Some(found);
                }
                (None, Some((Stop::NotReflected, edge))) if !self.is_hub(edge.from) => {
                    return Err(walk.bad(self.no_chain(originator, receiver)));
                }
                (None, Some((stop, edge))) => return Err(walk.bad(self.stopped(stop, edge, kind))),
                (None, None) => return Err(Ended),
            }
        }
        Ok(())
    }

    /// Whether a node is there to reflect: it is no VTEP itself, or reflects for somebody.
    fn is_hub(&self, node: NodeIndex) -> bool {
        self.fabric.devices[node].local_vnis.is_empty() || self.evpn.out[node].iter().any(|edge| edge.to_client)
    }

    fn no_chain(&self, originator: NodeIndex, receiver: NodeIndex) -> Cause {
        let fabric = self.fabric;
        let (from, to) = (fabric.name(originator), fabric.name(receiver));
        let place = |node: NodeIndex| {
            let instance = fabric.node(node).frr.as_ref().and_then(|frr| frr.evpn());
            instance.map(|instance| instance.evpn.span.unwrap_or(instance.span))
        };
        let cause = Cause::new(
            format!("no chain of EVPN sessions leads from {from} to {to}, directly or over a route reflector"),
            format!("add the session of {from} and {to} on both ends, or peer both with a route reflector"),
        );
        let cause = cause.at(place(receiver), "has no session with it").at(place(originator), "nor has this one");
        cause.judged_by("mesh-incomplete")
    }

    /// The nodes of the shortest chain of sessions that are configured, those that work before those that do not.
    fn intended(&self, from: NodeIndex, to: NodeIndex) -> Vec<NodeIndex> {
        let mut edges: BTreeMap<NodeIndex, BTreeMap<NodeIndex, u32>> = BTreeMap::new();
        let mut add = |a: NodeIndex, b: NodeIndex, cost: u32| {
            let known = edges.entry(a).or_default().entry(b).or_insert(cost);
            *known = cost.min(*known);
        };
        for edge in self.evpn.out.iter().flatten() {
            add(edge.from, edge.to, 1);
        }
        for (session_end, verdict) in self.fabric.sessions.ends.iter().zip(&self.sessions) {
            let speaks = session_end.is_active(Family::Evpn);
            if let Some(peer) = verdict.with.or(session_end.peer()).filter(|_| session_end.vrf().is_empty()) {
                let cost = if speaks { 100 } else { 150 };
                add(session_end.node, peer, cost);
                add(peer, session_end.node, cost);
            }
        }
        // What passes through a node that reflects nothing goes no further: a session of the two comes first.
        let extra = |node: NodeIndex| if node == from || self.is_hub(node) { 0 } else { 1000 };
        let mut graph = petgraph::graphmap::DiGraphMap::<NodeIndex, u32>::new();
        for (a, ends) in &edges {
            for (b, cost) in ends {
                graph.add_edge(*a, *b, *cost + extra(*a));
            }
        }
        if !graph.contains_node(from) {
            return vec![];
        }
        let found = petgraph::algo::astar(&graph, from, |node| node == to, |(_, _, cost)| *cost, |_| 0);
        found.map_or_else(Vec::new, |(_, path)| path)
    }

    /// Why two nodes that have a session do not exchange EVPN routes over it.
    fn no_session(&self, from: NodeIndex, to: NodeIndex) -> Cause {
        let fabric = self.fabric;
        let session_ends = |a: NodeIndex, b: NodeIndex| {
            let all = fabric.sessions.ends.iter().zip(&self.sessions);
            all.filter(move |(session_end, verdict)| {
                session_end.node == a && verdict.with.or(session_end.peer()) == Some(b)
            })
        };
        let found: Vec<_> = session_ends(to, from).chain(session_ends(from, to)).collect();
        let speaking =
            found.iter().find(|(session_end, verdict)| session_end.is_active(Family::Evpn) && verdict.cause.is_some());
        if let Some(cause) = speaking
            .or(found.iter().find(|(_, verdict)| verdict.cause.is_some()))
            .and_then(|(_, own)| own.cause.clone())
        {
            let why = format!("the session of {} and {} stays down: {}", fabric.name(from), fabric.name(to), cause.why);
            return Cause { why, rule: cause.rule.or(Some("session-down")), ..cause };
        }
        let silent = found.iter().find(|(session_end, _)| !session_end.is_active(Family::Evpn));
        let quiet = silent.map_or(from, |(session_end, _)| session_end.node);
        let cause = Cause::new(
            format!(
                "the session of {} and {} is up without l2vpn evpn: {} does not activate it",
                fabric.name(from),
                fabric.name(to),
                fabric.name(quiet)
            ),
            format!("add `neighbor … activate` under `address-family l2vpn evpn` on {}", fabric.name(quiet)),
        );
        let place = silent.map(|(session_end, _)| session_end.instance.evpn.span.or(session_end.neighbor.place()));
        cause
            .at(place.flatten(), "not activated here")
            .at(silent.and_then(|(session_end, _)| session_end.neighbor.place()), "the neighbour")
            .judged_by("evpn-one-sided")
    }

    fn stopped(&self, stop: Stop, edge: &Edge, kind: Kind) -> Cause {
        let fabric = self.fabric;
        let (from, to) = (fabric.name(edge.from), fabric.name(edge.to));
        let (sender, receiver) = (edge.sender.place(), edge.receiver.place());
        let instance = |node: NodeIndex| fabric.node(node).frr.as_ref().and_then(|frr| frr.instance(None));
        match stop {
            Stop::NotReflected => {
                let place = edge.out.and_then(|own| own.active.as_ref()).and_then(|own| own.span());
                Cause::new(
                    format!("{from} has it from an internal peer and does not reflect it to {to}"),
                    format!("add `neighbor … route-reflector-client` under l2vpn evpn on {from}"),
                )
                .at(place.or(sender), "no route-reflector-client")
                .judged_by("reflector-client-missing")
            }
            Stop::LacksPolicy => {
                let asks = |node: NodeIndex| {
                    instance(node).map(|own| own.ebgp_requires_policy.as_ref().map_or(Some(own.span), |own| own.span()))
                };
                // A text without `frr version` is a fragment. Where no node writes a profile, that of FRR's build holds,
                // which no file tells.
                let has_version =
                    |node: NodeIndex| fabric.node(node).frr.as_ref().is_some_and(|frr| frr.version.is_some());
                let has_profile = |node: &&Node| node.frr.as_ref().is_some_and(|frr| frr.profile.is_some());
                let is_fragment =
                    ![edge.from, edge.to].into_iter().all(has_version) || !fabric.cluster.nodes.iter().any(has_profile);
                Cause::new(
                    format!("eBGP between {from} and {to} has no policy, and RFC 8212 is in force: nothing passes"),
                    "add `no bgp ebgp-requires-policy` to router bgp, or a route-map in each direction",
                )
                .at(asks(edge.from).flatten(), "one end")
                .at(asks(edge.to).flatten(), "the other")
                .judged_by("ebgp-policy-missing")
                .meant(is_fragment)
            }
            Stop::Policy => {
                let out = edge.out.and_then(|own| own.route_map_out.as_ref());
                let into = edge.into.and_then(|own| own.route_map_in.as_ref());
                let (at, map) = match out.filter(|_| !sieve::lets_out(fabric, edge, kind)) {
                    Some(map) => (edge.from, Some(map)),
                    None => (edge.to, into),
                };
                let node = fabric.name(at);
                // That rule judges what is dropped of every VNI.
                let frr = fabric.node(at).frr.as_ref();
                let rule =
                    map.zip(frr).and_then(|(map, frr)| match decide(frr, &map.value, Route::Evpn(kind.number, None)) {
                        _ if !frr.route_maps.contains_key(&map.value) => Some("reference-undefined"),
                        Decision::Deny(_) if matches!(kind.number, 2 | 3) => Some("evpn-routes-denied"),
                        _ => None,
                    });
                let cause = Cause::new(
                    format!(
                        "route-map {} of {node} drops type-{} routes",
                        map.map_or("", |map| map.value.as_str()),
                        kind.number
                    ),
                    "permit the route type, or end the route-map with a permit without matches",
                )
                .at(map.and_then(|map| map.span()), "applied here")
                .judged_by(rule);
                let entries = map.zip(frr).and_then(|(map, frr)| frr.route_maps.get(&map.value));
                let matches = entries.into_iter().flat_map(|map| &map.entries).flat_map(|entry| &entry.matches);
                matches.take(MOST_MATCHES).fold(cause, |cause, own| cause.at(own.span(), "what it matches"))
            }
            Stop::FirstAs(asn) => {
                let enforces = |own: &BgpInstance| own.enforce_first_as.as_ref().and_then(|own| own.span());
                let place = edge.receiver.enforce_first_as.as_ref().and_then(|own| own.span());
                let place = place.or_else(|| instance(edge.to).map(|own| enforces(own).unwrap_or(own.span)));
                Cause::new(
                    format!(
                        "{from} passes routes on without its AS {asn} in front, and {to} drops what does not begin with \
                         the AS of its peer, as FRR does since 10.0"
                    ),
                    format!("add `no bgp enforce-first-as` to router bgp on {to}, above its neighbours"),
                )
                .at(place, "asks for the AS of its peer")
                .at(receiver, "heard from")
                .at(edge.out.and_then(|own| own.route_server_client.as_ref()?.span()), "sent without the own AS")
            }
            Stop::AsLoop(asn) => Cause::new(
                format!("{to} finds its own AS {asn} in the path, and drops it"),
                format!("give each leaf an AS of its own, or add `neighbor … allowas-in` under l2vpn evpn on {to}"),
            )
            .at(instance(edge.to).and_then(|own| own.asn.span()), "its AS")
            .at(receiver, "heard from")
            .judged_by(fabric.propagation.gaps.iter().any(|gap| gap.cause == Gap::AsLoop).then_some("as-path-loop")),
            Stop::ClusterLoop(id) => Cause::new(
                format!("{to} finds its own cluster-id {id} in the cluster list, and drops it"),
                format!("give {from} and {to} different cluster-ids, unless both serve the same clients"),
            )
            .at(instance(edge.to).and_then(|own| own.cluster_id.as_ref()?.span()), "its cluster-id")
            .at(instance(edge.from).and_then(|own| own.cluster_id.as_ref()?.span()), "that of the reflector")
            .at(receiver, "heard from"),
            Stop::Originator(id) => Cause::new(
                format!("{to} finds its own router-id {id} as the originator, and drops it"),
                "give each node a router-id of its own",
            )
            .at(instance(edge.to).and_then(|own| own.router_id.as_ref()?.span()), "its router-id")
            .judged_by("router-id-duplicate"),
        }
    }

    /// Whether the route targets meet, and nothing else makes the receiver drop the route.
    fn is_imported(
        &self,
        from: &FloodMember<'m>,
        to: &FloodMember<'m>,
        question: &Question,
        walk: &mut Walk,
    ) -> Result<(), Ended> {
        let fabric = self.fabric;
        let party = |member: &FloodMember<'m>| {
            let origin = &member.origin;
            let device = &fabric.devices[origin.node];
            match origin.layer3 {
                None => targets::of_vni(device, origin.node, origin.vni),
                Some(vrf) => targets::of_vrf(device, origin.node, vrf, origin.vni),
            }
        };
        let (Some(exporter), Some(importer)) = (party(from), party(to)) else { return Ok(()) };
        let (originator, receiver) = (fabric.name(from.origin.node), fabric.name(to.origin.node));
        let place = |party: &targets::TargetPolicy| party.written.first().and_then(|own| own.span()).or(party.derived);
        let wanted = match importer.auto_import {
            Some(number) => format!("*:{number}"),
            None => join_names(&importer.imports),
        };
        if !importer.imports_from(&exporter) {
            let cause = Cause::new(
                format!("{receiver} imports {wanted}, and {originator} exports {}", exporter.exports_shown()),
                "write the same route targets on both, or none",
            );
            let cause = cause.at(place(&importer), "imported").at(place(&exporter), "exported");
            // Spokes take the routes of a hub, and not each other's.
            let is_spoke = matches!(question, Question::Vrf(_))
                && self
                    .floods
                    .vrfs
                    .iter()
                    .filter(|other| other.origin.node != to.origin.node)
                    .any(|other| party(other).is_some_and(|exporter| importer.imports_from(&exporter)));
            return Err(walk.bad(cause.judged_by("route-target-unmatched").meant(is_spoke)));
        }
        if let (Question::Vrf(_), Some(a), Some(b)) = (question, from.origin.router_mac, to.origin.router_mac)
            && a == b
        {
            let cause = Cause::new(
                format!(
                    "{originator} and {receiver} have one router MAC {a}, and {receiver} drops routes that bear its own"
                ),
                "give the interface of the L3VNI another `hwaddress` on each node",
            );
            let cause = cause.at(to.origin.span, "its L3VNI").at(from.origin.span, "the other");
            // The two of a pair share it, and the hosts behind both are connected to each.
            let pair = [from.origin.node.min(to.origin.node), from.origin.node.max(to.origin.node)];
            let is_pair = fabric.multihoming.pairs.contains(&pair);
            return Err(walk.bad(cause.judged_by("router-mac-duplicate").meant(is_pair)));
        }
        walk.good(place(&importer), format!("{receiver} imports it: {wanted} takes {}", exporter.exports_shown()));
        Ok(())
    }

    /// Whether the VTEP can be reached.
    fn resolves(&mut self, from: &FloodMember<'m>, to: &FloodMember<'m>, walk: &mut Walk) -> Result<(), Ended> {
        let fabric = self.fabric;
        let Some(vtep) = from.origin.vtep else { return Ok(()) };
        let (originator, receiver) = (fabric.name(from.origin.node), fabric.name(to.origin.node));
        let reach = self.ribs.reach(fabric, vtep);
        let node = to.origin.node;
        if to.origin.vtep == Some(vtep) || reach.ways[node] == Way::Hops(0) {
            let cause = Cause::new(
                format!("{vtep} is an address of {receiver} too: it drops routes whose next hop is its own"),
                "give each VTEP an address of its own",
            );
            let cause = cause.at(to.origin.span, "its own").at(from.origin.span, "the other's");
            return Err(walk.bad(cause.judged_by("vtep-address-duplicate")));
        }
        if !reach.resolved.contains(node) {
            return Err(walk.bad(self.unresolved(&from.origin, &to.origin, vtep, &reach)));
        }
        let what = match reach.ways[node] {
            Way::Hops(1) => format!("{receiver} reaches {vtep} over one link"),
            Way::Hops(hops) => format!("{receiver} reaches {vtep} over {hops} links"),
            Way::Assumed => format!("{receiver} has a route to {vtep}; where it leads is in no file"),
            Way::None => {
                let cause = Cause::new(
                    format!(
                        "{receiver} has a route towards {vtep}, and on the way packets are dropped or nobody has it"
                    ),
                    format!("see that {originator} has the address, and that every node between forwards"),
                );
                return Err(walk.bad(cause.at(from.origin.span, "the VTEP").judged_by("transit-not-forwarding")));
            }
        };
        walk.good(None, what);
        Ok(())
    }

    /// Why a receiver resolves the address of an originator by no route that bgpd counts.
    fn unresolved(&self, from: &Origin<'m>, to: &Origin<'m>, vtep: IpAddr, reach: &Reach) -> Cause {
        let fabric = self.fabric;
        let receiver = fabric.name(to.node);
        let cause = lost::lost(fabric, [to.node, from.node], vtep, Some(reach));
        if reach.ways[to.node] != Way::None {
            let why = format!("{receiver} has a default route to {vtep} only, by which bgpd resolves no next hop");
            let frr = fabric.node(to.node).frr.as_ref();
            let mut defaults = frr.into_iter().flat_map(|frr| &frr.statics).filter(|route| route.vrf.is_none());
            let default = defaults.find(|route| route.prefix.length() == 0).and_then(|route| route.prefix.span());
            let gateway =
                || fabric.node(to.node).links.values().flat_map(|link| &link.gateways).find_map(|own| own.span());
            let remedy = format!("give {receiver} a route to {vtep} itself, or write `ip nht resolve-via-default`");
            let places = vec![(default.or_else(gateway), "resolves no next hop".to_owned())];
            let places = places.into_iter().filter(|(span, _)| span.is_some()).chain(cause.places.clone()).collect();
            return Cause { why, places, remedy, rule: None, ..cause };
        }
        // What keeps others from learning of a node often keeps the node from learning of them.
        let back = to.vtep.and_then(|own| lost::lost(fabric, [from.node, to.node], own, None).rule);
        let rule = cause.rule.or(back);
        cause.judged_by(rule)
    }
}

fn place(edge: &Edge, prediction: &Prediction) -> Option<Span> {
    let client = edge.out.and_then(|own| own.reflector_client.as_ref()).filter(|on| on.value);
    let session_end = |session_end: SessionEndIndex| &prediction.fabric.sessions.ends[session_end];
    let range = edge.session_end.is_none().then(|| {
        let mut callers = prediction.fabric.sessions.of(edge.to).iter();
        callers.find_map(|caller| match caller.answer {
            Answer::Range(_, range) if caller.peer() == Some(edge.from) => range.range.span(),
            _ => None,
        })
    });
    client
        .and_then(|on| on.span())
        .or(edge.session_end.and_then(|at| session_end(at).neighbor.place()))
        .or(range.flatten())
}

fn passes(edge: &Edge, prediction: &Prediction) -> String {
    let (from, to) = (prediction.fabric.name(edge.from), prediction.fabric.name(edge.to));
    let is_client = edge.out.is_some_and(|own| is_on(&own.reflector_client));
    let how = match (edge.external, is_client) {
        (true, _) => "over eBGP",
        (false, true) => "its client, over iBGP",
        (false, false) => "over iBGP",
    };
    let state = match edge.session_end.map(|session_end| prediction.sessions[session_end].state) {
        Some(State::Unknown) => " (if the session comes up)",
        _ => "",
    };
    format!("{from} tells {to}, {how}{state}")
}
