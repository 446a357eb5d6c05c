//! Kernel parameters: `sysctl.d/*.conf` below `/etc`, `/run`, `/usr/local/lib` and `/usr/lib`, in the order of
//! systemd-sysctl(8): by file name, wherever the file is, and of one name only the file of the first folder. Debian's
//! `/etc/sysctl.conf` is read through the link `/etc/sysctl.d/99-sysctl.conf`; since Debian 13 that link is gone, and only
//! `sysctl --system` reads it.

use crate::{
    model::Reading,
    source::{File, FileId, LanguageId},
};
use std::collections::BTreeMap;

mod lower;
mod mode;
mod parse;
#[cfg(test)]
mod tests;

pub(super) struct Sysctl;

/// The folders, the first one first.
const FOLDERS: [&str; 4] = ["etc/sysctl.d/", "run/sysctl.d/", "usr/local/lib/sysctl.d/", "usr/lib/sysctl.d/"];

/// The file that stands beside them.
const MAIN: &str = "etc/sysctl.conf";

/// The name under which the folders have [`MAIN`].
const LINK: &str = "99-sysctl.conf";

/// The rank of a file's folder, and its name there.
fn place(inner: &str) -> Option<(usize, &str)> {
    if inner == MAIN {
        return Some((FOLDERS.len(), LINK));
    }
    let (rank, name) =
        FOLDERS.iter().enumerate().find_map(|(rank, folder)| Some((rank, inner.strip_prefix(folder)?)))?;
    (name.ends_with(".conf") && !name.contains('/')).then_some((rank, name))
}

impl super::Language for Sysctl {
    fn id(&self) -> LanguageId {
        LanguageId::Sysctl
    }

    fn claims(&self, inner: &str) -> bool {
        place(inner).is_some()
    }

    fn place(&self, name: &str) -> Option<String> {
        (name == "sysctl.conf").then(|| MAIN.to_owned())
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        let mut chosen: BTreeMap<&str, (usize, &(FileId, &File))> = BTreeMap::new();
        for text in files {
            let Some((rank, name)) = place(&text.1.inner) else { continue };
            let first = chosen.entry(name).or_insert((rank, text));
            if rank < first.0 {
                *first = (rank, text);
            }
        }
        for (id, file) in files {
            let is_hidden =
                place(&file.inner).is_none_or(|(rank, name)| chosen.get(name).is_none_or(|own| own.0 != rank));
            if is_hidden {
                parse::lines(*id, file, into, |_, into| into.coverage.unmodelled += 1);
            }
        }
        let mut settings = lower::Settings::default();
        for (_, (id, file)) in chosen.values() {
            let is_main = file.inner == MAIN;
            parse::lines(*id, file, into, |line, into| lower::line(line, is_main, &mut settings, into));
        }
        lower::settle(settings, into);
    }

    fn is_beside_others(&self) -> bool {
        true
    }
}
