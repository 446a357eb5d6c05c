//! A case as the files that evpnlint reads.

use crate::case::Case;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process,
};
use walkdir::WalkDir;

/// A folder that goes away with its owner.
pub(crate) struct Tree(PathBuf);

impl Tree {
    /// Writes the base with what the case makes of it.
    pub(crate) fn of(case: &Case, lab: &Path) -> Self {
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
        let root = env::temp_dir().join(format!("evpnlint-lab-{}-{}", process::id(), case.name));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(root)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The files of a healthy fabric, by their path below its folder.
fn base(root: &Path) -> BTreeMap<String, String> {
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
