//! The command line. Findings go to standard output, everything else to standard error.
//!
//! | exit | meaning |
//! |---|---|
//! | 0 | checked; nothing at or above `--fail-on` |
//! | 1 | checked; something at or above `--fail-on` |
//! | 2 | not checked: a bad option, a missing path, nothing to read, a file that cannot be read |

use crate::run::NotShown;
use crate::{
    config::{self, Config},
    discover::{self, Choose, Discovery, Exclude},
    report::{self, Cut, Format, Style, log::Tamed},
    settle::Selection,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use evpnlint_core::options::{Completeness, Options};
use evpnlint_core::{
    model::frr::Version,
    source::{self, Printable, Sources, Unread, reader},
};
use evpnlint_rules::{choice::Choice, finding::Severity, hides::Known};
use progress::Progress;
use std::{
    env,
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr as _,
};

mod adopt;
mod collect;
mod compare;
mod diff;
mod init;
mod output;
mod ping;
mod progress;
mod rules;
mod settings;
mod show;
mod since;
mod summary;
mod why;

/// Says where an EVPN-VXLAN fabric will not work, from the configuration of its nodes: FRR's frr.conf,
/// /etc/network/interfaces and Proxmox VE's SDN files and guests.
#[derive(Debug, Parser)]
#[command(name = "evpnlint", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: CheckArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the configuration below the given paths; the same as without a command.
    Check(CheckArguments),
    /// Print a rule's page: why, examples, and when to ignore it.
    Explain {
        /// The rule's id, as in `error[asn-mismatch]`.
        rule: String,
        /// When to colour.
        #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
        color: Colour,
    },
    /// Print what the nodes are configured to do, or what will come of it, in another form than it is written in.
    Show(show::Arguments),
    /// Walk from what a node tells to what another makes of it, and stop at the step that fails.
    Why(why::Arguments),
    /// Take a packet from one host to another and back, hop by hop, and say where it dies and what to change.
    ///
    /// FROM and TO are hosts of evpnlint.toml, guests by name or number, places like `pve1:vnet1` or `leaf1:vlan10`, addresses,
    /// nodes, or `outside`. Exits with 0 where the reply comes back, 1 where it does not, 2 where nobody can say.
    Ping(ping::Arguments),
    /// Print how a Proxmox node's generated files differ from what the applied SDN configuration makes of it.
    Diff(diff::Arguments),
    /// Say what works in one tree and not in another: sessions, VNIs, flood lists, routes, ways out, MTUs and leaks.
    ///
    /// OLD and NEW are folders, files, or revisions of the git repository. A revision stands for the other tree as it was
    /// then; two revisions for the working directory. Each has its own evpnlint.toml. Exits with 0 where nothing is lost, 1
    /// where something is, 2 where a tree cannot be read.
    Compare(compare::Arguments),
    /// Gather the files that are read, from this node and over ssh from others, with secrets masked.
    ///
    /// Each node runs a small shell script that only reads. The result is a tree with a folder for each node, which
    /// `evpnlint DIR` checks, and a manifest.json that says what is missing. Exits with 1 where something could not be got.
    Collect(collect::Arguments),
    /// Print what holds for a run, and where it was said: on the command line, in evpnlint.toml, or by default.
    Config(settings::Arguments),
    /// Write a commented evpnlint.toml for the fabric that is there.
    Init(init::Arguments),
    /// List all rules.
    Rules {
        /// How.
        #[arg(short, long, value_enum, default_value_t)]
        format: rules::Format,
    },
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// A node's /etc, a tree with a folder for each node, or single files.
    #[arg(default_value = ".")]
    path: Vec<PathBuf>,
    /// Print which file is read as what, of which node, and stop.
    #[arg(long)]
    files: bool,
    /// Only these rules or categories (`all`, `correctness`, `consistency`, `resilience`, `security`, `style`).
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    select: Vec<Choice>,
    /// Not these rules or categories.
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    ignore: Vec<Choice>,
    #[command(flatten)]
    assumed: Assumed,
    #[command(flatten)]
    adopt: adopt::Adopting,
    /// Report only what the files have and this git revision has not, at the changed line where there is one; say what is mended.
    #[arg(long, value_name = "REV", conflicts_with_all = ["files", "statistics", "write_baseline", "no_ignores"])]
    since: Option<String>,
    /// The lowest severity that makes the exit code 1.
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Count instead of listing: lines understood per language, the lines that were not, and findings per rule.
    #[arg(long, conflicts_with = "files")]
    statistics: bool,
    /// How to write findings.
    #[arg(short, long, value_enum, default_value_t, env = "EVPNLINT_FORMAT")]
    format: Format,
    /// Write a further report, in that format to that file; may be given several times.
    #[arg(short, long, value_name = "FORMAT=PATH", conflicts_with_all = ["files", "statistics"])]
    output: Vec<output::Output>,
    /// Draw every finding, however many are alike (`human` only).
    #[arg(long)]
    all: bool,
    /// When to colour; NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE count.
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    color: Colour,
    /// No summary.
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Say what was left out, and which rules did not run.
    #[arg(short, long)]
    verbose: bool,
}

/// What no file of a node says.
#[derive(Debug, Args)]
struct Assumed {
    /// Every node is here: argue from what is missing.
    #[arg(long, conflicts_with = "partial")]
    complete: bool,
    /// Some nodes are not here: do not argue from what is missing.
    #[arg(long)]
    partial: bool,
    /// The FRR that runs on the nodes, like 10.3; it decides which lines there are.
    #[arg(long, value_name = "VERSION", value_parser = frr_version)]
    frr_version: Option<Version>,
    /// Leave out files and folders of that name, or at that path; `*` stands for any text, `**` for folders. May be repeated.
    #[arg(long, value_name = "GLOB", value_parser = Exclude::from_str)]
    exclude: Vec<Exclude>,
    /// Read this evpnlint.toml, rather than the nearest one above the paths.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Assumed {
    /// Reads the configuration that counts for these paths.
    fn config(&self, paths: &[PathBuf]) -> Result<Config, config::Error> {
        match &self.config {
            Some(path) => Config::read(path),
            None => Config::find(paths),
        }
    }

    /// Which files count.
    fn choose(&self, config: &Config) -> Choose {
        config.choose(&self.exclude, Path::new("."))
    }

    /// What the command line and the file say of all nodes; the command line wins.
    fn options(&self, config: &Config, sources: &mut Sources) -> Options {
        let mut options = config.options(sources);
        if self.frr_version.is_some() {
            options.frr_version.clone_from(&self.frr_version);
        }
        match (self.complete, self.partial) {
            (true, _) => options.completeness = Completeness::Complete,
            (_, true) => options.completeness = Completeness::Partial,
            _ => {}
        }
        options
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    #[default]
    Warning,
    Info,
    Never,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

/// Runs the program on the process's arguments.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // The message quotes the arguments.
            if env::args_os().all(|argument| argument.to_str() == Some(&*Printable::from(argument.as_os_str()))) {
                let _ = error.print();
            } else {
                let text = source::printable(error.render().to_string().as_bytes()).0;
                let _ = errors().write_all(text.as_bytes());
            }
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    match arguments.command {
        None => check(&arguments.check),
        Some(Command::Check(arguments)) => check(&arguments),
        Some(Command::Explain { rule, color }) => explain(&rule, style(color)),
        Some(Command::Show(arguments)) => show::run(&arguments),
        Some(Command::Diff(arguments)) => diff::run(&arguments),
        Some(Command::Why(arguments)) => why::run(&arguments),
        Some(Command::Ping(arguments)) => ping::run(&arguments),
        Some(Command::Config(arguments)) => settings::run(&arguments),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Collect(arguments)) => collect::run(&arguments),
        Some(Command::Rules { format }) => rules::list(format),
    }
}

impl CheckArguments {
    /// Which rules speak: what the command line says wins over the file.
    fn selection(&self, config: &Config) -> Selection {
        let or = |own: &Vec<Choice>, theirs: &Vec<Choice>| if own.is_empty() { theirs.clone() } else { own.clone() };
        Selection {
            select: or(&self.select, &config.lint.select),
            ignore: or(&self.ignore, &config.lint.ignore),
            levels: config.levels(),
            baseline: None,
        }
    }

    /// The tree of a revision, and the keys of all that is found in it.
    ///
    /// # Errors
    /// The exit code, when it cannot be read; why is told.
    fn before(&self, revision: &str) -> Result<(since::Before, Known), ExitCode> {
        let tree = since::Before::read(revision, &self.path).map_err(|error| error.tell())?;
        let config = self.assumed.config(&tree.paths).map_err(|error| fail(&error, error.remedy()))?;
        let read = discover::find(&tree.paths, &config.choose(&self.assumed.exclude, &tree.here))
            .and_then(|found| discover::load(&found));
        let mut sources = match read {
            Ok(sources) => sources,
            // All is new.
            Err(discover::Error::Nothing { .. }) => return Ok((tree, Known::new())),
            Err(error) => return Err(fail(&error, &hint(&error))),
        };
        let mut options = self.assumed.options(&config, &mut sources);
        self.adopt.settle_ignores(&tree.paths, &config, &mut options);
        let outcome = crate::run::check(&mut sources, &self.selection(&config), &options);
        Ok((tree, outcome.known))
    }
}

/// How many findings of one rule and severity are drawn, unless all are wanted.
const MOST_ALIKE: usize = 10;

fn check(arguments: &CheckArguments) -> ExitCode {
    let &CheckArguments { format, statistics, .. } = arguments;
    if statistics && !report::has_statistics(format) {
        let error = io::Error::other("--statistics is a table, or a part of the JSON report");
        return fail(&error, "leave --format away, or write --format json");
    }
    let config = match arguments.assumed.config(&arguments.path) {
        Ok(config) => config,
        Err(error) => return fail(&error, error.remedy()),
    };
    let progress = Progress::new(!arguments.quiet);
    progress.say("reading");
    let read = discover::find(&arguments.path, &arguments.assumed.choose(&config)).and_then(|found| {
        let sources = if arguments.files { Sources::default() } else { discover::load(&found)? };
        Ok((found, sources))
    });
    let (discovery, mut sources) = match read {
        Ok(read) => read,
        Err(error) => return fail(&error, &hint(&error)),
    };
    if arguments.files {
        return output(|out| files(&discovery, out)).err().unwrap_or(ExitCode::SUCCESS);
    }
    if let Err(error) = output::examine(&arguments.output, &sources) {
        return error.tell();
    }
    let mut options = arguments.assumed.options(&config, &mut sources);
    let baseline = match arguments.adopt.settle(&arguments.path, &config, &mut options) {
        Ok(baseline) => baseline,
        Err(error) => return error.tell(),
    };
    let mut selection = arguments.selection(&config);
    selection.baseline = baseline;
    let mut before = None;
    if let Some(revision) = &arguments.since {
        progress.say("checking the revision");
        let (tree, known) = match arguments.before(revision) {
            Ok(read) => read,
            Err(code) => return code,
        };
        let all = selection.baseline.get_or_insert_default();
        for (rule, own) in &known {
            all.entry(rule.clone()).or_default().extend(own.iter().cloned());
        }
        before = Some((tree, known));
    }
    progress.say("checking");
    let mut outcome = crate::run::check(&mut sources, &selection, &options);
    if let Some((tree, known)) = &before {
        since::mended(&mut outcome, known);
        tree.anchor(&mut outcome, &sources);
    }
    progress.say("writing");
    match arguments.adopt.adopt(&arguments.path, &config, &mut outcome) {
        Ok(None) => {}
        Ok(Some(code)) => return code,
        Err(error) => return error.tell(),
    }
    if let Err(error) = output::write(&arguments.output, &outcome, &sources) {
        return error.tell();
    }
    drop(progress);
    let style = Style { most: Some(MOST_ALIKE).filter(|_| !arguments.all), ..style(arguments.color) };
    // Every format but the statistics keeps its lines from being commands, or is made of them.
    let written = match statistics {
        true => output(|out| report::write_statistics(format, &outcome, &sources, out)),
        false => {
            let mut cut = Cut::default();
            let write = |out: &mut dyn Write| {
                cut = report::write(format, &outcome, &sources, style, out)?;
                Ok(())
            };
            output_raw(write).map(|()| output::tell(cut, "standard output"))
        }
    };
    if let Err(code) = written {
        return code;
    }
    if !arguments.quiet {
        let _ = summary::write(&sources, &outcome, arguments.verbose, &mut errors());
    }
    let _ = doubles(&discovery, &mut errors());
    let threshold = match arguments.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return ExitCode::SUCCESS,
    };
    ExitCode::from(u8::from(outcome.worst().is_some_and(|worst| worst >= threshold)))
}

fn frr_version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "not a version of FRR, like 10.3".to_owned())
}

fn files(discovery: &Discovery, out: &mut dyn Write) -> io::Result<()> {
    for found in discovery.found.iter().filter(|found| found.unread.is_none()) {
        let node = match found.language {
            _ if !found.node.is_empty() => &found.node,
            Some(language) if language.is_of_cables() => "(all nodes)",
            _ => "(this node)",
        };
        let part = found.part.as_ref().map_or_else(String::new, |_| format!(", {}", found.inner));
        let title = found.language.map_or("", |language| language.title(&found.inner));
        writeln!(out, "{}{part} → {title} → {node}", found.path)?;
    }
    for (path, why) in discovery.unread() {
        writeln!(out, "{path} → not read: {why}")?;
    }
    for path in &discovery.excluded {
        writeln!(out, "{path} → left out")?;
    }
    for (path, first) in &discovery.doubles {
        writeln!(out, "{path} → not read: {first} was already read as that file of that node")?;
    }
    Ok(())
}

/// How many lines a list on standard error has, at most.
const MOST_LINES: usize = 20;

/// What was not read, for those who look at the fabric without a check: whoever believes that all was read is misled.
fn not_read<'u>(unread: impl Iterator<Item = (&'u str, Unread)>, out: &mut dyn Write) -> io::Result<()> {
    list_some(unread.map(|(path, why)| format!("not read: {path}: {why}")), out)
}

/// Files that were read already, which even a quiet run says.
fn doubles(discovery: &Discovery, out: &mut dyn Write) -> io::Result<()> {
    let doubles = discovery.doubles.iter();
    list_some(
        doubles.map(|(path, first)| format!("not read: {path}: {first} was already read as that file of that node")),
        out,
    )
}

/// The first lines, and how many more there are.
fn list_some(mut lines: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    lines.by_ref().take(MOST_LINES).try_for_each(|line| writeln!(out, "{line}"))?;
    match lines.count() {
        0 => Ok(()),
        more => writeln!(out, "not read: {more} more; `evpnlint --files` lists all"),
    }
}

fn explain(id: &str, style: Style) -> ExitCode {
    match evpnlint_rules::find(id) {
        Some(rule) => output(|out| report::page::write(rule, style, out)).err().unwrap_or(ExitCode::SUCCESS),
        None => match id.parse::<Choice>() {
            Err(error) => fail(&error, ""),
            Ok(_) => {
                fail(&io::Error::other(format!("{id} is a category, not a rule")), "`evpnlint rules` lists the rules")
            }
        },
    }
}

/// Which fabric to look at.
#[derive(Debug, Args)]
struct Input {
    /// As for `check`: a node's /etc, a tree with a folder for each node, or single files.
    #[arg(default_value = ".")]
    path: Vec<PathBuf>,
    #[command(flatten)]
    assumed: Assumed,
}

/// What was read for a look at the fabric.
struct Loaded {
    sources: Sources,
    options: Options,
}

impl Input {
    /// Reads all that lies below the paths, and the configuration that counts for them.
    ///
    /// # Errors
    /// The exit code, when it cannot be read; why is told.
    fn load(&self) -> Result<Loaded, ExitCode> {
        let Self { path, assumed } = self;
        let config = assumed.config(path).map_err(|error| fail(&error, error.remedy()))?;
        let read = discover::find(path, &assumed.choose(&config)).and_then(|found| discover::load(&found));
        let mut sources = read.map_err(|error| fail(&error, &hint(&error)))?;
        let options = assumed.options(&config, &mut sources);
        let unread = sources.iter().filter_map(|(_, file)| Some((file.path.as_str(), file.unread?)));
        let _ = not_read(unread, &mut errors());
        Ok(Loaded { sources, options })
    }
}

/// No node is called so: the exit code, when that is told.
fn not_shown(error: &NotShown) -> ExitCode {
    fail(error, "`evpnlint --files` shows which file is of which node")
}

/// Writes text to standard output, none of whose lines is a command to a CI system.
fn output(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), ExitCode> {
    output_raw(|out| {
        let mut out = Tamed::new(out);
        write(&mut out)?;
        out.flush()
    })
}

/// Writes to standard output. A reader that has gone away is no failure of ours: the exit code is unchanged.
fn output_raw(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), ExitCode> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(fail(&error, "")),
        _ => Ok(()),
    }
}

/// Standard error, no line of which is a command to a CI system.
fn errors() -> impl Write {
    Tamed::new(io::stderr().lock())
}

fn fail(error: &dyn std::error::Error, hint: &str) -> ExitCode {
    let mut text = format!("evpnlint: {error}\n");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("  caused by: {error}\n"));
        cause = error.source();
    }
    if !hint.is_empty() {
        text.push_str(&format!("  {hint}\n"));
    }
    let _ = errors().write_all(text.as_bytes());
    ExitCode::from(2)
}

/// What to try next.
fn hint(error: &discover::Error) -> String {
    match error {
        // `evpnlint -q explain x` reads `explain` as a path.
        discover::Error::Missing { path }
            if matches!(
                &**path,
                "check" | "collect" | "compare" | "diff" | "explain" | "ping" | "show" | "why" | "rules" | "help"
            ) =>
        {
            format!("if the command was meant: put it first, `evpnlint {path} …`")
        }
        discover::Error::Nothing { unread, .. } => {
            let mut hint = vec![];
            let _ = not_read(unread.iter().map(|(path, why)| (&**path, *why)), &mut hint);
            let hint = String::from_utf8_lossy(&hint).replace('\n', "\n  ");
            hint + "give a node's /etc, a tree like <node>/etc/frr/frr.conf, or name the files; --help tells more"
        }
        discover::Error::Unread(reader::Error { why, .. }) => why.remedy().to_owned(),
        discover::Error::Unrecognised { .. } => {
            "name it as on its node, etc/frr/frr.conf or etc/network/interfaces, to have it read all the same"
                .to_owned()
        }
        _ => String::new(),
    }
}

/// The environment is that of <https://no-color.org> and <https://bixense.com/clicolors>.
fn style(colour: Colour) -> Style {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let terminal = io::stdout().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb");
    let colour = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        Colour::Auto => set("FORCE_COLOR") || set("CLICOLOR_FORCE") || terminal,
    };
    let width = terminal_size::terminal_size_of(io::stdout())
        .map(|(terminal_size::Width(width), _)| width.into())
        .or_else(|| env::var("COLUMNS").ok()?.parse().ok());
    Style { colour, links: colour && terminal, width, most: None }
}
