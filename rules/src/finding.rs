//! What is reported. Plain data; no renderer's type is in it.

pub use crate::header::Severity;
pub use crate::member::Member;
use crate::{hides::Hides, member::short};
use evpnlint_core::source::Span;
use std::{collections::BTreeSet, fmt, ops::Deref};

/// A place, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// One fault, with every place that witnesses it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The id of the rule that speaks.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with the nodes and the values; lower case, no full stop.
    pub message: String,
    /// What it is about, sorted as the places are; never empty.
    pub members: Vec<Member>,
    /// The place to open first.
    pub primary: Label,
    /// What it disagrees with, in whatever file.
    pub related: Vec<Label>,
    /// What to type.
    pub help: Option<Help>,
    /// The same of those members alone that nothing hides, where some are hidden and some are not.
    pub rest: Option<Box<Self>>,
}

/// What to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    text: String,
    /// Whether the next apply of Proxmox's SDN keeps it: it is typed in the web interface or a file that nobody generates, or
    /// is the apply itself.
    pub(crate) lasts: bool,
}

impl Help {
    /// What the next apply keeps.
    pub(crate) fn lasting(text: impl Into<String>) -> Self {
        Self { text: short(text), lasts: true }
    }

    /// Adds to it where that is typed.
    pub(crate) fn push(&mut self, text: &str) {
        self.text = short(std::mem::take(&mut self.text) + text);
        self.lasts = true;
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self { text: short(text), lasts: false }
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for Help {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Finding {
    /// The subject: that of its first member.
    pub fn about(&self) -> &str {
        &self.members[0].about
    }

    /// All places, the primary one first.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        std::iter::once(&self.primary).chain(&self.related)
    }

    /// Shows one more place.
    pub(crate) fn show(&mut self, span: Span, text: &str) {
        if self.labels().all(|label| label.span != span) {
            self.related.push(Label { span, text: text.to_owned() });
        }
    }

    /// That of its first member.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.rule, self.about())
    }
}

/// The same for the same rule and subject, wherever lines have moved: FNV-1a over both, in hexadecimal.
pub fn fingerprint(rule: &str, about: &str) -> String {
    let bytes = rule.bytes().chain([0]).chain(about.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

/// Where one rule puts what it finds.
pub struct Out<'a> {
    rule: &'static str,
    severity: Severity,
    hides: &'a Hides<'a>,
    all: &'a mut Vec<Finding>,
}

impl<'a> Out<'a> {
    /// For a rule's id and its severity, and what hides its findings; they are added to `all`.
    pub fn new(rule: &'static str, severity: Severity, hides: &'a Hides<'a>, all: &'a mut Vec<Finding>) -> Self {
        Self { rule, severity, hides, all }
    }

    /// The same rule's, with its findings added to another list.
    pub fn aside<'b>(&self, all: &'b mut Vec<Finding>) -> Out<'b>
    where
        'a: 'b,
    {
        Out { all, ..*self }
    }

    /// Reports what several things have alike: `word` words it for those that it is given, without [`Draft::about`]. Things
    /// of one subject are one member. Where some of the members are hidden, it is worded once more for the others alone.
    pub fn group<T: Clone>(&mut self, things: &[T], member: impl Fn(&T) -> Member, word: impl Fn(&[T], &mut Out)) {
        self.report_group(things, member, word, |shown, _| shown);
    }

    /// The same for what is at fault in several things together and in none alone: `word` is always given all, but those
    /// that are hidden come last.
    pub fn clash<T: Clone>(&mut self, things: &[T], member: impl Fn(&T) -> Member, word: impl Fn(&[T], &mut Out)) {
        self.report_group(things, member, word, |shown, hidden| [shown, hidden].concat());
    }

    fn report_group<T: Clone>(
        &mut self,
        things: &[T],
        member: impl Fn(&T) -> Member,
        word: impl Fn(&[T], &mut Out),
        arrange: impl Fn(Vec<T>, Vec<T>) -> Vec<T>,
    ) {
        if things.is_empty() {
            return;
        }
        let findings = |things: &[T], of: &[T]| {
            let mut found = vec![];
            word(things, &mut self.aside(&mut found));
            let mut seen = BTreeSet::new();
            let members: Vec<Member> = of.iter().map(&member).filter(|own| seen.insert(own.about.clone())).collect();
            found.iter_mut().for_each(|finding| finding.members.clone_from(&members));
            found
        };
        let is_shown = |thing: &&T| !self.hides.is_hidden(self.rule, &member(thing));
        let (shown, hidden): (Vec<&T>, Vec<&T>) = things.iter().partition(is_shown);
        let (shown, hidden) =
            (shown.into_iter().cloned().collect::<Vec<T>>(), hidden.into_iter().cloned().collect::<Vec<T>>());
        let mut whole = findings(things, things);
        if !shown.is_empty() && !hidden.is_empty() {
            let parts = findings(&arrange(shown.clone(), hidden), &shown);
            for (finding, part) in whole.iter_mut().zip(parts) {
                finding.rest = Some(Box::new(part));
            }
        }
        self.all.append(&mut whole);
    }

    /// Takes in findings that were made [`aside`](Self::aside).
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.all.extend(findings);
    }

    /// Begins a finding. Nothing is reported before [`Draft::done`].
    pub fn report(&mut self, message: impl Into<String>) -> Draft<'_, 'a> {
        let severity = self.severity;
        Draft { out: self, severity, message: short(message), about: String::new(), labels: vec![], help: None }
    }
}

/// A finding in the making.
#[must_use = "nothing is reported before `done`"]
pub struct Draft<'o, 'a> {
    out: &'o mut Out<'a>,
    severity: Severity,
    message: String,
    about: String,
    labels: Vec<Label>,
    help: Option<Help>,
}

impl Draft<'_, '_> {
    /// The subject, beginning with the node: `leaf1 neighbor 10.0.0.2`. One rule has at most one finding on a subject.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = short(about);
        self
    }

    /// The first call is the place; later ones are what it disagrees with. A span that is not known adds nothing.
    pub fn at(mut self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        let text = short(text);
        if let Some(span) = span.into()
            && self.labels.iter().all(|label| label.span != span)
        {
            self.labels.push(Label { span, text });
        }
        self
    }

    /// Several places with one text each.
    pub fn also<S: Into<Option<Span>>, T: Into<String>>(self, places: impl IntoIterator<Item = (S, T)>) -> Self {
        places.into_iter().fold(self, |draft, (span, text)| draft.at(span, text))
    }

    /// What to type.
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Less than the page says, for the form of the fault that only bites under a condition.
    pub fn cap_severity(mut self, severity: Severity) -> Self {
        self.severity = self.severity.min(severity);
        self
    }

    /// Reports it. A finding without a known place cannot be shown, and so is not one.
    pub fn done(self) {
        let mut labels = self.labels.into_iter();
        let Some(primary) = labels.next() else { return };
        self.out.all.push(Finding {
            rule: self.out.rule,
            severity: self.severity,
            message: self.message,
            members: vec![Member { about: self.about, span: Some(primary.span) }],
            primary,
            related: labels.collect(),
            help: self.help,
            rest: None,
        });
    }
}
