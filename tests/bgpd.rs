//! What FRR refuses, drops and keeps: a real bgpd against the replay, on configurations made at random. Skipped, with a
//! word on standard error, where bgpd is not installed or may not be started in a namespace of its own.

mod daemon;
mod facts;
mod generate;

use crate::support::files;
use daemon::{Answer, Daemon};
use evpnlint::{
    effective,
    model::effective::{Effective, Fate, Line},
    report,
    source::Sources,
};
use fastrand::Rng;
use generate::configuration;
use std::collections::{BTreeMap, BTreeSet};

const SEED: u64 = 1;
/// How many configurations with faults are judged; about a quarter has none that bgpd minds.
const CONFIGURATIONS: usize = 1500;
/// How many are told twice.
const CHANGED: usize = 1000;
/// How many kinds of differences are shown.
const SHOWN: usize = 60;

/// What we make of a configuration.
fn ours(text: &str) -> (Effective, Sources) {
    let mut sources = files::sources([("node", "etc/frr/frr.conf", text)]);
    let effective = effective(&mut sources, &Default::default(), "node").unwrap();
    (effective, sources)
}

/// Whether what became of a line is what bgpd answers. A `no` that finds nothing is refused or not, and means nothing
/// either way.
fn agree(fate: &Fate, answer: Answer) -> bool {
    match fate {
        Fate::Idle => answer != Answer::Unknown,
        Fate::Kept | Fate::Overwritten(_) | Fate::Removed(_) | Fate::Done => answer == Answer::Taken,
        Fate::Refused(_) => answer == Answer::Refused,
        Fate::Dropped(_) => answer != Answer::Unknown,
        Fate::Unrecognised | Fate::Unread(_) => answer == Answer::Unknown,
    }
}

#[test]
fn bgpd_refuses_what_we_say_it_refuses() {
    let Some(mut bgpd) = Daemon::start() else { return };
    let mut random = Rng::with_seed(SEED);
    let (mut lines, mut refused, mut differ, mut wrong, mut died) =
        (0, 0, BTreeMap::<String, (usize, String)>::new(), 0, 0);
    for _ in 0..CONFIGURATIONS {
        let faults = 1 + random.usize(..3);
        let text = format!("frr version {}\n{}", bgpd.version(), configuration(&mut random, faults));
        let Some((answers, _)) = bgpd.tell(&text) else {
            died += 1;
            continue;
        };
        let (effective, sources) = ours(&text);
        wrong += usize::from(answers.iter().any(|(answer, _)| *answer != Answer::Taken));
        for line in &effective.lines {
            let number = sources[line.span.file].line_column(line.span.start).0 as usize;
            let (answer, said) = &answers[number - 1];
            lines += 1;
            refused += usize::from(*answer != Answer::Taken);
            // What is said already is refused without a word.
            let is_again = |own: &Line| own.block == line.block && own.text == line.text && own.span < line.span;
            let is_again = said.is_empty() && effective.lines.iter().any(is_again);
            if !agree(&line.fate, *answer) && !is_again {
                let is_word = |word: &&str| !word.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
                let kind: Vec<&str> = sources.text(line.span).split(' ').filter(is_word).collect();
                let said = said.trim().split(" command: ").next().unwrap();
                let fate = format!("{:?}", line.fate);
                let fate = fate.split('(').next().unwrap();
                let kind = format!("{} | {answer:?} {said} | {fate}", kind.join(" "));
                let known = differ.entry(kind).or_insert_with(|| (0, format!("line {number} of\n{text}")));
                known.0 += 1;
            }
        }
    }
    let differing: usize = differ.values().map(|(count, _)| count).sum();
    let agreed = 100.0 * (lines - differing) as f64 / lines as f64;
    eprintln!(
        "{CONFIGURATIONS} configurations, {wrong} with a line that bgpd does not take, {died} that it died of; {lines} lines, {refused} of \
               them not taken; {differing} judged otherwise: {agreed:.2} % agree"
    );
    show(&differ);
    assert!(wrong >= 1000 && agreed >= 99.0);
}

#[test]
fn bgpd_keeps_what_we_say_it_keeps() {
    let Some(mut bgpd) = Daemon::start() else { return };
    let mut random = Rng::with_seed(SEED + 1);
    let (mut both, mut either, mut equal, mut same, mut compared) = (0, 0, 0, 0, 0);
    let mut differ = BTreeMap::<String, (usize, String)>::new();
    for _ in 0..CHANGED {
        let changes = random.usize(..4);
        let text = format!("frr version {}\n{}", bgpd.version(), configuration(&mut random, changes));
        let Some((_, running)) = bgpd.tell(&text) else { continue };
        let (effective, sources) = ours(&text);
        let mut kept = vec![];
        report::effective::text(&effective, &sources, &mut kept).unwrap();
        let kept = String::from_utf8(kept).unwrap();
        // Told again what it keeps, bgpd takes every line, and keeps the same.
        let secret = kept.replace("*******", "hunter2");
        let Some((answers, again)) = bgpd.tell(&secret) else { continue };
        let untaken = secret.lines().zip(&answers).find(|(line, (answer, _))| {
            let line = line.trim();
            !line.starts_with(['!', '#']) && !line.is_empty() && *answer != Answer::Taken
        });
        compared += 1;
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
        let (one, other) = (lines(&running), lines(&again));
        if let Some((line, (answer, said))) = untaken {
            let known = differ.entry(format!("told again {} | {answer:?} {} |", line.trim(), said.trim()));
            known.or_insert_with(|| (0, text.clone())).0 += 1;
        } else if let Some(line) = one.symmetric_difference(&other).next() {
            let known = differ.entry(format!("told again {} | one of both |", line.trim()));
            known.or_insert_with(|| (0, text.clone())).0 += 1;
        } else {
            same += 1;
        }
        let (kept, running) = (facts::of(&kept), facts::of(&running));
        equal += usize::from(kept == running);
        both += kept.intersection(&running).count();
        either += kept.union(&running).count();
        for fact in kept.symmetric_difference(&running) {
            let whose = if kept.contains(fact) { "we" } else { "bgpd" };
            let is_word = |word: &&str| !word.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
            let kind: Vec<&str> = fact.split(' ').filter(is_word).collect();
            let known = differ.entry(format!("{} | only {whose} |", kind.join(" ")));
            known.or_insert_with(|| (0, format!("{fact} in\n{text}"))).0 += 1;
        }
    }
    let agreed = 100.0 * both as f64 / either as f64;
    eprintln!(
        "{compared} configurations, {same} kept alike when told what is kept, {equal} alike to the line; of {either} lines that either keeps, both keep \
               {both}: {agreed:.2} %"
    );
    show(&differ);
    assert!(compared >= 950 && agreed >= 99.0 && same * 100 >= compared * 95);
}

/// The most frequent differences; with EVPNLINT_EXAMPLES set, with the first configuration that has each.
fn show(differ: &BTreeMap<String, (usize, String)>) {
    let mut worst: Vec<_> = differ.iter().collect();
    worst.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (kind, (count, example)) in worst.iter().take(SHOWN) {
        eprintln!("{count:5} {kind}");
        if std::env::var_os("EVPNLINT_EXAMPLES").is_some() {
            eprintln!("{example}");
        }
    }
}
