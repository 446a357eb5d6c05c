//! `frr.conf.local`: what its merge comes to once FRR has read the result.

use evpnlint_core::model::{
    effective::{Effective, Line},
    twin::{InOpenBlock, LocalFate, LocalLine, Said, Script},
};
use std::collections::{BTreeMap, BTreeSet};

/// Takes back what the words of the lines alone had made of them, where FRR makes nothing of it: a line that is lost and
/// generated all the same, or one that looks out of place and is read where it was meant to be. `alone` is the file as FRR
/// would read it by itself.
pub(in crate::twin) fn settle(lines: &mut [LocalLine], merged: &Script, alone: &Effective) {
    let top: BTreeSet<&str> = merged.said.iter().filter(|said| said.block.is_empty()).map(|said| &*said.text).collect();
    let said = merged.said.iter().filter_map(|said| said.span.map(|span| ((span.file, span.start), said)));
    let in_merged: BTreeMap<_, &Said> = said.collect();
    let in_alone: BTreeMap<_, &Line> =
        alone.lines.iter().map(|line| ((line.span.file, line.span.start), line)).collect();
    let is_generated = |line: &Line| {
        let is_top = alone.path(line.block).is_empty();
        line.text.as_deref().is_none_or(|text| is_top && top.contains(text))
    };
    let is_outside = |said: &Said| said.block.is_empty();
    for line in lines {
        let place = (line.span.file, line.span.start);
        let read = in_merged.get(&place).copied();
        let as_meant = match &line.fate {
            // What FRR itself does not know is for others to tell.
            LocalFate::Lost(_) => in_alone.get(&place).is_none_or(|line| is_generated(line)),
            LocalFate::InOpenBlock(InOpenBlock { ends_early: true, .. }) => read.is_some_and(|said| !is_outside(said)),
            LocalFate::InOpenBlock(_) => read.is_none_or(is_outside),
            LocalFate::OutsideRouter(_) => read.is_some_and(is_outside),
            _ => false,
        };
        if as_meant {
            line.fate = LocalFate::Kept;
        }
    }
}
