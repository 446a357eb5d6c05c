//! The walk: which files there are below a path, and what is there and cannot be read.

use super::{
    bundle,
    choose::{self, Choose},
    found::{Discovery, Error, Found, Part},
    manifest,
    place::{Meant, meant, original, place, sniff},
};
use evpnlint_core::{
    lang,
    source::{Printable, Unread, printable, reader},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// How deep below a path that was named files are looked for, in folders: twice what a repository of sites, racks and
/// nodes needs.
const MOST_DEPTH: usize = 64;

/// How many files and folders below one path are looked at.
const MOST_ENTRIES: usize = 1_000_000;

/// How many bytes of a file say what it is.
const HEAD: usize = 1 << 16;

/// Folders of `etc` whose place on a node is known, the deepest first.
const FOLDERS: [&str; 13] = [
    "etc/network/interfaces.d",
    "etc/pve/qemu-server",
    "etc/pve/nodes",
    "etc/pve/lxc",
    "etc/pve/sdn",
    "etc/network",
    "etc/quagga",
    "etc/wireguard",
    "etc/sysctl.d",
    "etc/ptm.d",
    "etc/frr",
    "etc/pve",
    "etc",
];

/// A file that may be read: where it is, how to show it, which part of it is meant, and why it is not read.
struct Candidate {
    disk: PathBuf,
    shown: Printable,
    part: Option<Part>,
    is_named: bool,
    unread: Option<Unread>,
}

/// What the walk has come across.
pub(super) struct Candidates<'c> {
    /// What the user says of the files.
    choose: &'c Choose,
    /// Every path that was taken, its folders resolved but not its own link: a file that two nodes share by a link
    /// belongs to both.
    seen: BTreeSet<PathBuf>,
    /// By root and place.
    files: BTreeMap<(String, String), Candidate>,
    /// Folders and reports that are not read, each with the place that its name says, if any.
    left_out: Vec<(Candidate, String)>,
    doubles: Vec<(Printable, Printable)>,
    /// Files and folders that the user leaves out.
    excluded: Vec<Printable>,
    /// Files whose names nobody reads, each with the place for which its name and text are meant.
    misnamed: Vec<(Candidate, String, String)>,
    /// The real path of each folder whose files were taken.
    real: BTreeMap<PathBuf, PathBuf>,
}

impl<'c> Candidates<'c> {
    pub(super) fn new(choose: &'c Choose) -> Self {
        Self {
            choose,
            seen: BTreeSet::new(),
            files: BTreeMap::new(),
            left_out: vec![],
            doubles: vec![],
            excluded: vec![],
            misnamed: vec![],
            real: BTreeMap::new(),
        }
    }

    /// Takes what lies below a folder that was named.
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub(super) fn walk(&mut self, root: &Path) -> Result<(), Error> {
        let error = |why| Error::Unread(reader::Error { path: root.into(), why });
        let inside = root.canonicalize().map_err(|cause| error(Unread::from(&cause)))?;
        let prefix = prefix(root);
        let logical = |path: &Path| match (prefix, path.strip_prefix(root)) {
            (Some(prefix), Ok(rest)) => format!("{prefix}/{}", Printable::from(rest)),
            _ => Printable::from(path).into(),
        };
        let (choose, excluded) = (self.choose, RefCell::new(vec![]));
        let is_left_out = |entry: &DirEntry| {
            let is_left_out = entry.path().strip_prefix(root).is_ok_and(|rest| choose.leaves_out(&inside, rest));
            if is_left_out {
                excluded.borrow_mut().push(Printable::from(entry.path()));
            }
            is_left_out
        };
        let is_entered = |entry: &DirEntry| !entry.file_type().is_dir() || is_worth_entering(&logical(entry.path()));
        let walk = WalkDir::new(root)
            .max_depth(MOST_DEPTH)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || is_entered(entry) && !is_left_out(entry));
        for (count, entry) in walk.enumerate() {
            if count == MOST_ENTRIES {
                self.leave_out(root, Unread::TooMany { most: MOST_ENTRIES });
                break;
            }
            match entry {
                Ok(entry) if entry.depth() == 1 && entry.file_name() == manifest::NAME => self.take_manifest(root),
                Ok(entry) if entry.depth() > 0 && !self.take_by_layout(&entry, root, &inside) => {
                    self.take(&entry, &inside, &logical(entry.path()));
                }
                Ok(_) => {}
                Err(cause) => {
                    let why = cause.io_error().map_or(Unread::Special, Unread::from);
                    match cause.path() {
                        Some(path) if cause.depth() > 0 => self.leave_out(path, why),
                        _ => return Err(error(why)),
                    }
                }
            }
        }
        self.excluded.append(&mut excluded.into_inner());
        Ok(())
    }

    /// Takes a file that a layout names. Says whether it is one.
    fn take_by_layout(&mut self, entry: &DirEntry, root: &Path, inside: &Path) -> bool {
        let path = entry.path();
        let Ok(rest) = path.strip_prefix(root) else { return false };
        let Some(node) = self.choose.root(inside, rest, path).filter(|_| entry.file_type().is_file()) else {
            return false;
        };
        let (inner, unread) = match head(path).map(|head| choose::inner(&head, path)) {
            Ok(Some(inner)) => (inner, None),
            Ok(None) => ("etc/frr/frr.conf", Some(Unread::Foreign)),
            Err(why) => ("etc/frr/frr.conf", Some(why)),
        };
        self.add(path, node, inner.to_owned(), unread);
        true
    }

    fn take(&mut self, entry: &DirEntry, inside: &Path, logical: &str) {
        let (path, kind, place) = (entry.path(), entry.file_type(), place(logical));
        if entry.path_is_symlink() {
            return match (path.canonicalize(), place) {
                // So a file of parameters is switched off (sysctl.d(5)).
                (Ok(target), Some((root, inner))) if target == Path::new(NOTHING) && is_beside(&inner) => {
                    let part = Some(Part { bytes: 0..0, line: 0 });
                    if self.is_new(path) {
                        self.put(root, inner, Candidate { part, ..Candidate::of(path) });
                    }
                }
                (Ok(target), Some((root, inner))) if target.is_file() => {
                    let why = (!target.starts_with(inside)).then_some(Unread::Outside);
                    self.add(path, root, inner, why);
                }
                (Ok(target), _) if target.is_dir() && holds_nodes(path) => {
                    // What a link to a folder around it holds is walked anyway.
                    let is_around = |folder: PathBuf| folder.starts_with(&target);
                    if !path.parent().and_then(|folder| folder.canonicalize().ok()).is_some_and(is_around) {
                        self.leave_out(path, Unread::LinkedFolder);
                    }
                }
                (Ok(_), Some((root, inner))) => self.add(path, root, inner, Some(Unread::LinkedSpecial)),
                (Err(cause), Some((root, inner))) => {
                    let why = Some(Unread::from(&cause)).filter(|why| *why == Unread::Denied);
                    self.add(path, root, inner, Some(why.unwrap_or(Unread::Dangling)));
                }
                (_, None) => {}
            };
        }
        if kind.is_dir() && entry.depth() == MOST_DEPTH {
            return self.leave_out(path, Unread::TooDeep { most: MOST_DEPTH });
        }
        let is_of = |inner: &str| {
            let language = |inner: &str| lang::of(inner).map(|own| own.id());
            head(path).is_ok_and(|head| sniff(&head).is_some_and(|place| language(place) == language(inner)))
        };
        if let Some(Meant { root, inner, is_layout }) = meant(logical).filter(|own| kind.is_file() && is_of(&own.inner))
        {
            let unread = (!is_layout).then_some(Unread::Misnamed);
            self.misnamed.push((Candidate { unread, ..Candidate::of(path) }, root, inner));
        } else if let Some((root, inner)) = place {
            if kind.is_file() {
                self.add(path, root, inner, None);
            } else if !kind.is_dir() {
                self.add(path, root, inner, Some(Unread::Special));
            } else if path.extension().is_some_and(|end| end == "conf" || end == "cfg")
                || logical.ends_with("etc/network/interfaces")
            {
                self.add(path, root, inner, Some(Unread::Folder));
            }
        } else if kind.is_file() && bundle::is_named_like_one(logical) {
            match self.take_bundle(path, logical, false) {
                Ok(_) => {}
                Err(why) => self.leave_out(path, why),
            }
        }
    }

    /// What the manifest of a collection says of files that are not there.
    fn take_manifest(&mut self, root: &Path) {
        for path in manifest::missing(root) {
            match place(&Printable::from(path.as_path())) {
                Some((node, inner)) => self.add(&path, node, inner, Some(Unread::NotGathered)),
                None => self.leave_out(&path, Unread::NotGathered),
            }
        }
    }

    /// Adds those of the misnamed files that stand for nothing that is there under its own name.
    fn add_misnamed(&mut self) {
        let language = |inner: &str| lang::of(inner).map(|language| language.id());
        for (candidate, root, inner) in std::mem::take(&mut self.misnamed) {
            // FRR reads one file for all daemons, or one for each.
            let is_frr = inner.starts_with("etc/frr/");
            let stands =
                |own: &str| own == inner || is_frr && language(own) == language(&inner) && !own.ends_with("/daemons");
            let is_there = self.files.keys().any(|(own, place)| *own == root && stands(place));
            match place(&candidate.shown) {
                _ if !is_there => self.put(root, inner, candidate),
                // A `source` line may name it.
                Some((root, inner)) => self.add(&candidate.disk, root, inner, None),
                None => {}
            }
        }
    }

    /// A file that was named: if its name says nothing, its first lines do, and its own name is the node's. A copy that
    /// was named is read as what it is a copy of: so `interfaces.new` can be checked before it is put in place.
    ///
    /// # Errors
    /// When it cannot be read, or is in no known language.
    pub(super) fn take_named(&mut self, path: &Path) -> Result<(), Error> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = Printable::from(path.file_name().unwrap_or_default());
        let folder = prefix(folder).map_or_else(|| Printable::from(folder).into(), str::to_owned);
        let by_name = |name: &str| place(&format!("{folder}/{name}"));
        if let Some((root, inner)) = by_name(&name).or_else(|| by_name(original(&name)?)) {
            self.add_named(path, root, inner);
            return Ok(());
        }
        let error = |why| Error::Unread(reader::Error { path: path.into(), why });
        if self.take_bundle(path, &format!("{folder}/{name}"), true).map_err(error)? {
            return Ok(());
        }
        let Some(inner) = sniff(&head(path).map_err(error)?) else {
            return Err(Error::Unrecognised { path: path.into() });
        };
        let node = path.file_stem().map(|stem| Printable::from(stem).into()).unwrap_or_default();
        self.add_named(path, node, inner.to_owned());
        Ok(())
    }

    /// The files in a report; `logical` is its path as on its node. Says whether it is one.
    ///
    /// # Errors
    /// When it cannot be read.
    fn take_bundle(&mut self, path: &Path, logical: &str, is_named: bool) -> Result<bool, Unread> {
        if !bundle::is_one(&head(path)?) {
            return Ok(false);
        }
        if !self.is_new(path) {
            return Ok(true);
        }
        let text = printable(&reader::bytes(path, reader::MOST_BYTES_OF_FILE)?).0;
        let bundle = bundle::read(&text);
        let (folder, name) = logical.rsplit_once('/').unwrap_or((".", logical));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let node = bundle.hostname.unwrap_or(stem);
        let (mut at, mut line) = (0, 0);
        let mut parts = bundle.parts;
        parts.sort_by_key(|(_, bytes)| bytes.start);
        for (mark, bytes) in parts {
            line += text[at..bytes.start].matches('\n').count() as u32;
            at = bytes.start;
            match place(&format!("{folder}/{node}{mark}")) {
                Some((root, inner)) if mark[1..] == *inner => {
                    let part = Some(Part { bytes, line });
                    self.put(root, inner, Candidate { part, is_named, ..Candidate::of(path) });
                }
                _ => {}
            }
        }
        if !bundle.beyond.is_empty() {
            self.leave_out(path, Unread::TooManyParts);
        }
        Ok(true)
    }

    fn add(&mut self, disk: &Path, root: String, inner: String, unread: Option<Unread>) {
        if self.is_new(disk) {
            self.put(root, inner, Candidate { unread, ..Candidate::of(disk) });
        }
    }

    fn add_named(&mut self, disk: &Path, root: String, inner: String) {
        if self.is_new(disk) {
            self.put(root, inner, Candidate { is_named: true, ..Candidate::of(disk) });
        }
    }

    /// Notes something that belongs to no place of a node, and is not read.
    fn leave_out(&mut self, path: &Path, why: Unread) {
        let place = if holds_nodes(path) {
            Printable::from(path.file_name().unwrap_or_default()).into()
        } else {
            String::new()
        };
        self.left_out.push((Candidate { unread: Some(why), ..Candidate::of(path) }, place));
    }

    /// Whether a file was not taken before.
    fn is_new(&mut self, disk: &Path) -> bool {
        let folder = disk.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let real = match self.real.get(folder) {
            Some(real) => real,
            None => {
                let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
                self.real.entry(folder.to_owned()).or_insert(real)
            }
        };
        self.seen.insert(real.join(disk.file_name().unwrap_or_default()))
    }

    fn put(&mut self, root: String, inner: String, candidate: Candidate) {
        match self.files.entry((root, inner)) {
            Entry::Vacant(free) => {
                free.insert(candidate);
            }
            Entry::Occupied(taken) => self.doubles.push((candidate.shown, taken.get().shown.clone())),
        }
    }

    /// All that was found, each file with the name of its node.
    pub(super) fn finish(mut self) -> Discovery {
        self.add_misnamed();
        let is_of_node = |inner: &str| lang::of(inner).is_none_or(|language| !language.is_of_cables());
        let files = self.files.keys().filter(|(_, inner)| is_of_node(inner) && !is_beside(inner));
        let roots: BTreeSet<String> = files.map(|(root, _)| root.clone()).collect();
        self.files.retain(|(root, inner), _| !is_beside(inner) || roots.contains(root));
        let roots: BTreeSet<&str> = roots.iter().map(String::as_str).collect();
        let names = node_names(&roots);
        let files = self.files.iter().map(|((root, inner), candidate)| {
            let node = names.get(root.as_str()).cloned().unwrap_or_default();
            candidate.found(node, inner.clone())
        });
        let folders = self.left_out.iter().map(|(candidate, place)| candidate.found(String::new(), place.clone()));
        Discovery { found: files.chain(folders).collect(), doubles: self.doubles, excluded: self.excluded }
    }
}

impl Candidate {
    fn of(disk: &Path) -> Self {
        Self { disk: disk.to_owned(), shown: disk.into(), part: None, is_named: false, unread: None }
    }

    fn found(&self, node: String, inner: String) -> Found {
        let Self { disk, shown, part, is_named, unread } = self;
        let (disk, path, part) = (disk.clone(), shown.clone(), part.clone());
        Found { disk, path, node, language: lang::of(&inner), inner, part, is_named: *is_named, unread: *unread }
    }
}

/// What a link leads to where nothing is meant to be.
const NOTHING: &str = "/dev/null";

/// Whether a file that stands there only says more of a node that others describe.
fn is_beside(inner: &str) -> bool {
    lang::of(inner).is_some_and(|language| language.is_beside_others())
}

/// A node is named by the last folder of its root, and by as many before it as tell it from the others.
fn node_names(roots: &BTreeSet<&str>) -> BTreeMap<String, String> {
    fn tail(root: &str, folders: usize) -> &str {
        root.rmatch_indices('/').nth(folders - 1).map_or(root, |(at, _)| &root[at + 1..])
    }
    let (mut names, mut left) = (BTreeMap::new(), roots.clone());
    for folders in 1.. {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for root in &left {
            *count.entry(tail(root, folders)).or_default() += 1;
        }
        left.retain(|root| {
            let name = tail(root, folders);
            if count[name] > 1 {
                return true;
            }
            // `..` names nobody; the node's own files will.
            let name = if name == ".." && !roots.contains("") { "" } else { name };
            names.insert((*root).to_owned(), name.to_owned());
            false
        });
        if left.is_empty() {
            break;
        }
    }
    names
}

/// Where a folder stands on its node, when the path to it as it was given does not tell: `.` in `/etc`, `sdn` in
/// `/etc/pve`.
fn prefix(folder: &Path) -> Option<&'static str> {
    let real = folder.canonicalize().ok()?;
    let known = FOLDERS.into_iter().find(|known| real.ends_with(known))?;
    (!folder.ends_with(known)).then_some(known)
}

/// Whether a folder's name or contents say that configuration is below it.
fn holds_nodes(folder: &Path) -> bool {
    const NAMES: [&str; 7] = ["etc", "frr", "quagga", "network", "sdn", "interfaces.d", "frr.conf"];
    folder.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known))
        || NAMES.iter().any(|known| folder.join(known).exists())
}

/// Keeps the walk out of places that hold no configuration, or that are none of our business: in an `etc`, only the
/// folders that we know; in Proxmox's store, only `sdn` and guests.
fn is_worth_entering(folder: &str) -> bool {
    let mut parts = folder.rsplit('/');
    let (name, parent, above) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    let holds_guests = matches!(name, "qemu-server" | "lxc");
    match (parent, above) {
        (Some("local"), Some("pve")) => holds_guests,
        (Some(_), Some("nodes")) if parts.next() == Some("pve") && parts.next() == Some("etc") => holds_guests,
        (Some("etc"), _) => {
            matches!(name, "frr" | "quagga" | "network" | "ptm.d" | "pve" | "sysctl.d" | "wireguard")
        }
        (Some("pve"), Some("etc")) => holds_guests || matches!(name, "sdn" | "nodes" | "local"),
        (Some("network"), _) if name.starts_with("if-") || name == "run" => false,
        _ => !name.starts_with('.') && name != "target" && name != "node_modules",
    }
}

/// The first lines of a file.
fn head(path: &Path) -> Result<String, Unread> {
    reader::range(path, 0..HEAD).map(|head| printable(&head).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_store_only_what_is_read_is_entered() {
        let store = |path| is_worth_entering(&format!("n/etc/pve/{path}"));
        for path in ["sdn", "nodes", "nodes/pve1", "nodes/pve/qemu-server", "nodes/pve1/lxc", "local/lxc", "lxc"] {
            assert!(store(path), "{path}");
        }
        for path in ["priv", "nodes/pve1/priv", "nodes/pve/ssl", "local/priv", "firewall", "ha"] {
            assert!(!store(path), "{path}");
        }
        assert!(is_worth_entering("nodes/pve/etc") && is_worth_entering("nodes/pve/frr"));
    }
}
