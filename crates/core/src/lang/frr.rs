//! FRR: `frr.conf`, the files of single daemons, and `/etc/frr/daemons`.
//!
//! `frr.conf.local` is no file of FRR's: Proxmox's SDN merges it into the `frr.conf` that it generates, line by line and
//! by rules of its own, whenever it is applied. What of it counts therefore stands in `frr.conf`, and the rest counts
//! nowhere. It is read for lines that FRR would not understand, and nothing of it goes into the model: to replay it would
//! be to obey lines twice, or lines that no daemon has seen.

use crate::{
    model::{Fault, FaultKind, Reading, frr::Frr as Config},
    source::{File, FileId, LanguageId, Span},
};

use lower::Replay;
use std::collections::BTreeSet;

mod daemons;
mod lower;
mod mode;
mod names;
mod outline;
mod parse;
mod record;
mod slot;
mod statement;
mod vocabulary;

pub(super) struct Frr;

/// Files that one daemon each reads for itself; the others are only read where `frr.conf` is (`tools/frrinit.sh`).
const OF_DAEMONS: [&str; 14] = [
    "zebra.conf",
    "bgpd.conf",
    "ospfd.conf",
    "ospf6d.conf",
    "isisd.conf",
    "fabricd.conf",
    "staticd.conf",
    "bfdd.conf",
    "pimd.conf",
    "ldpd.conf",
    "mgmtd.conf",
    "vrrpd.conf",
    "vtysh.conf",
    "Quagga.conf",
];

/// What Proxmox merges into `frr.conf`.
const LOCAL: &str = "frr.conf.local";

fn is_ours(name: &str) -> bool {
    ["frr.conf", "daemons", LOCAL].contains(&name) || OF_DAEMONS.contains(&name)
}

impl super::Language for Frr {
    fn id(&self) -> LanguageId {
        LanguageId::Frr
    }

    fn title(&self, inner: &str) -> &'static str {
        if inner.ends_with(LOCAL) { "frr, what Proxmox merges into frr.conf" } else { self.id().name() }
    }

    fn claims(&self, inner: &str) -> bool {
        inner.strip_prefix("etc/frr/").or_else(|| inner.strip_prefix("etc/quagga/")).is_some_and(is_ours)
    }

    fn place(&self, name: &str) -> Option<String> {
        let folder = if name == "Quagga.conf" { "quagga" } else { "frr" };
        is_ours(name).then(|| format!("etc/{folder}/{name}"))
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        let is_local = |(_, file): &(FileId, &File)| file.inner.ends_with(LOCAL);
        let (local, mut files): (Vec<_>, Vec<_>) = files.iter().copied().partition(is_local);
        local.into_iter().for_each(|(id, file)| read_local(id, file, into));
        if files.is_empty() {
            return;
        }
        // Its profile decides the defaults of all lines.
        files.sort_by_key(|(_, file)| !is_daemons(file));
        let (links, faults) = (into.node.links.clone(), into.faults.len());
        let mut taken: Vec<(FileId, &File)> = vec![];
        let mut refused = vec![];
        let mut replay = Replay::new(into);
        for (id, file) in &files {
            let foreign = read_one(*id, file, &mut replay);
            taken.push((*id, *file));
            if foreign.is_some() {
                // Nothing that it said may stay, and what its own lines undid must come back.
                refused.extend(foreign);
                taken.pop();
                let into = replay.into;
                let coverage = std::mem::take(&mut into.coverage);
                into.node.links.clone_from(&links);
                into.faults.truncate(faults);
                replay = Replay::new(into);
                for (id, file) in &taken {
                    read_one(*id, file, &mut replay);
                }
                replay.into.coverage = coverage;
            }
        }
        replay.into.faults.append(&mut refused);
        let frr: Config = replay.finish();
        into.node.frr = Some(frr);
    }
}

fn is_daemons(file: &File) -> bool {
    file.inner.ends_with("/daemons")
}

/// Reads a file that only Proxmox's generator reads: a line that no daemon could understand is one there too, and
/// whatever depends on the lines around it is for `frr.conf` to show.
fn read_local(id: FileId, file: &File, into: &mut Reading) {
    let mut alone = Reading::default();
    parse::read(id, &file.text, &mut Replay::new(&mut alone));
    into.coverage += alone.coverage;
    into.secrets.extend(alone.secrets);
    let is_of_words = |fault: &Fault| {
        use FaultKind::{
            Ambiguous, CutShort, Incomplete, LineTooLong, Malformed, NoLonger, NotYet, OutOfRange, UnknownCommand,
        };
        matches!(
            fault.kind,
            Ambiguous { .. }
                | Incomplete
                | LineTooLong { .. }
                | Malformed { .. }
                | CutShort { .. }
                | NotYet { .. }
                | NoLonger { .. }
                | OutOfRange { .. }
                | UnknownCommand { .. }
        )
    };
    into.faults.extend(alone.faults.into_iter().filter(is_of_words));
}

/// A file of which a third is unknown is another vendor's, or no configuration at all: taking the rest of it for FRR's
/// would be to invent a node. That is the fault which is returned.
fn read_one(id: FileId, file: &File, replay: &mut Replay) -> Option<Fault> {
    if is_daemons(file) {
        daemons::read(id, &file.text, replay);
        return None;
    }
    let coverage = &replay.into.coverage;
    let (lines, unknown, known) = (coverage.lines, coverage.unrecognised.len(), replay.into.faults.len());
    parse::read(id, &file.text, replay);
    let coverage = &replay.into.coverage;
    // The body of a block that FRR refuses to open is FRR's language all the same.
    let refused = replay.into.faults[known..].iter().filter(|fault| matches!(fault.kind, FaultKind::Refused(_)));
    let refused: BTreeSet<Span> = refused.flat_map(|fault| fault.lost.iter().copied()).collect();
    let unread = replay.into.faults[known..].iter().find_map(|fault| match fault.kind {
        FaultKind::CutShort { count, .. } => Some(count),
        _ => None,
    });
    let unread = unread.unwrap_or(0);
    let missed = coverage.unrecognised[unknown..].iter().filter(|line| !refused.contains(line)).count() as u32;
    let (unknown, lines) = (missed - unread, coverage.lines - lines - unread);
    // What vtysh itself has written at the top is in no other vendor's language: there, lines are lost.
    let is_marked = file.text.lines().any(|line| MARKS.iter().any(|mark| line.starts_with(mark)));
    if unknown < FOREIGN_LINES || 3 * unknown < lines || is_marked && unread == 0 {
        return None;
    }
    let first = file.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    Some(Fault::new(LanguageId::Frr, Span::of(id, &file.text, first), FaultKind::Foreign { lines, unknown, unread }))
}

/// How lines begin that tell FRR's own files.
const MARKS: [&str; 2] = ["frr version ", "frr defaults "];

/// Fewer unknown lines than this are slips, however short the file.
const FOREIGN_LINES: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::{LINES_IN_VAIN, Language as _},
        model::{
            bgp::{Family, Neighbor},
            fault::Excess,
        },
    };

    fn read(files: &[(&str, &str)]) -> Reading {
        let files: Vec<File> = files.iter().map(|(path, text)| File::new(*path, "n", *path, text)).collect();
        let files: Vec<_> = files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file)).collect();
        let mut into = Reading::default();
        Frr.read(&files, &mut into);
        into
    }

    /// Whether the first neighbour of the first instance is active for IPv4.
    fn is_active(reading: &Reading) -> bool {
        let neighbor: &Neighbor = &reading.node.frr.as_ref().unwrap().bgp[0].neighbors[0];
        neighbor.is_active(Family::Ipv4Unicast)
    }

    #[test]
    fn a_foreign_file_changes_nothing_that_others_said() {
        let frr = "router bgp 1\n no bgp default ipv4-unicast\n neighbor 10.0.0.2 remote-as 2\n neighbor 10.0.0.3 \
                   activate\nexit\n";
        let other =
            "interface eth0\n ip address 10.0.0.1/24\nno router bgp 1\n".to_owned() + &"switchport\n".repeat(20);
        let one = read(&[("etc/frr/frr.conf", frr)]);
        let two = read(&[("etc/frr/frr.conf", frr), ("etc/frr/zebra.conf", &other), ("etc/frr/zebra.conf", &other)]);
        assert!(!is_active(&one) && !is_active(&two));
        assert_eq!((two.node.links.len(), two.faults.len()), (0, one.faults.len() + 2));
        assert_eq!(two.coverage.lines, one.coverage.lines + 46);
    }

    #[test]
    fn an_instance_that_goes_takes_nothing_of_another_along() {
        let frr = "router bgp 1 vrf a\n neighbor 10.9.9.9 remote-as 1\nexit\nrouter bgp 1\n no bgp default ipv4-unicast\n \
                   neighbor 10.0.0.2 remote-as 2\nexit\nno router bgp 1 vrf a\n";
        assert!(!is_active(&read(&[("etc/frr/frr.conf", frr)])));
    }

    #[test]
    fn a_neighbour_takes_the_defaults_of_the_moment_it_is_made() {
        let frr = "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n no bgp default ipv4-unicast\n";
        assert!(is_active(&read(&[("etc/frr/frr.conf", frr)])));
        let frr = format!("{frr} no neighbor 10.0.0.2\n neighbor 10.0.0.2 remote-as 2\n");
        assert!(!is_active(&read(&[("etc/frr/frr.conf", &frr)])));
    }

    #[test]
    fn the_profile_of_daemons_counts_where_none_is_written() {
        let requires = |daemons: &str, frr: &str| {
            let bgpd = ("etc/frr/bgpd.conf", "router bgp 1\n");
            let reading = read(&[bgpd, ("etc/frr/daemons", daemons), ("etc/frr/frr.conf", frr)]);
            reading.node.frr.unwrap().ebgp_requires_policy()
        };
        assert!(requires("", ""));
        assert!(!requires("frr_profile=datacenter\n", ""));
        assert!(requires("frr_profile=datacenter\n", "frr defaults traditional\n"));
        assert!(!requires("bgpd_options=\" -A 127.0.0.1 -F datacenter\"\nfrr_profile=traditional\n", ""));
        // The script appends the profile that it was built with, which then counts.
        assert!(requires("frr_global_options=\"-F datacenter\"\n", ""));
    }

    #[test]
    fn so_many_lines_come_to_nothing_and_no_more() {
        let not_read = |count| FaultKind::CutShort { of: Excess::Lines, count };
        let known =
            "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n".to_owned() + &" bgp router-id 10.0.0.1\n".repeat(4_000);
        let unknown: String = (0..LINES_IN_VAIN + 7).map(|n| format!(" frobnicate {n} pw{n}\n")).collect();
        let reading = read(&[("etc/frr/frr.conf", &format!("{known}{unknown} neighbor 10.0.0.3 remote-as 3\n"))]);
        assert_eq!(reading.faults.len(), LINES_IN_VAIN + 1);
        assert_eq!(reading.faults.last().map(|fault| &fault.kind), Some(&not_read(8)));
        assert_eq!(reading.coverage.unrecognised.len(), LINES_IN_VAIN + 8);
        assert_eq!(reading.node.frr.unwrap().bgp[0].neighbors.len(), 1);
        let hidden = reading.secrets.iter().filter(|span| span.start as usize > known.len() + unknown.len() - 100);
        assert!(hidden.count() >= 3, "what is not read is not shown");
        // What is refused counts too.
        let refused: String = (0..LINES_IN_VAIN + 7).map(|n| format!(" neighbor x{n} activate\n")).collect();
        let reading = read(&[("etc/frr/frr.conf", &(known.clone() + &refused))]);
        assert_eq!(reading.faults.last().map(|fault| &fault.kind), Some(&not_read(7)));
        // A file of which a third is unknown up to there is another's, whatever comes behind.
        let other = unknown.clone() + &known;
        let reading = read(&[("etc/frr/frr.conf", &other)]);
        let (lines, unread) = (LINES_IN_VAIN as u32, 7 + 4_002);
        let kinds: Vec<_> = reading.faults.iter().map(|fault| &fault.kind).collect();
        assert_eq!(kinds, [&FaultKind::Foreign { lines, unknown: lines, unread }]);
    }

    #[test]
    fn what_proxmox_merges_is_not_replayed() {
        let local = "router bgp 65001\n neighbor 10.0.0.1 remote-as 65000\n neighbor 10.0.0.1 pasword x\nexit\nexit\n!\n\
            route-map MAP permit 1\n match nothing\n";
        let reading = read(&[("etc/frr/frr.conf", "router bgp 65000\n"), ("etc/frr/frr.conf.local", local)]);
        let frr = reading.node.frr.unwrap();
        assert_eq!((frr.bgp.len(), frr.bgp[0].neighbors.len()), (1, 0));
        assert_eq!((reading.coverage.lines, reading.coverage.unrecognised.len()), (8, 2));
        assert!(reading.faults.iter().all(|fault| matches!(fault.kind, FaultKind::UnknownCommand { .. })));
        assert!(read(&[("etc/frr/frr.conf.local", local)]).node.frr.is_none());
    }
}
