//! Whole fabrics. Those below `tests/corpus` are ours: each has beside it what is said of it, and one whose name does not
//! end in `-broken` is healthy. Those below `$EVPNLINT_CORPUS` are other people's: they are read without a crash.

use evpnlint::{
    check, discover,
    finding::Severity,
    report::{self, Format, Style},
    settle::{Completeness, Outcome, Selection},
    source::Sources,
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn run(path: &Path, select: &str) -> Result<(Outcome, Sources), discover::Error> {
    let mut sources = discover::load(&discover::find(&[path.to_owned()])?)?;
    let select = if select.is_empty() { vec![] } else { vec![select.parse().unwrap()] };
    let selection = Selection { select, ignore: vec![] };
    let outcome = check(&mut sources, &selection, Completeness::Inferred);
    Ok((outcome, sources))
}

fn human(outcome: &Outcome, sources: &Sources) -> String {
    let mut out = vec![];
    let style = Style { width: Some(100), ..Style::default() };
    report::write(Format::Human, outcome, sources, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a baseline knows a finding by is there, names its node, and is there only once.
fn assert_subjects(path: &Path, outcome: &Outcome) {
    let mut known = BTreeSet::new();
    for finding in &outcome.findings {
        let (rule, about) = (finding.rule, &finding.about);
        assert!(!about.is_empty(), "{}: {rule} is about nothing: {}", path.display(), finding.message);
        assert!(known.insert((rule, about)), "{}: two findings of {rule} are about {about}", path.display());
    }
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn our_fabrics() {
    let (mut all, mut wrong) = (vec![], vec![]);
    fabrics(Path::new("tests/corpus"), &mut all);
    for folder in all {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (outcome, sources) = run(&folder, "").unwrap();
        assert_subjects(&folder, &outcome);
        if !name.ends_with("-broken") {
            for finding in outcome.findings.iter().filter(|finding| finding.severity > Severity::Info) {
                wrong.push(format!("{name} is healthy: {}: {}", finding.rule, finding.message));
            }
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder.parent().unwrap()));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, human(&outcome, &sources)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A folder with configuration and no further fabric below it: one that holds a node's `etc`, or nodes that do.
fn fabrics(path: &Path, into: &mut Vec<PathBuf>) {
    let below = folders(path);
    if below.iter().any(|folder| folder.join("etc").is_dir()) {
        into.push(path.to_owned());
    } else {
        for folder in below {
            fabrics(&folder, into);
        }
    }
}

#[test]
fn fabrics_of_others() {
    let Some(path) = std::env::var_os("EVPNLINT_CORPUS") else {
        println!("skipped: EVPNLINT_CORPUS names no folder of fabrics");
        return;
    };
    let mut all = vec![];
    fabrics(Path::new(&path), &mut all);
    assert!(!all.is_empty(), "there is no fabric below {}", path.display());
    for fabric in &all {
        match run(fabric, "all") {
            Ok((outcome, sources)) => {
                assert_subjects(fabric, &outcome);
                human(&outcome, &sources);
            }
            Err(discover::Error::Nothing { .. }) => println!("nothing to read in {}", fabric.display()),
            Err(error) => panic!("{}: {error}", fabric.display()),
        }
    }
    println!("{} fabrics", all.len());
}
