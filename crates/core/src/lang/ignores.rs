//! Comments that tell evpnlint what to ignore. All languages have comments on lines of their own only: FRR's begin with `!`
//! or `#` (`lib/command.c`, `cmd_make_strvec`), those of the others with `#`. A comment covers the next statement and all
//! that belongs to it.

use crate::{
    model::{Cluster, ignore::IgnoreComment},
    source::{File, FileId, LanguageId, Span},
};
use std::collections::BTreeMap;

/// What such a comment begins with, behind its mark.
const NAME: &str = "evpnlint:";

/// Where the blocks of a node's files begin and end, by file and first byte.
type Blocks = BTreeMap<(FileId, u32), u32>;

/// Whether a file may have such a comment.
pub(super) fn may_have_some(file: &File) -> bool {
    file.unread.is_none() && file.text.contains(NAME)
}

/// The comments of files, in their order.
pub(super) fn read(files: &[(FileId, &File, LanguageId)], cluster: &Cluster) -> Vec<IgnoreComment> {
    if files.is_empty() {
        return vec![];
    }
    let all = cluster.nodes.iter().flat_map(|node| node.outline.blocks.values()).filter(|block| !block.is_top());
    let places = all.flat_map(|block| &block.places);
    let mut blocks = Blocks::new();
    for place in places {
        let end = blocks.entry((place.opener.file, place.opener.start)).or_default();
        *end = place.end.max(*end);
    }
    files.iter().flat_map(|(id, file, language)| of_file(*id, file, *language, &blocks)).collect()
}

/// A line, and where it begins.
type Line<'t> = (u32, &'t str);

fn of_file(id: FileId, file: &File, language: LanguageId, blocks: &Blocks) -> Vec<IgnoreComment> {
    let marks: &[char] = if language == LanguageId::Frr { &['!', '#'] } else { &['#'] };
    let mut lines: Vec<Line> = vec![];
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        lines.push((start, line));
        start += line.len() as u32;
    }
    let says_nothing = |line: &str| line.trim().is_empty() || line.trim_start().starts_with(marks);
    // The statement that follows each line; found from the end, so that many comments cost no more than one.
    let (mut found, mut next) = (vec![], None);
    for (at, (start, line)) in lines.iter().enumerate().rev() {
        if !says_nothing(line) {
            next = Some(at);
            continue;
        }
        let Some(text) = line.trim_start().strip_prefix(marks).map(str::trim).and_then(|text| text.strip_prefix(NAME))
        else {
            continue;
        };
        let comment = line.trim();
        let indent = (line.len() - line.trim_start().len()) as u32;
        let span = Span { file: id, start: start + indent, end: start + indent + comment.len() as u32 };
        let (rules, has_reason) = understood(id, file, text).unwrap_or_default();
        found.push(IgnoreComment {
            rules,
            has_reason,
            span,
            covers: next.map(|next| covered(id, &lines, next, blocks)),
        });
    }
    found.reverse();
    found
}

/// The rules of `ignore[rule-a, rule-b] reason`, and whether there is a reason; nothing where it has not that form.
fn understood(id: FileId, file: &File, text: &str) -> Option<(Vec<(String, Span)>, bool)> {
    let (rules, reason) = text.trim_start().strip_prefix("ignore")?.trim_start().strip_prefix('[')?.split_once(']')?;
    let rules = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty());
    Some((rules.map(|rule| (rule.to_owned(), Span::of(id, &file.text, rule))).collect(), !reason.trim().is_empty()))
}

/// A statement and its block: what the outline of the node knows of that, and lines that are indented further.
fn covered(id: FileId, lines: &[Line], statement: usize, blocks: &Blocks) -> Span {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let (start, line) = lines[statement];
    let from = start + depth(line) as u32;
    let known = blocks.get(&(id, from)).copied().unwrap_or_default().max(start + line.trim_end().len() as u32);
    let behind = lines[statement + 1..].iter().skip_while(|(start, _)| *start < known);
    // An indented line behind a blank one is another's.
    let inside = behind.take_while(|(_, text)| !text.trim().is_empty() && depth(text) > depth(line));
    let end = inside.last().map_or(known, |(start, text)| start + text.trim_end().len() as u32);
    Span { file: id, start: from, end }
}
