//! What is known of an estate and not told: the baseline, and ignores.

use super::fail;
use crate::{
    baseline,
    config::{self, Config, Ignore},
    settle::Outcome,
};
use clap::Args;
use evpnlint_core::{
    date::{Date, NoSuchDay},
    model::ignore::Ignores,
    options::{Completeness, Options},
    source::Printable,
};
use evpnlint_rules::hides::Known;
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Options about what is known.
#[derive(Debug, Args)]
pub(super) struct Adopting {
    /// Count what this baseline lists, and report only what is new.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["write_baseline", "no_ignores"])]
    baseline: Option<PathBuf>,
    /// Write all that is found into a baseline, and report nothing [default: the `baseline` of evpnlint.toml, else
    /// evpnlint-baseline.json beside evpnlint.toml, else in the working directory].
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with_all = ["select", "ignore", "no_ignores", "add_ignore", "files", "statistics"]
    )]
    write_baseline: Option<Option<PathBuf>>,
    /// Report what the baseline, evpnlint.toml and comments hide.
    #[arg(long)]
    no_ignores: bool,
    /// Add an `[[ignore]]` to evpnlint.toml for all that would be reported, and report nothing.
    #[arg(long, value_name = "REASON", conflicts_with_all = ["no_ignores", "files", "statistics"])]
    add_ignore: Option<String>,
    /// The day by which the `until` of an ignore is judged, rather than the clock's (UTC).
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
}

fn day(text: &str) -> Result<Date, NoSuchDay> {
    text.parse()
}

/// Why nothing was adopted.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The baseline cannot be read or written.
    #[error(transparent)]
    Baseline(#[from] baseline::Error),
    /// evpnlint.toml cannot be read.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// evpnlint.toml cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: Printable,
        /// Why.
        source: io::Error,
    },
    /// evpnlint.toml would not be read any more.
    #[error("evpnlint.toml would be larger than 1 MiB")]
    TooLong,
    /// An ignore needs a reason.
    #[error("--add-ignore wants a reason")]
    Reason,
    /// evpnlint.toml would no longer be read.
    #[error("cannot add an entry behind the end of {path}: {why}")]
    Form {
        /// The file.
        path: Printable,
        /// Why.
        why: String,
    },
}

impl Error {
    /// The exit code, when why is told.
    pub(super) fn tell(&self) -> ExitCode {
        let remedy = match self {
            Self::Baseline(error) => error.remedy(),
            Self::Config(error) => error.remedy(),
            Self::Form { .. } => "write `ignore` as [[ignore]] tables",
            Self::TooLong => "`--write-baseline` is for so many",
            Self::Write { .. } | Self::Reason => "",
        };
        fail(self, remedy)
    }
}

impl Adopting {
    /// What the options say of the ignores of evpnlint.toml, and the baseline.
    pub(super) fn settle(
        &self,
        inputs: &[PathBuf],
        config: &Config,
        options: &mut Options,
    ) -> Result<Option<Known>, Error> {
        if self.add_ignore.as_deref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Error::Reason);
        }
        self.settle_ignores(inputs, config, options);
        let path = match (&self.baseline, &self.write_baseline) {
            (Some(path), _) => Some(path.clone()),
            (None, Some(_)) => None,
            (None, None) if self.no_ignores => None,
            (None, None) => of_config(config),
        };
        Ok(path.map(|path| baseline::read(&path)).transpose()?)
    }

    /// What the options say of the ignores of evpnlint.toml.
    pub(super) fn settle_ignores(&self, inputs: &[PathBuf], config: &Config, options: &mut Options) {
        let is_complete = options.completeness == Completeness::Complete;
        let Ignores { today, is_all_read, is_off, .. } = &mut options.ignores;
        *today = Some(self.today.unwrap_or_else(Date::today));
        *is_all_read = is_complete || holds(inputs, config);
        *is_off = self.no_ignores;
    }

    /// Writes what is to be written: the exit code, where that is all that is asked.
    pub(super) fn adopt(
        &self,
        inputs: &[PathBuf],
        config: &Config,
        outcome: &mut Outcome,
    ) -> Result<Option<ExitCode>, Error> {
        if let Some(path) = &self.write_baseline {
            let beside = || config.folder().unwrap_or(Path::new("")).join(baseline::NAME);
            let path = path.clone().or_else(|| of_config(config)).unwrap_or_else(beside);
            let known = std::mem::take(&mut outcome.known);
            let count: usize = known.values().map(|own| own.len()).sum();
            baseline::write(&path, known)?;
            let shown = Printable::from(path.as_path());
            say(&format!("{shown}: {} written", entries(count)));
            if of_config(config).is_none() {
                let name = Printable::from(path.file_name().unwrap_or_default());
                say(&format!("give --baseline {shown}, or write `baseline = \"{name}\"` at the top of evpnlint.toml"));
            }
            return Ok(Some(ExitCode::SUCCESS));
        }
        let Some(reason) = &self.add_ignore else { return Ok(None) };
        let beside = || {
            let folder = config::shared(inputs).unwrap_or_default();
            folder.join(config::NAME)
        };
        let path = config.path.clone().unwrap_or_else(beside);
        let entries_of = outcome.findings.iter().flat_map(|finding| {
            finding.members.iter().map(|member| Ignore {
                rule: finding.rule.to_owned(),
                node: None,
                path: None,
                subject: Some(member.about.clone()),
                reason: reason.clone(),
                until: None,
            })
        });
        let entries_of: Vec<Ignore> = entries_of.collect();
        append(&path, &entries_of)?;
        say(&format!("{}: {} added", Printable::from(path.as_path()), entries(entries_of.len())));
        Ok(Some(ExitCode::SUCCESS))
    }
}

/// Adds entries behind the end of evpnlint.toml, where it can still be read then.
fn append(path: &Path, entries: &[Ignore]) -> Result<(), Error> {
    let old = if path.symlink_metadata().is_ok() { config::text(path)? } else { String::new() };
    let mut text = old;
    for entry in entries {
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str("[[ignore]]\n");
        text.push_str(&toml::to_string(entry).unwrap_or_default());
    }
    if text.len() as u64 > config::MOST_BYTES {
        return Err(Error::TooLong);
    }
    Config::parse(path, &text).map_err(|error| Error::Form { path: path.into(), why: error.to_string() })?;
    baseline::replace(path, &text).map_err(|source| Error::Write { path: path.into(), source })
}

/// The baseline that evpnlint.toml names, which is relative to it.
fn of_config(config: &Config) -> Option<PathBuf> {
    let path = config.baseline.as_ref()?;
    Some(config.folder().unwrap_or(Path::new("")).join(path))
}

/// Whether the inputs hold all that lies beside evpnlint.toml.
fn holds(inputs: &[PathBuf], config: &Config) -> bool {
    let Some(folder) = config.path.as_ref().and_then(|path| fs::canonicalize(path).ok()) else { return false };
    inputs
        .iter()
        .filter_map(|input| fs::canonicalize(input).ok())
        .any(|input| folder.starts_with(&input) && input.is_dir())
}

/// The lines of a summary on what is hidden.
pub(super) fn summary(outcome: &Outcome, verbose: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let Outcome { hidden, old, stale, .. } = outcome;
    if *hidden > 0 {
        writeln!(out, "{hidden} ignored by evpnlint.toml and comments (--no-ignores shows them)")?;
    }
    if *old > 0 && outcome.mended.is_none() {
        writeln!(out, "{} of the baseline {} still there", entries(*old), if *old == 1 { "is" } else { "are" })?;
    }
    if !stale.is_empty() {
        let (count, verb) = (entries(stale.len()), if stale.len() == 1 { "matches" } else { "match" });
        let hint = if verbose { ":" } else { " (-v lists them, --write-baseline drops them)" };
        writeln!(out, "{count} of the baseline {verb} nothing{hint}")?;
    }
    if verbose {
        for (rule, about) in stale {
            writeln!(out, "  {rule}: {about}")?;
        }
    }
    if let Some(mended) = &outcome.mended {
        let most = if verbose { mended.len() } else { super::MOST_LINES };
        mended.iter().take(most).try_for_each(|(rule, about)| writeln!(out, "mended: {rule}: {about}"))?;
        if let Some(more) = mended.len().checked_sub(most).filter(|more| *more > 0) {
            writeln!(out, "mended: {more} more (-v lists them)")?;
        }
    }
    Ok(())
}

fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn say(text: &str) {
    let _ = writeln!(super::errors(), "{text}");
}
