//! `evpnlint collect`.
//!
//! | exit | meaning |
//! |---|---|
//! | 0 | every node gave all that is read of it |
//! | 1 | something could not be got; what could is written |
//! | 2 | nothing was written: a bad option, no node, no room |

use super::fail;
use crate::collect::{self, Collection, Node, Plan, host::Host, write};
use clap::Args;
use evpnlint_core::source::Printable;
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// How many nodes are asked at a time.
const AT_ONCE: usize = 8;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The other nodes, as ssh takes them: [USER@]NAME or [USER@]ADDRESS. Without any: the other members of this node's
    /// Proxmox cluster, as root.
    #[arg(value_name = "NODE")]
    nodes: Vec<Host>,
    /// Where to: a folder, or an archive if it ends in .tar.gz. Nothing that is there is overwritten.
    #[arg(short, long, value_name = "DIR|FILE.tar.gz", default_value = "evpnlint-collected")]
    output: PathBuf,
    /// The program that reaches a node, with its options: `ssh -F fabric.conf`, `ssh -J bastion -i key`. Its words are
    /// parted by blanks; no shell reads them.
    #[arg(long, value_name = "COMMAND", default_value = "ssh")]
    ssh: String,
    /// How long one node may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// Gathers, writes, and says what is missing.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments { nodes, output, ssh, timeout } = arguments;
    if let Err(error) = write::is_free(output) {
        return fail(&error, hint(&error));
    }
    let ssh: Vec<String> = ssh.split_ascii_whitespace().map(str::to_owned).collect();
    if ssh.is_empty() {
        return fail(&io::Error::other("--ssh names no program"), "");
    }
    let plan = Plan { ssh, timeout: Duration::from_secs(*timeout), at_once: AT_ONCE };
    let mut hosts: Vec<Host> = vec![];
    for host in nodes {
        if !hosts.contains(host) {
            hosts.push(host.clone());
        }
    }
    let collection = collect::collect(&hosts, &plan);
    let _ = tell(&collection, &mut super::errors());
    if collection.files() == 0 {
        let error = io::Error::other("no node gave anything, and nothing was written");
        return fail(&error, "name the nodes: evpnlint collect leaf1 leaf2; on a Proxmox cluster, run it on a member");
    }
    if let Err(error) = write::write(&collection, output) {
        return fail(&error, hint(&error));
    }
    let _ = done(&collection, output, &mut super::errors());
    ExitCode::from(u8::from(!collection.is_whole()))
}

/// How many files that are missing of one node are named; more are counted.
const MOST_NAMED: usize = 10;

/// One line a node, and one for each thing that is missing, or one for all of them.
fn tell(collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
    for node in &collection.nodes {
        let count = node.files.len();
        let files = number(count);
        let without = node.without();
        let without = if without.is_empty() { String::new() } else { format!("; it has no {}", without.join(", no ")) };
        match &node.failure {
            None => writeln!(out, "{}: {files} ({}){without}", node.name, node.asked)?,
            Some(failure) => {
                let got = if count == 0 { "nothing".to_owned() } else { format!("only {files}") };
                writeln!(out, "{}: {got} ({}): {failure}", node.name, node.asked)?;
                if let Some(help) = failure.help() {
                    writeln!(out, "  {help}")?;
                }
            }
        }
        if let Some(name) = &node.impostor {
            writeln!(
                out,
                "  it calls itself {name}, as another node is called; its folder is named as it was reached"
            )?;
        }
        if node.missing.count() <= MOST_NAMED {
            for (path, why) in node.missing.listed() {
                writeln!(out, "  not got: {path}: {why}")?;
            }
        } else {
            let counts: Vec<String> = node.missing.counts().map(|(why, count)| format!("{count}: {why}")).collect();
            let listed = node.missing.listed().count();
            let all = number(node.missing.count());
            writeln!(out, "  not got: {all} ({}); manifest.json names {listed} of them", counts.join("; "))?;
        }
    }
    if collection.alone {
        writeln!(out, "only this node: it is in no Proxmox cluster; name the others, evpnlint collect leaf1 leaf2")?;
    }
    Ok(())
}

fn done(collection: &Collection, output: &std::path::Path, out: &mut dyn Write) -> io::Result<()> {
    let (folder, output) = (Printable::from(&*write::folder(output)), (output, Printable::from(output)));
    let read = collection.nodes.iter().filter(|node: &&Node| !node.files.is_empty()).count();
    let nodes = match collection.nodes.len() {
        1 => "1 node".to_owned(),
        all => format!("{read} of {all} nodes"),
    };
    let unpack = if write::is_archive(output.0) { format!("tar xzf {} && ", output.1) } else { String::new() };
    writeln!(out, "{}: {} of {nodes}; now: {unpack}evpnlint {folder}", output.1, number(collection.files()))
}

fn number(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

fn hint(error: &write::Error) -> &'static str {
    match error {
        write::Error::Exists { .. } => "give another place with --output, or take that away",
        write::Error::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
            "make room, or give another place with --output; what is there now is not all, take it away"
        }
        write::Error::Write { .. } => "give another place with --output; what is there now is not all",
    }
}
