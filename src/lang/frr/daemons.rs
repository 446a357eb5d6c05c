//! `/etc/frr/daemons`: a fragment of shell of which only `NAME=yes` and `NAME=no` say which daemons are started
//! (`tools/frrcommon.sh`). A block of frr.conf whose daemon is not started is dead text. The other lines are not modelled.

use super::lower::Replay;
use crate::{
    model::Sourced,
    source::{FileId, Span},
};

pub(super) fn read(file: FileId, text: &str, replay: &mut Replay) {
    let daemons = replay.frr.daemons.get_or_insert_default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        replay.into.coverage.lines += 1;
        match switch(line) {
            Some((name, on)) => {
                daemons.insert(name.to_owned(), Sourced::written(on, Span::of(file, text, line)));
            }
            None => replay.into.coverage.unmodelled += 1,
        }
    }
}

/// The daemon that a line names, and whether it is started.
fn switch(line: &str) -> Option<(&str, bool)> {
    let (name, value) = line.split_once('=')?;
    let mut words = value.split_ascii_whitespace();
    let value = words.next().unwrap_or("");
    // What stands behind a value is a comment, or makes the line another command.
    if words.next().is_some_and(|word| !word.starts_with('#')) {
        return None;
    }
    match value.trim_matches(['"', '\'']) {
        "yes" => Some((name.trim(), true)),
        "no" => Some((name.trim(), false)),
        _ => None,
    }
}
