//! Further reports of one run, each in a file: `-o FORMAT=PATH`.

use super::fail;
use crate::{
    baseline,
    report::{self, Cut, Format, Style},
    settle::Outcome,
};
use clap::ValueEnum as _;
use evpnlint_core::source::{Printable, Sources};
use std::{
    fs,
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
    process::ExitCode,
    str::FromStr,
};

/// A format, and the file for it.
#[derive(Clone, Debug)]
pub(super) struct Output {
    format: Format,
    path: PathBuf,
}

impl FromStr for Output {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or("not FORMAT=PATH")?;
        let known = || {
            let all = Format::value_variants().iter().filter_map(|own| own.to_possible_value());
            all.map(|own| own.get_name().to_owned()).collect::<Vec<_>>().join(", ")
        };
        let format = Format::from_str(format, false).map_err(|_| format!("the format must be one of {}", known()))?;
        Ok(Self { format, path: path.into() })
    }
}

/// Why a report cannot be written to a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// Two reports would go to one file.
    #[error("two reports cannot go to {path}")]
    Twice {
        /// The file.
        path: Printable,
    },
    /// What is written would be somewhere else.
    #[error("a report is not written to {path}: it is a link")]
    Link {
        /// The link.
        path: Printable,
    },
    /// A folder on the way is a link out of the working directory, though the path does not say so.
    #[error("a report is not written to {path}: a link leads out of the working directory")]
    Outside {
        /// The file.
        path: Printable,
    },
    /// A folder or a device is there.
    #[error("a report is not written to {path}: it is no file")]
    NoFile {
        /// What is there.
        path: Printable,
    },
    /// It was read as configuration.
    #[error("a report is not written to {path}: it is one of the files that are checked")]
    Input {
        /// The file.
        path: Printable,
    },
    /// The system says no.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: Printable,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// The exit code, when why is told.
    pub(super) fn tell(&self) -> ExitCode {
        let remedy = match self {
            Self::Twice { .. } => "name another file for one of them",
            Self::Link { .. } | Self::Outside { .. } => "name the file itself",
            Self::NoFile { .. } | Self::Input { .. } => "name a file that is there for the report",
            Self::Write { .. } => "",
        };
        fail(self, remedy)
    }
}

/// Sees to it that nothing is written that should not be.
pub(super) fn examine(outputs: &[Output], sources: &Sources) -> Result<(), Error> {
    for (at, Output { path, .. }) in outputs.iter().enumerate() {
        let shown = || Printable::from(path.as_path());
        if outputs[..at].iter().any(|other| other.path == *path) {
            return Err(Error::Twice { path: shown() });
        }
        let parent = folder(path);
        let is_within = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let working = fs::canonicalize(".").ok();
        let leads = fs::canonicalize(parent).map_err(|source| Error::Write { path: shown(), source })?;
        if is_within && working.is_some_and(|working| !leads.starts_with(working)) {
            return Err(Error::Outside { path: shown() });
        }
        let Ok(meta) = path.symlink_metadata() else { continue };
        if meta.is_symlink() {
            return Err(Error::Link { path: shown() });
        }
        if !meta.is_file() {
            return Err(Error::NoFile { path: shown() });
        }
        let target = fs::canonicalize(path).ok();
        if sources.iter().any(|(_, file)| target.is_some() && fs::canonicalize(&file.path).ok() == target) {
            return Err(Error::Input { path: shown() });
        }
    }
    Ok(())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes the reports, each whole or not at all.
pub(super) fn write(outputs: &[Output], outcome: &Outcome, sources: &Sources) -> Result<(), Error> {
    for Output { format, path } in outputs {
        let failed = |source| Error::Write { path: Printable::from(path.as_path()), source };
        let mut text = vec![];
        let cut = report::write(*format, outcome, sources, Style::default(), &mut text).map_err(failed)?;
        baseline::replace_here(path, &text).map_err(failed)?;
        tell(cut, Printable::from(path.as_path()));
    }
    Ok(())
}

/// Says what a report leaves out.
pub(super) fn tell(cut: Cut, of: impl std::fmt::Display) {
    if cut != Cut::default() {
        let _ = writeln!(super::errors(), "{of}: {cut}");
    }
}
