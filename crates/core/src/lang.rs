//! Configuration languages. Each is a slice of its own, with the same files in each, and reads its texts into the
//! model that all share; no slice knows of another.
//!
//! | file | what it does |
//! |---|---|
//! | `grammar/<x>.pest` | what may be written: one rule for each mode, then one for each command |
//! | `mode.rs` | the modes, and the way between them |
//! | `parse.rs` | text to statements, the way the daemon or tool itself reads |
//! | `lower.rs` | statements to the model, replayed in order |

use crate::{
    model::{
        Cluster, Coverage, Fault, FaultKind, Reading, Sourced, effective::Effective, ignore::IgnoreComment,
        intent::Intent, sysctl::Sysctls, twin::Script,
    },
    options::Options,
    source::{File, FileId, LanguageId, Sources, Span, ceil},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

mod cables;
mod containerlab;
mod frr;
mod guests;
mod host;
mod ignores;
mod interfaces;
mod json;
mod line;
mod memo;
mod pieces;
mod ptm;
mod rest;
mod sdn;
mod sysctl;
mod unread;
mod wireguard;

pub use rest::LINES_IN_VAIN;

/// A configuration language.
pub trait Language: Sync {
    /// Which one it is.
    fn id(&self) -> LanguageId;

    /// What a file that stands there is, as `--files` shows it: mostly the language's name says it.
    fn title(&self, _inner: &str) -> &'static str {
        self.id().name()
    }

    /// Whether a file that stands there on its node is written in it. Paths look like `etc/frr/frr.conf`.
    fn claims(&self, inner: &str) -> bool;

    /// Where a file of that name stands on its node, if the name alone tells.
    fn place(&self, _name: &str) -> Option<String> {
        None
    }

    /// Reads all files of one node in this language. Total: any text can be read, and what cannot be understood is
    /// noted in `into`.
    fn read(&self, files: &[(FileId, &File)], into: &mut Reading);

    /// Whether its files are one store for a whole cluster, the same on every node.
    fn is_cluster_wide(&self) -> bool {
        false
    }

    /// Whether it tells of nothing but cables: its files make no node of the folder that they lie in.
    fn is_of_cables(&self) -> bool {
        false
    }

    /// Whether its files only say more of a node that others describe: alone they make no node of the folder that they lie
    /// in.
    fn is_beside_others(&self) -> bool {
        false
    }

    /// What a file is of such a store, where each stands for itself.
    fn member<'p>(&self, _inner: &'p str) -> Option<StoreFile<'p>> {
        None
    }
}

/// A file of a cluster's store that stands for itself.
pub struct StoreFile<'p> {
    /// The node it is about, where its place tells.
    pub host: Option<&'p str>,
    /// Its name, which no other of its language has in the cluster.
    pub name: &'p str,
}

static LANGUAGES: [&dyn Language; 9] = [
    &containerlab::Containerlab,
    &frr::Frr,
    &guests::Guests,
    &host::Host,
    &interfaces::Interfaces,
    &ptm::Ptm,
    &sdn::Sdn,
    &sysctl::Sysctl,
    &wireguard::WireGuard,
];

/// The language of that id.
fn language(id: LanguageId) -> &'static dyn Language {
    match id {
        LanguageId::Containerlab => &containerlab::Containerlab,
        LanguageId::Frr => &frr::Frr,
        LanguageId::Guests => &guests::Guests,
        LanguageId::Hostname => &host::Host,
        LanguageId::Interfaces => &interfaces::Interfaces,
        LanguageId::Ptm => &ptm::Ptm,
        LanguageId::Sdn => &sdn::Sdn,
        LanguageId::Sysctl => &sysctl::Sysctl,
        LanguageId::WireGuard => &wireguard::WireGuard,
    }
}

/// The language of a file: the one that the walk has decided for it, else that of its place on its node.
pub fn of_file(file: &File) -> Option<LanguageId> {
    file.language.or_else(|| of(&file.inner).map(|language| language.id()))
}

/// The language of a file that stands there on its node.
pub fn of(inner: &str) -> Option<&'static dyn Language> {
    LANGUAGES.into_iter().find(|language| language.claims(inner))
}

/// Where a file of that name stands on its node, whatever folder it lies in.
pub fn place(name: &str) -> Option<String> {
    LANGUAGES.into_iter().find_map(|language| language.place(name))
}

/// A file with its id.
type Text<'a> = (FileId, &'a File);

/// The files of one root in one language.
type Unit<'a> = (LanguageId, Vec<Text<'a>>);

/// How much was understood of each language.
type Covered = Vec<(LanguageId, Coverage)>;

/// The members that a `corosync.conf` names, each with the address of its first link, for whoever wants to reach them.
pub fn members(corosync: &str) -> Vec<(String, Option<String>)> {
    sdn::corosync::members(corosync)
}

/// Reads everything: nodes side by side, and a cluster's store once however many nodes hold it.
pub fn read(sources: &Sources, options: &Options) -> Cluster {
    let mut units: BTreeMap<(&str, LanguageId), Vec<Text>> = BTreeMap::new();
    for (id, file) in sources.iter().filter(|(_, file)| file.unread.is_none()) {
        if let Some(language) = of_file(file) {
            units.entry((&file.node, language)).or_default().push((id, file));
        }
    }
    let mut nodes: BTreeMap<&str, Vec<Unit>> = BTreeMap::new();
    let mut stores: Vec<(Unit, Vec<String>)> = vec![];
    let mut held: Vec<(LanguageId, &str, Text)> = vec![];
    for ((node, id), mut files) in units {
        files.sort_by(|a, b| a.1.inner.cmp(&b.1.inner));
        if !language(id).is_cluster_wide() {
            nodes.entry(node).or_default().push((id, files));
        } else if files.iter().any(|(_, file)| language(id).member(&file.inner).is_some()) {
            held.extend(files.into_iter().map(|text| (id, node, text)));
        } else if let Some(known) = stores.iter_mut().find(|((_, known), _)| same_store(known, &files)) {
            known.1.push(node.to_owned());
        } else {
            stores.push(((id, files), vec![node.to_owned()]));
        }
    }
    let nodes: Vec<_> = nodes.into_iter().collect();
    let readings: Vec<(Reading, Covered)> =
        nodes.par_iter().map(|(node, units)| read_node(options, node, units)).collect();
    let mut cluster = Cluster {
        allowed: options.allowed_leaks.clone(),
        surroundings: options.surroundings.clone(),
        ..Cluster::default()
    };
    for (reading, coverage) in readings {
        cluster.nodes.push(reading.node);
        cluster.faults.extend(reading.faults);
        cluster.secrets.extend(reading.secrets);
        cover(&mut cluster, coverage);
    }
    let mut cables = vec![];
    for (unit, holders) in stores {
        let (mut reading, coverage) = read_node(options, &holders[0], &[unit]);
        if let Some(mut intent) = reading.intent.take() {
            intent.read_from.clone_from(&holders[0]);
            intent.nodes = holders;
            cluster.intents.push(intent);
        }
        cables.append(&mut reading.cables);
        cluster.faults.extend(reading.faults);
        cluster.secrets.extend(reading.secrets);
        cover(&mut cluster, coverage);
    }
    cluster.surroundings.lay(cables);
    let pieces = pieces::choose(sources, held);
    let read: Vec<(Reading, Covered)> =
        pieces.par_iter().map(|piece| read_node(options, piece.node, &[(piece.language, vec![piece.text])])).collect();
    for ((mut reading, coverage), piece) in read.into_iter().zip(pieces) {
        for guest in &mut reading.guests {
            guest.holders = piece.holders.iter().map(|holder| (*holder).to_owned()).collect();
            let place = Span { file: piece.text.0, start: 0, end: 0 };
            let is_of = |intent: &&mut Intent| intent.nodes.iter().any(|node| guest.holders.contains(node));
            if let Some(host) = &guest.host
                && let Some(intent) = cluster.intents.iter_mut().find(is_of)
                && !intent.hosts.iter().any(|own| own.value == *host)
            {
                intent.hosts.push(Sourced::written(host.clone(), place));
            }
        }
        cluster.guests.append(&mut reading.guests);
        cluster.faults.extend(reading.faults);
        cluster.secrets.extend(reading.secrets);
        cover(&mut cluster, coverage);
    }
    cluster.faults.extend(unread::files(sources));
    for (_, file) in sources.iter().filter(|(_, file)| file.unread.is_some()) {
        // A file that was not read may set again what another one says.
        let node = cluster.nodes.binary_search_by(|node| node.name.cmp(&file.node));
        if let (Some(LanguageId::Sysctl), Ok(node)) = (of_file(file), node) {
            cluster.nodes[node].sysctls = Sysctls::default();
        }
    }
    cluster.guests.sort_by(|a, b| (a.id, &a.host, &a.holders).cmp(&(b.id, &b.host, &b.holders)));
    cluster.nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let partly = unread::partly(sources, &cluster);
    for fault in partly.iter().filter(|fault| fault.language == Some(LanguageId::Sdn)) {
        let file = &sources[fault.span.file];
        let is_of = |store: &str| file.inner == format!("etc/pve/sdn/{store}.cfg");
        for intent in cluster.intents.iter_mut().filter(|intent| intent.nodes.contains(&file.node)) {
            // What is missing in it may stand there.
            intent.pending.stores.retain(|store| !is_of(store));
        }
    }
    unread::retain_others(&mut cluster.faults, &partly);
    cluster.faults.extend(partly);
    let absent = unread::absent(&nodes, &cluster);
    cluster.faults.extend(absent);
    let missing = unread::nodes(&options.nodes, &cluster);
    cluster.faults.extend(missing);
    cluster.faults.sort_by_key(|fault| fault.span);
    cluster
}

/// The comments that say what to ignore, by place. Secrets in the sources must be masked: rules quote what stands there.
pub fn ignores(sources: &Sources, cluster: &Cluster) -> Vec<IgnoreComment> {
    let files = sources.iter().filter(|(_, file)| ignores::may_have_some(file));
    let files: Vec<_> = files.filter_map(|(id, file)| Some((id, file, of_file(file)?))).collect();
    ignores::read(&files, cluster)
}

/// One file of FRR's by itself, line by line, with what became of each. `id` is what its spans name.
pub fn frr_alone(id: FileId, file: &File) -> Effective {
    let mut reading = Reading { effective: Some(Effective::default()), ..Reading::default() };
    language(LanguageId::Frr).read(&[(id, file)], &mut reading);
    reading.effective.unwrap_or_default()
}

/// One file of ifupdown2's by itself, statement by statement. `id` is what its spans name.
pub fn interfaces_alone(id: FileId, file: &File) -> Script {
    interfaces::said(id, file)
}

fn read_node(options: &Options, name: &str, units: &[Unit]) -> (Reading, Covered) {
    let mut reading = Reading { frr_runs: options.frr_version.clone(), ..Reading::default() };
    reading.node.name = name.to_owned();
    let mut covered = vec![];
    for (id, files) in units {
        language(*id).read(files, &mut reading);
        covered.push((*id, std::mem::take(&mut reading.coverage)));
        for (at, file) in files {
            reading.faults.extend(file.oddities.iter().map(|oddity| {
                let end = ceil(&file.text, oddity.at as usize + 1) as u32;
                let span = Span { file: *at, start: oddity.at, end };
                Fault::new(*id, span, FaultKind::Bytes(oddity.kind))
            }));
        }
    }
    rest::thin(&mut reading.faults);
    let node = &mut reading.node;
    if node.name.is_empty() {
        let frr = node.frr.as_ref().and_then(|frr| frr.hostname.as_ref());
        node.name = node.hostname.as_ref().or(frr).map_or("localhost".to_owned(), |name| name.value.clone());
    }
    for fault in &mut reading.faults {
        fault.node.clone_from(&reading.node.name);
    }
    (reading, covered)
}

fn cover(cluster: &mut Cluster, covered: Covered) {
    for (language, coverage) in covered {
        *cluster.coverage.entry(language).or_default() += coverage;
    }
}

/// Reads a node once more, and notes what became of each line of its FRR configuration; `None` where it has none.
pub fn effective(sources: &Sources, options: &Options, node: &str) -> Option<Effective> {
    let of = |node: &str| -> Vec<Text> {
        sources
            .iter()
            .filter(|(_, file)| file.node == node && file.unread.is_none() && of_file(file) == Some(LanguageId::Frr))
            .collect()
    };
    // A node that no folder names is the only one without a name.
    let mut files = Some(of(node)).filter(|files| !files.is_empty()).unwrap_or_else(|| of(""));
    files.sort_by(|a, b| a.1.inner.cmp(&b.1.inner));
    let (frr_runs, effective) = (options.frr_version.clone(), Some(Effective::default()));
    let mut reading = Reading { frr_runs, effective, ..Reading::default() };
    if !files.is_empty() {
        language(LanguageId::Frr).read(&files, &mut reading);
    }
    reading.effective.filter(|effective| !effective.lines.is_empty())
}

/// Whether two nodes hold the same store, byte for byte.
fn same_store(a: &[Text], b: &[Text]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| a.inner == b.inner && a.text == b.text)
}
