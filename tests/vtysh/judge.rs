//! The two who judge lines: FRR's own vtysh, and evpnlint.

use crate::support::files;
use evpnlint::{lang, model::effective::Fate};
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::NamedTempFile;

/// A vtysh: the installed one, or that of another root.
pub(crate) struct Vtysh {
    root: PathBuf,
    /// Its version, `8.4.4`.
    pub(crate) version: String,
}

impl Vtysh {
    /// Those that can be run: the installed one, and one for each root that `EVPNLINT_FRR_ROOTS` names, with colons
    /// between them. Says so where there is none.
    pub(crate) fn all() -> Vec<Self> {
        let others = env::var("EVPNLINT_FRR_ROOTS").unwrap_or_default();
        let roots = ["/"].into_iter().chain(others.split(':').filter(|root| !root.is_empty()));
        let all: Vec<Self> = roots.filter_map(Self::of).collect();
        if all.is_empty() {
            println!("skipped: vtysh is not installed");
        }
        all
    }

    fn of(root: &str) -> Option<Self> {
        let mut vtysh = Self { root: root.into(), version: String::new() };
        let help = vtysh.command().arg("--help").output().ok()?;
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        vtysh.version = help.split_once("FRR (version ")?.1.split_once(')')?.0.to_owned();
        Some(vtysh)
    }

    fn command(&self) -> Command {
        if self.root == Path::new("/") {
            return Command::new("vtysh");
        }
        let mut command = Command::new("chroot");
        command.arg(&self.root).arg("vtysh");
        command
    }

    /// What it answers to options and a file.
    fn run(&self, options: &[&str], text: &str) -> (String, String) {
        let file = NamedTempFile::new_in(self.root.join("tmp")).unwrap();
        fs::write(&file, text).unwrap();
        let inside = Path::new("/tmp").join(file.path().file_name().unwrap());
        let out = self.command().args(options).arg("-f").arg(inside).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&out.stdout), text(&out.stderr))
    }

    /// The numbers of the lines that it refuses, from 1; `None` if it did not read to the end.
    pub(crate) fn refuses(&self, text: &str) -> Option<BTreeSet<usize>> {
        let (out, err) = self.run(&["-C"], &format!("{text}nobody knows this line\n"));
        let number = |line: &str| line.strip_prefix("line ")?.split_once(": %")?.0.parse().ok();
        let mut refused: BTreeSet<usize> = out.lines().chain(err.lines()).filter_map(number).collect();
        refused.remove(&(text.lines().count() + 1)).then_some(refused)
    }

    /// The text with every block closed where it leaves it; `None` where it refuses a line, for it stops there.
    pub(crate) fn marked_up(&self, text: &str) -> Option<String> {
        let (out, err) = self.run(&["-m"], text);
        let whole = out.trim_end().ends_with("\nend");
        (err.is_empty() && whole).then_some(out)
    }

    /// Every command that it has: the name of the mode, and FRR's notation of the command.
    pub(crate) fn commands(&self) -> Vec<(String, String)> {
        let out = self.command().args(["-C", "-c", "find ."]).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let command = |line: &str| {
            let (mode, command) = line.trim().strip_prefix('(')?.split_once(')')?;
            Some((mode.to_owned(), command.trim().to_owned()))
        };
        text.lines().filter_map(command).collect()
    }
}

/// Each line of a node's configuration, in full, with the blocks in which evpnlint has FRR read it.
pub(crate) fn blocks(text: &str) -> Vec<String> {
    let sources = files::sources([("node", "etc/frr/frr.conf", text)]);
    let effective = lang::effective(&sources, &Default::default(), "node").unwrap_or_default();
    let lines = effective.lines.iter().filter_map(|line| Some((line, line.text.as_ref()?)));
    lines.map(|(line, text)| format!("{} > {text}", effective.path(line.block).join(" > "))).collect()
}

/// The numbers of the lines that evpnlint says FRR refuses, from 1.
pub(crate) fn refuses(text: &str) -> BTreeSet<usize> {
    let sources = files::sources([("node", "etc/frr/frr.conf", text)]);
    let lines = lang::effective(&sources, &Default::default(), "node").unwrap_or_default().lines;
    let refused = lines.iter().filter(|line| line.fate == Fate::Unrecognised).map(|line| line.span);
    // A file that is taken for another vendor's is not replayed, but its lines are counted.
    let unknown =
        lang::read(&sources, &Default::default()).coverage[&evpnlint::source::LanguageId::Frr].unrecognised.clone();
    refused.chain(unknown).map(|span| sources[span.file].line_column(span.start).0 as usize).collect()
}
