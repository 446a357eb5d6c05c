//! No predicted loss goes unreported: lines of healthy fabrics are taken away, one at a time. Where the prediction loses a
//! session, a VTEP, a gateway or the last route to a subnet by that, an error or a warning is reported: of a hundred losses,
//! at most two go unreported. How many reports stand in the line's own block, and how many errors come where nothing of
//! that is lost, is printed.
//!
//! `EVPNLINT_SWEEP` is how many lines apart the deletions are; 1 tries all. With `EVPNLINT_SWEEP_LIST` each is printed.

use crate::support::{
    corpus::{OURS, folders},
    files,
    run::everything,
};
use evpnlint::{
    finding::{Finding, Severity},
    lang,
    model::{Cluster, outline},
    options::Options,
    predict::fate::State,
    settle::Outcome,
    source::{File, FileId, Sources, Span},
};
use rayon::prelude::*;
use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
};

/// One deletion in so many is tried where nobody says otherwise.
const STEP: usize = 10;

/// What works: each session with its families, each VTEP that a VNI knows, each gateway, each subnet that a VRF knows.
fn works(sources: &Sources, options: &Options) -> BTreeSet<String> {
    let mut works = BTreeSet::new();
    evpnlint::predict(&mut sources.clone(), options, |prediction, _| {
        let fabric = prediction.fabric;
        for (end, fate) in fabric.sessions.ends.iter().zip(&prediction.sessions) {
            if fate.state == State::Up {
                let name = format!("{} {} {}", fabric.name(end.node), end.vrf(), end.neighbor.name);
                works.extend(fate.families.iter().map(|family| format!("session {name} {family:?}")));
            }
        }
        for member in prediction.floods.vnis.values().flatten().chain(&prediction.floods.vrfs) {
            let name = format!("{} vni {} {}", fabric.name(member.origin.node), member.origin.vni, member.origin.vrf);
            works.extend(prediction.floods.remotes(member).iter().map(|vtep| format!("{name} vtep {vtep}")));
        }
        for route in prediction.routes() {
            works.insert(format!("{} vrf {} {}", fabric.name(route.node), route.vrf, route.prefix));
        }
        for gateway in fabric.overlay.gateways.values().flatten() {
            let device = &fabric.devices[gateway.node];
            if !device.stays_down(gateway.svi) {
                let name = format!("{} vni {}", fabric.name(gateway.node), gateway.vni);
                works.extend(gateway.prefixes.iter().map(|prefix| format!("{name} gateway in {prefix}")));
                // A subnet that a VRF has itself is known there.
                let vrf = gateway.vrf().unwrap_or_default();
                works.extend(
                    gateway.prefixes.iter().map(|prefix| format!("{} vrf {vrf} {prefix}", fabric.name(gateway.node))),
                );
            }
        }
    });
    works
}

/// The same fabric without a line of a file: in its place stands nothing.
fn without(sources: &Sources, id: FileId, line: Span) -> Sources {
    let mut changed = Sources::default();
    for (at, file) in sources.iter() {
        let mut text = file.text.clone();
        if at == id {
            // The line's end goes too.
            let end = (line.end as usize + 1).min(text.len());
            let start = text[..line.start as usize].rfind('\n').map_or(0, |at| at + 1);
            text.replace_range(start..end, "");
        }
        let mut file_without = File::new(file.path.clone(), file.node.clone(), file.inner.clone(), text);
        file_without.language = file.language;
        changed.add(file_without);
    }
    changed
}

/// A line that may go: its file, its place, and the block that it is in, which is a node's where it opens one itself.
struct Deletion {
    file: FileId,
    line: Span,
    block: (u32, u32),
}

/// Every line of FRR's and ifupdown's files.
fn deletions(sources: &Sources, cluster: &Cluster) -> Vec<Deletion> {
    let places: Vec<outline::Place> = cluster
        .nodes
        .iter()
        .flat_map(|node| node.outline.blocks.values().flat_map(|block| &block.places))
        .copied()
        .collect();
    let mut all = vec![];
    for (id, file) in sources.iter() {
        let of_file: Vec<_> = places.iter().filter(|place| place.opener.file == id).collect();
        let mut start = 0;
        for text in file.text.split_inclusive('\n') {
            let line = Span { file: id, start, end: start + text.trim_end().len() as u32 };
            start += text.len() as u32;
            let words = text.trim();
            if words.is_empty() || words.starts_with(['!', '#']) || of_file.is_empty() {
                continue;
            }
            // The innermost block around it that it does not open.
            let around = |place: &&&outline::Place| place.opener.start < line.start && line.start < place.end;
            let block =
                of_file.iter().filter(around).map(|place| (place.opener.start, place.end)).max_by_key(|block| block.0);
            let opens = of_file.iter().any(|place| (line.start..line.end).contains(&place.opener.start));
            let whole = (0, file.text.len() as u32);
            let block = if opens { whole } else { block.unwrap_or(whole) };
            all.push(Deletion { file: id, line, block });
        }
    }
    all
}

impl Deletion {
    /// Whether a finding is about the place: it has a label in the block, whose lines behind the deletion have moved up.
    fn is_met(&self, finding: &Finding) -> bool {
        let (start, end) = self.block;
        finding.labels().any(|label| label.span.file == self.file && (start..end).contains(&label.span.start))
    }
}

/// What became of one deletion.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Nothing is lost, and there is no error.
    Harmless,
    /// Nothing is lost, and yet there is an error.
    Alarm,
    /// Something is lost, and it is told at the block.
    There,
    /// Something is lost, and it is told, but elsewhere.
    Elsewhere,
    /// Something is lost, and nothing is told.
    Not,
}

fn judge(sources: &Sources, before: &BTreeSet<String>, deletion: &Deletion) -> (Told, String) {
    let (options, changed) = (Options::default(), without(sources, deletion.file, deletion.line));
    let after = works(&changed, &options);
    let lost: Vec<&String> = before.difference(&after).collect();
    let Outcome { findings, .. } = evpnlint::check(&mut changed.clone(), &everything(), &options);
    let loud: Vec<&Finding> = findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
    let told = match (lost.is_empty(), &loud[..]) {
        (true, loud) if loud.iter().any(|finding| finding.severity == Severity::Error) => Told::Alarm,
        (true, _) => Told::Harmless,
        (false, []) => Told::Not,
        (false, loud) if loud.iter().any(|finding| deletion.is_met(finding)) => Told::There,
        (false, _) => Told::Elsewhere,
    };
    let said = loud.iter().map(|finding| finding.rule).collect::<BTreeSet<_>>();
    (told, format!("loses {} (first {:?}); said {said:?}", lost.len(), lost.first()))
}

/// The healthy fabrics: ours, and the bases of the lab.
fn healthy() -> Vec<PathBuf> {
    let is_healthy = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.ends_with("-broken") && name != "lab"
    };
    let ours = folders(Path::new(OURS)).into_iter().filter(is_healthy);
    let bases = folders(&Path::new(OURS).join("lab/bases"));
    let others = env::var_os("EVPNLINT_CORPUS").map(|folder| Path::new(&folder).join("../lab/bases"));
    let others = others.filter(|folder| folder.is_dir()).map(|folder| folders(&folder)).unwrap_or_default();
    let known: BTreeSet<_> = bases.iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    let others = others.into_iter().filter(|path| !known.contains(path.file_name().unwrap())).collect::<Vec<_>>();
    ours.chain(bases).chain(others).collect()
}

#[test]
fn a_line_that_goes_is_missed() {
    let step = env::var("EVPNLINT_SWEEP").ok().and_then(|step| step.parse().ok()).unwrap_or(STEP);
    let (mut lost, mut there, mut elsewhere, mut not, mut harmless, mut alarms) = (0, 0, 0, 0, 0, 0);
    for fabric in healthy() {
        let sources = files::load(&fabric);
        let cluster = lang::read(&sources, &Options::default());
        let before = works(&sources, &Options::default());
        let tried: Vec<Deletion> = deletions(&sources, &cluster).into_iter().step_by(step).collect();
        let judged: Vec<(Told, String)> = tried.par_iter().map(|deletion| judge(&sources, &before, deletion)).collect();
        for (deletion, (told, words)) in tried.iter().zip(judged) {
            let (file, line) = (&sources[deletion.file], sources.text(deletion.line).trim());
            match told {
                Told::Harmless => harmless += 1,
                Told::Alarm => alarms += 1,
                Told::There => there += 1,
                Told::Elsewhere => elsewhere += 1,
                Told::Not => not += 1,
            }
            lost += usize::from(!matches!(told, Told::Harmless | Told::Alarm));
            if env::var_os("EVPNLINT_SWEEP_LIST").is_some() && !matches!(told, Told::Harmless | Told::There) {
                let kind = match told {
                    Told::Alarm => "ALARM",
                    Told::Elsewhere => "ELSEWHERE",
                    _ => "NOT",
                };
                let number = file.line_column(deletion.line.start).0;
                println!("{kind} {}:{number}: {line:?} {words}", file.path);
            }
        }
    }
    println!(
        "of {} deletions {lost} lose something: {there} told at the block, {elsewhere} elsewhere, {not} untold; of {} that \
         lose nothing {alarms} raise an error",
        lost + harmless + alarms,
        harmless + alarms
    );
    assert!(lost > 100, "{lost} deletions lose something");
    assert!(50 * not <= lost, "{not} of {lost} losses go untold; EVPNLINT_SWEEP_LIST=1 prints them");
}
