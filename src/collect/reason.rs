//! Why something could not be got, and what to do about it.

use super::{
    MOST_BYTES, MOST_NODES,
    stream::{MOST_BYTES_OF_FILE, MOST_BYTES_OF_NODE, MOST_FILES},
};

/// Why a file was not got that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// The user may not read it, or the system cannot.
    #[error("it cannot be read there by this user; FRR's files are for root and the group frrvty")]
    Unreadable,
    /// It is longer than any configuration.
    #[error("it is longer than {} MiB", MOST_BYTES_OF_FILE >> 20)]
    Long,
    /// There were too many before it.
    #[error("it is beyond the first {MOST_FILES} files")]
    Many,
    /// A pipe, a socket or a device.
    #[error("it is no file")]
    Special,
    /// A link to nothing.
    #[error("it is a link that leads nowhere")]
    Dangling,
    /// A link to somewhere else than such files are.
    #[error("it is a link out of /etc/frr and /etc/network, which is not followed")]
    Outside,
    /// The node's sed failed on it; without it nothing is sent.
    #[error("its secrets could not be masked there, so it was not sent")]
    Unmasked,
    /// No search for secrets could read it.
    #[error("it has NUL bytes or is in UTF-16, so its secrets cannot be masked")]
    Binary,
    /// The node stopped in the middle of it.
    #[error("it broke off")]
    Cut,
    /// The node sent it without being asked.
    #[error("nobody asked for it")]
    Foreign,
}

/// Why a node was not read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The program is not there, or cannot be run.
    #[error("cannot run {program}: {why}")]
    Program {
        /// What was to be run.
        program: String,
        /// What the system said.
        why: String,
    },
    /// ssh did not get there.
    #[error("{said}")]
    Ssh {
        /// The last line that it said.
        said: String,
        /// Where it should have gone: `root@10.0.0.1`.
        to: String,
        /// The name by which the key of that host is known, if it is another.
        alias: Option<String>,
    },
    /// It took too long.
    #[error("it was not done after {seconds} s")]
    Slow {
        /// How long it was waited for.
        seconds: u64,
    },
    /// It sent more than any node has.
    #[error("it sent more than {} MiB", MOST_BYTES_OF_NODE >> 20)]
    Long,
    /// What came is not what was asked for.
    #[error("what it sent is not what it was asked for")]
    Garbled,
    /// It stopped before its end.
    #[error("it broke off{}{said}", if said.is_empty() { "" } else { ": " })]
    Cut {
        /// The last line that it said.
        said: String,
    },
    /// The node itself said why it cannot.
    #[error("{why}")]
    Node {
        /// In its own words, made printable.
        why: String,
    },
    /// A member's name is none that ssh could be given.
    #[error("{name} is no name of a node")]
    Name {
        /// The name, made printable.
        name: String,
    },
    /// There are too many nodes.
    #[error("no more than {MOST_NODES} nodes are asked in one run")]
    Nodes,
    /// All nodes together sent too much.
    #[error("what all nodes sent is more than {} GiB, and this is beyond", MOST_BYTES >> 30)]
    Full,
}

impl Failure {
    /// What to type, or to look at.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Program { program, .. } if program == "ssh" => "apt install openssh-client".to_owned(),
            Self::Program { .. } => "--ssh is the program that reaches a node".to_owned(),
            Self::Ssh { said, to, alias } => {
                let is = |words: &[&str]| words.iter().any(|words| said.contains(words));
                let known_as = alias.as_ref().map(|name| format!("-o HostKeyAlias={name} ")).unwrap_or_default();
                if is(&["Permission denied", "Too many authentication failures"]) {
                    format!("let this user in with a key: ssh-copy-id {to}")
                } else if is(&["Host key verification failed", "HOST IDENTIFICATION HAS CHANGED"]) {
                    format!("see whose key that is, and accept it: ssh {known_as}{to}")
                } else if is(&["Could not resolve hostname"]) {
                    "is that its name? give its address".to_owned()
                } else {
                    format!(
                        "is it up, and does sshd listen? ping {}; pvecm status",
                        to.rsplit('@').next().unwrap_or(to)
                    )
                }
            }
            Self::Slow { .. } => "give it longer with --timeout, or see what hangs there: ls /etc/pve".to_owned(),
            Self::Garbled | Self::Cut { .. } => "is its login shell one of Unix? try: ssh NODE true".to_owned(),
            Self::Name { .. } => "correct it in /etc/pve/corosync.conf, or name the nodes".to_owned(),
            Self::Nodes | Self::Full => "name fewer nodes at a time".to_owned(),
            Self::Long | Self::Node { .. } => return None,
        };
        Some(help)
    }
}
