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
        Cluster, Coverage, Fault, FaultKind, Node, Reading,
        effective::{Effective, Fate, Line},
        twin::{Pair, Said, Script, Twin},
    },
    source::{File, FileId, Sources, Span, ceil, masked},
    twin::{self, Draft},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

mod frr;
mod guests;
mod host;
mod interfaces;
mod json;
mod local;
mod memo;
mod pieces;
mod sdn;

/// A configuration language.
pub trait Language: Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// What a file that stands there is, as `--files` shows it: mostly the language's name says it.
    fn title(&self, _inner: &str) -> &'static str {
        self.name()
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

    /// What a file is of such a store, where each stands for itself.
    fn member<'p>(&self, _inner: &'p str) -> Option<Member<'p>> {
        None
    }
}

/// A file of a cluster's store that stands for itself.
pub struct Member<'p> {
    /// The node it is about, where its place tells.
    pub host: Option<&'p str>,
    /// Its name, which no other of its language has in the cluster.
    pub name: &'p str,
}

static LANGUAGES: [&dyn Language; 5] = [&frr::Frr, &guests::Guests, &host::Host, &interfaces::Interfaces, &sdn::Sdn];

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

/// The files of one root in one language, which is given by its position.
type Unit<'a> = (usize, Vec<Text<'a>>);

/// How much was understood of each language.
type Covered = Vec<(&'static str, Coverage)>;

/// The members that a `corosync.conf` names, each with the address of its first link, for whoever wants to reach them.
pub(crate) fn members(corosync: &str) -> Vec<(String, Option<String>)> {
    sdn::corosync::members(corosync)
}

/// Reads everything: nodes side by side, and a cluster's store once however many nodes hold it.
pub fn read(sources: &Sources) -> Cluster {
    let mut units: BTreeMap<(&str, usize), Vec<Text>> = BTreeMap::new();
    for (id, file) in sources.iter() {
        if let Some(at) = LANGUAGES.iter().position(|language| language.claims(&file.inner)) {
            units.entry((&file.node, at)).or_default().push((id, file));
        }
    }
    let mut nodes: BTreeMap<&str, Vec<Unit>> = BTreeMap::new();
    let mut stores: Vec<(Unit, Vec<String>)> = vec![];
    let mut held: Vec<(usize, &str, Text)> = vec![];
    for ((node, at), mut files) in units {
        files.sort_by(|a, b| a.1.inner.cmp(&b.1.inner));
        if !LANGUAGES[at].is_cluster_wide() {
            nodes.entry(node).or_default().push((at, files));
        } else if files.iter().any(|(_, file)| LANGUAGES[at].member(&file.inner).is_some()) {
            held.extend(files.into_iter().map(|text| (at, node, text)));
        } else if let Some(known) = stores.iter_mut().find(|((_, known), _)| same_store(known, &files)) {
            known.1.push(node.to_owned());
        } else {
            stores.push(((at, files), vec![node.to_owned()]));
        }
    }
    let nodes: Vec<_> = nodes.into_iter().collect();
    let readings: Vec<(Reading, Covered)> =
        nodes.par_iter().map(|(node, units)| read_node(sources, node, units)).collect();
    let mut cluster = Cluster { allowed: sources.allowed.clone(), ..Cluster::default() };
    for (reading, coverage) in readings {
        cluster.nodes.push(reading.node);
        cluster.faults.extend(reading.faults);
        cluster.secrets.extend(reading.secrets);
        cover(&mut cluster, coverage);
    }
    for (unit, holders) in stores {
        let (mut reading, coverage) = read_node(sources, &holders[0], &[unit]);
        if let Some(mut intent) = reading.intent.take() {
            intent.read_from.clone_from(&holders[0]);
            intent.nodes = holders;
            cluster.intents.push(intent);
        }
        cluster.faults.extend(reading.faults);
        cluster.secrets.extend(reading.secrets);
        cover(&mut cluster, coverage);
    }
    let pieces = pieces::choose(sources, held);
    let read: Vec<(Reading, Covered)> =
        pieces.par_iter().map(|piece| read_node(sources, piece.node, &[(piece.language, vec![piece.text])])).collect();
    for ((mut reading, coverage), piece) in read.into_iter().zip(pieces) {
        for guest in &mut reading.guests {
            guest.holders = piece.holders.iter().map(|holder| (*holder).to_owned()).collect();
        }
        cluster.guests.append(&mut reading.guests);
        cluster.faults.extend(reading.faults);
        cluster.secrets.extend(reading.secrets);
        cover(&mut cluster, coverage);
    }
    cluster.guests.sort_by(|a, b| (a.id, &a.host, &a.holders).cmp(&(b.id, &b.host, &b.holders)));
    cluster.nodes.sort_by(|a, b| a.name.cmp(&b.name));
    cluster.faults.sort_by_key(|fault| fault.span);
    let files: BTreeMap<(&str, &str), Text> =
        sources.iter().map(|text| ((text.1.node.as_str(), text.1.inner.as_str()), text)).collect();
    let twins: Vec<Option<Twin>> = cluster.nodes.par_iter().map(|node| twin(&files, &cluster, node)).collect();
    for (node, twin) in cluster.nodes.iter_mut().zip(twins) {
        node.twin = twin;
    }
    cluster
}

/// What Proxmox would generate for a node, read as its files are, beside those. Each file is read alone, like its twin: what
/// others add to it is no matter of the generator's.
fn twin(files: &BTreeMap<(&str, &str), Text>, cluster: &Cluster, node: &Node) -> Option<Twin> {
    const FRR: &str = "etc/frr/frr.conf";
    let intent = twin::cluster_of(node, &cluster.intents)?;
    // A node that no folder names is the only one without a name.
    let file = |inner: &str| files.get(&(node.name.as_str(), inner)).or_else(|| files.get(&("", inner))).copied();
    let local = file("etc/frr/frr.conf.local");
    let text = local.map(|(id, file)| (Span::of(id, &file.text, file.own()), file.own()));
    let texts = twin::Texts { local: text, frr: file(FRR).map(|(_, file)| file.own()) };
    let mut drafts = twin::drafts(intent, node, texts)?;
    let virtual_file = |inner: &str, draft: &Draft| File::new(inner, &node.name, inner, &draft.text);
    let derived = |mut script: Script, draft: &Draft| {
        for said in &mut script.said {
            said.span = said.span.and_then(|span| draft.because(span.start));
        }
        script
    };
    let frr = drafts.frr.map(|draft| {
        let text = virtual_file(FRR, &draft);
        let read = frr_read(FileId(0), &text);
        if let Some((id, file)) = local {
            let alone = frr_read(id, &File::new(FRR, &node.name, FRR, &file.text));
            let kept = frr_said(&text, &read, |line| line.fate == Fate::Kept);
            local::settle(&mut drafts.local, &derived(kept, &draft), &alone);
        }
        Pair {
            expected: derived(frr_said(&text, &read, is_said), &draft),
            actual: file(FRR).map(|(id, file)| frr_said(file, &frr_read(id, file), is_said)),
        }
    });
    let draft = &drafts.interfaces;
    let interfaces = Pair {
        expected: derived(interfaces::said(FileId(0), &virtual_file(interfaces::SDN, draft)), draft),
        actual: file(interfaces::SDN).map(|(id, file)| interfaces::said(id, file)),
    };
    Some(Twin {
        version: intent.version.as_ref().map(|version| version.value),
        frr,
        interfaces: Some(interfaces),
        local: drafts.local,
        best_effort: drafts.best_effort,
        gaps: drafts.gaps,
    })
}

/// Whether a line of FRR's says something, kept or not. To open a block again says nothing, but of an entry of a route-map
/// there is one.
fn is_said(line: &Line) -> bool {
    let is_entry = || line.text.as_deref().is_some_and(|text| text.starts_with("route-map "));
    match line.fate {
        Fate::Unread(_) => false,
        Fate::Overwritten(_) => line.opens.is_none() || is_entry(),
        _ => true,
    }
}

/// Those lines of one file of FRR's as statements; what FRR does not know, as it stands.
fn frr_said(file: &File, read: &Effective, counts: impl Fn(&Line) -> bool) -> Script {
    let as_it_stands = |line: &Line| {
        let words = file.text[line.span.start as usize..line.span.end as usize].split_ascii_whitespace();
        masked(&words.collect::<Vec<_>>().join(" "))
    };
    let said = read.lines.iter().filter(|line| counts(line)).map(|line| Said {
        block: read.path(line.block).into_iter().map(str::to_owned).collect(),
        text: line.text.as_ref().map_or_else(|| as_it_stands(line), ToString::to_string),
        span: Some(line.span),
    });
    Script { said: said.collect() }
}

/// One file of FRR's, line by line.
fn frr_read(id: FileId, file: &File) -> Effective {
    let mut reading = Reading { effective: Some(Effective::default()), ..Reading::default() };
    (&frr::Frr as &dyn Language).read(&[(id, file)], &mut reading);
    reading.effective.unwrap_or_default()
}

fn read_node(sources: &Sources, name: &str, units: &[Unit]) -> (Reading, Covered) {
    let mut reading = Reading { frr_runs: sources.frr_runs.clone(), ..Reading::default() };
    reading.node.name = name.to_owned();
    let mut covered = vec![];
    for (at, files) in units {
        let known = reading.faults.len();
        LANGUAGES[*at].read(files, &mut reading);
        covered.push((LANGUAGES[*at].name(), std::mem::take(&mut reading.coverage)));
        for (id, file) in files {
            reading.faults.extend(file.oddities.iter().map(|oddity| {
                let end = ceil(&file.text, oddity.at as usize + 1) as u32;
                Fault::new(Span { file: *id, start: oddity.at, end }, FaultKind::Bytes(oddity.kind))
            }));
        }
        for fault in &mut reading.faults[known..] {
            fault.language = LANGUAGES[*at].name();
        }
    }
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
pub fn effective(sources: &Sources, node: &str) -> Option<Effective> {
    let language: &dyn Language = &frr::Frr;
    let of = |node: &str| -> Vec<Text> {
        sources.iter().filter(|(_, file)| file.node == node && language.claims(&file.inner)).collect()
    };
    // A node that no folder names is the only one without a name.
    let mut files = Some(of(node)).filter(|files| !files.is_empty()).unwrap_or_else(|| of(""));
    files.sort_by(|a, b| a.1.inner.cmp(&b.1.inner));
    let (frr_runs, effective) = (sources.frr_runs.clone(), Some(Effective::default()));
    let mut reading = Reading { frr_runs, effective, ..Reading::default() };
    if !files.is_empty() {
        language.read(&files, &mut reading);
    }
    reading.effective.filter(|effective| !effective.lines.is_empty())
}

/// Whether two nodes hold the same store, byte for byte.
fn same_store(a: &[Text], b: &[Text]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| a.inner == b.inner && a.own() == b.own())
}
