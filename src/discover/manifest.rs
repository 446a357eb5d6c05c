//! What `manifest.json` says is missing of a collection.

use evpnlint_core::source::reader;
use serde::Deserialize;
use std::path::{Component, Path, PathBuf};

/// Its name, in the root of the tree.
pub(super) const NAME: &str = "manifest.json";

/// The most bytes of it that are read.
const MOST_BYTES: u64 = 16 << 20;

/// What [`collect`](crate::collect) writes, as far as it is wanted here.
#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "evpnlint")]
    _by: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    node: String,
    /// Why it is not there, or not whole.
    failure: Option<String>,
    #[serde(default)]
    missing: Vec<Missing>,
}

#[derive(Deserialize)]
struct Missing {
    path: String,
}

/// The folders and files below the root that could not be got and are not there. Another tool's manifest says nothing.
pub(super) fn missing(root: &Path) -> Vec<PathBuf> {
    let text = reader::bytes(&root.join(NAME), MOST_BYTES).unwrap_or_default();
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&text) else { return vec![] };
    let paths = manifest.nodes.iter().flat_map(|node| {
        let folder = below(root, &node.node);
        let files = node.missing.iter().filter_map(|file| below(folder.as_ref()?, file.path.trim_start_matches('/')));
        let files: Vec<PathBuf> = files.filter(|path| path.symlink_metadata().is_err()).collect();
        folder.iter().filter(|_| node.failure.is_some()).cloned().chain(files).collect::<Vec<_>>()
    });
    paths.collect()
}

/// A path below a folder; `None` for one that leads elsewhere.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = |part: Component| matches!(part, Component::Normal(_));
    (!path.is_empty() && Path::new(path).components().all(is_plain)).then(|| folder.join(path))
}
