//! Text that is fit to print: nothing in it drives a terminal, or hides what is there.

use std::{borrow::Cow, ffi::OsStr, fmt, ops::Deref, path::Path};

/// Something in a text's bytes, rather than in its words, that a daemon may stumble over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Oddity {
    /// Where it first stands, in bytes.
    pub at: u32,
    /// What it is.
    pub kind: OddityKind,
}

/// Kinds of [`Oddity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OddityKind {
    /// A byte order mark at the very start.
    ByteOrderMark,
    /// Bytes that are not UTF-8, read as Latin-1 would be: one replacement a byte.
    NotUtf8,
    /// Characters that are not seen, or change what is seen of others.
    Control,
    /// A NUL byte. FRR ends a line there, as C's strings do; what stands behind it on its line was blanked.
    Nul,
    /// A byte order mark of UTF-16 (or UTF-32) at the very start: the whole text was blanked.
    Utf16,
}

impl fmt::Display for OddityKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "a byte order mark",
            Self::NotUtf8 => "a byte that is not UTF-8",
            Self::Control => "a control or invisible character",
            Self::Nul => "a NUL byte",
            Self::Utf16 => "text in UTF-16",
        })
    }
}

/// The bytes without what no search for secrets could read, and what that was: spaces stand for it, and lines stay lines.
pub(super) fn readable(bytes: &[u8]) -> (Cow<'_, [u8]>, Option<Oddity>) {
    let blank = |bytes: &mut [u8]| bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let mut bytes = bytes.to_owned();
        blank(&mut bytes);
        return (bytes.into(), Some(Oddity { at: 0, kind: OddityKind::Utf16 }));
    }
    let Some(first) = bytes.iter().position(|byte| *byte == 0) else { return (bytes.into(), None) };
    let mut bytes = bytes.to_owned();
    for line in bytes.split_mut(|byte| *byte == b'\n') {
        if let Some(at) = line.iter().position(|byte| *byte == 0) {
            line[at..].fill(b' ');
        }
    }
    (bytes.into(), Some(Oddity { at: first as u32, kind: OddityKind::Nul }))
}

/// The bytes as text of the same length in which no character can drive a terminal: control characters other than
/// tab, line feed and the carriage return of a line's end become `?` (a lone carriage return a space, as FRR reads
/// it), invisible ones and changes of direction U+FFFD, and bytes that are not UTF-8 `?`.
pub fn printable(bytes: &[u8]) -> (String, Vec<Oddity>) {
    let mut oddities = vec![];
    let mut note = |at: usize, kind| {
        if oddities.iter().all(|oddity: &Oddity| oddity.kind != kind) {
            oddities.push(Oddity { at: at as u32, kind });
        }
    };
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid();
        loop {
            let plain =
                rest.bytes().position(|byte| !matches!(byte, b'\t' | b'\n' | b' '..=b'~')).unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            rest = &rest[plain..];
            let Some(c) = rest.chars().next() else { break };
            let at = text.len();
            match c {
                '\r' if matches!(bytes.get(at + 1), None | Some(b'\n')) => text.push(c),
                '\r' => {
                    note(at, OddityKind::Control);
                    text.push(' ');
                }
                '\u{feff}' if at == 0 => {
                    note(at, OddityKind::ByteOrderMark);
                    text.push(char::REPLACEMENT_CHARACTER);
                }
                _ if can_mislead(c) => {
                    note(at, OddityKind::Control);
                    match c.len_utf8() {
                        3 => text.push(char::REPLACEMENT_CHARACTER),
                        length => text.push_str(&"????"[..length]),
                    }
                }
                _ => text.push(c),
            }
            rest = &rest[c.len_utf8()..];
        }
        for _ in chunk.invalid() {
            note(text.len(), OddityKind::NotUtf8);
            text.push('?');
        }
    }
    (text, oddities)
}

/// The bytes as text that stays on one line and cannot drive a terminal, for names that are not a whole file's text.
pub fn one_line(bytes: &[u8]) -> String {
    printable(bytes).0.replace(['\t', '\r', '\n'], "?")
}

/// Whether a character does something to a terminal, or to what is seen of its neighbours, or is not seen at all: control
/// characters, those with Unicode's property `Default_Ignorable_Code_Point`, anchors of annotations, the separators of lines
/// and paragraphs, and the blank of Braille.
pub(super) fn can_mislead(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Text that stays on one line and cannot drive a terminal: a path, an argument, a node's name. Paths and arguments reach
/// messages as this type; clippy denies the methods that print them as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Printable(String);

impl From<&OsStr> for Printable {
    fn from(text: &OsStr) -> Self {
        Self(one_line(text.as_encoded_bytes()))
    }
}

impl From<&Path> for Printable {
    fn from(path: &Path) -> Self {
        path.as_os_str().into()
    }
}

impl From<&str> for Printable {
    fn from(text: &str) -> Self {
        Self(one_line(text.as_bytes()))
    }
}

impl From<Printable> for String {
    fn from(text: Printable) -> Self {
        text.0
    }
}

impl Deref for Printable {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Printable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}
