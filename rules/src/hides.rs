//! Findings that are known and not to be told: what a baseline lists, entries of `evpnlint.toml`, and comments in the files
//! of nodes.
//!
//! All three know the [`Member`]s of a finding by themselves, so what is hidden of a finding that many nodes have alike says
//! nothing of the others.

use crate::{member::Member, page::Page};
use evpnlint_core::{
    date::Date,
    model::{
        allow::Pattern,
        ignore::{Ignore, IgnoreComment, Ignores},
    },
    source::{File, FileId, Sources, Span},
};
use std::collections::{BTreeMap, BTreeSet};

/// The keys of known findings: by rule, the subjects of the members.
pub type Known = BTreeMap<String, BTreeSet<String>>;

/// What hides a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hider {
    /// The entry of that position.
    Entry(usize),
    /// The comment of that position, by its rule of that position.
    Comment(usize, usize),
    /// The baseline.
    Baseline,
}

/// All that hides findings.
#[derive(Default)]
pub struct Hides<'a> {
    /// The entries of `evpnlint.toml`, by position.
    pub(crate) entries: &'a [Ignore],
    /// The comments, by position.
    pub(crate) comments: Vec<IgnoreComment>,
    /// Today.
    pub(crate) today: Option<Date>,
    /// Whether all that the entries can be about was read.
    pub(crate) is_all_read: bool,
    /// What each file is.
    pub(crate) files: Vec<Place>,
    /// The entries of each rule that count, by position.
    of_rule: BTreeMap<&'a str, Vec<usize>>,
    /// What the comments that count hide of a rule's findings in a file: what holds from each byte on.
    covers: BTreeMap<String, BTreeMap<FileId, BTreeMap<u32, Option<Hider>>>>,
    baseline: Option<&'a Known>,
}

/// What a file is.
pub(crate) struct Place {
    /// Whose it is.
    pub(crate) node: String,
    /// Its path, as the user would open it.
    pub(crate) path: String,
    /// Its path on its node.
    pub(crate) inner: String,
}

/// The bytes that a comment covers.
#[derive(Clone, Copy)]
struct Cover {
    start: u32,
    end: u32,
    by: Hider,
}

impl<'a> Hides<'a> {
    /// What hides findings in these sources.
    pub fn new(
        ignores: &'a Ignores,
        comments: Vec<IgnoreComment>,
        baseline: Option<&'a Known>,
        sources: &Sources,
    ) -> Self {
        let mut hides = Self {
            entries: &ignores.entries,
            comments,
            today: ignores.today,
            is_all_read: ignores.is_all_read,
            files: sources.iter().map(|(_, file)| Place::of(file)).collect(),
            baseline,
            ..Self::default()
        };
        for (at, entry) in ignores.entries.iter().enumerate() {
            if !hides.is_over(entry) {
                hides.of_rule.entry(&entry.rule).or_default().push(at);
            }
        }
        let mut covers: BTreeMap<(String, FileId), Vec<Cover>> = BTreeMap::new();
        for (at, comment) in hides.comments.iter().enumerate().filter(|(_, comment)| comment.has_reason) {
            let Some(Span { file, start, end }) = comment.covers else { continue };
            for (position, (rule, _)) in comment.rules.iter().enumerate() {
                let cover = Cover { start, end, by: Hider::Comment(at, position) };
                covers.entry((rule.clone(), file)).or_default().push(cover);
            }
        }
        for ((rule, file), covers) in covers {
            hides.covers.entry(rule).or_default().insert(file, innermost(covers));
        }
        hides
    }

    /// Whether an entry has ended.
    pub(crate) fn is_over(&self, entry: &Ignore) -> bool {
        entry.until.zip(self.today).is_some_and(|(until, today)| until < today)
    }

    /// All that hides a member of a rule's finding: entries, then a comment, and the baseline last.
    pub(crate) fn hiders(&self, rule: &str, member: &Member) -> impl Iterator<Item = Hider> {
        let entries = self.of_rule.get(rule).into_iter().flatten().copied();
        let by_entry = entries.filter(|at| self.fits(&self.entries[*at], member)).map(Hider::Entry);
        let by_comment = member.span.and_then(|span| {
            let covers = self.covers.get(rule)?.get(&span.file)?;
            *covers.range(..=span.start).next_back()?.1
        });
        let is_known = self.baseline.and_then(|known| known.get(rule)).is_some_and(|own| own.contains(&member.about));
        by_entry.chain(by_comment).chain(is_known.then_some(Hider::Baseline))
    }

    /// Whether anything hides a member.
    pub(crate) fn is_hidden(&self, rule: &str, member: &Member) -> bool {
        self.hiders(rule, member).next().is_some()
    }

    /// The keys of the baseline that were not met, of rules that could look at everything, or that are none.
    pub fn stale(
        &self,
        met: &BTreeSet<(&'static str, String)>,
        whole: &BTreeSet<&'static str>,
    ) -> Vec<(String, String)> {
        let met: BTreeSet<(&str, &str)> = met.iter().map(|(rule, about)| (*rule, about.as_str())).collect();
        let judged = self
            .baseline
            .into_iter()
            .flatten()
            .filter(|(rule, _)| whole.contains(rule.as_str()) || Page::find(rule).is_none());
        let keys = judged.flat_map(|(rule, own)| own.iter().map(move |about| (rule, about)));
        let stale = keys.filter(|(rule, about)| !met.contains(&(rule.as_str(), about.as_str())));
        stale.map(|(rule, about)| (rule.clone(), about.clone())).collect()
    }

    fn fits(&self, entry: &Ignore, member: &Member) -> bool {
        self.is_of(&entry.node, &entry.path, member)
            && entry.subject.as_ref().is_none_or(|subject| subject.matches(&member.about))
    }

    /// Whether a member is about such a node and stands in such a file.
    pub(crate) fn is_of(&self, node: &Option<Pattern>, path: &Option<Pattern>, member: &Member) -> bool {
        let file = member.span.and_then(|span| self.files.get(span.file.0 as usize));
        let is = |wanted: &Option<Pattern>, fits: &dyn Fn(&Pattern) -> bool| wanted.as_ref().is_none_or(fits);
        // A node that no folder names has the name that its subject begins with.
        let is_node = |node: &Pattern| {
            let first = member.about.split(' ').next().unwrap_or("");
            node.matches(first) || file.is_some_and(|file| node.matches(&file.node))
        };
        is(node, &is_node) && is(path, &|path| file.is_some_and(|file| ends_like(path, &file.path)))
    }
}

impl Place {
    fn of(file: &File) -> Self {
        let File { node, path, inner, .. } = file;
        Self { node: node.clone(), path: path.clone(), inner: inner.clone() }
    }
}

/// What holds from each byte on, where of several covers the one counts that begins last. Covers are statements with their
/// blocks, which lie within one another or apart.
fn innermost(mut covers: Vec<Cover>) -> BTreeMap<u32, Option<Hider>> {
    covers.sort_by_key(|cover| (cover.start, std::cmp::Reverse(cover.end)));
    let (mut from, mut open): (BTreeMap<u32, Option<Hider>>, Vec<Cover>) = (BTreeMap::new(), vec![]);
    let close = |open: &mut Vec<Cover>, from: &mut BTreeMap<u32, Option<Hider>>, until: u32| {
        while let Some(cover) = open.pop_if(|cover| cover.end <= until) {
            from.insert(cover.end, open.last().map(|around| around.by));
        }
    };
    for cover in covers {
        close(&mut open, &mut from, cover.start);
        from.insert(cover.start, Some(cover.by));
        open.push(cover);
    }
    close(&mut open, &mut from, u32::MAX);
    from
}

/// Whether a path matches from the name of any folder on.
pub(crate) fn ends_like(pattern: &Pattern, path: &str) -> bool {
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
    starts.into_iter().any(|at| pattern.matches(&path[at..]))
}

#[cfg(test)]
mod tests;
