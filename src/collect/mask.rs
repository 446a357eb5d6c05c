//! Masks what only the languages' readers know to be secret. Each node has masked what can be told by its words before it
//! sent anything (`gather.sh`); this is for the rest, mistyped words among it, before anything is written.

use super::Node;
use evpnlint_core::{
    lang,
    options::Options,
    source::{File, Sources},
};

/// What stands in a secret's place when it leaves its node.
pub(super) const MARK: &[u8] = b"********";

/// Masks the files of all nodes. Each is read by itself: of what several have alike, a reader looks at one.
pub(super) fn all(nodes: &mut [Node]) {
    nodes.iter_mut().for_each(mask);
}

fn mask(node: &mut Node) {
    let mut sources = Sources::default();
    for file in &node.files {
        sources.add(File::new(file.path.clone(), node.name.clone(), file.path.clone(), &file.bytes));
    }
    let read = lang::read(&sources, &Options::default());
    let before: Vec<String> = sources.iter().map(|(_, file)| file.text.clone()).collect();
    sources.mask(&read.secrets);
    // A text has as many bytes as its file, so what was masked in it stands in the same place there. Blanks stay: a
    // command keeps its words, or it would read as another.
    for ((file, before), (_, after)) in node.files.iter_mut().zip(&before).zip(sources.iter()) {
        for (byte, (before, after)) in file.bytes.iter_mut().zip(before.bytes().zip(after.text.bytes())) {
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
