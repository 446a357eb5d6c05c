//! What one failure takes away, as a table and as JSON. The JSON holds the proof: two ways for each pair of neighbours in
//! a ring of the VTEPs.

use super::layout::{columns, place};
use evpnlint_analysis::{
    fabric::{Fabric, NodeIndex, tenants::named},
    predict::{
        Prediction,
        resilience::{Element, Group, Lost, Resilience, SinglePoint, Task, links::Place},
    },
};
use evpnlint_core::{source::Sources, words::join_names};
use serde::Serialize;
use std::{collections::BTreeMap, io};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    resilience: Vec<Of<'a>>,
    alone: Vec<Alone<'a>>,
}

/// VNIs and VRFs with the same VTEPs.
#[derive(Serialize)]
struct Of<'a> {
    vnis: Vec<u32>,
    vrfs: Vec<&'a str>,
    vteps: Vec<&'a str>,
    packets: Plane<'a>,
    routes: Plane<'a>,
}

#[derive(Serialize)]
struct Plane<'a> {
    /// `cut`: something is lost with one failure; `direct`: no more than one pair; `survives`: nothing, with two ways of
    /// each pair; `unknown`: no file tells two ways, and none denies them.
    state: &'static str,
    losses: Vec<Loss<'a>>,
    /// Pairs that one session between the two serves alone.
    direct: usize,
    ways: Vec<Pair<'a>>,
}

#[derive(Serialize)]
struct Loss<'a> {
    by: By<'a>,
    off: Vec<Vec<&'a str>>,
    /// Whom they lose, unless all others.
    from: Option<Vec<&'a str>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum By<'a> {
    Node { node: &'a str },
    Link { ends: Vec<End<'a>> },
    Session { nodes: [&'a str; 2] },
}

#[derive(Serialize)]
struct End<'a> {
    node: &'a str,
    interface: &'a str,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Pair<'a> {
    ends: [&'a str; 2],
    ways: TwoWays,
}

#[derive(Serialize)]
struct Alone<'a> {
    node: &'a str,
    task: &'static str,
    vni: Option<u32>,
    vrf: Option<&'a str>,
    of: usize,
}

/// The steps of two ways, where there are two.
type TwoWays = Option<[Vec<String>; 2]>;

/// Two ways of each pair, found once.
struct Ways<'p, 'f, 'm> {
    prediction: &'p Prediction<'f, 'm>,
    resilience: &'p Resilience<'m>,
    packets: BTreeMap<[NodeIndex; 2], TwoWays>,
    routes: BTreeMap<[NodeIndex; 2], TwoWays>,
}

impl<'p, 'm> Ways<'p, '_, 'm> {
    fn packets(&mut self, pair: [NodeIndex; 2]) -> TwoWays {
        let fabric = self.prediction.fabric;
        let found = || {
            let ways = self.resilience.ways(pair)?;
            Some(ways.map(|way| way.iter().filter_map(|place| step(fabric, place)).collect()))
        };
        self.packets.entry(pair).or_insert_with(found).clone()
    }

    fn routes(&mut self, pair: [NodeIndex; 2]) -> TwoWays {
        let prediction = self.prediction;
        let found = || {
            let ways = self.resilience.distribution.two_ways(&prediction.evpn, pair[0], pair[1])?;
            Some(ways.map(|way| way.iter().map(|node| prediction.fabric.name(*node).to_owned()).collect()))
        };
        self.routes.entry(pair).or_insert_with(found).clone()
    }

    fn all(&mut self, group: &Group<'m>, find: fn(&mut Self, [NodeIndex; 2]) -> TwoWays) -> Vec<Pair<'p>> {
        let fabric = self.prediction.fabric;
        group.ring().map(|ends| Pair { ends: ends.map(|end| fabric.name(end)), ways: find(self, ends) }).collect()
    }
}

/// What stands on a way to be read: a node or a subnet. The port that an address stands on says nothing more.
fn step(fabric: &Fabric, place: &Place) -> Option<String> {
    match place {
        Place::Node(node) | Place::Address(node) => Some(fabric.name(*node).to_owned()),
        Place::Subnet(subnet) => Some(subnet.to_string()),
        Place::Port(..) | Place::Unseen => None,
    }
}

/// Writes it as JSON, of one node or of all.
///
/// # Errors
/// When it cannot be written.
pub fn json(
    prediction: &Prediction,
    node: Option<NodeIndex>,
    sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let fabric = prediction.fabric;
    let resilience = prediction.resilience();
    let mut ways = Ways { prediction, resilience, packets: BTreeMap::new(), routes: BTreeMap::new() };
    let groups = groups(resilience, node).map(|group| Of {
        vnis: group.vnis.iter().map(|vni| vni.number()).collect(),
        vrfs: group.vrfs.iter().map(|vrf| named(vrf)).collect(),
        vteps: group.vteps.iter().map(|vtep| fabric.name(*vtep)).collect(),
        packets: plane(fabric, &group.links, 0, ways.all(group, Ways::packets), sources),
        routes: plane(fabric, &group.routes, group.direct, ways.all(group, Ways::routes), sources),
    });
    let resilience_of = groups.collect();
    let alone = soles(resilience, node).map(|sole| Alone {
        node: fabric.name(sole.node),
        task: match sole.task {
            Task::Exit(_) => "exit",
            Task::Gateway(..) => "gateway",
        },
        vni: match sole.task {
            Task::Gateway(vni, _) => Some(vni.number()),
            Task::Exit(_) => None,
        },
        vrf: match sole.task {
            Task::Exit(vrf) => Some(named(vrf)),
            Task::Gateway(..) => None,
        },
        of: sole.of,
    });
    let report = Report { version: 1, resilience: resilience_of, alone: alone.collect() };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn plane<'a>(
    fabric: &Fabric<'a>,
    losses: &[Lost<'a>],
    direct: usize,
    ways: Vec<Pair<'a>>,
    sources: &'a Sources,
) -> Plane<'a> {
    let names = |nodes: &[NodeIndex]| nodes.iter().map(|node| fabric.name(*node)).collect::<Vec<_>>();
    let losses: Vec<Loss> = losses
        .iter()
        .map(|lost| Loss {
            by: match &lost.by {
                Element::Node(node) => By::Node { node: fabric.name(*node) },
                Element::Session(a, b) => By::Session { nodes: [*a, *b].map(|node| fabric.name(node)) },
                Element::Link(ends) => {
                    let end = |(node, link): &(NodeIndex, &'a evpnlint_core::model::link::Link)| {
                        let (path, line) = place(link.place(), sources);
                        End { node: fabric.name(*node), interface: &link.name, path, line }
                    };
                    By::Link { ends: ends.iter().map(end).collect() }
                }
            },
            off: lost.off.iter().map(|part| names(part)).collect(),
            from: lost.from.as_deref().map(names),
        })
        .collect();
    let state = match (losses.is_empty(), direct) {
        (false, _) => "cut",
        (true, 1..) => "direct",
        (true, 0) if ways.iter().all(|pair| pair.ways.is_some()) => "survives",
        (true, 0) => "unknown",
    };
    Plane { state, losses, direct, ways }
}

/// Writes it in columns, of one node or of all: a row for each loss, and where nothing is lost two ways of one pair.
///
/// # Errors
/// When it cannot be written.
pub fn text(
    prediction: &Prediction,
    node: Option<NodeIndex>,
    _sources: &Sources,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let fabric = prediction.fabric;
    let resilience = prediction.resilience();
    let mut ways = Ways { prediction, resilience, packets: BTreeMap::new(), routes: BTreeMap::new() };
    let mut rows: Vec<[String; 5]> = vec![];
    for group in groups(resilience, node) {
        let (what, count) = (title(group), group.vteps.len().to_string());
        let mut row = |plane: &str, lost: String, with_it: String| {
            rows.push([what.clone(), count.clone(), plane.to_owned(), lost, with_it]);
        };
        for lost in &group.links {
            row("packets", element(fabric, &lost.by), taken(fabric, lost));
        }
        if group.links.is_empty() {
            row("packets", "any one".to_owned(), nothing(ways.all(group, Ways::packets)));
        }
        for lost in &group.routes {
            row("routes", element(fabric, &lost.by), taken(fabric, lost));
        }
        match group.direct {
            0 if group.routes.is_empty() => row("routes", "any one".to_owned(), nothing(ways.all(group, Ways::routes))),
            0 => {}
            pairs => row("routes", "a session".to_owned(), format!("its two ends from each other ({pairs} such)")),
        }
    }
    for sole in soles(resilience, node) {
        let (what, with_it) = match sole.task {
            Task::Exit(vrf) => (format!("vrf {}", named(vrf)), "the way out of the VRF"),
            Task::Gateway(vni, _) => (format!("vni {vni}"), "the gateway"),
        };
        let lost = fabric.name(sole.node).to_owned();
        rows.push([what, sole.of.to_string(), "routing".to_owned(), lost, with_it.to_owned()]);
    }
    columns(["vnis and vrfs", "vteps", "of", "lost", "takes away"], rows.into_iter(), out)
}

fn groups<'r, 'm>(resilience: &'r Resilience<'m>, node: Option<NodeIndex>) -> impl Iterator<Item = &'r Group<'m>> {
    let holds = move |group: &&Group| node.is_none_or(|node| group.vteps.contains(&node));
    resilience.groups.iter().filter(holds)
}

fn soles<'r, 'm>(resilience: &'r Resilience<'m>, node: Option<NodeIndex>) -> impl Iterator<Item = &'r SinglePoint<'m>> {
    resilience.soles.iter().filter(move |sole| node.is_none_or(|node| sole.node == node))
}

fn title(group: &Group) -> String {
    let vnis = group.vnis.iter().map(|vni| format!("vni {vni}"));
    join_names(vnis.chain(group.vrfs.iter().map(|vrf| format!("vrf {}", named(vrf)))))
}

/// The name of what fails.
pub fn element(fabric: &Fabric, element: &Element) -> String {
    match element {
        Element::Node(node) => fabric.name(*node).to_owned(),
        Element::Session(a, b) => format!("session {} – {}", fabric.name(*a), fabric.name(*b)),
        Element::Link(ends) => {
            let ends = ends.iter().map(|(node, link)| format!("{} {}", fabric.name(*node), link.name));
            ends.collect::<Vec<_>>().join(" – ")
        }
    }
}

fn taken(fabric: &Fabric, lost: &Lost) -> String {
    let names = |part: &Vec<NodeIndex>| join_names(part.iter().map(|node| fabric.name(*node)));
    let mut text = lost.off.iter().take(4).map(names).collect::<Vec<_>>().join(" | ");
    if lost.off.len() > 4 {
        text += &format!(" | {} more", lost.off.len() - 4);
    }
    lost.from.as_ref().map_or(text.clone(), |from| format!("{text} from {}", names(from)))
}

fn nothing(pairs: Vec<Pair>) -> String {
    let shown = |way: &[String]| way.join(" ");
    match pairs.iter().find_map(|pair| pair.ways.as_ref().filter(|_| pairs.iter().all(|pair| pair.ways.is_some()))) {
        Some([one, other]) => format!("nothing: {}, or {}", shown(one), shown(other)),
        None => "nothing that files tell, but no two ways either".to_owned(),
    }
}
