//! The schema of the report, which is written down in `docs/report.schema.json`.

use super::Report;
use schemars::{JsonSchema, generate::SchemaSettings};
use std::{env, fs};

/// The words of [`evpnlint_rules::finding::Severity`].
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its names count")]
pub(in crate::report) enum Severity {
    Info,
    Warning,
    Error,
}

const PATH: &str = "docs/report.schema.json";

#[test]
fn it_is_written_down() {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Report>();
    schema.insert("title".to_owned(), "The JSON report of evpnlint, version 1".into());
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if env::var_os("BLESS").is_some() {
        fs::write(PATH, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(PATH).unwrap_or_default(), text, "{PATH} is old; BLESS=1 writes it");
}
