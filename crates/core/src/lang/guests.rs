//! Proxmox VE's guests: `qemu-server/<vmid>.conf` and `lxc/<vmid>.conf` below `/etc/pve/nodes/<node>`, which the whole
//! cluster sees, and the same below `/etc/pve` and `/etc/pve/local`, which are links to the node's own.

use crate::{
    model::{Reading, guest::Guest},
    source::{File, FileId, LanguageId},
};
use mode::Mode;

mod lower;
mod mode;
mod parse;
#[cfg(test)]
mod tests;

pub(super) struct Guests;

/// Where a guest's configuration stands.
struct Place<'p> {
    /// The node, where the path names it.
    host: Option<&'p str>,
    mode: &'static Mode,
    id: u32,
}

fn place(inner: &str) -> Option<Place<'_>> {
    let parts: Vec<&str> = inner.strip_prefix("etc/pve/")?.split('/').collect();
    let (host, folder, file) = match parts.as_slice() {
        ["nodes", host, folder, file] => (Some(*host), *folder, *file),
        ["local", folder, file] | [folder, file] => (None, *folder, *file),
        _ => return None,
    };
    let number = file.strip_suffix(".conf").filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(Place { host, mode: Mode::of(folder)?, id: number.parse().ok()? })
}

impl super::Language for Guests {
    fn id(&self) -> LanguageId {
        LanguageId::Guests
    }

    fn claims(&self, inner: &str) -> bool {
        place(inner).is_some()
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        for (id, file) in files {
            let Some(Place { host, mode, id: number }) = place(&file.inner) else { continue };
            let mut guest = Guest {
                id: number,
                kind: mode.kind,
                host: host.map(str::to_owned),
                holders: vec![],
                name: None,
                template: false,
                nics: vec![],
            };
            parse::lines(mode, *id, file, into, |line, into| lower::line(line, &mut guest, into));
            lower::settle(&mut guest);
            into.guests.push(guest);
        }
    }

    fn is_cluster_wide(&self) -> bool {
        true
    }

    fn member<'p>(&self, inner: &'p str) -> Option<super::StoreFile<'p>> {
        let place = place(inner)?;
        Some(super::StoreFile { host: place.host, name: inner.rsplit('/').next()? })
    }
}
