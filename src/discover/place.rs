//! What a path says of a file: its node, its place on it, and so its language.

use evpnlint_core::lang;

/// Splits a path into a node's root and the place on that node, if its name is known.
pub fn place(path: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = path
        .split('/')
        .enumerate()
        .filter(|(at, part)| *part != "." && (*at == 0 || !part.is_empty()))
        .map(|(_, part)| part)
        .collect();
    let file = *parts.last()?;
    if is_backup(file) {
        return None;
    }
    for at in (0..parts.len().saturating_sub(1)).rev() {
        let inside = &parts[at + 1..];
        let fits = match parts[at] {
            "frr" | "quagga" => inside.len() == 1,
            "network" => inside[0] == "interfaces" || inside[0] == "interfaces.d" || parts[..at].last() == Some(&"etc"),
            // A node may itself be called pve.
            "pve" if parts[..at].ends_with(&["pve", "nodes"]) => false,
            "pve" => {
                matches!(inside[0], "sdn" | "nodes" | "local" | "qemu-server" | "lxc") || inside == ["corosync.conf"]
            }
            "ptm.d" => inside == ["topology.dot"],
            "etc" => matches!(inside, ["hostname"] | ["sysctl.conf"] | ["sysctl.d" | "wireguard", _]),
            "usr" => matches!(inside, ["lib", "sysctl.d", _] | ["local", "lib", "sysctl.d", _]),
            "run" => matches!(inside, ["sysctl.d", _]),
            "var" => inside.starts_with(&["lib", "ifupdown2", "policy.d"]),
            _ => false,
        };
        if fits {
            let root = &parts[..at];
            let root = if root.last() == Some(&"etc") { &root[..root.len() - 1] } else { root };
            let own = parts[at..].join("/");
            let inner = if matches!(parts[at], "etc" | "var" | "usr" | "run") { own } else { format!("etc/{own}") };
            return lang::of(&inner).map(|_| (root.join("/"), inner));
        }
    }
    Some((parts[..parts.len() - 1].join("/"), lang::place(file)?))
}

/// What a file is meant for by its name.
pub(super) struct Meant {
    /// The root of the node.
    pub(super) root: String,
    /// The place on the node.
    pub(super) inner: String,
    /// Whether a repository has it: it lies in no folder in which a daemon looks for its files.
    pub(super) is_layout: bool,
}

/// The place for which a file is meant by its name, where no daemon reads a file of that name: a copy of a main file in its
/// own folder, or `frr.cfg`, `leaf1-frr.conf` and their like.
pub(super) fn meant(path: &str) -> Option<Meant> {
    const MAIN: [(&str, &[&str]); 3] = [
        ("frr", &["frr.conf"]),
        ("network", &["interfaces"]),
        ("sdn", &["zones.cfg", "vnets.cfg", "subnets.cfg", "controllers.cfg"]),
    ];
    let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
    let parent = folder.rsplit('/').next().unwrap_or(folder);
    let (_, mains) = MAIN.iter().find(|(own, _)| *own == parent).unwrap_or(&("", &[]));
    if mains.contains(&name) {
        return None;
    }
    if let Some(copied) = original(name) {
        return mains.contains(&copied).then(|| place(&format!("{folder}/{copied}"))).flatten().map(misnamed);
    }
    let stem = [".conf.txt", ".conf", ".cfg", ".config", ".txt"].iter().find_map(|end| name.strip_suffix(end));
    let is_of = |own: &str| {
        let node = stem.unwrap_or(name).strip_suffix(own)?;
        (node.is_empty() || node.ends_with(['-', '_', '.'])).then(|| node.trim_end_matches(['-', '_', '.']))
    };
    let of_repository = |(root, inner)| Meant { root, inner, is_layout: true };
    match (parent, is_of("frr"), is_of("interfaces")) {
        ("frr", Some(_), _) => place(&format!("{folder}/frr.conf")).map(misnamed),
        ("network", _, Some(_)) => place(&format!("{folder}/interfaces")).map(misnamed),
        (_, Some(node), _) if !node.is_empty() && stem.is_some() => {
            place(&format!("{folder}/{node}/frr.conf")).map(of_repository)
        }
        (_, Some(_), _) if matches!(name, "frr.cfg" | "frr.config") => {
            place(&format!("{folder}/frr.conf")).map(of_repository)
        }
        (_, _, Some(node)) if !node.is_empty() && name != "interfaces" => {
            place(&format!("{folder}/{node}/interfaces")).map(of_repository)
        }
        _ => None,
    }
}

fn misnamed((root, inner): (String, String)) -> Meant {
    Meant { root, inner, is_layout: false }
}

/// How the names of copies end, which no daemon reads: `frr.conf.sav`, `interfaces.new`, `x~`.
const COPIES: [&str; 10] = ["~", ".bak", ".orig", ".sav", ".save", ".new", ".old", ".swp", ".tmp", ".rej"];

/// Whether a file name is that of a copy.
fn is_backup(name: &str) -> bool {
    name != ".running-config" && name.starts_with(['.', '#']) || original(name).is_some()
}

/// What a copy is a copy of.
pub(super) fn original(name: &str) -> Option<&str> {
    let package = [".dpkg-", ".ucf-"].iter().find_map(|mark| name.find(mark).map(|at| &name[..at]));
    package.or_else(|| COPIES.iter().find_map(|end| name.strip_suffix(end)))
}

/// The language of a file by its first lines, as the place where such a file belongs.
pub(super) fn sniff(head: &str) -> Option<&'static str> {
    head.lines().find_map(|line| {
        let line = line.trim_end();
        let is = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
        if is(&["frr version ", "frr defaults ", "router bgp ", "router ospf", "address-family ", "service integrated"])
        {
            Some("etc/frr/frr.conf")
        } else if is(&["auto ", "iface ", "source ", "allow-"]) {
            Some("etc/network/interfaces")
        } else if is(&["evpn: ", "simple: ", "vxlan: ", "qinq: "]) {
            Some("etc/pve/sdn/zones.cfg")
        } else if is(&["vnet: "]) {
            Some("etc/pve/sdn/vnets.cfg")
        } else if is(&["subnet: "]) {
            Some("etc/pve/sdn/subnets.cfg")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_tells_what_is_meant() {
        let split = |path| {
            meant(path).map(|Meant { root, inner, is_layout }| {
                format!("{root} {inner}{}", if is_layout { ", read" } else { "" })
            })
        };
        for (path, wanted) in [
            ("n/etc/frr/frr.conf.new", Some("n etc/frr/frr.conf")),
            ("n/etc/frr/frr.conf~", Some("n etc/frr/frr.conf")),
            ("n/etc/frr/frr.cfg", Some("n etc/frr/frr.conf")),
            ("n/etc/frr/frr.conf.txt", Some("n etc/frr/frr.conf")),
            ("n/etc/frr/leaf1-frr.conf", Some("n etc/frr/frr.conf")),
            ("configs/leaf1-frr.conf", Some("configs/leaf1 etc/frr/frr.conf, read")),
            ("configs/leaf1.frr.cfg", Some("configs/leaf1 etc/frr/frr.conf, read")),
            ("configs/leaf1/frr.cfg", Some("configs/leaf1 etc/frr/frr.conf, read")),
            ("configs/leaf1-interfaces", Some("configs/leaf1 etc/network/interfaces, read")),
            ("n/etc/network/interfaces.new", Some("n etc/network/interfaces")),
            ("n/etc/network/n_interfaces", Some("n etc/network/interfaces")),
            ("n/etc/pve/sdn/zones.cfg.bak", Some("n etc/pve/sdn/zones.cfg")),
            ("n/etc/frr/frr.conf", None),
            ("n/etc/network/interfaces", None),
            ("n/etc/frr/support.conf", None),
            ("n/etc/frr/bgpd.conf.sav", None),
            ("templates/frr.conf.j2", None),
            ("templates/frr.conf.bak", None),
            ("docs/interfaces.txt", None),
            ("docs/nofrr.conf", None),
            ("docs/frr.txt", None),
        ] {
            assert_eq!(split(path).as_deref(), wanted, "{path}");
        }
    }

    #[test]
    fn a_path_tells_node_and_place() {
        let split = |path| place(path).map(|(root, inner)| format!("{root} {inner}"));
        for (path, wanted) in [
            ("/etc/frr/frr.conf", Some(" etc/frr/frr.conf")),
            ("lab/leaf1/etc/frr/frr.conf", Some("lab/leaf1 etc/frr/frr.conf")),
            ("leaf1/frr.conf", Some("leaf1 etc/frr/frr.conf")),
            ("leaf1/bgpd.conf", Some("leaf1 etc/frr/bgpd.conf")),
            ("leaf1/mgmtd.conf", Some("leaf1 etc/frr/mgmtd.conf")),
            ("pve1/frr.conf.local", Some("pve1 etc/frr/frr.conf.local")),
            ("leaf1/Quagga.conf", Some("leaf1 etc/quagga/Quagga.conf")),
            ("leaf1/interfaces", Some("leaf1 etc/network/interfaces")),
            ("pve1/prefix-lists.cfg", Some("pve1 etc/pve/sdn/prefix-lists.cfg")),
            ("pve1/.running-config", Some("pve1 etc/pve/sdn/.running-config")),
            ("pve1/corosync.conf", Some("pve1 etc/pve/corosync.conf")),
            ("pve1/storage.cfg", None),
            ("leaf1/hostname", None),
            ("./frr/frr.conf", Some(" etc/frr/frr.conf")),
            ("n/etc/network/interfaces.d/sdn", Some("n etc/network/interfaces.d/sdn")),
            ("n/etc/pve/sdn/zones.cfg", Some("n etc/pve/sdn/zones.cfg")),
            ("n/etc/frr/frr.conf.sav", None),
            ("n/etc/network/interfaces.new", None),
            ("n/etc/network/interfaces~", None),
            ("n/etc/network/ifupdown2/policy.d/x.json", Some("n etc/network/ifupdown2/policy.d/x.json")),
            ("n/var/lib/ifupdown2/policy.d/x.json", Some("n var/lib/ifupdown2/policy.d/x.json")),
            ("n/etc/network/ifupdown2/addons.conf", None),
            ("n/README.md", None),
            ("n/etc/ptm.d/topology.dot", Some("n etc/ptm.d/topology.dot")),
            ("n/topology.dot", Some("n etc/ptm.d/topology.dot")),
            ("n/etc/ptm.d/ptmd.conf", None),
            ("n/lab.clab.yml", Some("n lab.clab.yml")),
            ("./lab.clab.yaml", Some(" lab.clab.yaml")),
            ("n/lab.clab.yml.bak", None),
            ("n/.clab.yml", None),
            ("n/lab.yml", None),
            ("n/etc/pve/nodes/pve1/qemu-server/100.conf", Some("n etc/pve/nodes/pve1/qemu-server/100.conf")),
            ("n/etc/pve/nodes/pve/lxc/101.conf", Some("n etc/pve/nodes/pve/lxc/101.conf")),
            ("nodes/pve/etc/pve/sdn/zones.cfg", Some("nodes/pve etc/pve/sdn/zones.cfg")),
            ("n/pve/local/lxc/101.conf", Some("n etc/pve/local/lxc/101.conf")),
            ("/etc/pve/qemu-server/100.conf", Some(" etc/pve/qemu-server/100.conf")),
            ("n/etc/pve/nodes/pve1/priv/100.conf", None),
            ("n/etc/pve/nodes/pve1/qemu-server/100.conf.bak", None),
            ("n/etc/pve/nodes/pve1/qemu-server/x.conf", None),
            ("n/etc/pve/lrm_status.conf", None),
            ("n/etc/sysctl.conf", Some("n etc/sysctl.conf")),
            ("n/sysctl.conf", Some("n etc/sysctl.conf")),
            ("n/etc/sysctl.d/90-routing.conf", Some("n etc/sysctl.d/90-routing.conf")),
            ("n/usr/lib/sysctl.d/50-default.conf", Some("n usr/lib/sysctl.d/50-default.conf")),
            ("n/usr/local/lib/sysctl.d/x.conf", Some("n usr/local/lib/sysctl.d/x.conf")),
            ("/run/sysctl.d/x.conf", Some(" run/sysctl.d/x.conf")),
            ("n/etc/sysctl.d/README.sysctl", None),
            ("n/etc/sysctl.d/90-routing.conf.bak", None),
            ("n/etc/wireguard/wg0.conf", Some("n etc/wireguard/wg0.conf")),
            ("n/etc/wireguard/private.key", None),
            ("n/etc/wireguard/a-name-that-is-too-long.conf", None),
            ("n/wg0.conf", None),
        ] {
            assert_eq!(split(path).as_deref(), wanted, "{path}");
        }
    }
}
