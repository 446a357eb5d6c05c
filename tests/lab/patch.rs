//! Unified diffs without context. They apply exactly or not at all.

/// What becomes of one file.
#[derive(Debug)]
pub(crate) struct Patch {
    /// Below the fabric's folder.
    pub(crate) path: String,
    hunks: Vec<Hunk>,
}

/// Lines that stand in the place of others.
#[derive(Debug)]
struct Hunk {
    /// How many lines of the file stand before.
    before: usize,
    old: Vec<String>,
    new: Vec<String>,
}

impl Patch {
    /// # Panics
    /// When the text is no unified diff, with the line that is wrong.
    pub(crate) fn all(case: &str, text: &str) -> Vec<Self> {
        let mut patches: Vec<Self> = vec![];
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(path) = line.strip_prefix("+++ ") {
                patches.push(Self { path: path.to_owned(), hunks: vec![] });
            } else if line.starts_with("@@ ") {
                let hunk = Hunk::read(line, &mut lines).unwrap_or_else(|| panic!("{case}: no whole hunk: {line}"));
                patches.last_mut().unwrap_or_else(|| panic!("{case}: of which file? {line}")).hunks.push(hunk);
            } else {
                assert!(line.is_empty() || line.starts_with("--- "), "{case}: neither diff nor facts: {line}");
            }
        }
        patches
    }

    /// What a file becomes.
    ///
    /// # Panics
    /// When what is replaced is not there.
    pub(crate) fn apply(&self, file: &str) -> String {
        let file: Vec<&str> = file.lines().collect();
        let (mut lines, mut done) = (vec![], 0);
        for Hunk { before, old, new } in &self.hunks {
            let end = before + old.len();
            let there = file.get(*before..end).unwrap_or_default();
            assert_eq!(there, old, "{}: what is replaced after line {before}", self.path);
            lines.extend_from_slice(&file[done..*before]);
            lines.extend(new.iter().map(String::as_str));
            done = end;
        }
        lines.extend_from_slice(&file[done..]);
        lines.iter().flat_map(|line| [line, "\n"]).collect()
    }
}

impl Hunk {
    /// Reads `@@ -LINE,COUNT +LINE,COUNT @@`, where a count of 1 is left out, and as many lines as it says.
    fn read<'a>(header: &str, lines: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let (old, new) = header.strip_prefix("@@ -")?.strip_suffix(" @@")?.split_once(" +")?;
        let range = |range: &str| -> Option<(usize, usize)> {
            let (line, count) = range.split_once(',').unwrap_or((range, "1"));
            Some((line.parse().ok()?, count.parse().ok()?))
        };
        let ((line, removed), (_, added)) = (range(old)?, range(new)?);
        let mut take = |count: usize, sign: char| -> Option<Vec<String>> {
            (0..count).map(|_| Some(lines.next()?.strip_prefix(sign)?.to_owned())).collect()
        };
        // Where nothing is removed, the line is the one before.
        let before = if removed == 0 { line } else { line.checked_sub(1)? };
        Some(Self { before, old: take(removed, '-')?, new: take(added, '+')? })
    }
}
