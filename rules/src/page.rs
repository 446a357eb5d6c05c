//! A rule's page: a header of `key: value` lines between `---`, then Markdown whose first heading is the title.

use evpnlint_analysis::finding::Severity;

/// A page, taken apart.
pub struct Page<'p> {
    /// `severity`: the loudest the rule gets.
    pub severity: Severity,
    /// `category`: what kind of harm.
    pub category: Category,
    /// `needs`: how much of the fabric the rule must see.
    pub needs: Needs,
    /// `evidence`: how its truth is known.
    pub evidence: Evidence,
    /// `since`: the version that brought it.
    pub since: &'p str,
    /// The first heading.
    pub title: &'p str,
    /// Everything after the header.
    pub body: &'p str,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// The word for it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What a word stands for.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What kind of harm a rule warns of.
    Category {
        /// Traffic will not flow.
        Correctness "correctness",
        /// Nodes disagree.
        Consistency "consistency",
        /// One failure away.
        Resilience "resilience",
        /// Somebody can get where they must not.
        Security "security",
        /// Taste.
        Style "style",
    }
}

words! {
    /// How much of the fabric a rule must see.
    Needs {
        /// One node.
        Node "node",
        /// The nodes that were read, however many.
        Fabric "fabric",
        /// Every node there is: the rule argues from absence.
        Complete "complete",
    }
}

words! {
    /// How the truth of a rule is known.
    Evidence {
        /// Shown on real FRR, a real kernel or the real tool.
        Measured "measured",
        /// Its maker says so.
        Documented "documented",
        /// It follows from what is measured or documented.
        Inferred "inferred",
    }
}

impl<'p> Page<'p> {
    /// Takes a page apart.
    ///
    /// # Errors
    /// When the header is missing, a key is missing, unknown or has no known value, or there is no title.
    pub fn parse(text: &'p str) -> Result<Self, String> {
        let (head, body) =
            text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).ok_or("there is no header")?;
        let mut values: [Option<&str>; 5] = [None; 5];
        const KEYS: [&str; 5] = ["severity", "category", "needs", "evidence", "since"];
        for line in head.lines() {
            let (key, value) = line.split_once(": ").ok_or_else(|| format!("{line} is not `key: value`"))?;
            let at = KEYS.iter().position(|known| *known == key).ok_or_else(|| format!("{key} is no key"))?;
            values[at] = Some(value.trim());
        }
        let get = |at: usize| values[at].ok_or_else(|| format!("{} is missing", KEYS[at]));
        let bad = |at: usize| format!("{} has an unknown value", KEYS[at]);
        let severity = match get(0)? {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            _ => return Err(bad(0)),
        };
        let title = body.lines().find_map(|line| line.strip_prefix("# ")).ok_or("there is no title")?;
        Ok(Page {
            severity,
            category: Category::parse(get(1)?).ok_or_else(|| bad(1))?,
            needs: Needs::parse(get(2)?).ok_or_else(|| bad(2))?,
            evidence: Evidence::parse(get(3)?).ok_or_else(|| bad(3))?,
            since: get(4)?,
            title,
            body,
        })
    }
}
