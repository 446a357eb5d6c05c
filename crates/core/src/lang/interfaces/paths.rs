//! Where the paths of `source` lines lead, among the files of a node.

use crate::source::{File, FileId, Span};
use glob::Pattern;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

/// How much the `source` lines of one node may ask for: a path is one, and a pattern as many as there are files that it is
/// compared with. Paths beyond are not followed.
pub(super) const SOURCES: usize = 1 << 16;

/// The longest path with wildcards that is compared with anything, in bytes.
pub(super) const LONGEST_PATTERN: usize = 512;

/// A path of a `source` line.
pub(super) struct Named {
    /// As it is written.
    pub written: String,
    /// Where.
    pub span: Span,
    /// The line that names it.
    pub line: Span,
    /// The folder of the file in which it stands, which begins a relative path.
    pub folder: String,
    /// Whether the line is `source-directory`.
    pub is_directory: bool,
}

impl Named {
    fn is_relative(&self) -> bool {
        !self.written.starts_with('/')
    }

    /// Whether ifupdown2 does not follow it, and others do.
    pub(super) fn is_loose(&self) -> bool {
        self.is_relative() || self.is_directory
    }

    /// The place on the node, without the first slash.
    pub(super) fn place(&self) -> String {
        let place = match self.written.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{}/{}", self.folder, self.written),
        };
        place.replace("/./", "/")
    }

    /// What the places of files are compared with.
    pub(super) fn pattern(&self) -> String {
        let place = self.place();
        if self.is_directory { format!("{}/[-_A-Za-z0-9]*", place.trim_end_matches('/')) } else { place }
    }
}

/// Whether a path names files by their likeness.
pub(super) fn is_wild(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// A path is not followed: it is too long, or too many were.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMuch;

/// The files of a node by their places, and what was found so far.
pub(super) struct Paths<'f> {
    /// By place, positions among the files.
    places: BTreeMap<&'f str, Vec<usize>>,
    /// By pattern, where its files are among the lists.
    known: BTreeMap<String, usize>,
    lists: Vec<List>,
    left: usize,
}

/// The files that a pattern names.
struct List {
    /// Their positions, in order.
    files: Vec<usize>,
    /// How many at the front were read.
    done: usize,
}

impl<'f> Paths<'f> {
    /// Nothing was asked for yet.
    pub(super) fn new(files: &[(FileId, &'f File)]) -> Self {
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, (_, file)) in files.iter().enumerate() {
            places.entry(&file.inner).or_default().push(at);
        }
        Self { places, known: BTreeMap::new(), lists: vec![], left: SOURCES }
    }

    /// The list of the files that a pattern names; nothing where it is no pattern.
    ///
    /// # Errors
    /// It is not looked for.
    pub(super) fn find(&mut self, pattern: &str) -> Result<Option<usize>, TooMuch> {
        self.left = self.left.checked_sub(1).ok_or(TooMuch)?;
        if let Some(known) = self.known.get(pattern) {
            return Ok(Some(*known));
        }
        let files = if is_wild(pattern) {
            if pattern.len() > LONGEST_PATTERN {
                return Err(TooMuch);
            }
            let Some(parts) = parts(pattern) else { return Ok(None) };
            let start = &pattern[..pattern.find(['*', '?', '[']).unwrap_or(pattern.len())];
            let alike = self.places.range::<str, _>((Bound::Included(start), Bound::Unbounded));
            let alike = alike.take_while(|(place, _)| place.starts_with(start));
            let mut files = vec![];
            for (place, at) in alike {
                self.left = self.left.checked_sub(1).ok_or(TooMuch)?;
                if matches(&parts, place) {
                    files.extend(at);
                }
            }
            files.sort_unstable();
            files
        } else {
            self.places.get(pattern).cloned().unwrap_or_default()
        };
        self.known.insert(pattern.to_owned(), self.lists.len());
        self.lists.push(List { files, done: 0 });
        Ok(Some(self.lists.len() - 1))
    }

    /// All files of a list, by position.
    pub(super) fn files(&self, list: usize) -> &[usize] {
        &self.lists[list].files
    }

    /// The first file of a list that was not read.
    pub(super) fn next(&mut self, list: usize, read: &BTreeSet<usize>) -> Option<usize> {
        let list = &mut self.lists[list];
        while list.files.get(list.done).is_some_and(|at| read.contains(at)) {
            list.done += 1;
        }
        list.files.get(list.done).copied()
    }
}

/// The names of a pattern, folder by folder: no wildcard reaches beyond one, and `**` is no more than `*` (Python's `glob`,
/// `wordexp`). Within one name the library needs no more than the product of both lengths.
fn parts(pattern: &str) -> Option<Vec<Pattern>> {
    pattern.split('/').map(|name| Pattern::new(if name == "**" { "*" } else { name }).ok()).collect()
}

fn matches(parts: &[Pattern], place: &str) -> bool {
    let mut names = place.split('/');
    parts.iter().all(|part| names.next().is_some_and(|name| part.matches(name))) && names.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str) -> Vec<&'static str> {
        const PLACES: [&str; 6] =
            ["etc/network/a", "etc/network/b", "etc/network/.c", "etc/network/d/a", "etc/network/d/e/a", "etc/x/a"];
        let files: Vec<File> = PLACES.iter().map(|place| File::new(*place, "n", *place, "")).collect();
        let files: Vec<_> = files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file)).collect();
        let mut paths = Paths::new(&files);
        let Ok(Some(list)) = paths.find(pattern) else { return vec![] };
        paths.files(list).iter().map(|at| PLACES[*at]).collect()
    }

    #[test]
    fn a_wildcard_stays_within_its_folder() {
        assert_eq!(found("etc/network/a"), ["etc/network/a"]);
        assert_eq!(found("etc/network/*"), ["etc/network/a", "etc/network/b", "etc/network/.c"]);
        assert_eq!(found("etc/*/a"), ["etc/network/a", "etc/x/a"]);
        assert_eq!(found("etc/network/[ab]"), ["etc/network/a", "etc/network/b"]);
        assert_eq!(found("etc/network/?/a"), ["etc/network/d/a"]);
        assert_eq!(found("etc/network/**/a"), ["etc/network/d/a"]);
        assert_eq!(found("etc/network/["), [] as [&str; 0]);
    }

    #[test]
    fn so_much_is_looked_for_and_no_more() {
        let files: Vec<File> = (0..1 << 12).map(|n| File::new("", "n", format!("etc/network/f{n}"), "")).collect();
        let files: Vec<_> = files.iter().enumerate().map(|(at, file)| (FileId(at as u32), file)).collect();
        let mut paths = Paths::new(&files);
        for n in 0..15 {
            assert!(paths.find(&format!("etc/network/*{n}")).is_ok(), "{n}");
        }
        assert_eq!(paths.find("etc/network/*a"), Err(TooMuch));
        assert!(Paths::new(&files).find(&"*".repeat(LONGEST_PATTERN + 1)).is_err());
        let long = format!("etc/network/{}b", "*a".repeat(100));
        assert_eq!(Paths::new(&files).find(&long).map(|list| list.is_some()), Ok(true));
    }
}
