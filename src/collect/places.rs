//! Which files are gathered of a node.

use glob::{MatchOptions, Pattern};
use std::sync::LazyLock;

/// Who the members of a Proxmox cluster are.
pub(super) const COROSYNC: &str = "etc/pve/corosync.conf";

/// Where what evpnlint reads lies on a node, as patterns that a shell expands. `source` lines lead to more files below
/// `etc/network`. Proxmox's keys lie in `etc/pve/priv`, and nothing here leads there; those of
/// WireGuard stand in its files, and are masked on the node.
pub(super) const PLACES: [&str; 22] = [
    "etc/hostname",
    "etc/frr/daemons",
    "etc/frr/frr.conf.local",
    "etc/frr/*.conf",
    "etc/quagga/daemons",
    "etc/quagga/*.conf",
    "etc/network/interfaces",
    "etc/network/interfaces.d/*",
    "etc/network/ifupdown2/policy.d/*.json",
    "var/lib/ifupdown2/policy.d/*.json",
    "etc/sysctl.conf",
    "etc/sysctl.d/*.conf",
    "run/sysctl.d/*.conf",
    "usr/local/lib/sysctl.d/*.conf",
    "usr/lib/sysctl.d/*.conf",
    "etc/wireguard/*.conf",
    "etc/ptm.d/topology.dot",
    COROSYNC,
    "etc/pve/sdn/.running-config",
    "etc/pve/sdn/*.cfg",
    "etc/pve/nodes/*/qemu-server/*.conf",
    "etc/pve/nodes/*/lxc/*.conf",
];

/// A node without these says nothing of FRR, and nothing of its links.
pub(super) const MAIN: [&str; 2] = ["etc/frr/frr.conf", "etc/network/interfaces"];

static PATTERNS: LazyLock<Vec<Pattern>> =
    LazyLock::new(|| PLACES.iter().map(|place| Pattern::new(place).expect("the patterns above are fixed")).collect());

/// Whether a path is one of the places that are gathered.
fn is_place(path: &str) -> bool {
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    PATTERNS.iter().any(|pattern| pattern.matches_with(path, options))
}

/// What is to be done with a path that a node sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SentPath {
    /// It is one that is wanted.
    Wanted,
    /// It is beside one, and nobody reads it: a copy, another tool's.
    Unread,
    /// It was never asked for.
    Foreign,
}

/// Judges a path that a node sent. Only what stands where such files do, written plainly, can become a file here.
pub(super) fn judge(path: &str) -> SentPath {
    let is_plain = path.len() <= 1024
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255);
    if !is_plain || !is_place(path) && !path.starts_with("etc/network/") {
        return SentPath::Foreign;
    }
    let is_read = crate::discover::place(&format!("node/{path}")).is_some_and(|(_, inner)| inner == path);
    if is_read { SentPath::Wanted } else { SentPath::Unread }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_is_kept() {
        for (path, wanted) in [
            ("etc/hostname", SentPath::Wanted),
            ("etc/frr/frr.conf", SentPath::Wanted),
            ("etc/frr/bgpd.conf", SentPath::Wanted),
            ("etc/quagga/Quagga.conf", SentPath::Wanted),
            ("etc/frr/daemons", SentPath::Wanted),
            ("etc/frr/support_bundle_commands.conf", SentPath::Unread),
            ("etc/network/interfaces", SentPath::Wanted),
            ("etc/network/interfaces.d/sdn", SentPath::Wanted),
            ("etc/network/interfaces.d/sdn.bak", SentPath::Unread),
            ("etc/network/more/ports", SentPath::Wanted),
            ("etc/network/if-up.d/script", SentPath::Unread),
            ("etc/network/ifupdown2/policy.d/x.json", SentPath::Wanted),
            ("var/lib/ifupdown2/policy.d/x.json", SentPath::Wanted),
            ("etc/pve/corosync.conf", SentPath::Wanted),
            ("etc/pve/sdn/.running-config", SentPath::Wanted),
            ("etc/pve/sdn/zones.cfg", SentPath::Wanted),
            ("etc/pve/sdn/other.cfg", SentPath::Unread),
            ("etc/sysctl.conf", SentPath::Wanted),
            ("etc/sysctl.d/90-routing.conf", SentPath::Wanted),
            ("usr/lib/sysctl.d/50-default.conf", SentPath::Wanted),
            ("usr/lib/sysctl.d/README", SentPath::Foreign),
            ("etc/wireguard/wg0.conf", SentPath::Wanted),
            ("etc/wireguard/wg0.key", SentPath::Foreign),
            ("etc/pve/nodes/pve1/qemu-server/100.conf", SentPath::Wanted),
            ("etc/pve/nodes/pve1/lxc/100.conf", SentPath::Wanted),
            ("etc/pve/nodes/pve1/pve-ssl.key", SentPath::Foreign),
            ("etc/pve/priv/authkey.key", SentPath::Foreign),
            ("etc/shadow", SentPath::Foreign),
            ("/etc/hostname", SentPath::Foreign),
            ("../etc/hostname", SentPath::Foreign),
            ("etc/network/../shadow", SentPath::Foreign),
            ("etc/network//x", SentPath::Foreign),
            ("etc/network/./x", SentPath::Foreign),
            ("etc/network/a\nb", SentPath::Foreign),
            ("etc/network/a\\b", SentPath::Foreign),
            ("", SentPath::Foreign),
        ] {
            assert_eq!(judge(path), wanted, "{path}");
        }
    }
}
