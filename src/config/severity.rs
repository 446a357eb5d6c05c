//! `[severity]` and `[[override]]`: how severe findings are.

use super::value::Parsed;
use evpnlint_core::model::allow::Pattern;
use evpnlint_rules::{choice::Choice, finding::Severity, severity::Level};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{collections::BTreeMap, str::FromStr};

/// Severities by rules and categories.
#[derive(Debug, Default)]
pub(super) struct Severities(Vec<(Choice, Severity)>);

/// `[[override]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Written")]
pub(super) struct Override {
    level: Level,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The name of a node; `*` stands for any text, here and below.
    node: Option<String>,
    /// The end of a path.
    path: Option<String>,
    severity: Severities,
}

/// A severity, as it is written.
struct Word(Severity);

impl FromStr for Word {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        match Severity::parse(word) {
            Some(severity) => Ok(Self(severity)),
            None if matches!(word, "off" | "none" | "ignore") => {
                Err("a rule is turned off by `ignore` under [lint], and for some nodes by [[ignore]]".to_owned())
            }
            None => Err(format!("{word:?} is no severity: error, warning or info")),
        }
    }
}

impl<'de> Deserialize<'de> for Severities {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = BTreeMap::<String, Parsed<Word>>::deserialize(from)?;
        let of = |(rules, Parsed(Word(severity))): (String, Parsed<Word>)| {
            rules.parse().map(|rules| (rules, severity)).map_err(D::Error::custom)
        };
        written.into_iter().map(of).collect::<Result<_, _>>().map(Self)
    }
}

impl Severities {
    /// Whether nothing is written.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For all nodes.
    pub(super) fn level(&self) -> Level {
        Level { of: self.0.clone(), ..Level::default() }
    }
}

impl TryFrom<Written> for Override {
    type Error = &'static str;
    fn try_from(Written { node, path, severity }: Written) -> Result<Self, Self::Error> {
        if node.is_none() && path.is_none() {
            return Err("an override wants a `node` or a `path`; [severity] is for all");
        }
        let [node, path] = [node, path].map(|text| text.map(Pattern));
        Ok(Self { level: Level { node, path, of: severity.0 } })
    }
}

impl Override {
    /// What it says.
    pub(super) fn level(&self) -> Level {
        self.level.clone()
    }
}
