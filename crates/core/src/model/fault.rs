//! Text that reading could make nothing of, and how much it did understand.

use crate::source::{Sources, Span};

/// A fact about a text: it holds something that its language does not have, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The node, or the store, whose file it is.
    pub node: String,
    /// The language of the file, as [`crate::lang::Language::name`] says it.
    pub language: &'static str,
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
    /// A fault without consequences; its node and language are filled in when reading ends.
    pub fn new(span: Span, kind: FaultKind) -> Self {
        Self { node: String::new(), language: "", span, text: String::new(), kind, lost: vec![], lost_text: vec![] }
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
    /// No mode that the daemon would try knows the line.
    UnknownCommand {
        /// Where it stands, in the language's own words: `address-family l2vpn evpn`.
        mode: &'static str,
        /// A command that is there and is written nearly the same.
        suggestion: Option<String>,
        /// Whether that command is one that the fabric's working depends on.
        matters: bool,
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
        written_in: &'static str,
        /// The block it was understood in.
        understood_in: &'static str,
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
    Refused {
        /// The daemon's reason, and what is lost.
        why: String,
    },
    /// The daemon, or the tool, drops the line without a word, or nearly so.
    Dropped {
        /// Why, and what is lost.
        why: String,
    },
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
    /// Bytes rather than words; see [`crate::source::OddityKind`].
    Bytes(crate::source::OddityKind),
    /// A template that the tool would run through an engine first, and that nobody has.
    Template,
    /// So much of a file is unknown that it is another language's; none of it is taken for this one's.
    Foreign {
        /// Lines with content.
        lines: u32,
        /// Those that are unknown.
        unknown: u32,
    },
    /// `exit` outside every block: FRR stops reading the file there.
    ExitAtTop,
    /// A file that is named but was not found, or leads out of the node's own tree.
    MissingFile {
        /// What follows for the node.
        why: String,
    },
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
