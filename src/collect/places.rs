//! Which files are gathered of a node.

use glob::{MatchOptions, Pattern};
use std::sync::LazyLock;

/// Who the members of a Proxmox cluster are.
pub(super) const COROSYNC: &str = "etc/pve/corosync.conf";

/// Where what evpnlint reads lies on a node, as patterns that a shell expands. `source` lines lead to more files below
/// `etc/network`. Proxmox's keys lie in `etc/pve/priv`, and nothing here leads there.
pub(super) const PLACES: [&str; 15] = [
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
pub(super) enum Verdict {
    /// It is one that is wanted.
    Wanted,
    /// It is beside one, and nobody reads it: a copy, another tool's.
    Unread,
    /// It was never asked for.
    Foreign,
}

/// Judges a path that a node sent. Only what stands where such files do, written plainly, can become a file here.
pub(super) fn judge(path: &str) -> Verdict {
    let is_plain = path.len() <= 1024
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255);
    let is_placed = is_place(path) || path.starts_with("etc/network/");
    if !is_plain || !is_placed {
        return Verdict::Foreign;
    }
    let is_read = crate::discover::place(&format!("node/{path}")).is_some_and(|(_, inner)| inner == path);
    if is_read { Verdict::Wanted } else { Verdict::Unread }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_is_kept() {
        for (path, wanted) in [
            ("etc/hostname", Verdict::Wanted),
            ("etc/frr/frr.conf", Verdict::Wanted),
            ("etc/frr/bgpd.conf", Verdict::Wanted),
            ("etc/quagga/Quagga.conf", Verdict::Wanted),
            ("etc/frr/daemons", Verdict::Wanted),
            ("etc/frr/support_bundle_commands.conf", Verdict::Unread),
            ("etc/network/interfaces", Verdict::Wanted),
            ("etc/network/interfaces.d/sdn", Verdict::Wanted),
            ("etc/network/interfaces.d/sdn.bak", Verdict::Unread),
            ("etc/network/more/ports", Verdict::Wanted),
            ("etc/network/if-up.d/script", Verdict::Unread),
            ("etc/network/ifupdown2/policy.d/x.json", Verdict::Wanted),
            ("var/lib/ifupdown2/policy.d/x.json", Verdict::Wanted),
            ("etc/pve/corosync.conf", Verdict::Wanted),
            ("etc/pve/sdn/.running-config", Verdict::Wanted),
            ("etc/pve/sdn/zones.cfg", Verdict::Wanted),
            ("etc/pve/sdn/other.cfg", Verdict::Unread),
            ("etc/pve/nodes/pve1/qemu-server/100.conf", Verdict::Wanted),
            ("etc/pve/nodes/pve1/lxc/100.conf", Verdict::Wanted),
            ("etc/pve/nodes/pve1/pve-ssl.key", Verdict::Foreign),
            ("etc/pve/priv/authkey.key", Verdict::Foreign),
            ("etc/shadow", Verdict::Foreign),
            ("/etc/hostname", Verdict::Foreign),
            ("../etc/hostname", Verdict::Foreign),
            ("etc/network/../shadow", Verdict::Foreign),
            ("etc/network//x", Verdict::Foreign),
            ("etc/network/./x", Verdict::Foreign),
            ("etc/network/a\nb", Verdict::Foreign),
            ("etc/network/a\\b", Verdict::Foreign),
            ("", Verdict::Foreign),
        ] {
            assert_eq!(judge(path), wanted, "{path}");
        }
    }
}
