//! `/etc/frr/daemons`: a fragment of shell of which only `NAME=yes` and `NAME=no` say which daemons are started
//! (`tools/frrcommon.sh`). A block of frr.conf whose daemon is not started is dead text.

use super::lower::Replay;
use crate::{
    model::Sourced,
    source::{FileId, Span},
};

pub(super) fn read(file: FileId, text: &str, replay: &mut Replay) {
    let daemons = replay.frr.daemons.get_or_insert_default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        replay.into.coverage.lines += 1;
        let Some((name, value)) = line.split_once('=') else { continue };
        let mut words = value.split_ascii_whitespace();
        let value = words.next().unwrap_or("");
        // What stands behind a value is a comment, or makes the line another command.
        if words.next().is_some_and(|word| !word.starts_with('#')) {
            continue;
        }
        let on = match value.trim_matches(['"', '\'']) {
            "yes" => true,
            "no" => false,
            _ => continue,
        };
        daemons.insert(name.trim().to_owned(), Sourced::written(on, Span::of(file, text, line)));
    }
}
