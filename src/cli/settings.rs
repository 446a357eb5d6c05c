//! `evpnlint config`: what holds for a run, and where it was said.

use super::{Assumed, fail, output};
use crate::config::Config;
use clap::Args;
use evpnlint_core::source::{Printable, one_line};
use std::{ops::Range, path::PathBuf, process::ExitCode};
use toml::de::{DeTable, DeValue};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// As for `check`.
    #[arg(default_value = ".")]
    path: Vec<PathBuf>,
    #[command(flatten)]
    assumed: Assumed,
}

/// What holds where nothing is written, by key.
const DEFAULTS: [(&str, &str); 12] = [
    ("exclude", "nothing is left out"),
    ("baseline", "no finding is known"),
    ("fabric.complete", "where every peer leads to a node that was read"),
    ("fabric.frr-version", "`frr version` of each file, else the newest that is known"),
    ("fabric.nodes", "those that are read"),
    ("fabric.layout", "etc/frr, etc/network and etc/pve of a node, and the usual names in a repository"),
    ("lint.select", "every category but style"),
    ("lint.ignore", "no rule"),
    ("severity", "those of the rules"),
    ("override", "none"),
    ("ignore", "no finding"),
    ("allow-leak", "every leak that the files make on purpose"),
];

/// Something that holds.
struct Setting {
    key: String,
    value: String,
    origin: String,
}

/// Exits with 2 where evpnlint.toml cannot be read.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let config = match arguments.assumed.config(&arguments.path) {
        Ok(config) => config,
        Err(error) => return fail(&error, error.remedy()),
    };
    let mut settings = said(&arguments.assumed);
    for (key, value, place) in config.written() {
        // What is left out by either is left out.
        if key == "exclude" || !settings.iter().any(|known| known.key == key) {
            settings.push(Setting { key, value, origin: place });
        }
    }
    for (key, value) in DEFAULTS {
        let is_said = |known: &Setting| {
            known.key == key || known.key.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        if !settings.iter().any(is_said) {
            settings.push(Setting { key: key.to_owned(), value: value.to_owned(), origin: "default".to_owned() });
        }
    }
    let width = |of: fn(&Setting) -> &str| settings.iter().map(|own| of(own).chars().count()).max().unwrap_or(0);
    let (keys, origins) = (width(|own| &own.key), width(|own| &own.origin));
    let written = output(|out| {
        match &config.path {
            Some(path) => writeln!(out, "file: {}", Printable::from(path.as_path()))?,
            None => writeln!(out, "file: there is none")?,
        }
        settings
            .iter()
            .try_for_each(|Setting { key, value, origin }| writeln!(out, "{key:keys$}  {origin:origins$}  {value}"))
    });
    written.err().unwrap_or(ExitCode::SUCCESS)
}

/// What the command line says, which wins.
fn said(assumed: &Assumed) -> Vec<Setting> {
    let setting = |key: &str, value: String| Setting { key: key.to_owned(), value, origin: "command line".to_owned() };
    let complete = match (assumed.complete, assumed.partial) {
        (true, _) => Some("true"),
        (_, true) => Some("false"),
        _ => None,
    };
    let complete = complete.map(|value| setting("fabric.complete", value.to_owned()));
    let version = assumed.frr_version.as_ref().map(|version| setting("fabric.frr-version", version.to_string()));
    let exclude = assumed.exclude.iter().map(|own| setting("exclude", own.to_string()));
    complete.into_iter().chain(version).chain(exclude).collect()
}

impl Config {
    /// Every value that the file has: its key, itself as it is written, and its path and line.
    fn written(&self) -> Vec<(String, String, String)> {
        let Some(file) = self.file() else { return vec![] };
        let Ok(table) = DeTable::parse(&file.text) else { return vec![] };
        let row = |key: String, value: Range<usize>| {
            let place = format!("{}:{}", file.path, file.line_column(value.start as u32).0);
            (key, one_line(file.text[value].as_bytes()), place)
        };
        let rows = |prefix: String, table: &DeTable| -> Vec<_> {
            table.iter().map(|(key, value)| row(format!("{prefix}.{}", key.get_ref()), value.span())).collect()
        };
        let mut found = vec![];
        for (key, value) in table.get_ref() {
            match value.get_ref() {
                DeValue::Table(inner) => found.extend(rows(key.get_ref().to_string(), inner)),
                DeValue::Array(all) if all.iter().any(|own| own.get_ref().is_table()) => {
                    for (at, own) in all.iter().enumerate() {
                        if let DeValue::Table(inner) = own.get_ref() {
                            found.extend(rows(format!("{}[{at}]", key.get_ref()), inner));
                        }
                    }
                }
                _ => found.push(row(key.get_ref().to_string(), value.span())),
            }
        }
        found
    }
}
