//! Text that is fit to print.

use super::one_line;
use std::{ffi::OsStr, fmt, ops::Deref, path::Path};

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
