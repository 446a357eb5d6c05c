//! Masks what only the languages' readers know to be secret. Each node has masked what can be told by its words before it
//! sent anything (`gather.sh`); this is for the rest, mistyped words among it, before anything is written.

use super::Node;
use evpnlint_core::{
    lang,
    options::Options,
    source::{File, FileId, Sources},
};

/// What stands in a secret's place when it leaves its node.
pub(super) const MARK: &[u8] = b"********";

/// Masks the files of all nodes.
pub(super) fn all(nodes: &mut [Node]) {
    let mut sources = Sources::default();
    for node in nodes.iter() {
        for file in &node.files {
            sources.add(File::new(file.path.clone(), node.name.clone(), file.path.clone(), &file.bytes));
        }
    }
    let read = lang::read(&sources, &Options::default());
    let before: Vec<String> = sources.iter().map(|(_, file)| file.text.clone()).collect();
    sources.mask(&read.secrets);
    // A text has as many bytes as its file, so what was masked in it stands in the same place there. Blanks stay: a
    // command keeps its words, or it would read as another.
    for (at, file) in nodes.iter_mut().flat_map(|node| &mut node.files).enumerate() {
        let after = &sources[FileId(at as u32)].text;
        for (byte, (before, after)) in file.bytes.iter_mut().zip(before[at].bytes().zip(after.bytes())) {
            if before != after && !before.is_ascii_whitespace() {
                *byte = after;
            }
        }
    }
}

/// How many lines of a file were masked.
pub(super) fn lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').filter(|line| line.windows(MARK.len()).any(|part| part == MARK)).count()
}
