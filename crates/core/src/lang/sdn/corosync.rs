//! `corosync.conf`: blocks of `key: value`. The members of the cluster are all that is wanted of it.

use super::parse::{self, Corosync, Word};
use crate::{
    model::{Coverage, Sourced, intent::Intent},
    source::{File, FileId, Span},
};
use std::net::IpAddr;

/// A line that is neither blank nor a comment.
enum Line {
    Open,
    Close,
    Value(Word, Word),
    Unknown(Span),
}

/// Reads the members and the cluster's name.
pub(super) fn read(id: FileId, file: &File, intent: &mut Intent, coverage: &mut Coverage) {
    // The addresses of a member may stand above its name.
    let mut nodes: Vec<(String, Vec<Sourced<IpAddr>>)> = vec![];
    walk(id, &file.text, |blocks, line| {
        coverage.lines += 1;
        match (blocks, line) {
            (["nodelist", "node"], Line::Open) => nodes.push((String::new(), vec![])),
            (_, Line::Open | Line::Close) => {}
            (_, Line::Unknown(span)) => coverage.miss(span),
            (["nodelist", "node"], Line::Value(key, value)) if key.text == "name" => {
                if let Some((name, _)) = nodes.last_mut() {
                    name.clone_from(&value.text);
                }
                intent.members.push(Sourced::written(value.text, value.span));
            }
            (["nodelist", "node"], Line::Value(key, value)) if is_ring(&key.text) => {
                let address = value.text.parse().map(|address| Sourced::written(address, value.span));
                if let (Ok(address), Some((_, addresses))) = (address, nodes.last_mut()) {
                    addresses.push(address);
                }
            }
            (["totem"], Line::Value(key, value)) if key.text == "cluster_name" => {
                intent.cluster_name = Some(value.text);
            }
            _ => coverage.unmodelled += 1,
        }
    });
    for (name, addresses) in nodes.into_iter().filter(|(name, _)| !name.is_empty()) {
        intent.rings.extend(addresses.into_iter().map(|address| (name.clone(), address)));
    }
}

/// Whether a key is that of an address (`corosync.conf(5)`).
fn is_ring(key: &str) -> bool {
    let number = key.strip_prefix("ring").and_then(|rest| rest.strip_suffix("_addr"));
    number.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'7']))
}

/// The names of the members, and the addresses under which they find each other first.
pub(in crate::lang) fn members(text: &str) -> Vec<(String, Option<String>)> {
    let mut members: Vec<(String, Option<String>)> = vec![];
    walk(FileId(0), text, |blocks, line| match (blocks, line, members.last_mut()) {
        (["nodelist", "node"], Line::Open, _) => members.push((String::new(), None)),
        (["nodelist", "node"], Line::Value(key, value), Some((name, address))) => match key.text.as_str() {
            "name" => *name = value.text,
            "ring0_addr" | "link0_addr" => *address = Some(value.text),
            _ => {}
        },
        _ => {}
    });
    members.retain(|(name, address)| !name.is_empty() || address.is_some());
    members
}

/// Hands on each line, with the names of the blocks that it stands in; an opening brace
/// stands in the block that it opens.
fn walk(id: FileId, text: &str, mut take: impl FnMut(&[&str], Line)) {
    let mut blocks: Vec<String> = vec![];
    for line in text.split('\n') {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let line = match parse::corosync(id, text, line) {
            Some(Corosync::Open(name)) => {
                blocks.push(name.text);
                Line::Open
            }
            Some(Corosync::Close) => {
                blocks.pop();
                Line::Close
            }
            Some(Corosync::Value(key, value)) => Line::Value(key, value),
            None => Line::Unknown(Span::of(id, text, content)),
        };
        // Nothing that counts lies deeper than two blocks.
        let inside: Vec<&str> = blocks.iter().take(3).map(String::as_str).collect();
        take(&inside, line);
    }
}
