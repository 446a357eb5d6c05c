//! The pages of the rules, `rules/<id>.md`: a header, then Markdown whose first heading is the title. The build script has
//! read the headers.

use crate::header::{Category, Evidence, Header, Needs, Severity};

/// A page.
#[derive(Debug)]
pub struct Page {
    /// The id of its rule, which is the name of the file.
    pub id: &'static str,
    /// What stands in its header.
    pub header: Header<'static>,
    /// The file.
    text: &'static str,
    /// Where the Markdown begins in it.
    body: usize,
}

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

impl Page {
    /// The page of that id.
    ///
    /// # Panics
    /// When there is none, which fails the build: the tables of the rules are constants.
    pub(crate) const fn of(id: &str) -> &'static Self {
        let mut at = 0;
        while at < PAGES.len() {
            if order(PAGES[at].id, id) == 0 {
                return &PAGES[at];
            }
            at += 1;
        }
        panic!("a rule has no page rules/<id>.md")
    }

    /// The Markdown behind the header.
    pub fn body(&self) -> &'static str {
        &self.text[self.body..]
    }

    /// The page of that id, if there is one.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        PAGES.binary_search_by(|page| page.id.cmp(id)).ok().map(|at| &PAGES[at])
    }

    /// Every page, sorted by id.
    pub fn all() -> &'static [Self] {
        &PAGES
    }
}

/// How two texts compare, byte by byte, in a constant: below zero, zero or above zero.
pub(crate) const fn order(one: &str, other: &str) -> i32 {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return one[at] as i32 - other[at] as i32;
        }
        at += 1;
    }
    one.len() as i32 - other.len() as i32
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

macro_rules! serialize_word {
    ($($name:ident),*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
    )*};
}

serialize_word!(Severity, Category, Needs, Evidence);
