//! What a walk finds, and how each of it is read.

use evpnlint_core::{
    lang::Language,
    source::{File, Printable, Start, Unread, reader},
};
use std::{ops::Range, path::PathBuf};

/// A file that will be read, or that is there and will not be.
pub struct Found {
    /// Where it is.
    pub disk: PathBuf,
    /// How to show it.
    pub path: Printable,
    /// The node it belongs to; empty where only its contents can say.
    pub node: String,
    /// Where it stands on its node; empty for a folder.
    pub inner: String,
    /// Its language; `None` for a folder.
    pub language: Option<&'static dyn Language>,
    /// Which part of the file on disk it is; `None` for all of it.
    pub part: Option<Part>,
    /// Whether the user named it, rather than a folder around it.
    pub is_named: bool,
    /// Why it will not be read.
    pub unread: Option<Unread>,
}

/// A part of a file on disk.
#[derive(Clone)]
pub struct Part {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// The line at which it begins, from 0.
    pub line: u32,
}

/// What a walk gave.
#[derive(Default)]
pub struct Discovery {
    /// The files, by node and place; then the folders that could not be read.
    pub found: Vec<Found>,
    /// Files that stand for one that was found before, each with that one.
    pub doubles: Vec<(Printable, Printable)>,
    /// Files and folders that the user leaves out.
    pub excluded: Vec<Printable>,
}

impl Discovery {
    /// What is not read, and why.
    pub fn unread(&self) -> impl Iterator<Item = (&Printable, Unread)> {
        self.found.iter().filter_map(|found| Some((&found.path, found.unread?)))
    }

    /// How many files are read.
    pub fn count(&self) -> usize {
        self.found.iter().filter(|found| found.unread.is_none()).count()
    }
}

/// evpnlint could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was named does not exist.
    #[error("{path} does not exist")]
    Missing {
        /// The path.
        path: Printable,
    },
    /// A path that was named cannot be read.
    #[error(transparent)]
    Unread(#[from] reader::Error),
    /// A file that was named is in no known language.
    #[error("{path} is neither FRR's configuration nor /etc/network/interfaces nor Proxmox SDN's")]
    Unrecognised {
        /// The path.
        path: Printable,
    },
    /// Nothing at all to read: never a silent success.
    #[error("found nothing to read in {paths}: no frr.conf, no etc/network/interfaces, no pve/sdn/*.cfg")]
    Nothing {
        /// The paths that were searched.
        paths: String,
        /// What is there and cannot be read, and why.
        unread: Vec<(Printable, Unread)>,
    },
}

impl Found {
    /// Its size in bytes, which is none where it is not read.
    pub(super) fn size(&self) -> u64 {
        match &self.part {
            _ if self.unread.is_some() => 0,
            Some(part) => part.bytes.len() as u64,
            None => self
                .disk
                .metadata()
                .map(|meta| meta.len())
                .ok()
                .filter(|len| *len <= reader::MOST_BYTES_OF_FILE)
                .unwrap_or(0),
        }
    }

    fn bytes(&self, is_within: bool) -> Result<Vec<u8>, Unread> {
        match &self.part {
            _ if let Some(why) = self.unread => Err(why),
            _ if !is_within => Err(Unread::TooMuch),
            Some(part) if part.bytes.is_empty() => Ok(vec![]),
            Some(part) => reader::range(&self.disk, part.bytes.clone()),
            None => reader::bytes(&self.disk, reader::MOST_BYTES_OF_FILE),
        }
    }

    /// Its text; `is_within` the bytes that all files may have together.
    ///
    /// # Errors
    /// When the user named it and it cannot be read.
    pub(super) fn read(&self, is_within: bool) -> Result<File, reader::Error> {
        let (path, node, inner) = (&*self.path, self.node.as_str(), self.inner.as_str());
        let start = self
            .part
            .as_ref()
            .map_or(Start::default(), |part| Start { byte: part.bytes.start as u32, line: part.line });
        let mut file = match self.bytes(is_within) {
            Ok(bytes) => File::new(path, node, inner, bytes).beginning_at(start),
            Err(why) if self.is_named => return Err(reader::Error { path: self.path.clone(), why }),
            Err(why) => File::unread(path, node, inner, why),
        };
        file.language = self.language.map(|language| language.id());
        Ok(file)
    }
}
