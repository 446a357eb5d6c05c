//! What FRR and the kernel do: fabrics drawn at random, with a slip of the pen in most, run on this kernel and are predicted.
//! Skipped, with a word on standard error, where FRR, iproute2, root, or a kernel with veth, bridges and VXLAN is missing.
//!
//! | compared | what is predicted of it | what nobody predicts |
//! |---|---|---|
//! | sessions | whether each is up, and its address families | |
//! | VNIs | which bgpd knows, with which VTEPs zebra floods to | |
//! | routes that zebra has selected and installed | the longest prefix to every address of a node, its distance, and all next nodes | metrics; the interface and the address of a next hop |
//! | pings of nodes and of hosts behind VNIs | whether a reply comes back: small, full, in pieces and whole | which of equal ways the kernel takes |
//! | the kernel's bridges | the flood list of each VNI, and the VTEP behind each host's MAC address | |
//!
//! Kernels without VRFs (`CONFIG_NET_VRF`) run these too: no tenant has an L3VNI here, and no type-5 route is drawn.
//!
//! | variable | what |
//! |---|---|
//! | `EVPNLINT_LIVE_RUNS` | how many fabrics |
//! | `EVPNLINT_LIVE_SEED` | the first fabric's seed; the next ones follow |
//! | `EVPNLINT_LIVE_ONLY` | this one fabric, whose files are kept |
//! | `EVPNLINT_LIVE_KEEP` | a folder for the files of all, with what was measured |
//! | `EVPNLINT_LIVE_FROM` | such a folder, which is predicted anew; nothing runs |

mod compare;
mod config;
mod draw;
mod dress;
mod fabric;
mod igp;
mod kinds;
mod measure;
mod mutate;
mod picture;
mod pings;
mod routes;
mod run;

use crate::support::{number, tree};
use compare::{Cables, Comparison, Count, What, compare};
use fabric::Fabric;
use picture::Picture;
use run::Lab;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

const RUNS: u64 = 24;
const SEED: u64 = 1;
/// How many fabrics run at the same time.
const ABREAST: usize = 4;

/// How many of a hundred fabrics must do all that is predicted, to the last route and ping.
const AGREED: usize = 95;
/// Of how many of a hundred it must be known what they do: some changes kill a daemon.
const MEASURED: usize = 90;

/// Where it is written down what a fabric is, and what it did.
const TITLE: &str = "mutation.txt";
const MEASURED_THERE: &str = "measured.json";

/// A fabric that ran.
struct Run {
    seed: u64,
    title: String,
    /// In what it differs from what was predicted; or why it is not known what it does.
    outcome: Result<Comparison, String>,
}

/// Compares what is predicted of the files in a folder with what was measured: without its cables told, then with them.
fn judge(folder: &Path, measured: &Picture) -> Comparison {
    let differences = Picture::predict(folder).differences(measured);
    let mut comparison = Comparison { differences, ..Comparison::default() };
    compare(folder, Cables::Untold, measured, &mut comparison);
    compare(folder, Cables::Told, measured, &mut comparison);
    comparison
}

#[test]
fn frr_does_what_we_predict() {
    let start = Instant::now();
    let mut runs = match env::var_os("EVPNLINT_LIVE_FROM") {
        Some(folder) => recall(Path::new(&folder)),
        None => match run::obstacle() {
            None => {
                if let Some(why) = pings::obstacle() {
                    eprintln!("nothing is pinged: {why}");
                }
                run_all()
            }
            Some(why) => {
                eprintln!("skipped: no fabric can run here ({why})");
                return;
            }
        },
    };
    runs.sort_by_key(|run| run.seed);
    let (mut measured, mut agreed) = (0, 0);
    let mut totals: BTreeMap<(Cables, What), Count> = BTreeMap::new();
    for Run { seed, title, outcome } in &runs {
        match outcome {
            Ok(Comparison { differences, counts }) => {
                measured += 1;
                counts.iter().for_each(|(what, count)| totals.entry(*what).or_default().join(count));
                agreed += usize::from(differences.is_empty());
                if !differences.is_empty() {
                    eprintln!("seed {seed}: {title}\n    {}", differences.join("\n    "));
                }
            }
            Err(why) => eprintln!("seed {seed}: {title}\n    not measured: {why}"),
        }
    }
    tell(&totals);
    let seconds = start.elapsed().as_secs();
    eprintln!("{} fabrics in {seconds} s, {measured} measured, {agreed} as predicted", runs.len());
    assert!(measured > 0 && measured * 100 >= runs.len() * MEASURED && agreed * 100 >= measured * AGREED);
}

/// Says how much was compared.
fn tell(totals: &BTreeMap<(Cables, What), Count>) {
    for ((cables, what), Count { alike, unlike, open, poor }) in totals {
        let (name, all) = (what.name(), alike + unlike);
        let how = if *cables == Cables::Told { ", cables told" } else { "" };
        eprintln!("{name}{how}: {alike} of {all} as predicted, {poor} of these lost or none; {open} not predicted");
    }
}

/// Runs as many fabrics as are asked for, some at the same time.
fn run_all() -> Vec<Run> {
    let only = number("EVPNLINT_LIVE_ONLY");
    let first = only.or(number("EVPNLINT_LIVE_SEED")).unwrap_or(SEED);
    let count = if only.is_some() { 1 } else { number("EVPNLINT_LIVE_RUNS").unwrap_or(RUNS) };
    let kept = env::var_os("EVPNLINT_LIVE_KEEP").map(PathBuf::from);
    let next = AtomicU64::new(first);
    let runs = Mutex::new(vec![]);
    thread::scope(|scope| {
        for _ in 0..ABREAST {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    let run = run(seed, kept.as_deref(), only.is_some());
                    runs.lock().unwrap().push(run);
                }
            });
        }
    });
    runs.into_inner().unwrap()
}

/// Draws a fabric, changes it, runs it, and compares.
fn run(seed: u64, kept: Option<&Path>, is_only: bool) -> Run {
    let (mut fabric, kind) = draw::fabric(seed);
    let change = mutate::mutate(&mut fabric, &mut fastrand::Rng::with_seed(!seed));
    let title = format!("{kind}; {change}");
    let mut scratch = tree::folder();
    scratch.disable_cleanup(is_only);
    let folder = scratch.path();
    run::write(&fabric, folder).unwrap();
    let measured = Lab::start(&fabric, folder).and_then(|mut lab| measure::measure(&fabric, &mut lab));
    let outcome = measured.map(|measured| {
        if let Some(kept) = kept {
            keep(&fabric, &kept.join(seed.to_string()), &title, &measured);
        }
        judge(folder, &measured)
    });
    if is_only {
        eprintln!("what each node had and said is in {}", folder.display());
    }
    Run { seed, title, outcome }
}

/// Writes down what a fabric was and did.
fn keep(fabric: &Fabric, folder: &Path, title: &str, measured: &Picture) {
    let _ = fs::remove_dir_all(folder);
    run::write(fabric, folder).unwrap();
    fs::write(folder.join(TITLE), format!("{title}\n")).unwrap();
    fs::write(folder.join(MEASURED_THERE), serde_json::to_string_pretty(measured).unwrap()).unwrap();
}

/// Compares what was written down.
fn recall(kept: &Path) -> Vec<Run> {
    let folders = fs::read_dir(kept).unwrap().map(|entry| entry.unwrap().path());
    let compare = |folder: PathBuf| {
        let measured: Picture = serde_json::from_slice(&fs::read(folder.join(MEASURED_THERE)).unwrap()).unwrap();
        Run {
            seed: folder.file_name().unwrap().to_string_lossy().parse().unwrap(),
            title: fs::read_to_string(folder.join(TITLE)).unwrap().trim_end().to_owned(),
            outcome: Ok(judge(&folder, &measured)),
        }
    };
    folders.map(compare).collect()
}
