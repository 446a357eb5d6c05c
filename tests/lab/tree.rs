//! A case as the files that evpnlint reads.

use super::case::Case;
use crate::support::tree::Tree;
use std::{collections::BTreeMap, fs, path::Path};
use walkdir::WalkDir;

/// Writes the base with what the case makes of it.
pub(crate) fn of(case: &Case, lab: &Path) -> Tree {
    files(case, lab).into_iter().fold(Tree::new(), |tree, (path, text)| tree.with(path, text))
}

/// The files of the base with what the case makes of them, by their path below its folder.
pub(crate) fn files(case: &Case, lab: &Path) -> BTreeMap<String, String> {
    let mut files = base(&lab.join("bases").join(&case.base));
    if let Some(folder) = &case.without {
        let all = files.len();
        files.retain(|path, _| !path.split_once('/').is_some_and(|(_, path)| Path::new(path).starts_with(folder)));
        assert!(files.len() < all, "{}: no node has {folder}", case.name);
    }
    for patch in &case.patches {
        let file = files.entry(patch.path.clone()).or_default();
        *file = patch.apply(file);
    }
    files
}

/// The files of a healthy fabric, by their path below its folder.
pub(crate) fn base(root: &Path) -> BTreeMap<String, String> {
    WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}
