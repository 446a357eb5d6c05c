//! `evpnlint.toml`: what the user says of the fabric once for all runs.
//!
//! The nearest one in the folder that the inputs share, or above it, is read. The search ends where a `.git` lies, at the
//! root of a file system, and below a folder that belongs to another user; a file of a user who owns neither its folder nor
//! the process does not count, and a link out of its folder is an error. One file counts for a run, and options of the
//! command line win over it.

use crate::discover::{Choose, Exclude, Layout, Rooted};
use evpnlint_core::options::{Completeness, Options};
use evpnlint_core::{
    model::{
        Sourced,
        allow::{AllowLeak, Pattern},
        frr::Version,
    },
    source::{File, FileId, Printable, Sources, Span, Unread, floor, masked, printable, reader},
};
use evpnlint_rules::{choice::Choice, severity::Level};
use serde::{Deserialize, Deserializer, de::Error as _};
use severity::{Override, Severities};
use std::{
    env, fs,
    ops::Range,
    path::{Path, PathBuf},
};
use surroundings::{Entries, Expect, Host, Link, Switch};
use toml::Spanned;
use value::Several;

mod ignore;
mod severity;
mod surroundings;
mod value;

pub use ignore::Ignore;

/// The name of the file.
pub const NAME: &str = "evpnlint.toml";

/// What the file says; everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Of the fabric itself.
    pub fabric: Fabric,
    /// Of the findings.
    pub lint: Lint,
    /// Files and folders below the inputs that are left out, relative to this file.
    exclude: Several<Exclude>,
    /// Findings that are known, relative to this file: what `--write-baseline` has written.
    #[serde(deserialize_with = "path")]
    pub baseline: Option<PathBuf>,
    /// How severe findings are, by rule and category.
    severity: Severities,
    /// The same for some nodes or files.
    r#override: Vec<Override>,
    /// Findings that are known, one by one.
    pub ignore: Vec<Spanned<Ignore>>,
    /// Of the tenants: which of them may leak into which. Once there is an entry, whatever has none is a finding.
    pub allow_leak: Vec<Spanned<Allow>>,
    /// Servers behind the fabric.
    host: Vec<Host>,
    /// Cables.
    link: Vec<Link>,
    /// Switches that are not read.
    switch: Vec<Switch>,
    /// What must work, or must not.
    expect: Vec<Expect>,
    /// The file itself, to point at.
    #[serde(skip)]
    file: Option<File>,
    /// Where it was read.
    #[serde(skip)]
    pub path: Option<PathBuf>,
}

/// `[[allow-leak]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// Whose routes; `*` stands for any text.
    #[serde(deserialize_with = "words")]
    pub from: String,
    /// Into whose VRF.
    #[serde(deserialize_with = "words")]
    pub to: String,
    /// Whether the other way is allowed too.
    #[serde(default)]
    pub both: bool,
    /// Why.
    #[serde(deserialize_with = "words")]
    pub reason: String,
}

/// `[fabric]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Fabric {
    /// Whether every node is here.
    pub complete: Option<bool>,
    /// The FRR that runs on the nodes, `"10.3"`. It decides which lines there are, whatever `frr version` in a file says.
    #[serde(deserialize_with = "version")]
    pub frr_version: Option<Version>,
    /// The names of the nodes that there are to be: one of which nothing is read is told.
    nodes: Vec<Spanned<String>>,
    /// How files of nodes are called, relative to this file: `"frr/{node}.conf"`.
    layout: Several<Layout>,
}

/// `[lint]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Lint {
    /// Only these rules and categories.
    #[serde(deserialize_with = "choices")]
    pub select: Vec<Choice>,
    /// Not these rules and categories.
    #[serde(deserialize_with = "choices")]
    pub ignore: Vec<Choice>,
}

/// The most bytes of the file.
pub const MOST_BYTES: u64 = 1 << 20;

/// The most characters of a line that a message quotes.
const MOST_QUOTED: usize = 200;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] reader::Error),
    /// It is not what it should be.
    #[error("{path}: {why}")]
    Parse {
        /// The file.
        path: Printable,
        /// Where, and what.
        why: String,
    },
}

impl Error {
    /// What to try next.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Read(reader::Error { why: Unread::Outside, .. }) => "name the file that it leads to, with --config",
            Self::Read(error) => error.why.remedy(),
            Self::Parse { .. } => "",
        }
    }
}

impl Config {
    /// Reads the file that counts for these inputs, or nothing where there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or says something that is not known.
    pub fn find(inputs: &[PathBuf]) -> Result<Self, Error> {
        match place(inputs) {
            Some(path) => {
                let real = fs::canonicalize(&path).ok();
                if real.is_none_or(|real| path.parent().is_none_or(|folder| !real.starts_with(folder))) {
                    return Err(reader::Error { path: path.as_path().into(), why: Unread::Outside }.into());
                }
                Self::read(&path)
            }
            None => Ok(Self::default()),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or says something that is not known.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::parse(path, &text(path)?)
    }

    /// Understands the text of a file.
    ///
    /// # Errors
    ///
    /// If it says something that is not known.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let parsed = toml::from_str(text).map_err(|error| error.to_string());
        let checked = parsed.and_then(|config: Self| match config.contradiction() {
            Some((at, why)) => Err(pointed(text, &at, &why)),
            None => Ok(config),
        });
        let config = checked.map_err(|quoted| {
            let line = |line: &str| line.chars().take(MOST_QUOTED).collect::<String>();
            let quoted = quoted.trim_end().lines().map(line).collect::<Vec<_>>().join("\n");
            Error::Parse { path: path.into(), why: masked(&printable(quoted.as_bytes()).0) }
        })?;
        // As the user would open it, where that is below the working directory.
        let folder = env::current_dir().ok();
        let shown = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
        let file = File::new(Printable::from(shown), "", NAME, text);
        Ok(Self { file: Some(file), path: Some(path.to_owned()), ..config })
    }

    /// What is wrong with what is well formed, and where.
    fn contradiction(&self) -> Option<(Range<usize>, String)> {
        self.entries().contradiction().or_else(|| ignore::contradiction(&self.ignore))
    }

    /// The file itself.
    pub fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// The folder of the file; empty for the working directory, `None` where there is no file.
    pub fn folder(&self) -> Option<&Path> {
        self.path.as_deref().map(|path| path.parent().unwrap_or(Path::new("")))
    }

    /// Which files count, for a walk: as this file says, and without what `exclude` holds, relative to `here`.
    pub fn choose(&self, exclude: &[Exclude], here: &Path) -> Choose {
        let whole =
            |folder: &Path| fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let mut choose = Choose::default();
        if let Some(folder) = self.folder().and_then(|folder| whole(folder).ok()) {
            let rooted = |pattern: &Exclude| Rooted { folder: folder.clone(), pattern: pattern.clone() };
            choose.exclude.extend(self.exclude.values().map(rooted));
            let rooted = |pattern: &Layout| Rooted { folder: folder.clone(), pattern: pattern.clone() };
            choose.layouts.extend(self.fabric.layout.values().map(rooted));
        }
        if let Ok(folder) = whole(here) {
            choose.exclude.extend(exclude.iter().map(|own| Rooted { folder: folder.clone(), pattern: own.clone() }));
        }
        choose
    }

    /// How severe findings are: for all nodes first, and then for some, in order.
    pub fn levels(&self) -> Vec<Level> {
        let all = (!self.severity.is_empty()).then(|| self.severity.level());
        all.into_iter().chain(self.r#override.iter().map(Override::level)).collect()
    }

    fn entries(&self) -> Entries<'_> {
        let Self { host, link, switch, expect, .. } = self;
        Entries { host, link, switch, expect }
    }

    /// What the file says of all nodes. Where it allows leaks, or tells what stands around the nodes, it becomes one of the
    /// sources, so that rules can point at it.
    pub fn options(&self, sources: &mut Sources) -> Options {
        let completeness = match self.fabric.complete {
            Some(true) => Completeness::Complete,
            Some(false) => Completeness::Partial,
            None => Completeness::Inferred,
        };
        let frr_version = self.fabric.frr_version.clone();
        let mut options = Options { frr_version, completeness, ..Options::default() };
        let tells = !self.ignore.is_empty()
            || !self.allow_leak.is_empty()
            || !self.entries().is_empty()
            || !self.fabric.nodes.is_empty();
        if let Some(file) = self.file.as_ref().filter(|_| tells) {
            let file = sources.add(file.clone());
            options.nodes = self.fabric.nodes.iter().map(|name| expected(name, file)).collect();
            options.allowed_leaks = self.allow_leak.iter().map(|allow| allowed(allow, file)).collect();
            options.ignores.entries = self.ignore.iter().map(|entry| ignore::lower(entry, file)).collect();
            options.surroundings = self.entries().told(file);
        }
        options
    }
}

/// The text of a file.
///
/// # Errors
///
/// If it cannot be read.
pub fn text(path: &Path) -> Result<String, Error> {
    let bytes = reader::bytes(path, MOST_BYTES).map_err(|why| reader::Error { path: path.into(), why })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An error at a place of the text, in the form that those of the parser have.
fn pointed(text: &str, at: &Range<usize>, why: &str) -> String {
    let before = &text[..floor(text, at.start)];
    let (number, start) = (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |end| end + 1));
    let line = text[start..].lines().next().unwrap_or("");
    let column = before.len() - start;
    let (margin, width) =
        (" ".repeat(number.to_string().len()), at.len().min(line.len().saturating_sub(column)).max(1));
    let (indent, carets) = (" ".repeat(column), "^".repeat(width));
    format!(
        "TOML parse error at line {number}, column {}\n{margin} |\n{number} | {line}\n{margin} | {indent}{carets}\n{why}\n",
        column + 1
    )
}

/// The entry, with its place.
fn allowed(allow: &Spanned<Allow>, file: FileId) -> AllowLeak {
    let (Allow { from, to, both, reason }, span) = (allow.as_ref(), allow.span());
    AllowLeak {
        from: Pattern(from.clone()),
        to: Pattern(to.clone()),
        both: *both,
        reason: printable(reason.as_bytes()).0,
        span: Some(Span { file, start: span.start as u32, end: span.end as u32 }),
    }
}

/// The name of a node, with its place.
fn expected(name: &Spanned<String>, file: FileId) -> Sourced<String> {
    let span = name.span();
    let span = Span { file, start: span.start as u32, end: span.end as u32 };
    Sourced::written(printable(name.as_ref().as_bytes()).0, span)
}

/// The folder that all inputs are in.
pub fn shared(inputs: &[PathBuf]) -> Option<PathBuf> {
    let folder = |input: &PathBuf| {
        let whole = fs::canonicalize(input).ok()?;
        if whole.is_dir() { Some(whole) } else { whole.parent().map(Path::to_owned) }
    };
    let mut folders = inputs.iter().filter_map(folder);
    let mut shared = folders.next()?;
    for other in folders {
        while !other.starts_with(&shared) {
            shared.pop();
        }
    }
    Some(shared)
}

/// The file that counts for these inputs.
fn place(inputs: &[PathBuf]) -> Option<PathBuf> {
    let shared = shared(inputs)?;
    let owner = Owner::of(&shared)?;
    for folder in shared.ancestors() {
        if Owner::of(folder) != Some(owner) {
            return None;
        }
        let file = folder.join(NAME);
        if file.symlink_metadata().is_ok_and(|meta| !meta.is_dir()) && owner.trusts(&file) {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// The file system that something is on, and the user whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    device: u64,
    user: u32,
}

impl Owner {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let meta = path.symlink_metadata().ok()?;
        Some(Self { device: meta.dev(), user: meta.uid() })
    }

    #[cfg(not(unix))]
    fn of(path: &Path) -> Option<Self> {
        path.symlink_metadata().is_ok().then_some(Self { device: 0, user: 0 })
    }

    /// Whether a file in a folder of this owner is that owner's, or of root: in a folder where everybody may write, another
    /// user could have put it.
    fn trusts(self, file: &Path) -> bool {
        Self::of(file).is_some_and(|owner| owner.user == self.user || owner.user == 0)
    }
}

fn version<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Version>, D::Error> {
    let text = String::deserialize(from)?;
    match Version::parse(&text) {
        Some(version) => Ok(Some(version)),
        None => Err(D::Error::custom(format!("{text:?} is not a version of FRR, like \"10.3\""))),
    }
}

fn words<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.trim().is_empty() { Err(D::Error::custom("something must be written here")) } else { Ok(text) }
}

fn path<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    words(from).map(|text| Some(text.into()))
}

fn choices<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Choice>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    words.iter().map(|word| word.parse().map_err(D::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(Path::new(NAME), text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let config =
            parse("[fabric]\ncomplete = true\nfrr-version = \"10.3\"\n[lint]\nignore = [\"style\"]\n").unwrap();
        assert_eq!(config.options(&mut Sources::default()).completeness, Completeness::Complete);
        assert!(config.fabric.frr_version.is_some_and(|version| version.at_least(10, 3)));
        for (text, why) in [
            ("[fabric]\nfrr-versoin = \"10.3\"\n", "frr-versoin"),
            ("[fabric]\nfrr-version = \"ten\"\n", "is not a version of FRR"),
            ("[[allow-leak]]\nfrom = \"red\"\nto = \"blue\"\n", "missing field `reason`"),
            ("[[allow-leak]]\nfrom = \"red\"\nto = \"\"\nreason = \"x\"\n", "must be written"),
            ("[[ignore]]\nrule = \"asn-mismatch\"\nnode = \"leaf1\"\n", "missing field `reason`"),
            ("[[ignore]]\nrule = \"asn-mismatch\"\nreason = \"x\"\n", "wants a `node`"),
            ("[[ignore]]\nrule = \"a\"\nnode = \"b\"\nreason = \"x\"\nuntil = \"soon\"\n", "not a day"),
            ("[[ignore]]\nrule = \"a\"\nnode = \"b\"\nreason = \"x\"\nuntil = 3\n", "not a day"),
            ("[severity]\nasn-mismatch = \"off\"\n", "turned off by `ignore`"),
            ("[severity]\nasn-mismatch = \"loud\"\n", "is no severity"),
            ("[severity]\nasn-mismatsh = \"info\"\n", "did you mean"),
            ("[[override]]\nseverity = { all = \"info\" }\n", "wants a `node` or a `path`"),
            ("[lint]\nignore = [\"mtu-overlay-exceed-underlay\"]\n", "did you mean"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why) && error.contains('^'), "{error}");
        }
    }
}
