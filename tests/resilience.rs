//! What one failure is said to take away is what is gone when it is taken away: on fabrics drawn at random, by a search
//! of its own over what was drawn. And two ways that are said to share nothing are there and share nothing.

mod draw;

use draw::{Drawn, Thing};
use evpnlint::{
    fabric::{Fabric, NodeIndex},
    index::Position,
    lang,
    options::Completeness,
    predict::{
        Prediction,
        resilience::{Element, Group, Lost, distribution::Parts, links::Place},
    },
};
use std::collections::BTreeSet;

type Pairs = BTreeSet<(usize, usize)>;

#[test]
fn what_fails_is_what_is_told() {
    let (mut cuts, mut whole) = (0, 0);
    for seed in 0..300 {
        let drawn = Drawn::new(seed);
        let cluster = lang::read(&drawn.sources(), &Default::default());
        let fabric = Fabric::new(&cluster, Completeness::Complete);
        let prediction = Prediction::new(&fabric);
        let resilience = prediction.resilience();
        // Nodes are read in order of their names, which is the order in which they are drawn.
        for group in &resilience.groups {
            let members: Vec<usize> = group.vteps.iter().map(|vtep| vtep.get()).collect();
            for thing in drawn.things() {
                let named = format!("seed {seed}: {thing:?} of {drawn:?}");
                let packets = told(&drawn, &group.links, thing, group);
                let routes = told(&drawn, &group.routes, thing, group);
                let lost = drawn.lost_packets(thing, &members);
                assert_eq!(packets, lost, "packets: {named}");
                cuts += lost.len();
                // Whom packets do not reach is not told to be silent once more.
                let lost = drawn.lost_routes(thing, &members);
                assert!(routes.is_subset(&lost), "routes said to be lost: {routes:?}, and not {lost:?}: {named}");
                let mut all = &routes | &packets;
                if let Thing::Session(a, b) = thing
                    && resilience
                        .distribution
                        .direct
                        .get(&NodeIndex::new(a))
                        .is_some_and(|others| others.contains(NodeIndex::new(b)))
                {
                    all.insert((a, b));
                }
                assert!(lost.is_subset(&all), "routes lost: {lost:?}, and not {all:?}: {named}");
                cuts += lost.len();
            }
            for pair in group.ring() {
                let parted = |lost: &[Lost]| {
                    drawn
                        .things()
                        .any(|thing| told(&drawn, lost, thing, group).contains(&sorted(pair.map(NodeIndex::get))))
                };
                let ways = resilience.ways(pair);
                assert_eq!(ways.is_none(), parted(&group.links), "seed {seed}: {pair:?} of {drawn:?}");
                for way in ways.iter().flatten() {
                    assert_eq!(way.first().zip(way.last()), Some((&Place::Node(pair[0]), &Place::Node(pair[1]))));
                }
                if let Some([one, other]) = &ways {
                    whole += 1;
                    assert!(drawn.are_ways([one, other]), "seed {seed}: {one:?} and {other:?} of {drawn:?}");
                }
                if let Some([one, other]) = resilience.distribution.two_ways(&prediction.evpn, pair[0], pair[1]) {
                    let [one, other] =
                        [one, other].map(|way| way.into_iter().map(NodeIndex::get).collect::<Vec<usize>>());
                    assert!(drawn.is_told_by(&one) && drawn.is_told_by(&other), "seed {seed}: {one:?}, {other:?}");
                    let inside = |way: &[usize]| way[1..way.len() - 1].iter().copied().collect::<BTreeSet<_>>();
                    assert!(
                        inside(&one).is_disjoint(&inside(&other)) && one != other,
                        "seed {seed}: {one:?}, {other:?}"
                    );
                    // Links below may be shared all the same.
                    let of = |parts: &Parts| pair.map(|vtep| parts.iter().position(|part| part.contains(vtep)));
                    let is_parted = |parts: &Parts| matches!(of(parts), [Some(a), Some(b)] if a != b);
                    let parted = resilience.distribution.losses.values().flatten().any(is_parted);
                    assert!(!parted, "seed {seed}: {one:?}, {other:?} of {drawn:?}");
                }
            }
        }
    }
    assert!(cuts > 1000 && whole > 300, "too little was lost, or too little held: {cuts}, {whole}");
}

fn sorted([a, b]: [usize; 2]) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// The pairs that a loss is said to part.
fn told(drawn: &Drawn, all: &[Lost], thing: Thing, group: &Group) -> Pairs {
    let is_it = |lost: &&Lost| match (&lost.by, thing) {
        (Element::Node(node), Thing::Node(own)) => node.get() == own,
        (Element::Session(a, b), Thing::Session(x, y)) => (a.get(), b.get()) == (x, y),
        (Element::Link(ends), Thing::Link(link)) => {
            ends.iter().any(|(node, port)| drawn.links[link].ends.contains(&(node.get(), port.name.clone())))
        }
        (Element::Link(ends), Thing::Port(own, link)) => ends
            .iter()
            .any(|(node, port)| node.get() == own && drawn.links[link].ends.contains(&(node.get(), port.name.clone()))),
        _ => false,
    };
    let mut pairs = Pairs::new();
    for lost in all.iter().filter(is_it) {
        let gone: BTreeSet<NodeIndex> = lost.off.iter().flatten().copied().collect();
        let dead = match lost.by {
            Element::Node(node) => Some(node),
            _ => None,
        };
        let stays = |vtep: &NodeIndex| !gone.contains(vtep) && Some(*vtep) != dead;
        let rest = lost.from.clone().unwrap_or_else(|| group.vteps.iter().copied().filter(stays).collect());
        let parts: Vec<&Vec<NodeIndex>> = lost.off.iter().chain([&rest]).collect();
        for (at, one) in parts.iter().enumerate() {
            for other in &parts[at + 1..] {
                pairs.extend(one.iter().flat_map(|a| other.iter().map(|b| sorted([a.get(), b.get()]))));
            }
        }
    }
    pairs
}
