//! `evpnlint diff`.

use super::{Input, Loaded, not_shown, output};
use crate::report::{self, Style};
use clap::{Args, ValueEnum};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A node of a Proxmox cluster.
    node: String,
    #[command(flatten)]
    input: Input,
    /// How.
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    /// When to colour.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: super::Colour,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Block by block: `-` is missing, `+` is too much.
    #[default]
    Text,
    /// Every difference, with its places.
    Json,
}

/// Exits with 1 where there is a difference.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { node, input, format, color } = arguments;
    let Loaded { mut sources, options } = match input.load() {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let style: Style = super::style(*color);
    let compared = crate::run::twin(&mut sources, &options, node);
    let compared = match compared {
        Ok(compared) => compared,
        Err(error) => return not_shown(&error),
    };
    let differences = report::diff::Differences::new(node, &compared);
    let written = output(|out| match format {
        Format::Text => report::diff::text(&differences, style, &sources, out),
        Format::Json => report::diff::json(&differences, &sources, out),
    });
    written.err().unwrap_or(ExitCode::from(u8::from(!differences.is_none())))
}
