//! Small changes of a fabric's files: a line that goes, a value that is another, a file that is a sibling's.

use evpnlint::{
    model::{Cluster, outline},
    source::{File, FileId, Sources, Span},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A line goes.
    Deletion,
    /// A number, an address or a name in a line is another.
    Alteration,
    /// A line is that of a node of the same role.
    CopiedLine,
    /// A file is a copy of that of a node of the same role.
    Copy,
}

/// One change: what stands in a place of a file from now on.
pub(super) struct Change {
    pub kind: Kind,
    /// What is replaced.
    pub place: Span,
    /// By what.
    pub text: String,
    /// The block of the file that the change is about, in bytes; the whole file where it opens a node's block or is none.
    pub block: (u32, u32),
}

impl Change {
    /// The fabric with the change.
    pub(super) fn of(&self, sources: &Sources) -> Sources {
        let mut changed = Sources::default();
        for (at, file) in sources.iter() {
            let mut text = file.text.clone();
            if at == self.place.file {
                text.replace_range(self.place.start as usize..self.place.end as usize, &self.text);
            }
            let mut other = File::new(file.path.clone(), file.node.clone(), file.inner.clone(), text);
            other.language = file.language;
            changed.add(other);
        }
        changed
    }
}

/// All changes of the files of nodes.
pub(super) fn all(sources: &Sources, cluster: &Cluster) -> Vec<Change> {
    let mut all = vec![];
    let places: Vec<outline::Place> = cluster
        .nodes
        .iter()
        .flat_map(|node| node.outline.blocks.values().flat_map(|block| &block.places))
        .copied()
        .collect();
    let names = names(cluster);
    let whole = |id: FileId| (0, sources[id].text.len() as u32);
    // The innermost block around a line that it does not open.
    let block = |id: FileId, line: Span| {
        let around = |place: &&outline::Place| {
            place.opener.file == id && place.opener.start < line.start && line.start < place.end
        };
        let blocks = places.iter().filter(around).map(|place| (place.opener.start, place.end));
        blocks.max_by_key(|block| block.0).unwrap_or(whole(id))
    };
    for (id, file) in sources.iter() {
        let of_file: Vec<_> = places.iter().filter(|place| place.opener.file == id).collect();
        let mut start = 0;
        for text in file.text.split_inclusive('\n').filter(|_| !of_file.is_empty()) {
            let line = Span { file: id, start, end: start + text.len() as u32 };
            start = line.end;
            if text.trim().is_empty() || text.trim_start().starts_with(['!', '#']) {
                continue;
            }
            let block = block(id, line);
            let opens = of_file.iter().any(|place| (line.start..line.end).contains(&place.opener.start));
            let deleted_from = if opens { whole(id) } else { block };
            all.push(Change { kind: Kind::Deletion, place: line, text: String::new(), block: deleted_from });
            all.extend(alterations(text, &names).into_iter().map(|(from, to, text)| Change {
                kind: Kind::Alteration,
                place: Span { file: id, start: line.start + from as u32, end: line.start + to as u32 },
                text,
                block,
            }));
        }
    }
    all.extend(copied_lines(sources, &block));
    all.extend(copies(sources));
    all
}

/// The names of interfaces, VRFs, lists, groups and instances.
fn names(cluster: &Cluster) -> BTreeSet<&str> {
    let links = cluster.nodes.iter().flat_map(|node| node.links.keys());
    let frrs = || cluster.nodes.iter().filter_map(|node| node.frr.as_ref());
    let defined = frrs().flat_map(|frr| frr.definitions.keys().map(|(_, name)| name).chain(frr.vrfs.keys()));
    let groups = frrs().flat_map(|frr| &frr.bgp).flat_map(|bgp| bgp.groups.keys());
    let tags = frrs().flat_map(|frr| &frr.isis).map(|isis| &isis.tag);
    links.chain(defined).chain(groups).chain(tags).map(String::as_str).collect()
}

/// What else the words of a line may say: from where to where in it, and what stands there then.
fn alterations(line: &str, names: &BTreeSet<&str>) -> Vec<(usize, usize, String)> {
    let start_of = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    let mut all = vec![];
    for word in line.split_ascii_whitespace() {
        let at = start_of(word);
        let (address, length) = word.split_once('/').map_or((word, None), |(address, length)| (address, Some(length)));
        if let Ok(ip) = address.parse::<IpAddr>() {
            all.push((at, at + address.len(), neighbour(ip).to_string()));
            if let Some(length) = length.and_then(|length| length.parse::<u8>().ok()) {
                let other = if length > 0 && length % 8 == 0 { length - 1 } else { length.saturating_add(1) };
                all.push((at + address.len() + 1, at + word.len(), other.to_string()));
            }
            continue;
        }
        // Of a MAC address, an ESI or an ISO address the last digit, of all else every number.
        let is_hex = word.split([':', '.']).count() > 2;
        let digits: Vec<(usize, usize)> = numbers(word);
        for (from, to) in digits.iter().copied().rev().take(if is_hex { 1 } else { usize::MAX }) {
            let number: u64 = word[from..to].parse().unwrap_or(0);
            let other = if is_hex && number % 10 == 9 { number - 1 } else { number.saturating_add(1) };
            all.push((at + from, at + to, format!("{other:0width$}", width = to - from)));
        }
        if digits.is_empty() && names.contains(word) {
            all.push((at + word.len(), at + word.len(), "x".to_owned()));
        }
    }
    all
}

/// The runs of digits.
fn numbers(word: &str) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = vec![];
    for (at, _) in word.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match all.last_mut() {
            Some(last) if last.1 == at => last.1 += 1,
            _ => all.push((at, at + 1)),
        }
    }
    all
}

/// The other address of a pair of two.
fn neighbour(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => IpAddr::V4((u32::from(ip) ^ 1).into()),
        IpAddr::V6(ip) => IpAddr::V6((u128::from(ip) ^ 1).into()),
    }
}

/// The files of a node, each with that of the next node whose name differs in numbers only.
fn siblings(sources: &Sources) -> Vec<(FileId, FileId)> {
    let mut roles: BTreeMap<(String, &str), Vec<FileId>> = BTreeMap::new();
    for (id, file) in sources.iter().filter(|(_, file)| !file.node.is_empty()) {
        roles.entry((outline::without_numbers(&file.node), file.inner.as_str())).or_default().push(id);
    }
    let next = |all: Vec<FileId>| {
        let pairs: Vec<_> = (0..all.len()).map(|at| (all[at], all[(at + 1) % all.len()])).collect();
        pairs.into_iter().filter(|(own, other)| own != other && sources[*own].text != sources[*other].text)
    };
    roles.into_values().flat_map(next).collect()
}

/// Each file in the place of its sibling's.
fn copies(sources: &Sources) -> Vec<Change> {
    let changes = siblings(sources).into_iter().map(|(own, other)| {
        let place = Span { file: own, start: 0, end: sources[own].text.len() as u32 };
        Change { kind: Kind::Copy, place, text: sources[other].text.clone(), block: (0, u32::MAX) }
    });
    changes.collect()
}

/// In files of as many lines, each line in the place of its sibling's, where they differ.
fn copied_lines(sources: &Sources, blocks: &dyn Fn(FileId, Span) -> (u32, u32)) -> Vec<Change> {
    let mut all = vec![];
    for (own, other) in siblings(sources) {
        let lines = |id: FileId| sources[id].text.split_inclusive('\n');
        if lines(own).count() != lines(other).count() {
            continue;
        }
        let mut start = 0;
        for (line, theirs) in lines(own).zip(lines(other)) {
            let place = Span { file: own, start, end: start + line.len() as u32 };
            start = place.end;
            if line != theirs {
                let block = blocks(own, place);
                all.push(Change { kind: Kind::CopiedLine, place, text: theirs.to_owned(), block });
            }
        }
    }
    all
}
