//! `/etc/hostname`: one word, the name of a node whose directory does not tell it.

use crate::{
    model::{Reading, Sourced},
    source::{File, FileId, LanguageId, Span},
};

pub(super) struct Host;

impl super::Language for Host {
    fn id(&self) -> LanguageId {
        LanguageId::Hostname
    }

    fn claims(&self, inner: &str) -> bool {
        inner == "etc/hostname"
    }

    fn read(&self, files: &[(FileId, &File)], into: &mut Reading) {
        for (id, file) in files {
            if let Some(word) = file.text.split_ascii_whitespace().next() {
                into.node.hostname = Some(Sourced::written(word.to_owned(), Span::of(*id, &file.text, word)));
            }
        }
    }
}
