//! What works in one tree and not in another: a line for each kind of thing, or everything as JSON.

use super::layout::place;
use evpnlint_analysis::{
    compare::{Changes, Counts, Difference, Far, Item, Layer, Side, Way},
    fabric::tenants::title,
};
use evpnlint_core::{
    model::Vni,
    source::{Sources, Span},
    words::join_names,
};
use evpnlint_rules::hides::Known;
use serde::Serialize;
use std::{collections::BTreeSet, io};

/// How many lines are named for each kind of thing, unless all are wanted.
const MOST_PLACES: usize = 3;

/// A tree that is compared.
pub struct Tree<'a> {
    /// The keys of all that is found in it.
    pub known: &'a Known,
    /// Its texts.
    pub sources: &'a Sources,
    /// How text that names its files is shown.
    pub shown: &'a dyn Fn(&str) -> String,
}

/// All that differs, ready to be written.
#[derive(Serialize)]
pub struct Compared<'a> {
    version: u32,
    lost: usize,
    gained: usize,
    unknown: usize,
    nodes: Section<'a>,
    sessions: Section<'a>,
    vnis: Section<'a>,
    flood_lists: Section<'a>,
    routes: Section<'a>,
    default_routes: Section<'a>,
    exits: Section<'a>,
    mtus: Section<'a>,
    leaks: Section<'a>,
    findings: Findings,
}

#[derive(Serialize)]
struct Section<'a> {
    lost: Vec<Row<'a>>,
    gained: Vec<Row<'a>>,
    unknown: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    what: What<'a>,
    /// The line that makes it: of what is lost in the old tree, of what is gained in the new one.
    place: Option<Place>,
    /// Why it does not work on the other side, where it is configured there; or why it is not known.
    why: Option<String>,
    /// The line that is why.
    because: Option<Place>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Place {
    tree: &'static str,
    path: String,
    line: u32,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What<'a> {
    Node {
        node: &'a str,
    },
    Session {
        node: &'a str,
        with: Option<&'a str>,
        peer: Option<&'a str>,
        vrf: &'a str,
        families: Vec<String>,
        whole: bool,
    },
    Vni {
        vni: u32,
        node: &'a str,
        layer: &'static str,
    },
    Flood {
        vnis: Vec<u32>,
        senders: &'a [&'a str],
        vteps: &'a [&'a str],
        pairs: usize,
    },
    Routes {
        vrf: &'a str,
        prefixes: Vec<String>,
        receivers: &'a [&'a str],
        originators: &'a [&'a str],
    },
    Exit {
        node: &'a str,
        vrf: &'a str,
        #[serde(serialize_with = "way_word")]
        way: Way,
    },
    Mtu {
        vnis: Vec<u32>,
        nodes: &'a [&'a str],
        old: Option<u32>,
        new: Option<u32>,
    },
    Leak {
        from: &'a str,
        to: &'a str,
    },
}

fn way_word<S: serde::Serializer>(way: &Way, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match way {
        Way::Leak => "leak",
        Way::Static => "static",
        Way::Offer => "offer",
    })
}

#[derive(Serialize)]
struct Findings {
    new: Vec<Key>,
    mended: Vec<Key>,
}

/// The key of a member of a finding.
#[derive(Serialize)]
struct Key {
    rule: String,
    subject: String,
}

impl<'a> Compared<'a> {
    /// Puts places to all that differs, of the old tree and the new one.
    pub fn new(difference: &'a Difference<'a>, trees: [Tree; 2]) -> Self {
        let Counts { lost, gained, unknown } = difference.counts();
        let [old, new] = &trees;
        Self {
            version: 1,
            lost,
            gained,
            unknown,
            nodes: section(&difference.nodes, &trees, |node| What::Node { node }),
            sessions: section(&difference.sessions, &trees, |own| {
                let (with, peer) = match &own.link.far {
                    Far::Node(node) => (Some(*node), None),
                    Far::Peer(peer) => (None, Some(peer.as_str())),
                };
                let families = own.families.iter().map(ToString::to_string).collect();
                What::Session {
                    node: own.link.node,
                    with,
                    peer,
                    vrf: title(own.link.vrf),
                    families,
                    whole: own.is_whole,
                }
            }),
            vnis: section(&difference.vnis, &trees, |own| What::Vni {
                vni: own.vni.number(),
                node: own.node,
                layer: match own.layer {
                    Layer::L2 => "L2",
                    Layer::L3 => "L3",
                },
            }),
            flood_lists: section(&difference.floods, &trees, |own| What::Flood {
                vnis: numbers(&own.vnis),
                senders: &own.senders,
                vteps: &own.vteps,
                pairs: own.pairs,
            }),
            routes: section(&difference.routes, &trees, routes),
            default_routes: section(&difference.defaults, &trees, routes),
            exits: section(&difference.exits, &trees, |own| What::Exit {
                node: own.node,
                vrf: title(own.vrf),
                way: own.way,
            }),
            mtus: section(&difference.mtus, &trees, |own| What::Mtu {
                vnis: numbers(&own.vnis),
                nodes: &own.nodes,
                old: own.old,
                new: own.new,
            }),
            leaks: section(&difference.leaks, &trees, |own| What::Leak { from: own.from, to: own.to }),
            findings: Findings { new: less(new, old), mended: less(old, new) },
        }
    }

    fn sections(&self) -> [(Kind, &Section<'a>); 9] {
        [
            (Kind::Node, &self.nodes),
            (Kind::Session, &self.sessions),
            (Kind::Vni, &self.vnis),
            (Kind::Flood, &self.flood_lists),
            (Kind::Route, &self.routes),
            (Kind::Default, &self.default_routes),
            (Kind::Exit, &self.exits),
            (Kind::Mtu, &self.mtus),
            (Kind::Leak, &self.leaks),
        ]
    }
}

fn routes<'a>(own: &'a evpnlint_analysis::compare::Routes<'a>) -> What<'a> {
    What::Routes {
        vrf: title(own.vrf),
        prefixes: own.prefixes.iter().map(ToString::to_string).collect(),
        receivers: &own.receivers,
        originators: &own.originators,
    }
}

fn numbers(vnis: &[Vni]) -> Vec<u32> {
    vnis.iter().map(|vni| vni.number()).collect()
}

/// The keys that one tree has and the other has not.
fn less(tree: &Tree, other: &Tree) -> Vec<Key> {
    let is_there = |rule: &String, about: &String| other.known.get(rule).is_some_and(|own| own.contains(about));
    let keys = tree.known.iter().flat_map(|(rule, own)| own.iter().map(move |about| (rule, about)));
    let keys = keys.filter(|(rule, about)| !is_there(rule, about));
    keys.map(|(rule, about)| Key { rule: rule.clone(), subject: (tree.shown)(about) }).collect()
}

fn section<'a, T>(changes: &'a Changes<T>, trees: &[Tree; 2], what: impl Fn(&'a T) -> What<'a>) -> Section<'a> {
    let place = |span: Option<Span>, side: Side| {
        let (tree, name) = match side {
            Side::Old => (&trees[0], "old"),
            Side::New => (&trees[1], "new"),
        };
        let (path, line) = place(span?, tree.sources);
        Some(Place { tree: name, path: (tree.shown)(path), line })
    };
    let rows = |items: &'a [Item<T>], is_known: bool| -> Vec<Row<'a>> {
        let row = |item: &'a Item<T>| {
            // What works on one side has its cause on the other.
            let far = match (item.side, is_known) {
                (Side::Old, true) => Side::New,
                (Side::New, true) => Side::Old,
                (side, false) => side,
            };
            let cause = item.cause.as_ref();
            let because = cause.and_then(|cause| cause.places.iter().find_map(|(span, _)| *span));
            Row {
                what: what(&item.what),
                place: place(item.span, item.side),
                why: cause.map(|cause| cause.why.clone()),
                because: place(because, far),
            }
        };
        items.iter().map(row).collect()
    };
    Section {
        lost: rows(&changes.lost, true),
        gained: rows(&changes.gained, true),
        unknown: rows(&changes.unknown, false),
    }
}

/// Writes everything.
///
/// # Errors
/// When it cannot be written.
pub fn json(compared: &Compared, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, compared)?;
    writeln!(out)
}

#[derive(Clone, Copy)]
enum Kind {
    Node,
    Session,
    Vni,
    Flood,
    Route,
    Default,
    Exit,
    Mtu,
    Leak,
}

#[derive(Clone, Copy)]
enum Change {
    Lost,
    Gained,
    Unknown,
}

impl Kind {
    /// One of them, and several.
    const fn noun(self) -> [&'static str; 2] {
        match self {
            Self::Node => ["node", "nodes"],
            Self::Session => ["session", "sessions"],
            Self::Vni => ["VNI of a node", "VNIs of nodes"],
            Self::Flood => ["flood list entry", "flood list entries"],
            Self::Route => ["type-5 route", "type-5 routes"],
            Self::Default => ["default route of type 5", "default routes of type 5"],
            Self::Exit => ["way out", "ways out"],
            Self::Mtu => ["MTU", "MTUs"],
            Self::Leak => ["leak", "leaks"],
        }
    }

    const fn verb(self, change: Change) -> &'static str {
        match (change, self) {
            (Change::Unknown, _) => "unknown",
            (Change::Lost, Self::Session) => "down",
            (Change::Gained, Self::Session) => "up",
            (Change::Lost, Self::Mtu) => "smaller",
            (Change::Gained, Self::Mtu) => "larger",
            (Change::Lost, _) => "lost",
            (Change::Gained, _) => "gained",
        }
    }
}

impl What<'_> {
    /// How many things it stands for.
    fn count(&self) -> usize {
        match self {
            Self::Flood { pairs, .. } => *pairs,
            Self::Routes { prefixes, receivers, originators, .. } => {
                let others: BTreeSet<&&str> = originators.iter().collect();
                let same = receivers.iter().filter(|own| others.contains(own)).count();
                prefixes.len() * (receivers.len() * originators.len() - same)
            }
            Self::Mtu { vnis, .. } => vnis.len(),
            Self::Node { .. } | Self::Session { .. } | Self::Vni { .. } | Self::Exit { .. } | Self::Leak { .. } => 1,
        }
    }

    fn shown(&self, names: fn(&[&str]) -> String) -> String {
        let of = |vrf: &str| if vrf == title("") { String::new() } else { format!(" in VRF {vrf}") };
        let list = |numbers: &[u32]| {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            let shown = names(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
            format!("VNI{} {shown}", if numbers.len() == 1 { "" } else { "s" })
        };
        match self {
            Self::Node { node } => (*node).to_owned(),
            Self::Session { node, with, peer, vrf, families, whole } => {
                let far = with.or(*peer).unwrap_or_default();
                let part = if *whole { String::new() } else { format!(" ({})", families.join(", ")) };
                format!("{node}–{far}{}{part}", of(vrf))
            }
            Self::Vni { vni, node, .. } => format!("{vni} on {node}"),
            Self::Flood { vnis, senders, vteps, .. } if senders == vteps => {
                format!("{} among each other in {}", names(senders), list(vnis))
            }
            Self::Flood { vnis, senders, vteps, .. } => {
                format!("{} to {} in {}", names(senders), names(vteps), list(vnis))
            }
            Self::Routes { vrf, prefixes, receivers, originators } => {
                let prefixes: Vec<&str> = prefixes.iter().map(String::as_str).collect();
                format!("{} from {} on {}{}", names(&prefixes), names(originators), names(receivers), of(vrf))
            }
            Self::Exit { node, vrf, way } => match way {
                Way::Leak => format!("VRF {vrf} into the default VRF on {node}"),
                Way::Static => format!("the static default route on {node}{}", of(vrf)),
                Way::Offer => format!("the default route that {node} offers its neighbours{}", of(vrf)),
            },
            Self::Mtu { vnis, nodes, old, new } => {
                let bytes = |own: &Option<u32>| own.map_or("unknown".to_owned(), |own| own.to_string());
                format!("{} from {}, {} before and {} now", list(vnis), names(nodes), bytes(old), bytes(new))
            }
            Self::Leak { from, to } => format!("{from} into {to}"),
        }
    }
}

/// Writes a line for each kind of thing, with the lines that make or break it below; with `all`, every member.
///
/// # Errors
/// When it cannot be written.
pub fn text(compared: &Compared, all: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let names: fn(&[&str]) -> String = if all { |names| names.join(", ") } else { |names| join_names(names) };
    for change in [Change::Lost, Change::Gained, Change::Unknown] {
        for (kind, section) in compared.sections() {
            let rows = match change {
                Change::Lost => &section.lost,
                Change::Gained => &section.gained,
                Change::Unknown => &section.unknown,
            };
            write_rows(kind, change, rows, (all, names), out)?;
        }
    }
    for (verb, keys) in [("new", &compared.findings.new), ("mended", &compared.findings.mended)] {
        if !keys.is_empty() {
            let shown: Vec<String> = keys.iter().map(|key| format!("{} ({})", key.rule, key.subject)).collect();
            let shown = names(&shown.iter().map(String::as_str).collect::<Vec<_>>());
            let noun = if keys.len() == 1 { "finding" } else { "findings" };
            writeln!(out, "{} {noun} {verb}: {shown}", keys.len())?;
        }
    }
    let Compared { lost, gained, unknown, findings, .. } = compared;
    match (lost, gained, unknown) {
        (0, 0, 0) if findings.new.is_empty() && findings.mended.is_empty() => writeln!(out, "nothing changed"),
        (0, 0, 0) => writeln!(out, "nothing lost, nothing gained"),
        (0, 0, _) => writeln!(out, "nothing lost and nothing gained of what is known"),
        _ => Ok(()),
    }
}

fn write_rows(
    kind: Kind,
    change: Change,
    rows: &[Row],
    (all, names): (bool, fn(&[&str]) -> String),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let count: usize = rows.iter().map(|row| row.what.count()).sum();
    let shown: Vec<String> = rows.iter().map(|row| row.what.shown(names)).collect();
    // Groups hold commas themselves.
    let shown = match kind {
        Kind::Flood | Kind::Route | Kind::Default | Kind::Mtu => {
            let most = if all { shown.len() } else { MOST_PLACES };
            let more = shown.len().saturating_sub(most);
            let rest = if more > 0 { format!("; {more} more") } else { String::new() };
            shown[..shown.len().min(most)].join("; ") + &rest
        }
        _ => names(&shown.iter().map(String::as_str).collect::<Vec<_>>()),
    };
    let [one, several] = kind.noun();
    let noun = if count == 1 { one } else { several };
    writeln!(out, "{count} {noun} {}: {shown}", kind.verb(change))?;
    let at = |place: &Place| format!("{}:{}", place.path, place.line);
    let mut lines: Vec<String> = vec![];
    for row in rows {
        let line = match (row.place.as_ref().map(at), &row.why, row.because.as_ref().map(at)) {
            (place, Some(why), because) => {
                let because = because.map_or(String::new(), |because| format!(" [{because}]"));
                format!("{}{why}{because}", place.map_or(String::new(), |place| place + ": "))
            }
            (Some(place), None, _) => place,
            (None, None, _) => continue,
        };
        lines.push(line);
    }
    lines.sort();
    lines.dedup();
    let most = if all { lines.len() } else { MOST_PLACES };
    lines.iter().take(most).try_for_each(|line| writeln!(out, "  {line}"))?;
    match lines.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  {more} more lines (-v lists them)"),
    }
}
