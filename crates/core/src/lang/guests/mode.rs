//! The two kinds of guest, and which rule of the grammar is a line of each.

use crate::model::guest::GuestKind;
use evpnlint_grammar::guests::Rule;

/// A kind of guest.
pub(super) struct Mode {
    pub kind: GuestKind,
    /// The folder of its configurations.
    folder: &'static str,
    /// The grammar rule of a line.
    pub rule: Rule,
    /// The bounds of `mtu`, in bytes (`$net_fmt` in `PVE::QemuServer::Network`, `$netconf_desc` in `PVE::LXC::Config`).
    pub mtu: (u32, u32),
}

static MODES: [Mode; 2] = [
    Mode { kind: GuestKind::Machine, folder: "qemu-server", rule: Rule::qemu, mtu: (1, 65520) },
    Mode { kind: GuestKind::Container, folder: "lxc", rule: Rule::lxc, mtu: (64, 65535) },
];

impl Mode {
    /// The kind of guest whose configurations are in that folder.
    pub(super) fn of(folder: &str) -> Option<&'static Self> {
        MODES.iter().find(|mode| mode.folder == folder)
    }
}
