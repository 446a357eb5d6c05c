//! Proxmox VE's SDN: the section files in `/etc/pve/sdn`, which say what is wanted, `.running-config`, which says what
//! was applied, and `corosync.conf`, which says who the members are.

use crate::{
    model::{Reading, Sourced, intent::Intent},
    source::{File, FileId, LanguageId},
};
use mode::Store;

pub(super) mod corosync;
mod lower;
mod mode;
mod parse;
mod running;
#[cfg(test)]
mod tests;

pub(super) struct Sdn;

const FOLDER: &str = "etc/pve/sdn/";
const RUNNING: &str = "etc/pve/sdn/.running-config";
const COROSYNC: &str = "etc/pve/corosync.conf";

fn store(inner: &str) -> Option<Store> {
    inner.strip_prefix(FOLDER)?.strip_suffix(".cfg").and_then(Store::of)
}

impl super::Language for Sdn {
    fn id(&self) -> LanguageId {
        LanguageId::Sdn
    }

    fn claims(&self, inner: &str) -> bool {
        inner == RUNNING || inner == COROSYNC || store(inner).is_some()
    }

    fn place(&self, name: &str) -> Option<String> {
        let inner = if name == "corosync.conf" { COROSYNC.to_owned() } else { format!("{FOLDER}{name}") };
        self.claims(&inner).then_some(inner)
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        let mut intent = Intent::default();
        for (id, file) in files {
            match file.inner.as_str() {
                RUNNING => running::read(*id, file, &mut intent, into),
                COROSYNC => corosync::read(*id, file, &mut intent, &mut into.coverage),
                inner => {
                    let Some(store) = store(inner) else { continue };
                    let read = parse::sections(store, *id, file, into);
                    if !read.is_cut {
                        intent.pending.stores.push(store.name());
                    }
                    for section in &read.sections {
                        into.coverage.unmodelled += lower::section(section, &mut intent.pending, into);
                    }
                    let lost = read.lost.into_iter().map(|id| Sourced::written(id.text, id.span));
                    intent.pending.lost.extend(lost);
                }
            }
        }
        into.intent = Some(intent);
    }

    fn is_cluster_wide(&self) -> bool {
        true
    }
}
