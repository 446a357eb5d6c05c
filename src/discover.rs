//! Which files, of which node, in which language. The only module that walks.
//!
//! A node's root is whatever stands before `etc/frr`, `etc/network` or `etc/pve` in a path (`etc` may be missing), else
//! the folder of a file whose name is known. Links are followed to files inside the input, never to folders and never
//! out of it.

use crate::{
    lang::{self, Language},
    source::{self, File, Sources, printable},
};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// Files that are read wherever they lie, by name, with the place they have on a node.
const BARE: [(&str, &str); 22] = [
    ("frr.conf", "etc/frr/frr.conf"),
    ("Quagga.conf", "etc/quagga/Quagga.conf"),
    ("vtysh.conf", "etc/frr/vtysh.conf"),
    ("daemons", "etc/frr/daemons"),
    ("zebra.conf", "etc/frr/zebra.conf"),
    ("bgpd.conf", "etc/frr/bgpd.conf"),
    ("ospfd.conf", "etc/frr/ospfd.conf"),
    ("ospf6d.conf", "etc/frr/ospf6d.conf"),
    ("isisd.conf", "etc/frr/isisd.conf"),
    ("fabricd.conf", "etc/frr/fabricd.conf"),
    ("staticd.conf", "etc/frr/staticd.conf"),
    ("bfdd.conf", "etc/frr/bfdd.conf"),
    ("pimd.conf", "etc/frr/pimd.conf"),
    ("ldpd.conf", "etc/frr/ldpd.conf"),
    ("interfaces", "etc/network/interfaces"),
    ("zones.cfg", "etc/pve/sdn/zones.cfg"),
    ("vnets.cfg", "etc/pve/sdn/vnets.cfg"),
    ("subnets.cfg", "etc/pve/sdn/subnets.cfg"),
    ("controllers.cfg", "etc/pve/sdn/controllers.cfg"),
    ("fabrics.cfg", "etc/pve/sdn/fabrics.cfg"),
    (".running-config", "etc/pve/sdn/.running-config"),
    ("corosync.conf", "etc/pve/corosync.conf"),
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
}

/// What a walk gave.
#[derive(Default)]
pub struct Discovery {
    /// The files, by node and place.
    pub found: Vec<Found>,
    /// What was left out although its name is known, and why.
    pub skipped: Vec<(String, &'static str)>,
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
    /// A folder could not be walked.
    #[error("cannot walk {path}")]
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
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::Missing { path: shown }),
            Err(source) => return Err(Error::Walk { path: shown, source }),
            Ok(meta) if meta.is_dir() => candidates.walk(path)?,
            Ok(_) => candidates.take_named(path, shown)?,
        }
    }
    let discovery = candidates.finish();
    if discovery.found.is_empty() {
        return Err(Error::Nothing { paths: paths.iter().map(|path| show(path)).collect::<Vec<_>>().join(", ") });
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
        .map(|found| Sources::read(&found.disk, &found.path, &found.node, &found.inner))
        .collect();
    let mut sources = Sources::default();
    for file in files {
        sources.add(file?);
    }
    Ok(sources)
}

/// Splits a path into a node's root and the place on that node, if its name is known.
pub fn place(path: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = path.split('/').filter(|part| *part != ".").collect();
    let file = *parts.last()?;
    if is_backup(file) {
        return None;
    }
    for at in (0..parts.len().saturating_sub(1)).rev() {
        let inside = &parts[at + 1..];
        let fits = match parts[at] {
            "frr" | "quagga" => inside.len() == 1,
            "network" => inside[0] == "interfaces" || inside[0] == "interfaces.d" || parts[..at].last() == Some(&"etc"),
            "pve" => inside[0] == "sdn" || inside == ["corosync.conf"],
            "etc" => inside == ["hostname"],
            _ => false,
        };
        if fits {
            let root = &parts[..at];
            let root = if root.last() == Some(&"etc") { &root[..root.len() - 1] } else { root };
            let inner =
                if parts[at] == "etc" { "etc/hostname".to_owned() } else { format!("etc/{}", parts[at..].join("/")) };
            return lang::of(&inner).map(|_| (root.join("/"), inner));
        }
    }
    let (_, inner) = BARE.iter().find(|(name, _)| *name == file)?;
    Some((parts[..parts.len() - 1].join("/"), (*inner).to_owned()))
}

/// Whether a file name is that of a copy, which no daemon reads: `frr.conf.sav`, `interfaces.new`, `x~`, `x.dpkg-dist`.
fn is_backup(name: &str) -> bool {
    const ENDS: [&str; 10] = ["~", ".bak", ".orig", ".sav", ".save", ".new", ".old", ".swp", ".tmp", ".rej"];
    name != ".running-config" && name.starts_with(['.', '#'])
        || ENDS.iter().any(|end| name.ends_with(end))
        || name.contains(".dpkg-")
        || name.contains(".ucf-")
}

#[derive(Default)]
struct Candidates {
    seen: BTreeSet<PathBuf>,
    /// By root and place.
    files: BTreeMap<(String, String), (PathBuf, String)>,
    skipped: Vec<(String, &'static str)>,
}

impl Candidates {
    fn walk(&mut self, root: &Path) -> Result<(), Error> {
        let inside = root.canonicalize().map_err(|source| Error::Walk { path: show(root), source })?;
        let is_etc = inside.file_name().is_some_and(|name| name == "etc");
        let walk = WalkDir::new(root).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| is_worth_entering(entry, is_etc)) {
            let entry = entry.map_err(|error| Error::Walk {
                path: error.path().map_or_else(|| show(root), show),
                source: error.into(),
            })?;
            let shown = show(entry.path());
            let absolute = || {
                if is_etc {
                    entry.path().strip_prefix(root).ok().map(|rest| format!("etc/{}", show(rest)))
                } else {
                    None
                }
            };
            let Some((node_root, inner)) = place(&absolute().unwrap_or_else(|| shown.clone())) else { continue };
            if entry.file_type().is_file() {
                self.add(entry.path(), shown, node_root, inner);
            } else if entry.path_is_symlink() {
                match entry.path().canonicalize() {
                    Ok(target) if target.is_file() && target.starts_with(&inside) => {
                        self.add(entry.path(), shown, node_root, inner);
                    }
                    Ok(target) if target.is_file() => self.skipped.push((shown, "it is a link out of the input")),
                    Ok(_) => self.skipped.push((shown, "it is a link to something that is no file")),
                    Err(_) => self.skipped.push((shown, "it is a link that leads nowhere")),
                }
            } else if !entry.file_type().is_dir() {
                self.skipped.push((shown, "it is no regular file"));
            }
        }
        Ok(())
    }

    /// A file that was named: if its name says nothing, its first lines do, and its own name is the node's.
    fn take_named(&mut self, path: &Path, shown: String) -> Result<(), Error> {
        if let Some((root, inner)) = place(&shown) {
            self.add(path, shown, root, inner);
            return Ok(());
        }
        let inner = sniff(path).map_err(|source| Error::Walk { path: shown.clone(), source })?;
        let Some(inner) = inner else { return Err(Error::Unrecognised { path: shown }) };
        let node = path.file_stem().map(|stem| show(Path::new(stem))).unwrap_or_default();
        self.add(path, shown, node, inner.to_owned());
        Ok(())
    }

    fn add(&mut self, disk: &Path, shown: String, root: String, inner: String) {
        let identity = disk.canonicalize().unwrap_or_else(|_| disk.to_owned());
        if self.seen.insert(identity) {
            self.files.entry((root, inner)).or_insert((disk.to_owned(), shown));
        }
    }

    fn finish(self) -> Discovery {
        let roots: BTreeSet<&String> = self.files.keys().map(|(root, _)| root).collect();
        let names = node_names(&roots);
        let found = self
            .files
            .iter()
            .filter_map(|((root, inner), (disk, path))| {
                let language = lang::of(inner)?;
                let node = names.get(root).cloned().unwrap_or_default();
                Some(Found { disk: disk.clone(), path: path.clone(), node, inner: inner.clone(), language })
            })
            .collect();
        Discovery { found, skipped: self.skipped }
    }
}

/// A node is named by the last folder of its root, or by the whole root where two nodes would get one name.
fn node_names(roots: &BTreeSet<&String>) -> BTreeMap<String, String> {
    let last = |root: &str| root.rsplit('/').next().unwrap_or("").trim_matches('.').to_owned();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for root in roots {
        *count.entry(last(root)).or_default() += 1;
    }
    let name = |root: &str| if count[&last(root)] > 1 { root.to_owned() } else { last(root) };
    roots.iter().map(|root| ((*root).clone(), name(root))).collect()
}

/// Keeps the walk out of places that hold no configuration, or that are none of our business: in an `etc`, only the
/// folders that we know; in Proxmox's store, only `sdn`.
fn is_worth_entering(entry: &DirEntry, root_is_etc: bool) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    if !entry.file_type().is_dir() {
        return true;
    }
    let parent = entry.path().parent().and_then(Path::file_name).map(|name| name.to_string_lossy());
    let in_etc = parent.as_deref() == Some("etc") || root_is_etc && entry.depth() == 1;
    if in_etc {
        return matches!(&*name, "frr" | "quagga" | "network" | "pve");
    }
    match parent.as_deref() {
        Some("pve") if entry.path().ancestors().nth(2).is_some_and(|etc| etc.ends_with("etc")) => name == "sdn",
        Some("network") if name.starts_with("if-") || name == "run" => false,
        _ => !name.starts_with('.') && name != "target" && name != "node_modules",
    }
}

/// The language of a file by its first lines, as the place where such a file belongs.
fn sniff(path: &Path) -> io::Result<Option<&'static str>> {
    let mut head = vec![];
    std::fs::File::open(path)?.take(1 << 16).read_to_end(&mut head)?;
    let (text, _) = printable(&head);
    Ok(text.lines().find_map(|line| {
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
    printable(path.as_os_str().as_encoded_bytes()).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_node_and_place() {
        let split = |path| place(path).map(|(root, inner)| format!("{root} {inner}"));
        for (path, wanted) in [
            ("/etc/frr/frr.conf", Some(" etc/frr/frr.conf")),
            ("lab/leaf1/etc/frr/frr.conf", Some("lab/leaf1 etc/frr/frr.conf")),
            ("leaf1/frr.conf", Some("leaf1 etc/frr/frr.conf")),
            ("leaf1/bgpd.conf", Some("leaf1 etc/frr/bgpd.conf")),
            ("./frr/frr.conf", Some(" etc/frr/frr.conf")),
            ("n/etc/network/interfaces.d/sdn", Some("n etc/network/interfaces.d/sdn")),
            ("n/etc/pve/sdn/zones.cfg", Some("n etc/pve/sdn/zones.cfg")),
            ("n/etc/frr/frr.conf.sav", None),
            ("n/etc/network/interfaces.new", None),
            ("n/etc/network/interfaces~", None),
            ("n/README.md", None),
        ] {
            assert_eq!(split(path).as_deref(), wanted, "{path}");
        }
    }
}
