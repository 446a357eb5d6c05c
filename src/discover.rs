//! Which files, of which node, in which language, and their texts.
//!
//! A node's root is whatever stands before `etc/frr`, `etc/network` or `etc/pve` in a path (`etc` may be missing), else
//! the folder of a file whose name is known. Links are followed to files inside the input, never to folders and never
//! out of it; a file that was named is read wherever it leads. Layouts of the user, and the usual names of files of one node
//! in a repository (`leaf1-frr.conf`), count before. What has a known name and is not read becomes an unread
//! file, so that the report says it; so does a copy or a file of another name where the file that the daemon reads is not
//! there, and what the manifest of a collection says is missing. A report that Proxmox's `pvereport` printed holds many files of one node, and is read
//! as those (`bundle.rs`).

use evpnlint_core::source::{File, Printable, Sources, Unread, reader};
use rayon::prelude::*;
use std::{io, path::PathBuf};

mod bundle;
mod choose;
mod found;
mod manifest;
mod place;
mod walk;

pub use choose::{Choose, Exclude, Layout, Rooted};
pub use found::{Discovery, Error, Found, Part};
pub use place::place;

/// Names a node, but says nothing of what it does.
const HOSTNAME: &str = "etc/hostname";

/// Finds the files below the given paths, but those that the user leaves out.
///
/// # Errors
/// When a path does not exist, cannot be read or is in no known language, and when there is nothing to read at all.
pub fn find(paths: &[PathBuf], choose: &Choose) -> Result<Discovery, Error> {
    let mut candidates = walk::Candidates::new(choose);
    for path in paths {
        let shown = || Printable::from(path.as_path());
        let error = |why| Error::Unread(reader::Error { path: shown(), why });
        match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => {
                return Err(Error::Missing { path: shown() });
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(error(Unread::Dangling)),
            Err(cause) => return Err(error(Unread::from(&cause))),
            Ok(meta) if meta.is_dir() => candidates.walk(path)?,
            Ok(meta) if meta.is_file() => candidates.take_named(path)?,
            // Reading a pipe could wait for ever.
            Ok(_) => return Err(error(Unread::Special)),
        }
    }
    let discovery = candidates.finish();
    let is_of_cables = |found: &Found| found.language.is_some_and(|language| language.is_of_cables());
    if discovery.found.iter().all(|found| found.inner == HOSTNAME || found.unread.is_some() || is_of_cables(found)) {
        let paths = paths.iter().map(|path| Printable::from(path.as_path()).into()).collect::<Vec<String>>().join(", ");
        let unread = discovery.unread().map(|(path, why)| (path.clone(), why)).collect();
        return Err(Error::Nothing { paths, unread });
    }
    Ok(discovery)
}

/// Reads what was found, side by side; the order is that of [`Discovery::found`]. What cannot be read becomes an unread
/// file, and so does what comes after [`reader::MOST_BYTES`] bytes.
///
/// # Errors
/// When a file that the user named cannot be read.
pub fn load(discovery: &Discovery) -> Result<Sources, Error> {
    let found = &discovery.found;
    let sizes: Vec<u64> = found.par_iter().map(Found::size).collect();
    let ends = sizes.iter().scan(0_u64, |end, size| {
        *end = end.saturating_add(*size);
        Some(*end)
    });
    let ends: Vec<u64> = ends.collect();
    let files: Vec<Result<File, reader::Error>> =
        found.par_iter().zip(ends).map(|(found, end)| found.read(end <= reader::MOST_BYTES)).collect();
    let mut sources = Sources::default();
    for file in files {
        sources.add(file?);
    }
    Ok(sources)
}
