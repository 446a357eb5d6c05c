//! The files of a cluster's store that each stand for themselves: of every one, the copy that is read.
//!
//! All nodes of a cluster show the same store, but copies of it may be from different moments, in which a guest was
//! changed or has moved. Its file's name is what it keeps: no other of the cluster has it.

use super::{Text, language};
use crate::source::{LanguageId, Sources};
use std::collections::BTreeMap;

/// One file on behalf of a cluster.
pub(super) struct Piece<'a> {
    /// Its language.
    pub language: LanguageId,
    /// The copy to read.
    pub text: Text<'a>,
    /// The node it is about.
    pub node: &'a str,
    /// The nodes that hold a copy.
    pub holders: Vec<&'a str>,
}

/// What copies of one file have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    /// Its name, in the cluster of that `corosync.conf`.
    Member(&'a str, &'a str),
    /// Its place and its contents, where no `corosync.conf` tells whether two nodes are in one cluster.
    Alike(&'a str, &'a str),
    /// Its holder and its name.
    Alone(&'a str, &'a str),
}

/// The files that are read, of all that the nodes hold.
pub(super) fn choose<'a>(sources: &'a Sources, held: Vec<(LanguageId, &'a str, Text<'a>)>) -> Vec<Piece<'a>> {
    let of_cluster = sources.iter().filter(|(_, file)| file.inner == "etc/pve/corosync.conf");
    let clusters: BTreeMap<&str, &str> = of_cluster.map(|(_, file)| (file.node.as_str(), file.text.as_str())).collect();
    let mut copies: BTreeMap<(LanguageId, &str, &str), (Option<&str>, Text)> = BTreeMap::new();
    for (id, holder, text) in held {
        let Some(member) = language(id).member(&text.1.inner) else { continue };
        let known = copies.entry((id, holder, member.name)).or_insert((member.host, text));
        // The link to a node's own folder shows the same file once more.
        if known.0.is_none() {
            *known = (member.host, text);
        }
    }
    let mut pieces: BTreeMap<(LanguageId, Key), Piece> = BTreeMap::new();
    for ((language, holder, name), (host, text)) in copies {
        let key = match (clusters.get(holder), host) {
            (Some(cluster), _) => Key::Member(cluster, name),
            (None, Some(_)) => Key::Alike(&text.1.inner, text.1.text.as_str()),
            (None, None) => Key::Alone(holder, name),
        };
        let is_there = |host: &str| holder == host || holder.strip_suffix(host).is_some_and(|rest| rest.ends_with('/'));
        let node = host.unwrap_or(holder);
        let piece = pieces.entry((language, key)).or_insert(Piece { language, text, node, holders: vec![] });
        let is_first_hand = piece.holders.contains(&piece.node);
        if host.is_some_and(is_there) && !is_first_hand {
            (piece.text, piece.node) = (text, node);
        }
        piece.holders.push(holder);
    }
    pieces.into_values().collect()
}
