//! What was gathered, and what was not: `manifest.json` in the root of the tree, for whoever gets it.

use super::{Collection, Node, Text, mask};
use serde::Serialize;

/// What it is called.
pub(super) const NAME: &str = "manifest.json";

#[derive(Serialize)]
struct Manifest<'c> {
    /// Of this form.
    version: u32,
    evpnlint: &'static str,
    /// Whether nothing is missing.
    complete: bool,
    nodes: Vec<Entry<'c>>,
}

#[derive(Serialize)]
struct Entry<'c> {
    node: &'c str,
    /// `here`, or the host that ssh was given.
    asked: &'c str,
    /// Why it is not there, or not whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    files: Vec<FileEntry<'c>>,
    /// The name of another node, if it calls itself so.
    #[serde(skip_serializing_if = "Option::is_none")]
    calls_itself: Option<&'c str>,
    /// What is there and could not be got: no more than [`MOST_LISTED`](super::missing::MOST_LISTED), and the main files.
    missing: Vec<Missing<'c>>,
    /// How many there are beyond those.
    #[serde(skip_serializing_if = "is_zero")]
    missing_unlisted: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct FileEntry<'c> {
    path: &'c str,
    /// As it lies here, with its secrets masked.
    bytes: usize,
    masked_lines: usize,
}

#[derive(Serialize)]
struct Missing<'c> {
    path: &'c str,
    why: String,
}

/// Its text.
pub(super) fn text(collection: &Collection) -> Result<Vec<u8>, serde_json::Error> {
    let manifest = Manifest {
        version: 1,
        evpnlint: env!("CARGO_PKG_VERSION"),
        complete: collection.is_whole(),
        nodes: collection.nodes.iter().map(entry).collect(),
    };
    let mut text = serde_json::to_vec_pretty(&manifest)?;
    text.push(b'\n');
    Ok(text)
}

fn entry(node: &Node) -> Entry<'_> {
    Entry {
        node: &node.name,
        asked: &node.asked,
        failure: node.failure.as_ref().map(ToString::to_string),
        files: node.files.iter().map(file).collect(),
        calls_itself: node.impostor.as_deref(),
        missing: node.missing.listed().map(|(path, why)| Missing { path, why: why.to_string() }).collect(),
        missing_unlisted: node.missing.count().saturating_sub(node.missing.listed().count()),
    }
}

fn file(Text { path, bytes }: &Text) -> FileEntry<'_> {
    FileEntry { path, bytes: bytes.len(), masked_lines: mask::lines(bytes) }
}
