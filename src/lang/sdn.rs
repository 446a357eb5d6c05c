//! Placeholder while the slice is written.
use crate::{
    model::Reading,
    source::{File, FileId},
};

pub(super) struct Sdn;

impl super::Language for Sdn {
    fn name(&self) -> &'static str {
        "sdn"
    }

    fn claims(&self, _inner: &str) -> bool {
        false
    }

    fn read(&self, _files: &[(FileId, &File)], _into: &mut Reading) {}
}
