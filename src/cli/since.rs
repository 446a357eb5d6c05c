//! `check --since REV`: the tree of a revision beside the working tree. Git reads it; nothing of the repository changes.

use super::fail;
use crate::settle::Outcome;
use evpnlint_core::source::{Printable, Sources, printable};
use evpnlint_rules::{finding::Label, hides::Known};
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};
use tempfile::TempDir;

/// Why a revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// There is no git.
    #[error("cannot run git")]
    Git(#[source] io::Error),
    /// Git says no.
    #[error("git: {0}")]
    Refused(String),
    /// A path is in no repository, or in another.
    #[error("{0} is not in the repository of the first path")]
    Outside(Printable),
    /// There is no room for the tree.
    #[error("cannot write the tree of the revision")]
    Write(#[source] io::Error),
}

impl Error {
    /// The exit code, when why is told.
    pub(super) fn tell(&self) -> ExitCode {
        let remedy = match self {
            Self::Git(_) => "--since asks git what the files were: install it",
            Self::Refused(_) => {
                "name a commit, a branch or a tag that was fetched; `actions/checkout` fetches only one"
            }
            Self::Outside(_) | Self::Write(_) => "",
        };
        fail(self, remedy)
    }
}

/// The tree of a revision; it goes away with its owner.
pub(super) struct Before {
    _folder: TempDir,
    /// What the inputs were, as far as they were there.
    pub(super) paths: Vec<PathBuf>,
    /// What the working directory was; the top where it is outside of the repository.
    pub(super) here: PathBuf,
    /// Its top.
    top: PathBuf,
    /// The lines that the working tree has otherwise, by file.
    changed: BTreeMap<PathBuf, Vec<RangeInclusive<u32>>>,
}

impl Before {
    /// Reads a revision.
    ///
    /// # Errors
    /// When git does not know it, or a path is not in the repository.
    pub(super) fn read(revision: &str, inputs: &[PathBuf]) -> Result<Self, Error> {
        let first = inputs.first().map_or(Path::new("."), PathBuf::as_path);
        let start = if first.is_dir() { first } else { first.parent().unwrap_or(Path::new(".")) };
        let start = if start.as_os_str().is_empty() { Path::new(".") } else { start };
        let top = git(start, ["rev-parse", "--show-toplevel"], None)?;
        let top = fs::canonicalize(top.trim_end_matches('\n')).map_err(Error::Write)?;
        let commit = format!("{revision}^{{commit}}");
        let commit = git(&top, ["rev-parse", "--verify", "--end-of-options", &commit], None)?;
        let commit = commit.trim();
        let folder = tempfile::Builder::new().prefix("evpnlint-").tempdir().map_err(Error::Write)?;
        let (tree, index) = (folder.path().join("tree"), folder.path().join("index"));
        // A search for evpnlint.toml ends where a `.git` lies.
        fs::create_dir_all(tree.join(".git")).map_err(Error::Write)?;
        git(&top, ["read-tree", commit], Some(&index))?;
        let mut prefix = std::ffi::OsString::from("--prefix=");
        prefix.push(tree.join(""));
        git(&top, [OsStr::new("checkout-index"), OsStr::new("--all"), &prefix], Some(&index))?;
        let inside = |input: &PathBuf| {
            let whole = fs::canonicalize(input).ok();
            let inner = whole.as_ref().and_then(|whole| whole.strip_prefix(&top).ok());
            inner.map(|inner| tree.join(inner)).ok_or_else(|| Error::Outside(input.as_path().into()))
        };
        let paths: Vec<PathBuf> = inputs.iter().map(inside).collect::<Result<_, _>>()?;
        let inner = fs::canonicalize(".").ok().and_then(|here| here.strip_prefix(&top).map(Path::to_owned).ok());
        let here = tree.join(inner.unwrap_or_default());
        let arguments =
            ["-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames"];
        let arguments =
            [&arguments[..], &["--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", commit, "--"]].concat();
        let changed = changed(&git(&top, arguments, None)?, &top);
        let paths = paths.into_iter().filter(|path| path.exists()).collect();
        Ok(Self { _folder: folder, paths, here, top: tree, changed })
    }

    /// Text that names files of the tree, with the revision in the place of the folder that it lies in for a moment.
    pub(super) fn shown(&self, revision: &str, text: &str) -> String {
        text.replace(&Printable::from(self.top.join("").as_path()).to_string(), &format!("{revision}:"))
    }

    /// Has each finding open with a line that was changed, where it shows one.
    pub(super) fn anchor(&self, outcome: &mut Outcome, sources: &Sources) {
        let mut whole: BTreeMap<&str, Option<PathBuf>> = BTreeMap::new();
        for (_, file) in sources.iter() {
            whole.entry(&file.path).or_insert_with(|| fs::canonicalize(&file.path).ok());
        }
        let is_changed = |label: &Label| {
            let file = &sources[label.span.file];
            let path = whole.get(file.path.as_str()).and_then(Option::as_ref);
            let lines = path.and_then(|path| self.changed.get(path));
            let (line, _) = file.line_column(label.span.start);
            lines.is_some_and(|lines| lines.iter().any(|range| range.contains(&line)))
        };
        for finding in outcome.findings.iter_mut().filter(|finding| !is_changed(&finding.primary)) {
            if let Some(label) = finding.related.iter_mut().find(|label| is_changed(label)) {
                std::mem::swap(label, &mut finding.primary);
            }
        }
        outcome
            .findings
            .sort_by(|a, b| (a.primary.span, a.rule, &a.message).cmp(&(b.primary.span, b.rule, &b.message)));
    }
}

/// What the change mends: what was known of the revision and is not found any more, with what only a baseline lists put back.
pub(super) fn mended(outcome: &mut Outcome, before: &Known) {
    let was_there = |rule: &str, about: &str| before.get(rule).is_some_and(|own| own.contains(about));
    let (mended, stale) =
        std::mem::take(&mut outcome.stale).into_iter().partition(|(rule, about)| was_there(rule, about));
    (outcome.mended, outcome.stale) = (Some(mended), stale);
}

/// Runs git in a folder; what it prints.
fn git<Argument: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = Argument>,
    index: Option<&Path>,
) -> Result<String, Error> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let ran = command.output().map_err(Error::Git)?;
    if !ran.status.success() {
        return Err(Error::Refused(printable(&ran.stderr).0.trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}

/// The lines of the working tree in a difference without context, by file.
fn changed(difference: &str, top: &Path) -> BTreeMap<PathBuf, Vec<RangeInclusive<u32>>> {
    let mut changed: BTreeMap<PathBuf, Vec<RangeInclusive<u32>>> = BTreeMap::new();
    let (mut file, mut rest) = (None, 0);
    for line in difference.lines() {
        // Lines of files are told apart from what git says of them by their number alone.
        if rest > 0 {
            rest -= u32::from(line.starts_with(['+', '-']));
        } else if let Some(path) = line.strip_prefix("+++ ") {
            file = path.strip_prefix("b/").map(|path| top.join(path.trim_end_matches('\t')));
        } else if let Some((old, new)) = line.strip_prefix("@@ -").and_then(hunk) {
            rest = old.1 + new.1;
            if let Some(file) = file.as_ref().filter(|_| new.1 > 0) {
                changed.entry(file.clone()).or_default().push(new.0..=new.0 + new.1 - 1);
            }
        }
    }
    changed
}

/// `1,2 +3,4 @@ …`: the first line and how many there are, before and after.
fn hunk(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (old, rest) = text.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |text: &str| match text.split_once(',') {
        Some((first, count)) => Some((first.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    };
    Some((range(old)?, range(new)?))
}
