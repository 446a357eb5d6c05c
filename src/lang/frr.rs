//! FRR: `frr.conf`, the files of single daemons, and `/etc/frr/daemons`.

use crate::{
    model::{Fault, FaultKind, Reading, frr::Frr as Config},
    source::{File, FileId, Span},
};

mod daemons;
mod lower;
mod mode;
mod parse;
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

impl super::Language for Frr {
    fn name(&self) -> &'static str {
        "frr"
    }

    fn claims(&self, inner: &str) -> bool {
        inner
            .strip_prefix("etc/frr/")
            .or_else(|| inner.strip_prefix("etc/quagga/"))
            .is_some_and(|name| name == "frr.conf" || name == "daemons" || OF_DAEMONS.contains(&name))
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        let mut replay = lower::Replay::new(into);
        for (id, file) in files {
            if file.inner.ends_with("/daemons") {
                daemons::read(*id, &file.text, &mut replay);
            } else {
                read_or_refuse(*id, file, &mut replay);
            }
        }
        let frr: Config = replay.finish();
        into.node.frr = Some(frr);
    }
}

/// A file of which a third is unknown is another vendor's, or no configuration at all: taking the rest of it for FRR's
/// would be to invent a node.
fn read_or_refuse(id: FileId, file: &File, replay: &mut lower::Replay) {
    let before = replay.checkpoint();
    let coverage = replay.into.coverage;
    parse::read(id, &file.text, replay);
    let lines = replay.into.coverage.lines - coverage.lines;
    let unknown = replay.into.coverage.unrecognised - coverage.unrecognised;
    if unknown >= FOREIGN_LINES && 3 * unknown >= lines {
        replay.restore(before);
        let first = file.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
        let fault = Fault::new(Span::of(id, &file.text, first), FaultKind::Foreign { lines, unknown });
        replay.into.faults.push(fault);
    }
}

/// Fewer unknown lines than this are slips, however short the file.
const FOREIGN_LINES: u32 = 10;
