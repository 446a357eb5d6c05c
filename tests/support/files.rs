//! The files of nodes, as tests have them: from texts that are nowhere on disk, or from a folder.

use evpnlint::{
    discover,
    source::{File, Sources},
};
use std::path::PathBuf;

/// Texts, each with its node and its path below the node's root.
pub(crate) fn sources<Node, Inner, Text>(files: impl IntoIterator<Item = (Node, Inner, Text)>) -> Sources
where
    Node: AsRef<str>,
    Inner: AsRef<str>,
    Text: AsRef<[u8]>,
{
    let mut sources = Sources::default();
    for (node, inner, text) in files {
        add(&mut sources, node.as_ref(), inner.as_ref(), text);
    }
    sources
}

/// All that is read in a folder.
pub(crate) fn load(folder: impl Into<PathBuf>) -> Sources {
    discover::load(&discover::find(&[folder.into()], &Default::default()).unwrap()).unwrap()
}

/// One file more.
pub(crate) fn add(sources: &mut Sources, node: &str, inner: &str, text: impl AsRef<[u8]>) {
    sources.add(File::new(format!("{node}/{inner}"), node, inner, text));
}
