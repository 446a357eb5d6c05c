//! What is written down beside the tests, and is written anew where `BLESS` is set.

use super::corpus::stem;
use similar::TextDiff;
use std::{env, fs, panic::Location, path::Path};

fn is_asked() -> bool {
    env::var_os("BLESS").is_some()
}

/// A file holds a text.
///
/// # Errors
/// In words, with the difference, where it holds another and nobody asked to write it.
pub(crate) fn file(path: impl AsRef<Path>, text: &str) -> Result<(), String> {
    let path = path.as_ref();
    let old = fs::read_to_string(path).unwrap_or_default();
    if old == text {
        return Ok(());
    }
    if is_asked() {
        fs::write(path, text).unwrap();
        return Ok(());
    }
    let difference = TextDiff::from_lines(old.as_str(), text);
    let difference = difference.unified_diff().context_radius(1).to_string();
    Err(format!("{} is old; BLESS=1 writes it:\n{difference}", path.display()))
}

/// A snapshot of insta's holds a text.
///
/// Insta reads in the environment whether it is to write, and no test may change that; so what it would write is written
/// before it looks.
#[track_caller]
pub(crate) fn snapshot(path: &Path, text: &str) {
    let old = fs::read_to_string(path).unwrap_or_default();
    let head_end = old.match_indices("---\n").nth(1).map(|(at, line)| at + line.len());
    let (head, body) = old.split_at(head_end.unwrap_or(0));
    if is_asked() && (head.is_empty() || body.trim_end() != text.trim_end()) {
        let new = format!("---\nsource: {}\n---\n", Location::caller().file());
        let head = if head.is_empty() { &new } else { head };
        fs::write(path, format!("{head}{}\n", text.trim_end())).unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(path.parent().unwrap()));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(stem(path), text));
}
