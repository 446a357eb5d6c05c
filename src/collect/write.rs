//! The tree on disk, or the same as a `.tar.gz`. Nothing that is there is overwritten, and the same files give the same
//! bytes: no time, no owner. Only its owner may read it: it tells how a network is built.

use super::{Collection, manifest};
use evpnlint_core::source::Printable;
use flate2::{Compression, GzBuilder};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Nothing was written, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something is there already.
    #[error("{path} is there already")]
    Exists {
        /// The place.
        path: Printable,
    },
    /// The system said no.
    #[error("cannot write {path}")]
    Write {
        /// The file or folder.
        path: Printable,
        /// Why.
        source: io::Error,
    },
}

/// How the name of an archive ends.
const ARCHIVE: &str = ".tar.gz";

/// Whether what is written there is an archive.
pub fn is_archive(output: &Path) -> bool {
    name(output).ends_with(ARCHIVE)
}

/// The folder that `evpnlint` is to read: the output itself, or what an archive unpacks to.
pub fn folder(output: &Path) -> PathBuf {
    match name(output).strip_suffix(ARCHIVE) {
        Some("") => PathBuf::from("collected"),
        Some(stem) => PathBuf::from(stem),
        None => output.to_owned(),
    }
}

fn name(output: &Path) -> String {
    Printable::from(output.file_name().unwrap_or_default()).into()
}

/// Says whether the output can be there, before anybody is asked.
///
/// # Errors
/// When something is there already, but for an empty folder, or what is to hold it is not there.
pub fn is_free(output: &Path) -> Result<(), Error> {
    let path = Printable::from(output);
    match output.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            parent.metadata().map(|_| ()).map_err(|source| Error::Write { path, source })
        }
        Err(source) => Err(Error::Write { path, source }),
        Ok(meta) if meta.is_dir() && !is_archive(output) => match fs::read_dir(output).map(Iterator::count) {
            Ok(0) => Ok(()),
            Ok(_) => Err(Error::Exists { path }),
            Err(source) => Err(Error::Write { path, source }),
        },
        Ok(_) => Err(Error::Exists { path }),
    }
}

/// Writes everything.
///
/// # Errors
/// When something is there already, or the system refuses. A file that could not be written whole is taken away again;
/// files before it stay.
pub fn write(collection: &Collection, output: &Path) -> Result<(), Error> {
    let manifest = manifest::text(collection)
        .map_err(|error| Error::Write { path: manifest::NAME.into(), source: error.into() })?;
    let files = collection
        .nodes
        .iter()
        .flat_map(|node| node.files.iter().map(|file| (Path::new(&node.name).join(&file.path), file.bytes.as_slice())));
    let mut files: Vec<(PathBuf, &[u8])> = files.collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.push((manifest::NAME.into(), &manifest));
    if is_archive(output) { archive(&files, output) } else { tree(&files, output) }
}

fn tree(files: &[(PathBuf, &[u8])], output: &Path) -> Result<(), Error> {
    is_free(output)?;
    folders().create(output).map_err(|source| failed(output, source))?;
    for (path, bytes) in files {
        let path = output.join(path);
        let parent = path.parent().unwrap_or(output);
        folders().create(parent).map_err(|source| failed(parent, source))?;
        create(&path, |file| file.write_all(bytes))?;
    }
    Ok(())
}

fn archive(files: &[(PathBuf, &[u8])], output: &Path) -> Result<(), Error> {
    create(output, |file| {
        let mut archive = tar::Builder::new(GzBuilder::new().mtime(0).write(BufWriter::new(file), Compression::best()));
        for (path, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o600);
            header.set_mtime(0);
            archive.append_data(&mut header, folder(output).join(path), *bytes)?;
        }
        archive.into_inner()?.finish()?.flush()
    })
}

/// Makes a file that is not there yet, or none.
fn create(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|source| failed(path, source))?;
    write(&mut file).map_err(|source| {
        let _ = fs::remove_file(path);
        failed(path, source)
    })
}

fn folders() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn failed(path: &Path, source: io::Error) -> Error {
    let path = Printable::from(path);
    match source.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists { path },
        _ => Error::Write { path, source },
    }
}
