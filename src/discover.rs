//! Which files, of which node, in which language. The only module that walks.
//!
//! A node's root is whatever stands before `etc/frr`, `etc/network` or `etc/pve` in a path (`etc` may be missing), else
//! the folder of a file whose name is known. Links are followed to files inside the input, never to folders and never
//! out of it; a file that was named is read wherever it leads. What has a known name and is not read is told, with why.
//! A report that Proxmox's `pvereport` printed holds many files of one node, and is read as those (`bundle.rs`).

use evpnlint_core::{
    lang::{self, Language},
    source::{self, File, Sources, one_line, printable},
};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    io::{self, Read as _},
    ops::Range,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

mod bundle;

/// Names a node, but says nothing of what it does.
const HOSTNAME: &str = "etc/hostname";

/// Folders of `etc` whose place on a node is known, the deepest first.
const FOLDERS: [&str; 10] = [
    "etc/network/interfaces.d",
    "etc/pve/qemu-server",
    "etc/pve/nodes",
    "etc/pve/lxc",
    "etc/pve/sdn",
    "etc/network",
    "etc/quagga",
    "etc/frr",
    "etc/pve",
    "etc",
];

/// A file that will be read.
pub struct Found {
    /// Where it is.
    pub disk: PathBuf,
    /// How to show it.
    pub path: String,
    /// The node it belongs to; empty where only its contents can say.
    pub node: String,
    /// Where it stands on its node.
    pub inner: String,
    /// Its language.
    pub language: &'static dyn Language,
    /// Where in the file on disk it stands, in bytes; `None` for all of it.
    pub part: Option<Range<usize>>,
}

/// What a walk gave.
#[derive(Default)]
pub struct Discovery {
    /// The files, by node and place.
    pub found: Vec<Found>,
    /// What was left out although its name is known, and why.
    pub skipped: Vec<(String, String)>,
}

/// evpnlint could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was named does not exist.
    #[error("{path} does not exist")]
    Missing {
        /// The path, made printable.
        path: String,
    },
    /// A path that was named is a link to nothing.
    #[error("{path} is a link that leads nowhere")]
    Dangling {
        /// The path, made printable.
        path: String,
    },
    /// A path that was named is a pipe, a socket or a device.
    #[error("{path} is neither a file nor a folder")]
    Special {
        /// The path, made printable.
        path: String,
    },
    /// A file or folder could not be read.
    #[error("cannot read {path}")]
    Walk {
        /// The path, made printable.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file that was named is in no known language.
    #[error("{path} is neither FRR's configuration nor /etc/network/interfaces nor Proxmox SDN's")]
    Unrecognised {
        /// The path, made printable.
        path: String,
    },
    /// Nothing at all to read: never a silent success.
    #[error("found nothing to read in {paths}: no frr.conf, no etc/network/interfaces, no pve/sdn/*.cfg")]
    Nothing {
        /// The paths that were searched.
        paths: String,
        /// What was left out although its name is known, and why.
        skipped: Vec<(String, String)>,
    },
    /// A file could not be read.
    #[error(transparent)]
    Source(#[from] source::Error),
}

/// Finds the files below the given paths.
///
/// # Errors
/// When a path does not exist, cannot be walked or is in no known language, and when there is nothing to read at all.
pub fn find(paths: &[PathBuf]) -> Result<Discovery, Error> {
    let mut candidates = Candidates::default();
    for path in paths {
        let shown = show(path);
        match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
                return Err(Error::Dangling { path: shown });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::Missing { path: shown }),
            Err(source) => return Err(Error::Walk { path: shown, source }),
            Ok(meta) if meta.is_dir() => candidates.walk(path)?,
            Ok(meta) if meta.is_file() => candidates.take_named(path, shown)?,
            // Reading a pipe could wait for ever.
            Ok(_) => return Err(Error::Special { path: shown }),
        }
    }
    let discovery = candidates.finish();
    if discovery.found.iter().all(|found| found.inner == HOSTNAME) {
        let paths = paths.iter().map(|path| show(path)).collect::<Vec<_>>().join(", ");
        return Err(Error::Nothing { paths, skipped: discovery.skipped });
    }
    Ok(discovery)
}

/// Reads what was found, side by side; the order is that of [`Discovery::found`].
///
/// # Errors
/// When a file cannot be read.
pub fn load(discovery: &Discovery) -> Result<Sources, Error> {
    let files: Vec<Result<File, source::Error>> = discovery
        .found
        .par_iter()
        .map(|found| {
            let mut file = Sources::read(&found.disk, &found.path, &found.node, &found.inner)?;
            file.language = Some(found.language.id());
            Ok(match &found.part {
                Some(part) => file.part(part.clone()),
                None => file,
            })
        })
        .collect();
    let mut sources = Sources::default();
    for file in files {
        sources.add(file?);
    }
    Ok(sources)
}

/// Splits a path into a node's root and the place on that node, if its name is known.
pub fn place(path: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = path
        .split('/')
        .enumerate()
        .filter(|(at, part)| *part != "." && (*at == 0 || !part.is_empty()))
        .map(|(_, part)| part)
        .collect();
    let file = *parts.last()?;
    if is_backup(file) {
        return None;
    }
    for at in (0..parts.len().saturating_sub(1)).rev() {
        let inside = &parts[at + 1..];
        let fits = match parts[at] {
            "frr" | "quagga" => inside.len() == 1,
            "network" => inside[0] == "interfaces" || inside[0] == "interfaces.d" || parts[..at].last() == Some(&"etc"),
            // A node may itself be called pve.
            "pve" if parts[..at].ends_with(&["pve", "nodes"]) => false,
            "pve" => {
                matches!(inside[0], "sdn" | "nodes" | "local" | "qemu-server" | "lxc") || inside == ["corosync.conf"]
            }
            "etc" => inside == ["hostname"],
            "var" => inside.starts_with(&["lib", "ifupdown2", "policy.d"]),
            _ => false,
        };
        if fits {
            let root = &parts[..at];
            let root = if root.last() == Some(&"etc") { &root[..root.len() - 1] } else { root };
            let own = parts[at..].join("/");
            let inner = if matches!(parts[at], "etc" | "var") { own } else { format!("etc/{own}") };
            return lang::of(&inner).map(|_| (root.join("/"), inner));
        }
    }
    Some((parts[..parts.len() - 1].join("/"), lang::place(file)?))
}

/// How the names of copies end, which no daemon reads: `frr.conf.sav`, `interfaces.new`, `x~`.
const COPIES: [&str; 10] = ["~", ".bak", ".orig", ".sav", ".save", ".new", ".old", ".swp", ".tmp", ".rej"];

/// Whether a file name is that of a copy.
fn is_backup(name: &str) -> bool {
    name != ".running-config" && name.starts_with(['.', '#']) || original(name).is_some()
}

/// What a copy is a copy of.
fn original(name: &str) -> Option<&str> {
    let package = [".dpkg-", ".ucf-"].iter().find_map(|mark| name.find(mark).map(|at| &name[..at]));
    package.or_else(|| COPIES.iter().find_map(|end| name.strip_suffix(end)))
}

/// A file that may be read: where it is, how to show it, and which part of it is meant.
struct Candidate {
    disk: PathBuf,
    shown: String,
    part: Option<Range<usize>>,
}

#[derive(Default)]
struct Candidates {
    /// Every path that was taken, its folders resolved but not its own link: a file that two nodes share by a link
    /// belongs to both.
    seen: BTreeSet<PathBuf>,
    /// By root and place.
    files: BTreeMap<(String, String), Candidate>,
    skipped: Vec<(String, String)>,
}

impl Candidates {
    fn walk(&mut self, root: &Path) -> Result<(), Error> {
        let inside = root.canonicalize().map_err(|source| Error::Walk { path: show(root), source })?;
        let prefix = prefix(root);
        let logical = |path: &Path| match (prefix, path.strip_prefix(root)) {
            (Some(prefix), Ok(rest)) => format!("{prefix}/{}", show(rest)),
            _ => show(path),
        };
        let walk = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
            entry.depth() == 0 || !entry.file_type().is_dir() || is_worth_entering(&logical(entry.path()))
        });
        for entry in walk {
            let entry = entry.map_err(|error| Error::Walk {
                path: error.path().map_or_else(|| show(root), show),
                // Its own words hold the path as it is.
                source: error
                    .into_io_error()
                    .unwrap_or_else(|| io::Error::other("a link leads back to its own folder")),
            })?;
            let (path, shown) = (entry.path(), show(entry.path()));
            let place = place(&logical(path));
            let mut skip = |why: &str| self.skipped.push((shown.clone(), why.to_owned()));
            if entry.depth() == 0 {
                continue;
            } else if entry.path_is_symlink() {
                match (path.canonicalize(), place) {
                    (Ok(target), Some((root, inner))) if target.is_file() && target.starts_with(&inside) => {
                        self.add(path, shown, root, inner);
                    }
                    (Ok(target), Some(_)) if target.is_file() => {
                        skip("it is a link out of the input; name it to read it")
                    }
                    (Ok(target), _) if target.is_dir() && holds_nodes(path) => {
                        skip("it is a link to a folder, which is not followed");
                    }
                    (Ok(_), Some(_)) => skip("it is a link to something that is no file"),
                    (Err(_), Some(_)) => skip("it is a link that leads nowhere"),
                    (_, None) => {}
                }
            } else if let Some((root, inner)) = place {
                if entry.file_type().is_file() {
                    self.add(path, shown, root, inner);
                } else if !entry.file_type().is_dir() {
                    skip("it is neither a file nor a folder");
                } else if path.extension().is_some_and(|end| end == "conf" || end == "cfg") {
                    skip("it is a folder");
                }
            } else if entry.file_type().is_file() && bundle::is_named_like_one(&shown) {
                self.take_bundle(path, shown, &logical(path))?;
            }
        }
        Ok(())
    }

    /// A file that was named: if its name says nothing, its first lines do, and its own name is the node's. A copy that
    /// was named is read as what it is a copy of: so `interfaces.new` can be checked before it is put in place.
    fn take_named(&mut self, path: &Path, shown: String) -> Result<(), Error> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = show(Path::new(path.file_name().unwrap_or_default()));
        let folder = prefix(folder).map_or_else(|| show(folder), str::to_owned);
        let by_name = |name: &str| place(&format!("{folder}/{name}"));
        if let Some((root, inner)) = by_name(&name).or_else(|| by_name(original(&name)?)) {
            self.add(path, shown, root, inner);
            return Ok(());
        }
        if self.take_bundle(path, shown.clone(), &format!("{folder}/{name}"))? {
            return Ok(());
        }
        let inner = sniff(path).map_err(|source| Error::Walk { path: shown.clone(), source })?;
        let Some(inner) = inner else { return Err(Error::Unrecognised { path: shown }) };
        let node = path.file_stem().map(|stem| show(Path::new(stem))).unwrap_or_default();
        self.add(path, shown, node, inner.to_owned());
        Ok(())
    }

    /// The files in a report; `logical` is its path as on its node. Says whether it is one.
    fn take_bundle(&mut self, path: &Path, shown: String, logical: &str) -> Result<bool, Error> {
        let head = head(path).map_err(|source| Error::Walk { path: shown.clone(), source })?;
        if !bundle::is_one(&head) {
            return Ok(false);
        }
        if self.is_new(path) {
            let file = Sources::read(path, &shown, "", "")?;
            let bundle = bundle::read(&file.text);
            let (folder, name) = logical.rsplit_once('/').unwrap_or((".", logical));
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let node = bundle.hostname.unwrap_or(stem);
            for (mark, part) in bundle.parts {
                match place(&format!("{folder}/{node}{mark}")) {
                    Some((root, inner)) if mark[1..] == *inner => {
                        self.put(path, shown.clone(), root, inner, Some(part));
                    }
                    _ => {}
                }
            }
            let why = "the report holds more than is read of one";
            self.skipped.extend(bundle.beyond.into_iter().map(|mark| (format!("{mark} in {shown}"), why.to_owned())));
        }
        Ok(true)
    }

    fn add(&mut self, disk: &Path, shown: String, root: String, inner: String) {
        if self.is_new(disk) {
            self.put(disk, shown, root, inner, None);
        }
    }

    /// Whether a file was not taken before.
    fn is_new(&mut self, disk: &Path) -> bool {
        let folder = disk.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        self.seen.insert(folder.join(disk.file_name().unwrap_or_default()))
    }

    fn put(&mut self, disk: &Path, shown: String, root: String, inner: String, part: Option<Range<usize>>) {
        match self.files.entry((root, inner)) {
            Entry::Vacant(free) => {
                free.insert(Candidate { disk: disk.to_owned(), shown, part });
            }
            Entry::Occupied(taken) => {
                let why = format!("{} was already read as that file of that node", taken.get().shown);
                let shown = if part.is_some() { format!("{} in {shown}", taken.key().1) } else { shown };
                self.skipped.push((shown, why));
            }
        }
    }

    fn finish(self) -> Discovery {
        let roots: BTreeSet<&str> = self.files.keys().map(|(root, _)| root.as_str()).collect();
        let names = node_names(&roots);
        let found = self
            .files
            .iter()
            .filter_map(|((root, inner), Candidate { disk, shown, part })| {
                let language = lang::of(inner)?;
                let node = names.get(root.as_str()).cloned().unwrap_or_default();
                let (disk, path, part) = (disk.clone(), shown.clone(), part.clone());
                Some(Found { disk, path, node, inner: inner.clone(), language, part })
            })
            .collect();
        Discovery { found, skipped: self.skipped }
    }
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
        (Some("etc"), _) => matches!(name, "frr" | "quagga" | "network" | "pve"),
        (Some("pve"), Some("etc")) => holds_guests || matches!(name, "sdn" | "nodes" | "local"),
        (Some("network"), _) if name.starts_with("if-") || name == "run" => false,
        _ => !name.starts_with('.') && name != "target" && name != "node_modules",
    }
}

/// The first lines of a file.
fn head(path: &Path) -> io::Result<String> {
    let mut head = vec![];
    std::fs::File::open(path)?.take(1 << 16).read_to_end(&mut head)?;
    Ok(printable(&head).0)
}

/// The language of a file by its first lines, as the place where such a file belongs.
fn sniff(path: &Path) -> io::Result<Option<&'static str>> {
    Ok(head(path)?.lines().find_map(|line| {
        let line = line.trim_end();
        let is = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
        if is(&["frr version ", "frr defaults ", "router bgp ", "router ospf", "address-family ", "service integrated"])
        {
            Some("etc/frr/frr.conf")
        } else if is(&["auto ", "iface ", "source ", "allow-"]) {
            Some("etc/network/interfaces")
        } else if is(&["evpn: ", "simple: ", "vxlan: ", "qinq: "]) {
            Some("etc/pve/sdn/zones.cfg")
        } else if is(&["vnet: "]) {
            Some("etc/pve/sdn/vnets.cfg")
        } else if is(&["subnet: "]) {
            Some("etc/pve/sdn/subnets.cfg")
        } else {
            None
        }
    }))
}

/// A path as text that cannot drive a terminal.
pub fn show(path: &Path) -> String {
    one_line(path.as_os_str().as_encoded_bytes())
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

    #[test]
    fn a_path_tells_node_and_place() {
        let split = |path| place(path).map(|(root, inner)| format!("{root} {inner}"));
        for (path, wanted) in [
            ("/etc/frr/frr.conf", Some(" etc/frr/frr.conf")),
            ("lab/leaf1/etc/frr/frr.conf", Some("lab/leaf1 etc/frr/frr.conf")),
            ("leaf1/frr.conf", Some("leaf1 etc/frr/frr.conf")),
            ("leaf1/bgpd.conf", Some("leaf1 etc/frr/bgpd.conf")),
            ("leaf1/mgmtd.conf", Some("leaf1 etc/frr/mgmtd.conf")),
            ("pve1/frr.conf.local", Some("pve1 etc/frr/frr.conf.local")),
            ("leaf1/Quagga.conf", Some("leaf1 etc/quagga/Quagga.conf")),
            ("leaf1/interfaces", Some("leaf1 etc/network/interfaces")),
            ("pve1/prefix-lists.cfg", Some("pve1 etc/pve/sdn/prefix-lists.cfg")),
            ("pve1/.running-config", Some("pve1 etc/pve/sdn/.running-config")),
            ("pve1/corosync.conf", Some("pve1 etc/pve/corosync.conf")),
            ("pve1/storage.cfg", None),
            ("leaf1/hostname", None),
            ("./frr/frr.conf", Some(" etc/frr/frr.conf")),
            ("n/etc/network/interfaces.d/sdn", Some("n etc/network/interfaces.d/sdn")),
            ("n/etc/pve/sdn/zones.cfg", Some("n etc/pve/sdn/zones.cfg")),
            ("n/etc/frr/frr.conf.sav", None),
            ("n/etc/network/interfaces.new", None),
            ("n/etc/network/interfaces~", None),
            ("n/etc/network/ifupdown2/policy.d/x.json", Some("n etc/network/ifupdown2/policy.d/x.json")),
            ("n/var/lib/ifupdown2/policy.d/x.json", Some("n var/lib/ifupdown2/policy.d/x.json")),
            ("n/etc/network/ifupdown2/addons.conf", None),
            ("n/README.md", None),
            ("n/etc/pve/nodes/pve1/qemu-server/100.conf", Some("n etc/pve/nodes/pve1/qemu-server/100.conf")),
            ("n/etc/pve/nodes/pve/lxc/101.conf", Some("n etc/pve/nodes/pve/lxc/101.conf")),
            ("nodes/pve/etc/pve/sdn/zones.cfg", Some("nodes/pve etc/pve/sdn/zones.cfg")),
            ("n/pve/local/lxc/101.conf", Some("n etc/pve/local/lxc/101.conf")),
            ("/etc/pve/qemu-server/100.conf", Some(" etc/pve/qemu-server/100.conf")),
            ("n/etc/pve/nodes/pve1/priv/100.conf", None),
            ("n/etc/pve/nodes/pve1/qemu-server/100.conf.bak", None),
            ("n/etc/pve/nodes/pve1/qemu-server/x.conf", None),
            ("n/etc/pve/lrm_status.conf", None),
        ] {
            assert_eq!(split(path).as_deref(), wanted, "{path}");
        }
    }
}
