//! The languages that texts are written in.

use std::fmt;

/// A configuration language. They are ordered by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LanguageId {
    /// That of containerlab's topologies, of which the cables are read.
    Containerlab,
    /// FRR's: `frr.conf`, the files of its daemons, and `daemons`.
    Frr,
    /// That of Proxmox VE's guests.
    Guests,
    /// `/etc/hostname`.
    Hostname,
    /// ifupdown2's: `/etc/network/interfaces`.
    Interfaces,
    /// Graphviz', in which Cumulus' topology manager (PTM) has its cables: `/etc/ptm.d/topology.dot`.
    Ptm,
    /// That of Proxmox VE's SDN, and of `corosync.conf`.
    Sdn,
    /// That of kernel parameters: `/etc/sysctl.conf` and `sysctl.d`.
    Sysctl,
    /// wg-quick's: `/etc/wireguard/<interface>.conf`.
    WireGuard,
}

impl LanguageId {
    /// Its name, as reports have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Containerlab => "containerlab",
            Self::Frr => "frr",
            Self::Guests => "guests",
            Self::Hostname => "hostname",
            Self::Interfaces => "interfaces",
            Self::Ptm => "ptm",
            Self::Sdn => "sdn",
            Self::Sysctl => "sysctl",
            Self::WireGuard => "wireguard",
        }
    }
}

impl fmt::Display for LanguageId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
