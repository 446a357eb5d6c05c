//! What CI systems take for commands in the log of a job, wherever it comes from, and how text stays text there.
//!
//! GitHub's runner obeys a line that begins with `::` behind blanks, and `##[…]` anywhere in a line (`ActionCommand.TryParseV2`
//! and `TryParse` of actions/runner). Azure Pipelines obeys `##vso[…]`, TeamCity `##teamcity[…]`.

use std::{
    borrow::Cow,
    io::{self, Write},
};

/// What stands in the place of a colon that begins a line, and of a bracket that opens a command.
const COLON: &str = "\u{a789}";
const BRACKET: &str = "\u{2045}";

/// A line of text that is no command, as wide as before.
pub(crate) fn tame(line: &str) -> Cow<'_, str> {
    let mut tamed = Cow::Borrowed(line);
    let start = begin(line);
    if line[start..].starts_with("::") {
        tamed.to_mut().replace_range(start..start + 2, &COLON.repeat(2));
    }
    if !line.contains("##") {
        return tamed;
    }
    let mut at = 0;
    while let Some(found) = tamed[at..].find("##") {
        let word = at + found + 2;
        let length = tamed[word..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tamed.len() - word);
        if tamed[word + length..].starts_with('[') {
            tamed.to_mut().replace_range(word + length..word + length + 1, BRACKET);
        }
        // Of three, the last two may begin another.
        at = word - 1;
    }
    tamed
}

/// Where a line begins behind blanks and what colours a terminal.
fn begin(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let blanks = rest.len() - rest.trim_start().len();
        if blanks > 0 {
            at += blanks;
        } else if let Some(length) = rest.strip_prefix("\u{1b}[").and_then(|code| code.find('m')) {
            at += length + 3;
        } else {
            return at;
        }
    }
}

/// JSON in which no string holds `##`, and which says the same.
pub(super) fn tame_json(json: String) -> String {
    if json.contains("##") { json.replace("##", "#\\u0023") } else { json }
}

/// Text between and in tags of XML in which nobody finds `##`, and which says the same.
pub(super) fn tame_xml(xml: String) -> String {
    if xml.contains("##") { xml.replace("##", "#&#35;") } else { xml }
}

/// Passes on text whose lines are [tamed](tame).
pub(crate) struct Tamed<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Tamed<W> {
    /// Writes to that.
    pub(crate) const fn new(out: W) -> Self {
        Self { out, line: vec![] }
    }

    fn pass(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        self.out.write_all(tame(&line).as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Write for Tamed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.pass()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Tamed<W> {
    fn drop(&mut self) {
        // A reader that has gone away is no failure.
        let _ = self.pass();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_a_command() {
        for (line, wanted) in [
            ("::error::x", "\u{a789}\u{a789}error::x"),
            (" \u{1b}[31m ::x", " \u{1b}[31m \u{a789}\u{a789}x"),
            ("fe80::1", "fe80::1"),
            ("a ##[add-matcher]x", "a ##\u{2045}add-matcher]x"),
            ("####vso[task]##[", "####vso\u{2045}task]##\u{2045}"),
            ("## a comment [1]", "## a comment [1]"),
        ] {
            assert_eq!(tame(line), wanted);
        }
        assert_eq!(tame_json("{\"a\":\"##[x] #\"}".to_owned()), "{\"a\":\"#\\u0023[x] #\"}");
        let mut out = vec![];
        let mut tamed = Tamed::new(&mut out);
        tamed.write_all(b"a:\n:").unwrap();
        tamed.write_all(b":b\nc").unwrap();
        drop(tamed);
        assert_eq!(String::from_utf8(out).unwrap(), "a:\n\u{a789}\u{a789}b\nc");
    }
}
