//! What is said of a generated file can be typed where it lasts: not in the file, which the next apply writes anew.
//!
//! Every fabric of ours in which Proxmox's SDN generates something is asked, as it is and with lines of its generated files
//! and of its stores taken away.

use crate::support::{
    corpus::{self, OURS},
    run::{check, everything, in_sight},
};
use evpnlint::{
    discover,
    options::Completeness,
    settle::Outcome,
    source::{File, FileId, Sources},
};
use std::{collections::BTreeSet, path::Path};

const INTERFACES: &str = "etc/network/interfaces.d/sdn";
const FRR: &str = "etc/frr/frr.conf";

/// One line in so many is taken away.
const STEP: usize = 9;

/// Words that begin a line of FRR's or an attribute of ifupdown2's.
const TYPED: [&str; 21] = [
    "address",
    "advertise",
    "activate",
    "bridge-",
    "bridge_",
    "default-originate",
    "hwaddress",
    "ip ",
    "mtu ",
    "neighbor ",
    "network ",
    "no ",
    "rd ",
    "redistribute ",
    "remote-as",
    "route-target",
    "router ",
    "update-source",
    "vni ",
    "vrf ",
    "vxlan-",
];

fn is_generated(sources: &Sources, file: FileId) -> bool {
    let own = &sources[file];
    let is_zone = |other: &File| other.node == own.node && other.inner == INTERFACES && other.text.contains("vrfvx_");
    own.inner == INTERFACES || own.inner == FRR && sources.iter().any(|(_, other)| is_zone(other))
}

/// What a help tells to type that the next apply drops.
fn lost(outcome: &Outcome, sources: &Sources) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    for finding in &outcome.findings {
        let proxmox: BTreeSet<&str> =
            sources.iter().filter(|(_, file)| file.inner == INTERFACES).map(|(_, file)| file.node.as_str()).collect();
        let is_theirs = |file: FileId| proxmox.contains(sources[file].node.as_str());
        let is_alone = finding.labels().all(|label| is_theirs(label.span.file));
        if !is_generated(sources, finding.primary.span.file) || !is_alone {
            continue;
        }
        let Some(help) = &finding.help else {
            wrong.insert(format!("{}: no help: {}", finding.rule, finding.message));
            continue;
        };
        // Between two backticks is what to type.
        let mut typed = help.split('`').skip(1).step_by(2);
        let is_local = help.contains("frr.conf.local") || help.contains("/etc/network/interfaces");
        let lasts = is_local
            || ["Datacenter → SDN", "pvesh", "apply again", "/etc/frr/daemons"]
                .iter()
                .any(|place| help.contains(place));
        if !lasts || !is_local && typed.any(|words| TYPED.iter().any(|word| words.starts_with(word))) {
            wrong.insert(format!("{}: {help}", finding.rule));
        }
    }
    wrong
}

fn judge(sources: &Sources) -> BTreeSet<String> {
    let mut copy = Sources::default();
    for (_, file) in sources.iter() {
        let mut other = File::new(file.path.clone(), file.node.clone(), file.inner.clone(), file.text.clone());
        other.language = file.language;
        copy.add(other);
    }
    let outcome = check(&mut copy, &everything(), &Completeness::Inferred.into());
    lost(&outcome, &copy)
}

/// The fabric without a line of a file.
fn without(sources: &Sources, of: FileId, at: usize) -> Sources {
    let mut changed = Sources::default();
    for (id, file) in sources.iter() {
        let lines = file.text.split_inclusive('\n').enumerate();
        let text = lines.filter(|(line, _)| id != of || *line != at).map(|(_, line)| line).collect::<String>();
        let mut other = File::new(file.path.clone(), file.node.clone(), file.inner.clone(), text);
        other.language = file.language;
        changed.add(other);
    }
    changed
}

#[test]
fn lasts() {
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for folder in corpus::fabrics(Path::new(OURS)) {
        let found = in_sight(|| {
            discover::find(std::slice::from_ref(&folder), &Default::default()).and_then(|found| discover::load(&found))
        });
        let Ok(sources) = found else { continue };
        if sources.iter().all(|(_, file)| file.inner != INTERFACES) {
            continue;
        }
        count += 1;
        wrong.extend(judge(&sources));
        let is_case = folder.starts_with("tests/corpus/lab/cases");
        for (id, file) in sources
            .iter()
            .filter(|(id, file)| !is_case && (is_generated(&sources, *id) || file.inner.ends_with(".cfg")))
        {
            for at in (0..file.text.lines().count()).step_by(STEP) {
                wrong.extend(judge(&without(&sources, id, at)));
            }
        }
    }
    assert!(count > 5, "there are {count} fabrics of Proxmox's");
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
