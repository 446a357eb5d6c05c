//! What to type where a generated file is wrong: something that the next apply keeps.

use crate::{finding::Help, objects::Origin};
use evpnlint_core::{model::twin::FRR, source::Span};
use std::fmt;

/// A generated file of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// `frr.conf` or `interfaces.d/sdn`.
    pub(super) name: &'static str,
    /// Whether the configuration that it is generated from was read.
    pub(super) is_derived: bool,
    /// Whether it is otherwise than Proxmox generates it.
    pub(super) has_drifted: bool,
}

/// What a generated statement comes of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source<'m> {
    /// An object of the store.
    Store(Origin<'m>),
    /// A line of another file of the node, such as `frr.conf.local`.
    Node(Span),
    /// The generator writes it for every node.
    Always,
}

/// The advice on a line of a generated file.
pub(super) struct Advice<'m> {
    pub(super) file: File,
    /// What the line comes of; `None` where Proxmox does not generate it.
    pub(super) source: Option<Source<'m>>,
    /// Whether files of users' own are concerned too.
    pub(super) involves_others: bool,
}

impl Advice<'_> {
    /// The help that a rule gives, if it is about something that lasts, or this advice. Where others' files are concerned,
    /// both.
    pub(super) fn around(&self, help: Option<Help>) -> Help {
        Help::lasting(match help {
            Some(help) if help.lasts => return help,
            Some(help) if matches!(self.source, Some(Source::Node(_))) => format!("{self}: {help}"),
            Some(help) if self.involves_others => format!("{help}; {self}"),
            _ => self.to_string(),
        })
    }
}

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let File { name, is_derived, has_drifted } = self.file;
        let own = if name == FRR { "/etc/frr/frr.conf.local" } else { "/etc/network/interfaces" };
        match self.source {
            Some(Source::Store(origin)) => {
                let (kind, id, editor) = (origin.kind, origin.id, origin.kind.editor());
                if has_drifted {
                    write!(f, "apply again in Datacenter → SDN, which writes {name} anew, or ")?;
                }
                write!(f, "change {kind} {id} in {editor}, and apply: Proxmox generates {name} from it")
            }
            Some(Source::Node(_)) => {
                write!(f, "in the file that the line of {name} comes from, and then apply in Datacenter → SDN")
            }
            None if is_derived => write!(
                f,
                "apply again in Datacenter → SDN: Proxmox does not generate this line of {name}; what is to stay belongs in {own}"
            ),
            Some(Source::Always) | None => write!(
                f,
                "change the zone, vnet, controller or fabric that is meant in Datacenter → SDN, and apply: Proxmox generates \
                 {name} from them; lines of your own belong in {own}"
            ),
        }
    }
}
