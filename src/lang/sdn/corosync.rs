//! `corosync.conf`: blocks of `key: value`. The members of the cluster are all that is wanted of it.

use super::parse::{self, Corosync};
use crate::{
    model::{Coverage, Sourced, intent::Intent},
    source::{File, FileId, Span},
};

/// Reads the members and the cluster's name.
pub(super) fn read(id: FileId, file: &File, intent: &mut Intent, coverage: &mut Coverage) {
    let mut blocks: Vec<String> = vec![];
    for line in file.text.split('\n') {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        coverage.lines += 1;
        match parse::corosync(id, &file.text, line) {
            Some(Corosync::Open(name)) => blocks.push(name.text),
            Some(Corosync::Close) => {
                blocks.pop();
            }
            Some(Corosync::Value(key, value)) => {
                // Nothing that counts lies deeper than two blocks.
                let inside: Vec<&str> = blocks.iter().take(3).map(String::as_str).collect();
                match (inside.as_slice(), key.text.as_str()) {
                    (["nodelist", "node"], "name") => intent.members.push(Sourced::written(value.text, value.span)),
                    (["totem"], "cluster_name") => intent.cluster_name = Some(value.text),
                    _ => coverage.unmodelled += 1,
                }
            }
            None => coverage.miss(Span::of(id, &file.text, content)),
        }
    }
}
