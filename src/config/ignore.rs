//! `[[ignore]]`: findings that are known.

use evpnlint_core::{
    date::{Date, NoSuchDay},
    model::{allow::Pattern, ignore::Ignore as ModelIgnore},
    source::{FileId, Span, masked, printable},
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::ops::Range;
use toml::Spanned;

/// An entry.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ignore {
    /// The id of the rule.
    #[serde(deserialize_with = "super::words")]
    pub rule: String,
    /// The name of a node; `*` stands for any text, here and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The end of a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What the finding is about, as the JSON report has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Why.
    #[serde(deserialize_with = "super::words")]
    pub reason: String,
    /// The last day on which it holds.
    #[serde(default, deserialize_with = "day", skip_serializing)]
    pub until: Option<Date>,
}

/// What is wrong with the first entry that is none, and where.
pub(super) fn contradiction(entries: &[Spanned<Ignore>]) -> Option<(Range<usize>, String)> {
    let is_open = |entry: &&Spanned<Ignore>| {
        let Ignore { node, path, subject, .. } = entry.as_ref();
        node.is_none() && path.is_none() && subject.is_none()
    };
    let open = entries.iter().find(is_open)?;
    let why = "an ignore wants a `node`, a `path` or a `subject`; `ignore` under [lint] turns a rule off for all";
    Some((open.span(), why.to_owned()))
}

/// The entry, with its place.
pub(super) fn lower(entry: &Spanned<Ignore>, file: FileId) -> ModelIgnore {
    let (Ignore { rule, node, path, subject, reason, until }, span) = (entry.as_ref(), entry.span());
    let clean = |text: &String| masked(&printable(text.as_bytes()).0);
    let pattern = |text: &Option<String>| text.clone().map(Pattern);
    ModelIgnore {
        rule: clean(rule),
        node: pattern(node),
        path: pattern(path),
        subject: pattern(subject),
        reason: clean(reason),
        until: *until,
        span: Some(Span { file, start: span.start as u32, end: span.end as u32 }),
    }
}

/// A day, with quotation marks or without.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = match toml::Value::deserialize(from)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(day) => day.to_string(),
        _ => String::new(),
    };
    text.parse().map(Some).map_err(|error: NoSuchDay| D::Error::custom(error))
}
