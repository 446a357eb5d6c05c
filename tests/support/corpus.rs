//! Whole fabrics: ours, and those of others.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Where ours are.
pub(crate) const OURS: &str = "tests/corpus";

/// Where those of others are, if anybody says it.
pub(crate) fn others() -> Option<PathBuf> {
    env::var_os("EVPNLINT_CORPUS").map(PathBuf::from)
}

/// Every fabric in a folder: a folder that holds a node's `etc`, or nodes that do.
pub(crate) fn fabrics(folder: &Path) -> Vec<PathBuf> {
    let below = folders(folder);
    if below.iter().any(|folder| folder.join("etc").is_dir()) {
        return vec![folder.to_owned()];
    }
    below.iter().flat_map(|folder| fabrics(folder)).collect()
}

/// The folders in a folder.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = all.filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

/// The name of a file or a folder, without what stands behind the last dot.
pub(crate) fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_else(|| panic!("{} has no name", path.display()))
}
