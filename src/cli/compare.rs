//! `evpnlint compare`.

use super::{Assumed, fail, hint, not_read, output, since::Before};
use crate::{
    discover,
    report::compare::{self, Compared, Tree},
    settle::Selection,
};
use clap::{Args, ValueEnum};
use evpnlint_analysis::compare::Difference;
use evpnlint_core::{date::Date, options::Options, source::Sources};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What was: a folder, a file, or a git revision.
    old: String,
    /// What is, or may be.
    new: String,
    #[command(flatten)]
    assumed: Assumed,
    /// How.
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    /// List all members of each group.
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A line for each thing or group of things.
    #[default]
    Text,
    /// Everything, with its place.
    Json,
}

/// One tree, read.
struct Side {
    sources: Sources,
    options: Options,
    selection: Selection,
    /// The revision and its tree, where it is one.
    revision: Option<(String, Before)>,
}

impl Side {
    /// Reads a tree. A revision is taken of `other`, where that is a path, or else of the working directory.
    fn read(text: &str, other: &str, assumed: &Assumed) -> Result<Self, ExitCode> {
        let path = PathBuf::from(text);
        let revision = if path.symlink_metadata().is_ok() {
            None
        } else {
            let other = Path::new(other);
            let input = if other.exists() { other } else { Path::new(".") };
            let tree = Before::read(text, &[input.to_owned()]).map_err(|error| error.tell())?;
            Some((text.to_owned(), tree))
        };
        let (paths, here) = match &revision {
            Some((_, tree)) => (tree.paths.clone(), tree.here.clone()),
            None => (vec![path], PathBuf::from(".")),
        };
        let config = assumed.config(&paths).map_err(|error| fail(&error, error.remedy()))?;
        let read =
            discover::find(&paths, &config.choose(&assumed.exclude, &here)).and_then(|found| discover::load(&found));
        let mut sources = read.map_err(|error| fail(&error, &hint(&error)))?;
        let mut options = assumed.options(&config, &mut sources);
        options.ignores.today = Some(Date::today());
        let selection = Selection {
            select: config.lint.select.clone(),
            ignore: config.lint.ignore.clone(),
            ..Selection::default()
        };
        let side = Self { sources, options, selection, revision };
        let unread = side.sources.iter().filter_map(|(_, file)| Some((side.shown(&file.path), file.unread?)));
        let unread: Vec<_> = unread.collect();
        let _ = not_read(unread.iter().map(|(path, why)| (path.as_str(), *why)), &mut super::errors());
        Ok(side)
    }

    fn shown(&self, text: &str) -> String {
        match &self.revision {
            Some((name, tree)) => tree.shown(name, text),
            None => text.to_owned(),
        }
    }
}

/// Exits with 1 where something is lost.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { old, new, assumed, format, verbose } = arguments;
    let sides = Side::read(old, new, assumed).and_then(|was| Ok((was, Side::read(new, old, assumed)?)));
    let (mut was, mut is) = match sides {
        Ok(sides) => sides,
        Err(code) => return code,
    };
    let (mut first, mut second) = (std::mem::take(&mut was.sources), std::mem::take(&mut is.sources));
    crate::run::check_and_predict(&mut first, &was.selection, &was.options, |before, old, first| {
        crate::run::check_and_predict(&mut second, &is.selection, &is.options, |after, new, second| {
            let difference = Difference::new(old, new);
            let shown: [&dyn Fn(&str) -> String; 2] = [&|text| was.shown(text), &|text| is.shown(text)];
            let trees = [(before, first, shown[0]), (after, second, shown[1])];
            let trees = trees.map(|(outcome, sources, shown)| Tree { known: &outcome.known, sources, shown });
            let compared = Compared::new(&difference, trees);
            let written = output(|out| match format {
                Format::Text => compare::text(&compared, *verbose, out),
                Format::Json => compare::json(&compared, out),
            });
            written.err().unwrap_or(ExitCode::from(u8::from(difference.counts().lost > 0)))
        })
    })
}
