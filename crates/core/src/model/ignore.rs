//! Findings that the user knows and does not want to read: entries of `evpnlint.toml`, and comments in the files of nodes.

use super::allow::Pattern;
use crate::{date::Date, source::Span};

/// `[[ignore]]`: findings of a rule that are known. Whatever it leaves open holds for all.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The id of the rule, as it is written.
    pub rule: String,
    /// Whose findings: the name of a node.
    pub node: Option<Pattern>,
    /// Of which files: the end of a path, from the name of any folder on.
    pub path: Option<Pattern>,
    /// On which subject, as the JSON report has it in `about` and `members`.
    pub subject: Option<Pattern>,
    /// Why; never empty.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is written, if that file is among the sources.
    pub span: Option<Span>,
}

/// `! evpnlint: ignore[rule-a, rule-b] reason`, on a line of its own.
#[derive(Clone, Debug)]
pub struct IgnoreComment {
    /// The ids of the rules, as they are written; none where the comment has another form than that.
    pub rules: Vec<(String, Span)>,
    /// Whether a reason is given; without one it hides nothing.
    pub has_reason: bool,
    /// The comment.
    pub span: Span,
    /// The next statement with its block; `None` where none follows.
    pub covers: Option<Span>,
}

/// All that is to be hidden, and the day to judge it by.
#[derive(Clone, Debug, Default)]
pub struct Ignores {
    /// The entries of `evpnlint.toml`, in its order.
    pub entries: Vec<Ignore>,
    /// Today, for entries that end; `None` where none does.
    pub today: Option<Date>,
    /// Whether all that the entries can be about is among the sources, so that one without a finding is of no use.
    pub is_all_read: bool,
    /// Whether nothing is hidden: neither entries nor comments count.
    pub is_off: bool,
}
