//! `frr.conf.local`: what its merge comes to once FRR has read the result.

use crate::model::twin::{Glued, LocalFate, LocalLine, Said, Script};
use std::collections::{BTreeMap, BTreeSet};

/// Takes back what the words of the lines alone had made of them, where FRR makes nothing of it: a line that is lost and
/// generated all the same, or one that looks out of place and is read where it was meant to be. `alone` is the file as FRR
/// would read it by itself.
pub(super) fn settle(lines: &mut [LocalLine], merged: &Script, alone: &Script) {
    let top: BTreeSet<&str> = merged.said.iter().filter(|said| said.block.is_empty()).map(|said| &*said.text).collect();
    let starts = |script: &'_ Script| -> BTreeMap<_, usize> {
        let starts = script.said.iter().enumerate();
        starts.filter_map(|(at, said)| said.span.map(|span| ((span.file, span.start), at))).collect()
    };
    let (in_merged, in_alone) = (starts(merged), starts(alone));
    for line in lines {
        let place = (line.span.file, line.span.start);
        let read = in_merged.get(&place).map(|at| &merged.said[*at]);
        let is_outside = |said: &Said| said.block.is_empty();
        let as_meant = match &line.fate {
            // What FRR itself would not take is for others to tell.
            LocalFate::Lost(_) => in_alone.get(&place).is_none_or(|at| top.contains(&*alone.said[*at].text)),
            LocalFate::Glued(Glued { cuts: true, .. }) => read.is_some_and(|said| !is_outside(said)),
            LocalFate::Glued(_) => read.is_none_or(is_outside),
            LocalFate::Astray(_) => read.is_some_and(is_outside),
            _ => false,
        };
        if as_meant {
            line.fate = LocalFate::Kept;
        }
    }
}
