//! The baseline: findings that are known, in a file that is written by `--write-baseline` and committed.
//!
//! ```json
//! {
//!   "version": 1,
//!   "findings": {
//!     "asn-mismatch": ["leaf1 remote-as 65001 of spine1"]
//!   }
//! }
//! ```
//!
//! An entry is the rule and the subject of one member of a finding, with neither lines nor paths nor values, so that it
//! outlives whatever else changes. Entries are sorted, each on a line of its own: two branches that mend different findings
//! merge.

use evpnlint_core::source::{Printable, Unread, printable, reader};
use evpnlint_rules::hides::Known;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The name of the file, where no other is given.
pub const NAME: &str = "evpnlint-baseline.json";

/// The most bytes of the file.
const MOST_BYTES: u64 = 64 << 20;

/// The version of the file's form.
const VERSION: u32 = 1;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    findings: Known,
}

/// Why there is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] reader::Error),
    /// It is no baseline.
    #[error("{path} is not a baseline of evpnlint: {why}")]
    Parse {
        /// The file.
        path: Printable,
        /// What is wrong.
        why: String,
    },
    /// It cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: Printable,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// What to try next.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Read(reader::Error { why: Unread::Vanished, .. }) => "`evpnlint check --write-baseline` writes it",
            Self::Read(error) => error.why.remedy(),
            Self::Parse { .. } => "name another file, or take it away and write it anew with --write-baseline",
            Self::Write { .. } => "",
        }
    }
}

/// Reads a baseline.
///
/// # Errors
/// When it cannot be read, or is none.
pub fn read(path: &Path) -> Result<Known, Error> {
    let bytes = reader::bytes(path, MOST_BYTES).map_err(|why| reader::Error { path: path.into(), why })?;
    let wrong = |why: String| Error::Parse { path: path.into(), why };
    // What the parser quotes of the file could drive a terminal.
    let written: Written = serde_json::from_slice(&bytes).map_err(|error| wrong(clean(&error.to_string())))?;
    if written.version != VERSION {
        return Err(wrong(format!("its version is {}, and this evpnlint reads version {VERSION}", written.version)));
    }
    let clean_all = |(rule, own): (String, std::collections::BTreeSet<String>)| {
        (clean(&rule), own.iter().map(|about| clean(about)).collect())
    };
    Ok(written.findings.into_iter().map(clean_all).collect::<BTreeMap<_, _>>())
}

fn clean(text: &str) -> String {
    printable(text.as_bytes()).0
}

/// Writes a baseline, whole or not at all, over an older one only.
///
/// # Errors
/// When something else is there, or the system says no.
pub fn write(path: &Path, known: Known) -> Result<(), Error> {
    if path.symlink_metadata().is_ok() {
        read(path)?;
    }
    let mut text = serde_json::to_string_pretty(&Written { version: VERSION, findings: known }).unwrap_or_default();
    text.push('\n');
    replace(path, &text).map_err(|source| Error::Write { path: path.into(), source })
}

/// Puts a text in the place of a file: whoever reads meanwhile reads the one or the other. A link stays one.
///
/// # Errors
/// When the system says no; then nothing has changed.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    replace_here(&fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()), text.as_bytes())
}

/// The same in this very place: what was a link becomes a file, and what it led to stays as it is.
///
/// # Errors
/// When the system says no; then nothing has changed.
pub fn replace_here(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.to_owned().into_os_string();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    // A file or link of that name that somebody else made is not written to.
    let mut file = fs::File::create_new(&beside)?;
    let written = file.write_all(bytes).and_then(|()| {
        if let Ok(meta) = fs::symlink_metadata(path)
            && meta.is_file()
        {
            fs::set_permissions(&beside, meta.permissions())?;
        }
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
