//! JSON in which every value knows its place.

use crate::source::{FileId, Span};

/// Words that stand somewhere in a file.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub span: Span,
}

/// A value of a JSON text.
pub(super) enum Json {
    /// A string, a number, `true`, `false` or `null`, as text; a string without its quotes.
    Scalar(Word),
    /// An array.
    Array(Vec<Json>),
    /// An object, in order.
    Object(Vec<(Word, Json)>),
}

impl Json {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        self.entries().iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
    }

    /// What an object holds; nothing for other values.
    pub(super) fn entries(&self) -> &[(Word, Json)] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }
}

/// How deep values may nest; Proxmox's own reader stops at 512, its files need 5.
const DEPTH: u8 = 64;

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
}

/// Reads a text that is one JSON value.
///
/// # Errors
/// The place where it stops being one, and what was wanted there.
pub(super) fn read(file: FileId, text: &str) -> Result<Json, (Span, &'static str)> {
    let mut reader = Reader { file, text, at: 0 };
    let value = reader.value(DEPTH);
    let value = value.and_then(|value| if reader.next().is_none() { Ok(value) } else { Err("the end of the file") });
    value.map_err(|wanted| {
        let at = reader.at.min(text.len());
        let length = text[at..].chars().next().map_or(0, char::len_utf8);
        (Span { file, start: at as u32, end: (at + length) as u32 }, wanted)
    })
}

impl Reader<'_> {
    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8, wanted: &'static str) -> Result<(), &'static str> {
        if self.next() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(wanted)
        }
    }

    fn word(&self, start: usize, end: usize, text: String) -> Word {
        Word { text, span: Span { file: self.file, start: start as u32, end: end as u32 } }
    }

    fn value(&mut self, depth: u8) -> Result<Json, &'static str> {
        let Some(deeper) = depth.checked_sub(1) else { return Err("no deeper nesting") };
        match self.next() {
            Some(b'{') => {
                self.at += 1;
                let mut entries = vec![];
                while self.next() != Some(b'}') {
                    if !entries.is_empty() {
                        self.eat(b',', "a comma or a closing brace")?;
                    }
                    self.next();
                    let key = self.string()?;
                    self.eat(b':', "a colon")?;
                    entries.push((key, self.value(deeper)?));
                }
                self.at += 1;
                Ok(Json::Object(entries))
            }
            Some(b'[') => {
                self.at += 1;
                let mut values = vec![];
                while self.next() != Some(b']') {
                    if !values.is_empty() {
                        self.eat(b',', "a comma or a closing bracket")?;
                    }
                    values.push(self.value(deeper)?);
                }
                self.at += 1;
                Ok(Json::Array(values))
            }
            Some(b'"') => self.string().map(Json::Scalar),
            _ => {
                let start = self.at;
                let rest = &self.text[start..];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
                if serde_json::from_str::<serde_json::Value>(&rest[..end]).is_err() {
                    return Err("a value");
                }
                self.at += end;
                Ok(Json::Scalar(self.word(start, self.at, rest[..end].to_owned())))
            }
        }
    }

    fn string(&mut self) -> Result<Word, &'static str> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if bytes.get(start) != Some(&b'"') {
            return Err("a string in double quotes");
        }
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => return Err("a closing quote"),
            }
        }
        let Some(Ok(text)) = self.text.get(start..=end).map(serde_json::from_str::<String>) else {
            return Err("a string that JSON allows");
        };
        self.at = end + 1;
        // An escape could hide what a terminal must not see, or a line that a report would seem to have.
        Ok(self.word(start + 1, end, crate::source::one_line(text.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_places() {
        let text = r#"{ "a" : [1, "b,c", {"d": true}], "e": "\u001b\n\t" }"#;
        let json = read(FileId(0), text).ok().unwrap();
        let Some(Json::Array(values)) = json.get("a") else { panic!() };
        let [Json::Scalar(one), Json::Scalar(string), object] = values.as_slice() else { panic!() };
        assert_eq!((one.text.as_str(), &text[one.span.start as usize..one.span.end as usize]), ("1", "1"));
        assert_eq!(&text[string.span.start as usize..string.span.end as usize], "b,c");
        assert!(matches!(object.get("d"), Some(Json::Scalar(word)) if word.text == "true"));
        assert!(matches!(json.get("e"), Some(Json::Scalar(word)) if word.text == "???"));
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, at) in [("", 0), ("{", 1), ("{\"a\"}", 4), ("[1 2]", 3), ("\"\\", 0), ("{} x", 3), ("nul", 0)] {
            let (span, _) = read(FileId(0), text).err().unwrap();
            assert_eq!(span.start, at, "{text}");
        }
        assert!(read(FileId(0), &"[".repeat(1000)).is_err());
    }
}
