//! Gathers, from this node and over ssh from others, the files that evpnlint reads: beside the straight line, and before
//! it. What it leaves is a tree with a folder for each node, as [`discover`](mod@crate::discover) reads it.
//!
//! | file | what it does |
//! |---|---|
//! | `places.rs` | which files |
//! | `host.rs` | whom to ask: names and addresses, none of which can be mistaken for an option or a path |
//! | `members.rs` | the members of a Proxmox cluster, from corosync.conf |
//! | `gather.sh` | what each node runs: it prints the files, with secrets masked, and writes nothing |
//! | `words.rs` | what announces a secret, for that script |
//! | `remote.rs` | one shell, here or behind ssh, within bounds of bytes and time |
//! | `stream.rs` | what the shell printed, to files |
//! | `missing.rs` | what was not got of a node |
//! | `names.rs` | what the nodes' folders are called |
//! | `reason.rs` | why something could not be got, and what to do about it |
//! | `mask.rs` | masks once more what only the languages' readers know to be secret |
//! | `write.rs` | the tree, or the same as a `.tar.gz`, with `manifest.rs` in its root |
//!
//! A secret leaves its node as `********`, whatever its length: two passwords are no longer told apart, but whether there
//! is one is still seen. Lines stay lines, so a finding's line is that of the file on its node.

use host::Host;
use missing::Missing;
use reason::Failure;
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

pub mod host;
mod manifest;
mod mask;
mod members;
pub mod missing;
mod names;
mod places;
pub mod reason;
mod remote;
mod stream;
mod words;
pub mod write;

/// The most nodes that are asked in one run.
pub const MOST_NODES: usize = 256;

/// The most bytes that are kept of all nodes.
pub const MOST_BYTES: usize = 1 << 30;

/// How to ask.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program that reaches another node, and its first arguments: `["ssh"]`.
    pub ssh: Vec<String>,
    /// How long one node may take from the first try to its last byte.
    pub timeout: Duration,
    /// How many nodes are asked at a time; at least one is.
    pub at_once: usize,
}

/// One file of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Where it stands on its node: `etc/frr/frr.conf`.
    pub path: String,
    /// What is in it, with its secrets masked.
    pub bytes: Vec<u8>,
}

/// What was got of one node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name, and that of its folder.
    pub name: String,
    /// How it was asked: `here`, or the host that ssh was given.
    pub asked: String,
    /// Its files, by path.
    pub files: Vec<Text>,
    /// Files that are there and could not be got.
    pub missing: Missing,
    /// Why the node did not answer, or not to its end.
    pub failure: Option<Failure>,
    /// The name of another node, if it calls itself so.
    pub impostor: Option<String>,
    /// The name that it gives itself.
    reported: Option<String>,
    /// Whether that is its name, where no other node has it.
    goes_by_report: bool,
}

/// What was got of all nodes.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// The nodes in the order in which they were asked: this one first.
    pub nodes: Vec<Node>,
    /// Whether only this node was asked, for nobody said which others there are.
    pub alone: bool,
}

impl Collection {
    /// Whether every node that was asked gave every file that it has.
    pub fn is_whole(&self) -> bool {
        self.nodes.iter().all(|node| node.failure.is_none() && node.missing.is_empty() && !node.files.is_empty())
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.nodes.iter().map(|node| node.files.len()).sum()
    }
}

/// Asks this node, and the given ones or else the other members of its Proxmox cluster.
///
/// Whoever names others may do so from a machine that is no node of the fabric: then it is left out where it has neither
/// FRR nor Proxmox's SDN.
pub fn collect(named: &[Host], plan: &Plan) -> Collection {
    let here = remote::here(plan);
    let own = here.host.as_deref().and_then(host::short).unwrap_or_else(|| "localhost".to_owned());
    let corosync = here.files.iter().find(|file| file.path == places::COROSYNC);
    let corosync = corosync.map(|file| String::from_utf8_lossy(&file.bytes)).unwrap_or_default();
    let (mut others, refused): (Vec<Host>, Vec<String>) = match named {
        [] => members::others(&corosync, &own),
        named => (named.iter().filter(|host| !host.is(&own)).cloned().collect(), vec![]),
    };
    let beyond = others.split_off(others.len().min(MOST_NODES));
    let is_wanted = named.is_empty() || named.iter().any(|host| host.is(&own)) || here.is_of_a_fabric();
    let alone = named.is_empty() && others.is_empty() && refused.is_empty();
    let mut nodes: Vec<Node> = is_wanted.then(|| here.into_node(own, "here".to_owned(), None)).into_iter().collect();
    nodes.extend(ask(&others, plan));
    nodes.extend(beyond.iter().map(|host| Node::left_out(host.to_string(), Failure::Nodes)));
    nodes.extend(refused.iter().map(|name| {
        let name = evpnlint_core::source::one_line(name.as_bytes());
        Node::left_out("corosync.conf".to_owned(), Failure::Name { name })
    }));
    names::settle(&mut nodes);
    mask::all(&mut nodes);
    Collection { nodes, alone }
}

/// Asks some at a time; the answers are in the order of the hosts.
fn ask(hosts: &[Host], plan: &Plan) -> Vec<Node> {
    let (next, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let answers = Mutex::new(vec![]);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(host) = hosts.get(at) else { break };
            let (answer, asked) = remote::there(host, plan);
            let mut node = answer.into_node(host.to_string(), asked, Some(host));
            let size: usize = node.files.iter().map(|file| file.bytes.len()).sum();
            if kept.fetch_add(size, Ordering::Relaxed) + size > MOST_BYTES {
                node.files.clear();
                node.failure = Some(Failure::Full);
            }
            answers.lock().unwrap_or_else(PoisonError::into_inner).push((at, node));
        }
    };
    thread::scope(|scope| {
        for _ in 1..plan.at_once.min(hosts.len()) {
            // Where the system has no thread to spare, those that there are do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, node)| node).collect()
}

impl Node {
    /// The files that a node of a fabric has, and this one does not.
    pub fn without(&self) -> Vec<&'static str> {
        let has = |main: &&str| {
            self.files.iter().any(|file| file.path == *main) || self.missing.listed().any(|(path, _)| path == *main)
        };
        places::MAIN.into_iter().filter(|main| !has(main)).collect()
    }

    /// One that was not asked.
    fn left_out(name: String, why: Failure) -> Self {
        Self { failure: Some(why), ..Self::asked(name, "not asked".to_owned()) }
    }

    /// One of which nothing was got yet.
    fn asked(name: String, asked: String) -> Self {
        let missing = Missing::default();
        Self {
            name,
            asked,
            files: vec![],
            missing,
            failure: None,
            impostor: None,
            reported: None,
            goes_by_report: false,
        }
    }
}
