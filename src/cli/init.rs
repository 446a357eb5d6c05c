//! `evpnlint init`: a first evpnlint.toml, of what is there.

use super::{fail, hint, output};
use crate::{
    baseline, config, discover,
    settle::{Outcome, Selection},
};
use clap::Args;
use evpnlint_core::{options::Options, source::Printable};
use std::{collections::BTreeSet, io, path::PathBuf, process::ExitCode};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder with the fabric, into which the file is written.
    #[arg(default_value = ".")]
    path: PathBuf,
}

/// Exits with 2 where the file is there already, or cannot be written.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let file = arguments.path.join(config::NAME);
    if file.symlink_metadata().is_ok() {
        let error = io::Error::other(format!("{} is there already", Printable::from(file.as_path())));
        return fail(&error, "`evpnlint config` says what holds by it");
    }
    let read = discover::find(std::slice::from_ref(&arguments.path), &Default::default());
    let mut sources = match read.and_then(|found| discover::load(&found)) {
        Ok(sources) => sources,
        Err(error) => return fail(&error, &hint(&error)),
    };
    let nodes: BTreeSet<String> =
        sources.iter().filter(|(_, file)| file.unread.is_none()).map(|(_, file)| file.node.clone()).collect();
    let outcome = crate::run::check(&mut sources, &Selection::default(), &Options::default());
    if let Err(error) = baseline::replace(&file, &text(&nodes, &outcome)) {
        return fail(&error, "name a folder in which you may write");
    }
    let path = Printable::from(file.as_path());
    let said = output(|out| writeln!(out, "{path} is written; `evpnlint config` says what holds by it"));
    said.err().unwrap_or(ExitCode::SUCCESS)
}

fn text(nodes: &BTreeSet<String>, outcome: &Outcome) -> String {
    let quoted = |name: &String| toml::Value::String(name.clone()).to_string();
    let names: Vec<String> = nodes.iter().filter(|name| !name.is_empty()).map(quoted).collect();
    let complete = match outcome.closed {
        true => "# Every peer leads to a node that was read: rules may argue from what is missing.\ncomplete = true\n"
            .to_owned(),
        false => format!(
            "# {} to no node that was read. With true, rules argue from what is missing all the same.\n# complete = true\n",
            match outcome.unmatched_peers {
                1 => "1 peer leads".to_owned(),
                count => format!("{count} peers lead"),
            }
        ),
    };
    let nodes = match names.is_empty() {
        true => String::new(),
        false => format!(
            "# A node of which no file is there is a finding.\nnodes = [\n{}]\n",
            names.iter().map(|name| format!("    {name},\n")).collect::<String>()
        ),
    };
    format!(
        "# What holds for every run of evpnlint; docs/configuration.md has all that may stand here.

# Files and folders that are not read, relative to this file.
# exclude = [\"backup/\"]

[fabric]
{complete}{nodes}# The FRR that runs, whatever `frr version` in a file says.
# frr-version = \"10.3\"

[lint]
# Rules and categories that are not wanted.
# ignore = [\"style\"]

# How severe the findings of a rule or a category are: error, warning or info.
# [severity]
# evpn-single-path = \"info\"
"
    )
}
