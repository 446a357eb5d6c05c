//! Reads files from disk: only regular files, and no more of them than a bound.

use super::printable::Printable;
use std::{
    fmt, fs,
    io::{self, Read as _, Seek as _},
    ops::Range,
    path::Path,
};

/// The most bytes of one file of configuration: a thousand times what a large `frr.conf` has.
pub const MOST_BYTES_OF_FILE: u64 = 64 << 20;

/// The most bytes of all files of a run: ten thousand nodes with 100 KiB each.
pub const MOST_BYTES: u64 = 1 << 30;

/// Why a file or a folder was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// The user may not read it.
    Denied,
    /// The system could not read it.
    Failed(io::ErrorKind),
    /// It was there, and is no longer.
    Vanished,
    /// It is longer than a file may be.
    TooLong {
        /// The bound, in bytes.
        most: u64,
    },
    /// With the files before it, it is longer than [`MOST_BYTES`].
    TooMuch,
    /// There are more files and folders than are looked at.
    TooMany {
        /// The bound.
        most: usize,
    },
    /// It lies deeper than is looked.
    TooDeep {
        /// The bound, in folders.
        most: usize,
    },
    /// A pipe, a socket or a device.
    Special,
    /// A folder, where a file belongs.
    Folder,
    /// A link that leads nowhere.
    Dangling,
    /// A link to a file outside the input.
    Outside,
    /// A link to a folder.
    LinkedFolder,
    /// A link to something that is no file.
    LinkedSpecial,
    /// A report that holds more files than are read of one.
    TooManyParts,
    /// Its name is one that no daemon reads, and the file that the daemon reads is not there.
    Misnamed,
    /// A layout says that it is a node's, and it is in no language that is known.
    Foreign,
    /// The manifest of a collection says that it could not be got.
    NotGathered,
    /// Nothing is there, although the node needs it.
    Absent,
    /// No file of this node is there, although it is said to be one of the fabric.
    NodeAbsent,
    /// It was read, and a large part of it says nothing that its language knows.
    Partly {
        /// How many lines are not understood.
        unknown: u32,
        /// How many lines there are, without empty ones and comments.
        lines: u32,
    },
}

impl Unread {
    /// Whether nodes may be lost wherever that happens, not only where a file of theirs should be.
    pub const fn may_hide_nodes(self) -> bool {
        matches!(
            self,
            Self::TooMuch
                | Self::TooMany { .. }
                | Self::TooDeep { .. }
                | Self::TooManyParts
                | Self::LinkedFolder
                | Self::NotGathered
                | Self::NodeAbsent
        )
    }

    /// What to do about it.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Denied => {
                "run evpnlint as a user who may read it; FRR's files are the user frr's and the group frrvty's"
            }
            Self::Failed(_) | Self::Vanished => "see that it can be read, and check again",
            Self::TooLong { .. } | Self::TooMuch => "check fewer files at a time, or see why they are so large",
            Self::TooMany { .. } | Self::TooDeep { .. } => "name the folder below which the nodes are",
            Self::Special | Self::Folder | Self::LinkedSpecial => "put the file there that the daemon reads",
            Self::Dangling => "remove the link, or put there what it leads to",
            Self::Outside | Self::LinkedFolder => "name what it leads to as well: `evpnlint PATH TARGET`",
            Self::TooManyParts => "gather the files themselves: `evpnlint collect`",
            Self::Misnamed => "give it the name that the daemon reads, or put that file beside it",
            Self::Foreign => "leave it out with `exclude`, or correct the layout in evpnlint.toml",
            Self::NotGathered => "manifest.json says why: run `evpnlint collect` again, or remove the entry",
            Self::Absent => "give evpnlint the file; if the node has none, install FRR there",
            Self::NodeAbsent => "give evpnlint the files of the node, or remove its name",
            Self::Partly { .. } => "see the first line that is not understood: a block may lack its first line",
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Denied => f.write_str("permission denied"),
            Self::Failed(kind) => write!(f, "{kind}"),
            Self::Vanished => f.write_str("it has vanished"),
            Self::TooLong { most } => write!(f, "it is longer than {most} bytes"),
            Self::TooMuch => write!(f, "all files together are longer than {MOST_BYTES} bytes"),
            Self::TooMany { most } => write!(f, "there are more than {most} files and folders"),
            Self::TooDeep { most } => write!(f, "it lies more than {most} folders deep"),
            Self::Special => f.write_str("it is neither a file nor a folder"),
            Self::Folder => f.write_str("it is a folder"),
            Self::Dangling => f.write_str("it is a link that leads nowhere"),
            Self::Outside => f.write_str("it is a link out of the input"),
            Self::LinkedFolder => f.write_str("it is a link to a folder, which is not followed"),
            Self::LinkedSpecial => f.write_str("it is a link to something that is no file"),
            Self::TooManyParts => f.write_str("the report holds more files than are read of one"),
            Self::Misnamed => {
                f.write_str("no daemon reads a file of that name, and the one that it reads is not there")
            }
            Self::Foreign => f.write_str("it is neither FRR's configuration nor interfaces, as the layout says"),
            Self::NotGathered => f.write_str("`evpnlint collect` could not get it"),
            Self::Absent => f.write_str("it is not there, and the node needs it"),
            Self::NodeAbsent => f.write_str("no file of a node of that name is there"),
            Self::Partly { unknown, lines } => write!(f, "{unknown} of its {lines} lines are not understood"),
        }
    }
}

impl From<&io::Error> for Unread {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::NotFound => Self::Vanished,
            kind => Self::Failed(kind),
        }
    }
}

/// A file could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {path}: {why}")]
pub struct Error {
    /// The file.
    pub path: Printable,
    /// Why.
    pub why: Unread,
}

/// Opens a regular file. A pipe that has taken its place does not make it wait.
fn open(disk: &Path) -> Result<fs::File, Unread> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(disk).map_err(|error| Unread::from(&error))?;
    let kind = file.metadata().map_err(|error| Unread::from(&error))?.file_type();
    match () {
        () if kind.is_file() => Ok(file),
        () if kind.is_dir() => Err(Unread::Folder),
        () => Err(Unread::Special),
    }
}

/// Reads a regular file.
///
/// # Errors
/// When it is none, cannot be read or has more bytes than `most`, even where it grows while it is read.
pub fn bytes(disk: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let file = open(disk)?;
    let size = file.metadata().map_or(0, |meta| meta.len());
    if size > most {
        return Err(Unread::TooLong { most });
    }
    let mut bytes = Vec::with_capacity(size as usize);
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| Unread::from(&error))?;
    if bytes.len() as u64 > most { Err(Unread::TooLong { most }) } else { Ok(bytes) }
}

/// Reads some bytes of a regular file, as many as there are.
///
/// # Errors
/// When it is none, or cannot be read.
pub fn range(disk: &Path, range: Range<usize>) -> Result<Vec<u8>, Unread> {
    let error = |error: io::Error| Unread::from(&error);
    let mut file = open(disk)?;
    file.seek(io::SeekFrom::Start(range.start as u64)).map_err(error)?;
    let mut bytes = vec![];
    file.take(range.len() as u64).read_to_end(&mut bytes).map_err(error)?;
    Ok(bytes)
}
