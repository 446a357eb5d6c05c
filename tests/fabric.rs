//! Whole fabrics. Those below `tests/corpus` are ours, `fabric::leaf_spine` the test of the one in `leaf-spine`: each has
//! beside it what is said of it, which `BLESS=1 cargo test -- fabric::` writes, and one whose name does not end in
//! `-broken` is healthy. Those below `$EVPNLINT_CORPUS` are other people's: they are read without a crash.

use crate::support::{
    bless,
    corpus::{self, OURS, stem},
    run::{check, everything, in_sight, render, words},
};
use evpnlint::{
    discover,
    finding::Severity,
    options::Completeness,
    report::{Format, Style},
    settle::{Outcome, Selection},
    source::Sources,
};
use std::{collections::BTreeSet, panic, path::Path};

/// A test for each fabric of ours, which is called as its folder is, but for the hyphens.
macro_rules! fabrics {
    ($($name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            fabric(stringify!($name));
        })*
    };
}

fabrics! {
    clos_border
    clos_dual
    clos_ebgp
    ebgp_loop
    leaf_spine
    leaf_spine_broken
    lo_static
    multihoming
    multihoming_broken
    proxmox_cluster
    proxmox_cluster_broken
    proxmox_guests
    proxmox_guests_broken
    proxmox_twin_broken
    pve_exit
    pve_mesh
    pve_two_zones
    route_reflectors
    route_reflectors_broken
    rr_isis
    rr_ospf
    svd
    two_sites
    two_sites_broken
    v6_transport
    vlan_aware
}

/// What a test of this file calls a fabric.
fn name(folder: &Path) -> String {
    stem(folder).replace('-', "_")
}

#[test]
fn each_of_ours_has_a_test() {
    let mut all: Vec<String> = corpus::fabrics(Path::new(OURS)).iter().map(|folder| name(folder)).collect();
    all.sort();
    assert_eq!(all, TESTED, "name each folder once in tests/fabric.rs");
}

fn fabric(of: &str) {
    let folder = corpus::fabrics(Path::new(OURS)).into_iter().find(|folder| name(folder) == of);
    let folder = folder.unwrap_or_else(|| panic!("there is no {of} below {OURS}"));
    let (outcome, sources) = run(&folder, &Selection::default()).unwrap();
    assert_subjects(&folder, &outcome);
    let loud = outcome.findings.iter().filter(|finding| finding.severity > Severity::Info);
    let loud: Vec<String> = loud.map(|finding| format!("{}: {}", finding.rule, finding.message)).collect();
    bless::snapshot(&folder.with_extension("snap"), &human(&outcome, &sources));
    assert!(of.ends_with("_broken") || loud.is_empty(), "it is healthy, and yet:\n{}", loud.join("\n"));
}

fn run(path: &Path, selection: &Selection) -> Result<(Outcome, Sources), discover::Error> {
    let mut sources = in_sight(|| discover::load(&discover::find(&[path.to_owned()], &Default::default())?))?;
    let outcome = check(&mut sources, selection, &Completeness::Inferred.into());
    Ok((outcome, sources))
}

fn human(outcome: &Outcome, sources: &Sources) -> String {
    render(Format::Human, outcome, sources, Style { width: Some(100), ..Style::default() })
}

/// What a baseline knows a finding by is there, names its node, and is there only once.
fn assert_subjects(path: &Path, outcome: &Outcome) {
    let mut known = BTreeSet::new();
    for finding in &outcome.findings {
        let (rule, about) = (finding.rule, finding.about());
        assert!(!about.is_empty(), "{}: {rule} is about nothing: {}", path.display(), finding.message);
        assert!(known.insert((rule, about)), "{}: two findings of {rule} are about {about}", path.display());
    }
}

/// `EVPNLINT_CORPUS` may name one of them alone.
#[test]
fn those_of_others() {
    let Some(path) = corpus::others() else {
        println!("skipped: EVPNLINT_CORPUS names no folder of fabrics");
        return;
    };
    let all = corpus::fabrics(&path);
    assert!(!all.is_empty(), "there is no fabric below {}", path.display());
    let mut wrong = vec![];
    for fabric in &all {
        let read = || match run(fabric, &everything()) {
            Ok((outcome, sources)) => {
                assert_subjects(fabric, &outcome);
                human(&outcome, &sources);
            }
            Err(discover::Error::Nothing { .. }) => println!("nothing to read in {}", fabric.display()),
            Err(error) => panic!("{error}"),
        };
        if let Err(payload) = panic::catch_unwind(read) {
            wrong.push(format!("{}: {}", fabric.display(), words(&*payload)));
        }
    }
    assert!(wrong.is_empty(), "{} of {} fabrics:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    println!("{} fabrics", all.len());
}
