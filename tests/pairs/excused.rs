//! Which silences are meant, and why.

use std::{fs, path::Path};

/// The lines of a file: `fault beside fault: rule`, with `*` for any fault or rule, and below one or more of them the reason,
/// indented.
pub(super) struct Excuses {
    /// Each with whether it was of use.
    lines: Vec<(String, bool)>,
}

impl Excuses {
    /// # Panics
    /// When a line has no reason.
    pub(super) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_default();
        let (mut lines, mut owed) = (vec![], None);
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if line.starts_with(' ') {
                owed = None;
            } else {
                assert!(parts(line).is_some(), "{}: no silence: {line}", path.display());
                lines.push((line.to_owned(), false));
                owed = Some(line);
            }
        }
        assert!(owed.is_none(), "{}: no reason for {owed:?}", path.display());
        Self { lines }
    }

    /// Whether a silence is meant.
    pub(super) fn take(&mut self, fault: &str, beside: &str, rule: &str) -> bool {
        let mut is_meant = false;
        for (line, is_used) in &mut self.lines {
            let fits = parts(line).is_some_and(|words| {
                std::iter::zip(words, [fault, beside, rule]).all(|(wanted, own)| wanted == "*" || wanted == own)
            });
            *is_used |= fits;
            is_meant |= fits;
        }
        is_meant
    }

    /// The lines that excuse nothing.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(|(_, is_used)| !is_used).map(|(line, _)| line.as_str())
    }
}

fn parts(line: &str) -> Option<[&str; 3]> {
    let (faults, rule) = line.split_once(": ")?;
    let (fault, beside) = faults.split_once(" beside ")?;
    Some([fault, beside, rule])
}
