//! `frr.conf.local`: the user's own lines, merged into what is generated, line by line as `append_local_config` of
//! `PVE::Network::SDN::Frr` does it.
//!
//! | file | what it does |
//! |---|---|
//! | `words.rs` | the lines of the file, and what they say by their words alone |
//! | `section.rs` | the block that a line goes to |
//! | `known.rs` | what was generated before the first line is merged |
//! | `settle.rs` | what the merge comes to once FRR has read the result |
//! | `templates.rs` | 1.3 and later: lines keep their blanks, and what finds no generated block stands in a part of its own |
//! | `stripped.rs` | up to 1.2: lines lose their blanks, and blocks are merged by name |

use super::{frr::config::Config, generator::Generation};
use evpnlint_core::{model::twin::LocalLine, source::Span};
use known::Known;

pub(super) use settle::settle;

mod known;
mod section;
mod settle;
mod stripped;
mod templates;
#[cfg(test)]
mod tests;
mod words;

/// Merges the text, which stands at `place`, and tells what becomes of each of its lines.
pub(super) fn merge(generation: Generation, place: Span, text: &str, config: &mut Config) -> Vec<LocalLine> {
    let known = Known::new(text, config);
    let lines = words::lines(place, text);
    if generation >= Generation::Templates {
        templates::merge(lines, &known, config)
    } else {
        stripped::merge(generation, lines, &known, config)
    }
}
