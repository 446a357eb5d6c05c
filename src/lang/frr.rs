//! Placeholder while the slice is written.
use crate::{
    model::Reading,
    source::{File, FileId},
};

pub(super) struct Frr;

impl super::Language for Frr {
    fn name(&self) -> &'static str {
        "frr"
    }

    fn claims(&self, _inner: &str) -> bool {
        false
    }

    fn read(&self, _files: &[(FileId, &File)], _into: &mut Reading) {}
}
