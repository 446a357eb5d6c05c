//! What is not read: files, texts of which too little is understood, and what should be there and is not.

use super::{Text, Unit, language, of_file};
use crate::{
    model::{Cluster, Fault, FaultKind, Node, Sourced, frr::Frr, link::Link},
    source::{File, FileId, LanguageId, Sources, Span, Unread},
};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer lines than this that are not understood are slips, however short the file.
const FEW: u32 = 5;

/// Where the text of FRR belongs that a node lacks.
const FRR_TEXT: &str = "etc/frr/frr.conf";

/// The files that were not read. What stands at a place of no language may matter, or not.
pub(super) fn files(sources: &Sources) -> impl Iterator<Item = Fault> {
    sources.iter().filter_map(|(id, file)| {
        let why = file.unread?;
        let is_beside = of_file(file).is_some_and(|own| language(own).is_beside_others());
        let matters = why.may_hide_nodes() || !file.inner.is_empty() && !is_beside;
        let kind = FaultKind::NotRead { path: file.path.clone(), why, matters };
        let fault = Fault::new(of_file(file), Span { file: id, start: 0, end: 0 }, kind);
        Some(Fault { node: file.node.clone(), ..fault })
    })
}

/// The files of which a quarter, or all of three lines and more, is not understood. A file that is another language's as a
/// whole has a fault of its own.
pub(super) fn partly(sources: &Sources, cluster: &Cluster) -> Vec<Fault> {
    let mut missed: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
    for span in cluster.coverage.values().flat_map(|coverage| &coverage.unrecognised) {
        missed.entry(span.file).or_default().push(*span);
    }
    let is_told = |fault: &&Fault| matches!(fault.kind, FaultKind::Foreign { .. } | FaultKind::CutShort { .. });
    let told: BTreeSet<FileId> = cluster.faults.iter().filter(is_told).map(|fault| fault.span.file).collect();
    let fault = |(id, mut spans): (FileId, Vec<Span>)| {
        let file = &sources[id];
        let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '!']);
        let (unknown, lines) = (spans.len() as u32, file.text.lines().filter(says).count() as u32);
        let is_large = unknown >= FEW && 4 * unknown >= lines || unknown >= 3 && unknown >= lines;
        let language = of_file(file).filter(|own| {
            matches!(own, LanguageId::Frr | LanguageId::Interfaces | LanguageId::Sdn)
                && !file.inner.ends_with("/daemons")
        })?;
        spans.sort();
        let first = *spans.first().filter(|_| is_large && !told.contains(&id))?;
        let why = Unread::Partly { unknown, lines };
        let kind = FaultKind::NotRead { path: file.path.clone(), why, matters: true };
        Some(Fault { node: name(cluster, &file.node), ..Fault::new(language, first, kind) })
    };
    missed.into_iter().filter_map(fault).collect()
}

/// Takes the faults of single lines away where a fault of [`partly`] says all that there is to say: no line of the file is
/// understood.
pub(super) fn retain_others(faults: &mut Vec<Fault>, partly: &[Fault]) {
    let is_whole = |fault: &&Fault| match fault.kind {
        FaultKind::NotRead { why: Unread::Partly { unknown, lines }, .. } => unknown >= lines,
        _ => false,
    };
    let whole: BTreeSet<FileId> = partly.iter().filter(is_whole).map(|fault| fault.span.file).collect();
    let is_of_line = |fault: &Fault| matches!(fault.kind, FaultKind::UnknownCommand { .. });
    faults.retain(|fault| !is_of_line(fault) || !whole.contains(&fault.span.file));
}

/// The nodes that need FRR and of which no text of FRR's is there, where other nodes have it: they have tunnels of which
/// nothing says where they end; or a routing daemon is started, and they have a loopback address or one that others name as
/// their peer. The nodes are in order of their names.
pub(super) fn absent(units: &[(&str, Vec<Unit>)], cluster: &Cluster) -> Vec<Fault> {
    let is_text = |file: &File| !["/daemons", "/vtysh.conf", ".local"].iter().any(|end| file.inner.ends_with(end));
    let texts = |units: &[Unit]| {
        let files = units.iter().filter(|(language, _)| *language == LanguageId::Frr).flat_map(|(_, files)| files);
        files.filter(|(_, file)| is_text(file)).count()
    };
    if units.iter().all(|(_, own)| texts(own) == 0) {
        return vec![];
    }
    let instances = cluster.nodes.iter().flat_map(|node| &node.frr).flat_map(|frr| &frr.bgp);
    let peers: BTreeSet<String> =
        instances.flat_map(|instance| instance.neighbors.keys()).map(ToString::to_string).collect();
    let is_wanted = |node: &Node| {
        let addresses = node.links.values().flat_map(|link| link.addresses.iter().map(move |own| (link, own)));
        addresses
            .into_iter()
            .any(|(link, own)| link.name == "lo" && own.is_host() || peers.contains(&own.ip.to_string()))
    };
    let is_told = |fault: &&Fault| fault.language == Some(LanguageId::Frr) && fault.is_unread();
    let told: BTreeSet<&str> = cluster.faults.iter().filter(is_told).map(|fault| fault.node.as_str()).collect();
    let fault = |(folder, own): &(&str, Vec<Unit>)| {
        if texts(own) > 0 {
            return None;
        }
        let named = name(cluster, folder);
        let at = cluster.nodes.binary_search_by(|node| node.name.cmp(&named)).ok()?;
        let node = &cluster.nodes[at];
        let span = tunnels(node).or_else(|| started(node.frr.as_ref()).filter(|_| is_wanted(node)))?;
        if told.contains(named.as_str()) {
            return None;
        }
        let (_, file): &Text = own.iter().flat_map(|(_, files)| files).next()?;
        let root = file.path.strip_suffix(&file.inner).unwrap_or_default();
        let kind = FaultKind::NotRead { path: format!("{root}{FRR_TEXT}"), why: Unread::Absent, matters: true };
        Some(Fault { node: named, ..Fault::new(LanguageId::Frr, span, kind) })
    };
    units.iter().filter_map(fault).collect()
}

/// The nodes that the user names and of which nothing is there.
pub(super) fn nodes<'o>(expected: &'o [Sourced<String>], cluster: &Cluster) -> impl Iterator<Item = Fault> + use<'o> {
    let missing: Vec<&Sourced<String>> =
        expected.iter().filter(|name| !cluster.nodes.iter().any(|node| node.is_called(name))).collect();
    missing.into_iter().filter_map(|name| {
        let kind = FaultKind::NotRead { path: name.value.clone(), why: Unread::NodeAbsent, matters: true };
        Some(Fault { node: name.value.clone(), ..Fault::new(None, name.span()?, kind) })
    })
}

/// What the node in a folder is called: the only one without a folder has a name in its own files.
fn name(cluster: &Cluster, folder: &str) -> String {
    let only = cluster.nodes.first().filter(|_| folder.is_empty() && cluster.nodes.len() == 1);
    only.map_or_else(|| folder.to_owned(), |node| node.name.clone())
}

/// Where a routing daemon is started.
fn started(frr: Option<&Frr>) -> Option<Span> {
    let daemons = frr?.daemons.as_ref()?;
    let is_of_routing = |name: &str| name.ends_with('d') && !["staticd", "watchfrr", "bfdd"].contains(&name);
    daemons.iter().find(|(name, on)| on.value && is_of_routing(name)).and_then(|(_, on)| on.span())
}

/// The first tunnel device of which only EVPN could say where its tunnels end.
fn tunnels(node: &Node) -> Option<Span> {
    let waits = |link: &&Link| {
        link.vxlan().is_some_and(|vxlan| {
            vxlan.vnis().next().is_some() && vxlan.remotes.is_empty() && vxlan.group.is_none() && vxlan.hook.is_none()
        })
    };
    let is_by_hand = node.links.values().flat_map(|link| &link.hooks).any(|hook| hook.contains("fdb"));
    node.links.values().find(waits).filter(|_| !is_by_hand).map(Link::place)
}
