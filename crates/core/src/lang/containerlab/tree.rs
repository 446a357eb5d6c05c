//! YAML in which every value knows its place.

use saphyr_parser::{Event, Marker, Parser};

/// How deep values may nest; a topology's links need 6. What is deeper is passed over.
const DEPTH: usize = 32;

/// The first document of a file.
pub(super) struct Document {
    pub root: Value,
    /// Where it stops being YAML, or begins to be what is not read, and why.
    pub broken: Option<(usize, &'static str)>,
}

/// A byte range.
type Place = (usize, usize);

/// A value.
pub(super) enum Value {
    Scalar(Word),
    List(Vec<Value>, Place),
    Map(Vec<(Word, Value)>, Place),
    /// No document at all.
    Nothing,
    /// An alias, or what nests too deep.
    Other(Place),
}

/// A scalar, without its quotes.
#[derive(Clone)]
pub(super) struct Word {
    pub text: String,
    pub place: Place,
}

impl Value {
    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::Scalar(word) => word.place,
            Self::Nothing => (0, 0),
            Self::List(_, place) | Self::Map(_, place) | Self::Other(place) => *place,
        }
    }

    /// What a map holds, in order; nothing for other values.
    pub(super) fn entries(&self) -> &[(Word, Value)] {
        match self {
            Self::Map(entries, _) => entries,
            _ => &[],
        }
    }

    /// Its text, where it is a scalar.
    pub(super) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Scalar(word) => Some(&word.text),
            _ => None,
        }
    }

    /// Whether nothing was written.
    pub(super) fn is_null(&self) -> bool {
        self.scalar().is_some_and(|text| matches!(text, "" | "~" | "null"))
    }
}

/// A value that has begun and not ended, with the key for which it waits.
struct Open {
    value: Value,
    key: Option<Word>,
}

/// Reads a text, as far as it is YAML.
pub(super) fn read(text: &str) -> Document {
    // The parser counts characters.
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |marker: Marker| bytes.get(marker.index()).copied().unwrap_or(text.len());
    let mut document = Document { root: Value::Nothing, broken: None };
    let (mut open, mut too_deep): (Vec<Open>, usize) = (vec![], 0);
    let mut has_ended = false;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                document.broken = Some((byte(*error.marker()), "the file is no YAML from here on"));
                break;
            }
        };
        let place = (byte(span.start), byte(span.end).max(byte(span.start)));
        match event {
            Event::DocumentStart(_) if has_ended => {
                document.broken = Some((place.0, "only the first document of the file is read"));
                break;
            }
            Event::DocumentEnd => has_ended = true,
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEPTH => too_deep += 1,
            Event::SequenceStart(..) => open.push(Open { value: Value::List(vec![], place), key: None }),
            Event::MappingStart(..) => open.push(Open { value: Value::Map(vec![], place), key: None }),
            Event::SequenceEnd | Event::MappingEnd if too_deep > 0 => {
                too_deep -= 1;
                if too_deep == 0 {
                    put(Value::Other(place), &mut open, &mut document.root);
                }
            }
            Event::SequenceEnd | Event::MappingEnd => close(place.1, &mut open, &mut document.root),
            Event::Scalar(..) | Event::Alias(_) if too_deep > 0 => {}
            Event::Scalar(words, ..) => {
                let word = Word { text: words.into_owned(), place };
                put(Value::Scalar(word), &mut open, &mut document.root);
            }
            Event::Alias(_) => put(Value::Other(place), &mut open, &mut document.root),
            _ => {}
        }
    }
    while !open.is_empty() {
        close(text.len(), &mut open, &mut document.root);
    }
    document
}

/// The innermost value ends.
fn close(end: usize, open: &mut Vec<Open>, root: &mut Value) {
    let Some(Open { mut value, .. }) = open.pop() else { return };
    if let Value::List(_, place) | Value::Map(_, place) = &mut value {
        place.1 = end.max(place.0);
    }
    put(value, open, root);
}

/// A value is whole, and takes its place in the one around it.
fn put(value: Value, open: &mut [Open], root: &mut Value) {
    match open.last_mut() {
        None => *root = value,
        Some(Open { value: Value::List(list, _), .. }) => list.push(value),
        Some(Open { value: Value::Map(entries, _), key }) => match (key.take(), value) {
            (Some(key), value) => entries.push((key, value)),
            (None, Value::Scalar(word)) => *key = Some(word),
            (None, value) => *key = Some(Word { text: String::new(), place: value.place() }),
        },
        Some(_) => {}
    }
}
