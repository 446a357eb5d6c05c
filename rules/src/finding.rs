//! What is reported. Plain data; no renderer's type is in it.

pub use crate::header::Severity;
use evpnlint_core::source::{Span, floor};

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
    /// What it is about, in words that outlive a moved line: `leaf1 vni 100`. Fingerprints know a finding by it.
    pub about: String,
    /// The place to open first.
    pub primary: Label,
    /// What it disagrees with, in whatever file.
    pub related: Vec<Label>,
    /// What to type.
    pub help: Option<String>,
}

impl Finding {
    /// All places, the primary one first.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        std::iter::once(&self.primary).chain(&self.related)
    }

    /// The same for the same subject, wherever its lines have moved: FNV-1a over rule and subject, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let bytes = self.rule.bytes().chain([0]).chain(self.about.bytes());
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        format!("{hash:016x}")
    }
}

/// The most that one text of a finding may be long, in bytes: a word that it quotes may be as long as its file.
const MOST_TEXT: usize = 600;

fn short(text: impl Into<String>) -> String {
    let mut text = text.into();
    if text.len() > MOST_TEXT {
        text.truncate(floor(&text, MOST_TEXT));
        text.push('…');
    }
    text
}

/// Where one rule puts what it finds.
pub struct Out<'a> {
    rule: &'static str,
    severity: Severity,
    all: &'a mut Vec<Finding>,
}

impl<'a> Out<'a> {
    /// For a rule's id and its severity; findings are added to `all`.
    pub fn new(rule: &'static str, severity: Severity, all: &'a mut Vec<Finding>) -> Self {
        Self { rule, severity, all }
    }

    /// The same rule's, with its findings added to another list.
    pub fn aside<'b>(&self, all: &'b mut Vec<Finding>) -> Out<'b> {
        Out { all, ..*self }
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
    help: Option<String>,
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
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(short(help));
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
            about: self.about,
            primary,
            related: labels.collect(),
            help: self.help,
        });
    }
}
