//! Text that the reader could not interpret, and how much it did.

use super::{
    block::Block,
    refusal::{Disregard, Refusal},
};
use crate::source::{LanguageId, Sources, Span, Unread};

/// Text that the reader could not interpret: words that their language does not have, or does not have in that place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The node, or the store, whose file it is.
    pub node: String,
    /// The language of the file; `None` for what could not be read, and may be in any.
    pub language: Option<LanguageId>,
    /// The words in question, or the whole line.
    pub span: Span,
    /// What stands there, with secrets masked; see [`Fault::quote`].
    pub text: String,
    /// What is the matter.
    pub kind: FaultKind,
    /// Lines that are lost in consequence, or land in another block.
    pub lost: Vec<Span>,
    /// What stands there, with secrets masked.
    pub lost_text: Vec<String>,
}

impl Fault {
    /// A fault without consequences. Its node is filled in when the node's last file is read, and its text by
    /// [`Fault::quote`].
    pub fn new(language: impl Into<Option<LanguageId>>, span: Span, kind: FaultKind) -> Self {
        Self {
            node: String::new(),
            language: language.into(),
            span,
            text: String::new(),
            kind,
            lost: vec![],
            lost_text: vec![],
        }
    }

    /// Whether configuration of the fabric stands there, and its text is not known: nothing follows from what is missing.
    pub fn is_unread(&self) -> bool {
        use FaultKind::{CutShort, Foreign, NotRead};
        matches!(self.kind, NotRead { matters: true, .. } | CutShort { .. } | Foreign { .. })
    }

    /// Whether nothing but BGP's own configuration hangs on it: it stands in a block of BGP's, and the lines that it loses are
    /// no other's.
    pub fn is_of_bgp(&self) -> bool {
        match &self.kind {
            FaultKind::UnknownCommand { block, belongs, .. } => block.is_of_bgp() || belongs.is_some(),
            FaultKind::LeftBlock { written_in, understood_in, .. } => {
                written_in.is_of_bgp() && understood_in.is_of_bgp()
            }
            _ => false,
        }
    }

    /// Whether a text of a node's own is not known at all, so that the node may do anything that it would say.
    pub fn hides_text(&self) -> bool {
        let is_some = |kind: &FaultKind| match kind {
            FaultKind::NotRead { why: Unread::Partly { unknown, lines }, .. } => unknown < lines,
            _ => false,
        };
        let is_of_cluster = matches!(self.language, Some(LanguageId::Sdn | LanguageId::Guests));
        self.is_unread() && !is_of_cluster && !is_some(&self.kind)
    }

    /// Takes the words in question over from the sources, once those hold no secret any more.
    pub fn quote(&mut self, sources: &Sources) {
        let quote = |span: Span| sources.text(span).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        self.text = quote(self.span);
        self.lost_text = self.lost.iter().map(|span| quote(*span)).collect();
        if let FaultKind::SectionOpen { open, within, .. } = &mut self.kind {
            *within = quote(*open);
        }
    }
}

/// What is the matter with a text. A rule speaks of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It was not read at all.
    NotRead {
        /// Its path, as the user would open it.
        path: String,
        /// Why.
        why: Unread,
        /// Whether configuration of the fabric is there, by its place or its name.
        matters: bool,
    },
    /// No mode that the daemon would try knows the line.
    UnknownCommand {
        /// Where it stands.
        block: Block,
        /// A command that is there and is written nearly the same.
        suggestion: Option<String>,
        /// Whether that command is one that the fabric's working depends on.
        matters: bool,
        /// The block that knows the line, where the first line of that block seems to be missing.
        belongs: Option<Block>,
    },
    /// Several commands begin like this, and FRR takes none of them.
    Ambiguous {
        /// What it could mean.
        candidates: Vec<String>,
    },
    /// The line is the beginning of a command, not the whole of one.
    Incomplete,
    /// The command is known, but to an outer block only: the daemon leaves the inner block to obey it, and what follows
    /// lands in the outer block too.
    LeftBlock {
        /// The block it was written in.
        written_in: Block,
        /// The block it was understood in.
        understood_in: Block,
        /// The first version of the daemon in which the inner block knows it, if a later one does.
        since: Option<(u32, u32)>,
    },
    /// FRR has the command, but not yet in the version that is configured.
    NotYet {
        /// The first version that has it, major and minor.
        since: (u32, u32),
    },
    /// FRR had the command, and no longer has it in the version that is configured.
    NoLonger {
        /// The first version that does not have it, major and minor.
        until: (u32, u32),
        /// What is written instead, where that is known.
        meant: Option<String>,
    },
    /// A number out of the bounds that the daemon has for it.
    OutOfRange {
        /// The least it takes.
        least: i64,
        /// The most it takes.
        most: i64,
    },
    /// A word that is not of its kind.
    Malformed {
        /// Its kind, with bounds: `a VNI, a number from 1 to 16777215`.
        wanted: &'static str,
    },
    /// The daemon understands the line and refuses it.
    Refused(Refusal),
    /// The daemon, or the tool, drops the line without a word, or nearly so.
    Dropped(Disregard),
    /// Words that a later version of the tool takes, and the one that is common does not; which one it is, no file says.
    Newer {
        /// What is lost without it.
        why: &'static str,
    },
    /// An attribute or property that the tool does not have there, and so ignores.
    UnknownProperty {
        /// What it was found on: `a bridge`, `an evpn zone`.
        of: &'static str,
        /// A name that exists and is written nearly the same.
        suggestion: Option<String>,
    },
    /// A section header where the section before has not ended, in a language in which only an empty line ends one: the
    /// tool skips the header, and what follows belongs to the section before.
    SectionOpen {
        /// The header of the section that is still open.
        open: Span,
        /// What stands there, with secrets masked.
        within: String,
        /// Properties that thereby became those of the open section.
        adopted: Vec<Span>,
        /// Further headers that are lost for the same reason.
        also: Vec<Span>,
        /// Whether the reason is that lines end in CR LF, and no line is empty.
        crlf: bool,
    },
    /// A line longer than the daemon reads in one piece.
    LineTooLong {
        /// The most it reads, in bytes.
        limit: usize,
    },
    /// Words that tell no cable, in a file that tells of cables.
    NoCable {
        /// What is wanted there, or why nothing is taken of it.
        why: &'static str,
    },
    /// Bytes rather than words; see [`crate::source::OddityKind`].
    Bytes(crate::source::OddityKind),
    /// A template that the tool would run through an engine first, and that nobody has.
    Template,
    /// So much of a file is unknown that it is another language's; none of it is taken for this one's.
    Foreign {
        /// Lines with content that were judged.
        lines: u32,
        /// Those of them that are unknown.
        unknown: u32,
        /// Lines behind those, which were only counted.
        unread: u32,
    },
    /// A part of the input that is not read, because there is too much of its kind; it begins at the fault's place.
    CutShort {
        /// What is not read.
        of: Excess,
        /// How many there are.
        count: u32,
    },
    /// `exit` outside every block: FRR stops reading the file there.
    ExitAtTop,
    /// A file that is named but was not found, or leads out of the node's own tree.
    MissingFile {
        /// What follows for the node.
        why: String,
    },
}

/// What is not read where there is too much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Excess {
    /// The lines of a file behind the first [`LINES_IN_VAIN`](crate::lang::LINES_IN_VAIN) that came to nothing.
    Lines,
    /// Paths that `source` lines name.
    Sources,
}

/// How much of the texts was understood, in lines with content: neither comments nor blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All lines with content.
    pub lines: u32,
    /// Those that are known, and of which the model deliberately takes nothing.
    pub unmodelled: u32,
    /// Those that the grammar does not know where they stand, in the order of reading.
    pub unrecognised: Vec<Span>,
}

impl Coverage {
    /// Notes a line that the grammar does not know where it stands.
    pub fn miss(&mut self, line: Span) {
        self.unrecognised.push(line);
    }
}

impl std::ops::AddAssign for Coverage {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.unmodelled += other.unmodelled;
        self.unrecognised.extend(other.unrecognised);
    }
}
