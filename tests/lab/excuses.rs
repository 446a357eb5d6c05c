//! The differences that are known, each with its reason.

use std::{collections::BTreeSet, fs, path::Path};

/// The differences of a list: lines below which an indented reason stands.
///
/// # Panics
/// When a difference has no reason, or is listed twice.
pub(crate) fn read(path: &Path) -> BTreeSet<String> {
    parse(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parse(text: &str) -> Result<BTreeSet<String>, String> {
    let (mut all, mut unexplained) = (BTreeSet::new(), None);
    for line in text.lines().chain([""]).filter(|line| !line.starts_with('#')) {
        if line.starts_with(' ') {
            unexplained = None;
        } else if !line.is_empty() {
            if !all.insert(line.to_owned()) {
                return Err(format!("listed twice: {line}"));
            }
            unexplained = Some(line);
        } else if let Some(line) = unexplained {
            return Err(format!("no reason stands below {line}"));
        }
    }
    Ok(all)
}

#[test]
fn a_reason_is_for_the_lines_above() {
    let listed = parse("# Of whom\none: a\none: b\n  For this.\n  And that.\n\ntwo: c\n  For another.\n").unwrap();
    assert_eq!(listed.into_iter().collect::<Vec<_>>(), ["one: a", "one: b", "two: c"]);
    for wrong in ["one: a\n", "one: a\n\n  Too late.\n", "one: a\n  So.\none: a\n  So.\n"] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}
