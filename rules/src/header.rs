//! The header of a rule's page: `key: value` lines between `---`. The build script reads every page with this file too,
//! so it needs nothing but the standard library.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// The word that headers, options and reports have for it.
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
    /// How bad a finding is. The order is that of loudness, so that a threshold is a comparison.
    Severity {
        /// Hygiene.
        Info "info",
        /// Fragile, or surely unintended.
        Warning "warning",
        /// Packets or routes will be lost, and that was shown on real FRR or a real kernel, or its maker documents it.
        Error "error",
    }
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

/// What the header of a page says, and the page's title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'p> {
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
    /// The first heading of the Markdown behind the header.
    pub title: &'p str,
}

const KEYS: [&str; 5] = ["severity", "category", "needs", "evidence", "since"];

impl<'p> Header<'p> {
    /// Takes a page apart: the header, and the Markdown behind it.
    ///
    /// # Errors
    /// When there is no header or no title, or a key is missing, unknown, written twice or without a known value.
    pub fn parse(page: &'p str) -> Result<(Self, &'p str), String> {
        let (head, body) =
            page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).ok_or("there is no header")?;
        let mut values: [Option<&str>; 5] = [None; 5];
        for line in head.lines() {
            let (key, value) = line.split_once(": ").ok_or_else(|| format!("`{line}` is not `key: value`"))?;
            let at = KEYS.iter().position(|known| *known == key).ok_or_else(|| format!("`{key}` is no key"))?;
            if values[at].replace(value.trim()).is_some() {
                return Err(format!("`{key}` is written twice"));
            }
        }
        let get = |at: usize| values[at].ok_or_else(|| format!("`{}` is missing", KEYS[at]));
        let bad = |at: usize| format!("`{}` has an unknown value, `{}`", KEYS[at], values[at].unwrap_or_default());
        let header = Header {
            severity: Severity::parse(get(0)?).ok_or_else(|| bad(0))?,
            category: Category::parse(get(1)?).ok_or_else(|| bad(1))?,
            needs: Needs::parse(get(2)?).ok_or_else(|| bad(2))?,
            evidence: Evidence::parse(get(3)?).ok_or_else(|| bad(3))?,
            since: get(4)?,
            title: body.lines().find_map(|line| line.strip_prefix("# ")).ok_or("there is no title")?,
        };
        Ok((header, body))
    }
}
