//! FRR: `frr.conf`, the files of single daemons, and `/etc/frr/daemons`.

use crate::{
    model::{Reading, frr::Frr as Config},
    source::{File, FileId},
};

mod daemons;
mod lower;
mod mode;
mod parse;
#[cfg(test)]
mod probe;
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
                parse::read(*id, &file.text, &mut replay);
            }
        }
        let frr: Config = replay.finish();
        into.node.frr = Some(frr);
    }
}
