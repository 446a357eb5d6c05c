//! FRR's commands, a rule for each mode and each command: `frr.pest` and every file in `frr/`.

/// The parser and the table, by `build.rs`.
#[allow(missing_docs, reason = "the grammar's own files describe its rules")]
mod derived {
    include!(concat!(env!("OUT_DIR"), "/frr.rs"));
}
pub use derived::{Grammar, Rule, definition};

/// What the grammar says of a rule; [`definition`] has it.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// What the rule's name says, beyond its form.
    pub meaning: Option<Meaning>,
    /// Whether the model takes something of a line of this rule; it takes nothing of those called `…_other`.
    pub is_modelled: bool,
    /// What the rule consists of; `None` for an atomic rule, which is a kind of word.
    pub phrase: Option<Expr>,
}

/// What the name of a rule says of the words that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// `number_1_255`, `number_1_255_…`: the least and the most that the number may be.
    Number(i64, i64),
    /// `since_10_5_…`: the first version of FRR that has what the rule lists, major and minor.
    Since((u32, u32)),
    /// `until_7_5_…`: the first version of FRR that no longer has what the rule lists, major and minor.
    Until((u32, u32)),
    /// `only_…`: never behind `no`.
    Only,
    /// `once_…`: at most once in a line.
    Once,
}

/// An expression of the grammar.
#[derive(Clone, Copy, Debug)]
pub enum Expr {
    /// These characters: keywords, and the blanks between and beside them.
    Str(&'static str),
    /// What another rule matches.
    Rule(Rule),
    /// The end of the line.
    End,
    /// Any character.
    Any,
    /// One part behind another. At least two; none is a sequence itself.
    Seq(&'static [Self]),
    /// The first part that matches. At least two; none is a choice itself.
    Choice(&'static [Self]),
    /// The part, or nothing.
    Opt(&'static Self),
    /// The part any number of times, or nothing.
    Rep(&'static Self),
    /// The part once or more.
    RepOnce(&'static Self),
    /// Nothing, where the part does not match.
    Not(&'static Self),
}
